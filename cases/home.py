"""What this part offers to `/home/`: blocks of work, each thing in one block only."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate

from cases.access import TABLE
from cases.enums import Act, EventKind, ReminderAbout
from cases.home_blocks import Block, Item, at_in_words, emergency_blocks, named_unseen_blocks, unseen_blocks
from cases.queries import home
from cases.queries.anchors import limit_anchor, review_anchor
from cases.queries.case_list import CaseList, ListFilters, case_list
from cases.queries.emergency import waiting_for_review
from cases.queries.entries import log_contact_url, why_url, with_subject
from cases.queries.escalations import NOTHING_ESCALATED, Escalation, Escalations, escalated_to
from cases.queries.home_officer import (
    OFFICERS,
    OfficersWork,
    OwnCase,
    Telling,
    Waiting,
    next_review,
    officers_work,
    own_cases,
    references_worked_by,
)
from cases.queries.queue import Counts, QueueRow, count, reviews_to_do
from cases.queries.queue_filters import Filters, Show
from cases.queries.restricted import connections_to_decide, named_unseen, number_without_supervisor
from cases.queries.scope import capped
from cases.queries.to_allocate import NOTHING_TO_ALLOCATE, ToAllocate, late_without_officer, to_allocate
from cases.queries.unfinished import MOST_LINES, own_unfinished_report, unfinished_reports
from kit import dates
from kit.access import Actor
from people.roles import Role

SUPERVISORS = frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT})
# Who signs reviews of the grid; a Detective Superintendent only what is sent on.
REVIEWERS = frozenset({Role.SERGEANT, Role.INSPECTOR})
# For how long the auditor finds on the page who was named on a restricted case unseen.
A_WEEK = timedelta(days=7)
MAY_REVIEW_EMERGENCIES = REVIEWERS | {Role.AUDITOR}
# The others are one link away.
MOST_ESCALATED = 10

# Of the reviews to sign; all of them are one link away.
MOST_REVIEWS = 10
# Of what is late or due in the cases of somebody who has left; the rest is one link away.
MOST_OF_A_LEAVER = 10


@dataclass(frozen=True)
class Offer:
    """What the page shows of cases to one person. Empty parts are left out by the template."""

    may_log: bool = False
    counts: list[Item] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    cases: CaseList | None = None
    # The rows of it, each with what comes next.
    own_cases: list[OwnCase] = field(default_factory=list)
    # Where a contact with V1 is logged; empty for whoever works on no case.
    contact_url: str = ""
    sentence: str = ""
    # When the reader began to log a case that is not logged yet.
    own_unfinished: Any = None
    case_ids: list[Any] = field(default_factory=list)


def offer(actor: Actor, now: datetime, zone: Any) -> Offer:
    today = now.astimezone(zone).date()
    supervises = bool(actor.roles & SUPERVISORS)
    works = bool(actor.roles & OFFICERS)
    counts = count(actor, Filters(), today) if supervises else None
    signs = bool(actor.roles & REVIEWERS)
    to_sign = reviews_to_do(actor, now, zone, MOST_REVIEWS) if signs else []
    escalated = escalated_to(actor, now, MOST_ESCALATED) if supervises else NOTHING_ESCALATED
    allocates = bool(actor.roles & TABLE.roles_with(Act.ALLOCATE))
    nobodys = to_allocate(actor, now) if allocates else NOTHING_TO_ALLOCATE
    late = late_without_officer(actor, now) if allocates else 0
    asked = home.more_time_asked(actor) if supervises else []
    done = home.to_verify(actor) if supervises else []
    again = home.to_look_at_again(actor, today) if supervises else []
    work = officers_work(actor, now) if supervises or works else OfficersWork()
    emergencies = waiting_for_review(actor) if actor.roles & MAY_REVIEW_EMERGENCIES else []
    cases = case_list(actor, ListFilters(own=supervises, kept=True), today, zone) if works else None
    blocks = [
        *emergency_blocks(emergencies, today),
        *(unseen_blocks(number_without_supervisor(), connections_to_decide()) if Role.SUPERINTENDENT in actor.roles else ()),
        *(named_unseen_blocks(named_unseen(now - A_WEEK)) if Role.AUDITOR in actor.roles else ()),
        *(reviews_blocks(escalated, to_sign, counts, signs) if counts else ()),
        *allocation_blocks(nobodys, late),
        *left_blocks(nobodys, today, stands_above(escalated.rows, to_sign)),
        *(unfinished_blocks(actor, now, zone) if supervises else ()),
        *actions_blocks(asked, done, today),
        *look_again_blocks(again, today),
        *officers_blocks(work, today),
    ]
    may_log = bool(actor.roles & TABLE.roles_with(Act.LOG))
    return Offer(
        may_log=may_log,
        own_unfinished=own_unfinished_report(actor) if may_log else None,
        counts=sentence_of(counts, reverse("review-queue")) if counts else [],
        blocks=blocks,
        cases=cases,
        own_cases=own_cases(actor, cases.rows, now) if cases else [],
        contact_url=contact_url(actor) if supervises or works else "",
        sentence=nothing_this_week(actor, work, today) if works and work.nothing else "",
        case_ids=unique(
            *(one.case_id for one in emergencies),
            *(one.thing.case_id for one in escalated.rows),
            *(row.case_id for row in to_sign),
            *nobodys.case_ids,
            *(row.case_id for row in (*asked, *done, *again)),
            *work.case_ids,
            *(row.id for row in (cases.rows if cases else ())),
        ),
    )


def unique(*keys: UUID) -> list[UUID]:
    """Every case the page speaks of, once, for the access record."""
    return list(dict.fromkeys(keys))


def sentence_of(counts: Counts, address: str) -> list[Item]:
    """“2 escalated to you, 4 late, 3 due in the next 7 days”: each number a link to just those rows."""
    parts = (
        (counts.escalated, "escalated to you", "escalated"),
        (counts.late, "late", "late"),
        (counts.week, "due in the next 7 days", "week"),
    )
    glue = "&" if "?" in address else "?"
    return [Item(f"{capped(number)} {words}", f"{address}{glue}show={part}") for number, words, part in parts if number]


def reviews_blocks(escalated: Escalations, to_sign: list[QueueRow], counts: Counts, signs: bool) -> list[Block]:
    """What is to be decided, then what is to be signed; a thing that is escalated to somebody stands there only."""
    items = [escalated_item(one, signs) for one in escalated.rows]
    if escalated.more:
        items.append(Item(f"See all {escalated.waiting}", reverse("escalations"), f"{escalated.more} more are escalated to you"))
    items += [out_of_sight_item(unit, number) for unit, number in escalated.out_of_sight]
    blocks = [Block("escalated", "Escalated to you", items)] if items else []
    if signs:
        return [*blocks, reviews_to_do_block(to_sign, counts, {one.thing.pk for one in escalated.rows})]
    return blocks or [Block("escalated", "Escalated to you", [], "Nothing is escalated to you.")]


def reviews_to_do_block(to_sign: list[QueueRow], counts: Counts, elsewhere: set[UUID]) -> Block:
    """The first of the rows of the queue that the numbers above speak of, and the way to all of them."""
    items = [
        Item(
            row.kind,
            reverse("review", args=[row.id]),
            f"{row.reference}. {row.refusal}" if row.refusal else row.reference,
            row.urgency,
            why_url(row.reference, review_anchor(row.id)),
        )
        for row in to_sign
        if row.id not in elsewhere
    ]
    number = counts.late + counts.week
    more = f"See all {capped(number)} reviews" if number > len(to_sign) else ""
    url = f"{reverse('review-queue')}?show={Show.DUE.value}" if more else ""
    return Block("reviews", "Reviews to do", items, "No review is late or due in the next 7 days.", more, url)


def escalated_item(one: Escalation, signs: bool) -> Item:
    """A review leads whoever may complete it there; all else leads to where it is answered."""
    reference = one.case.reference
    if one.about is ReminderAbout.REVIEW and (signs or not one.stage):
        url = reverse("review", args=[one.thing.pk])
    else:
        url = reverse("answer-escalation", args=[reference, one.thing.pk])
    return Item(one.what, url, f"{reference}{what_became(one)}", one.urgency, why_url(reference, one.anchor))


def what_became(one: Escalation) -> str:
    """That somebody said what they will do, or that it has gone on to the next rank."""
    if one.answers:
        return f", answered {dates.day(localdate(one.answers[0].at))} by {one.answers[0].by.called}"
    return f", gone on to the {one.to}" if one.has_gone_on else ""


def out_of_sight_item(unit: str, number: int) -> Item:
    """What comes to a senior officer only because nobody nearer may act. They see no case of it; they see to it that somebody can."""
    return Item(
        f"{unit}: {dates.count(number, 'thing')} late, and nobody there is free to act",
        reverse("escalations"),
        "Somebody of the right rank has left, is away, or works the case themselves",
    )


def allocation_blocks(nobodys: ToAllocate, late: int) -> list[Block]:
    """“3 cases without an officer”: the number is that of the rows behind it, however few of them a page shows."""
    if not nobodys.waiting:
        return []
    longest = nobodys.waiting[0]
    about = f"Longest: {longest.case.reference}, {longest.waiting}"
    item = Item(
        f"{dates.count(nobodys.number, 'case')} without an officer",
        reverse("to-allocate"),
        about,
        dates.Urgency(f"{late} late", dates.LATE) if late else None,
    )
    return [Block("unallocated", "To allocate", [item])]


def stands_above(escalated: list[Escalation], to_sign: list[QueueRow]) -> set[tuple[UUID, str]]:
    """What has a line on the page already: its case, and the anchor of its reasons."""
    return {*((one.thing.case_id, one.anchor) for one in escalated), *((row.case_id, review_anchor(row.id)) for row in to_sign)}


def left_blocks(nobodys: ToAllocate, today: date, elsewhere: set[tuple[UUID, str]]) -> list[Block]:
    """What is late or due on the cases of people who have left or work no cases any more, and the way to find each a new officer. ``elsewhere``: what stands
    in another block already."""
    blocks = []
    for leaver in nobodys.leavers:
        lines = [line for row in leaver.cases for line in row.work.lines if line.due_on <= today + home.SOON]
        open_ones = (line for line in lines if (line.case_id, line.anchor) not in elsewhere)
        pressing = sorted(open_ones, key=lambda line: (not line.is_late, line.due_on))
        number = len(leaver.cases)
        what = f"Hand over all {number} cases" if number > 1 else "Hand over the one case" if number else "Take them off"
        beside = f"Worked beside the officer on {dates.count(len(leaver.beside), 'case')}" if leaver.beside else ""
        over = Item(what, reverse("hand-over-all", args=[leaver.user.pk]), beside)
        items = [*(item_to_look_at(line) for line in pressing[:MOST_OF_A_LEAVER]), over]
        blocks.append(Block(f"left-{leaver.user.pk}", leaver.what_happened, items))
    return blocks


def unfinished_blocks(actor: Actor, now: datetime, zone: Any) -> list[Block]:
    """Who of the actor's people began a crime report a day ago and has not logged it; nothing of what was typed."""
    items = [
        Item(
            f"{draft.owner.called} began a crime report {at_in_words(draft.begun_at, zone)} and has not logged it",
            reverse("unfinished-report", args=[draft.pk]),
        )
        for draft in unfinished_reports(actor, now)[:MOST_LINES]
    ]
    return [Block("unfinished", "Unfinished crime reports", items)] if items else []


def actions_blocks(asked: list[Any], done: list[Any], today: date) -> list[Block]:
    """What somebody waits for: an answer to “more time”, and that somebody else looks at what was done."""
    requests = [
        Item(
            f"{request.action}: {request.action.what}",
            reverse("answer-more-time", args=[request.case.reference, request.action.number]),
            f"{request.case.reference}, {request.asked_by.called} asks for time until {dates.day(request.due_asked)}",
            dates.urgency(request.action.due_on, today),
        )
        for request in asked
    ]
    waiting = [
        Item(
            f"{action}: {action.what}",
            reverse("verify-action", args=[action.case.reference, action.number]),
            f"{action.case.reference}, done {dates.ago(localdate(action.done_at), today)} by {action.done_by.called}",
        )
        for action in done
    ]
    blocks = (
        Block("more-time", "More time asked", requests, more=more_of(asked)),
        Block("verify", "To verify", waiting, more=more_of(done)),
    )
    return [block for block in blocks if block.items]


def look_again_blocks(limits: list[Any], today: date) -> list[Block]:
    """A time limit that stands still is on no other list; on the day that was set somebody decides whether it runs again."""
    items = [
        Item(
            with_subject(limit),
            reverse("resume-limit", args=[limit.case.reference, limit.pk]),
            f"{limit.case.reference}, suspended since {dates.day(localdate(limit.suspended_by.happened_at))}",
            dates.urgency(limit.suspended_by.until, today),
            why_url(limit.case.reference, limit_anchor(limit.pk)),
        )
        for limit in limits
    ]
    return [Block("look-again", "Look again at suspended time limits", items, more=more_of(limits))] if items else []


def more_of(shown: list[Any]) -> str:
    """What there is no room for comes up as the first ones go."""
    beyond = shown[0].of_all - len(shown) if shown else 0
    return (
        f"{beyond:,} more {'waits' if beyond == 1 else 'wait'}. The longest waiting stand here; the others follow."
        if beyond
        else ""
    )


def officers_blocks(work: OfficersWork, today: date) -> list[Block]:
    asked = {key: f"more time asked {dates.ago(day, today)}, not answered yet" for key, day in work.asked_on.items()}

    def item(line: home.Line) -> Item:
        if line.whom:
            return item_looked_on(line)
        note = asked.get((line.case_id, line.key))
        return replace(item_of(line), about=f"{line.reference}, {note}") if note else item_of(line)

    blocks = [
        Block("tell", "Tell someone", [item_to_tell(telling) for telling in work.tell]),
        Block("late", "Late", [item(line) for line in work.late]),
        Block("soon", "Due in the next 7 days", [item(line) for line in work.soon]),
        Block(
            "directions",
            "Directions from your supervisor",
            [
                Item(
                    f"{a}: {a.what}",
                    reverse("action", args=[a.case.reference, a.number]),
                    f"{a.case.reference}, {a.given_by.called}",
                    dates.urgency(a.due_on, today),
                )
                for a in work.directions
            ],
        ),
        Block("waiting", "Waiting for others", [item_that_waits(one, today) for one in work.waiting]),
    ]
    return [block for block in blocks if block.items]


def item_to_tell(telling: Telling) -> Item:
    item = item_of(telling.line)
    return replace(item, about=f"{item.about}. {telling.about}.", label=telling.label)


def item_that_waits(one: Waiting, today: date) -> Item:
    args = [one.reference] if one.key is None else [one.reference, one.key]
    when = "Ask after it now" if one.chase_on <= today else f"Ask after it on {dates.weekday_and_day(one.chase_on, today)}"
    return Item(
        one.what,
        reverse(one.url_name, args=args),
        f"{one.reference}. Has waited since {dates.ago(one.since, today)} for {one.whom}. {when}.",
    )


def contact_url(actor: Actor) -> str:
    """With one case straight to the entry; with several the case is chosen first."""
    references = references_worked_by(actor, 2)
    if len(references) == 1:
        return log_contact_url(references[0])
    return reverse("log-contact") if references else ""


def item_of(line: home.Line) -> Item:
    match line.url_name:
        case "review":
            url = reverse("review", args=[line.key])
        case "action":
            url = reverse("action", args=[line.reference, line.key])
        case "record-event":
            url = line.url
        case "bail":
            query = urlencode({"kind": EventKind.BAIL_CHANGED.value, "subject": line.key})
            url = f"{reverse('record-event', args=[line.reference])}?{query}"
        case _:
            url = reverse("case", args=[line.reference])
    return Item(line.what, url, line.reference, line.urgency, why_url(line.reference, line.anchor))


def item_to_look_at(line: home.Line) -> Item:
    """For whoever does not add to the case: a time limit leads to the case and not to the entry that meets it."""
    item = item_of(line)
    return replace(item, url=reverse("case", args=[line.reference])) if line.url_name == "record-event" else item


def item_looked_on(line: home.Line) -> Item:
    """For whoever does not work on the case: what it is, and who does it; the link leads to where it stands."""
    item = item_of(line)
    match line.url_name:
        case "review":
            url = reverse("case-reviews", args=[line.reference])
        case "action":
            url = item.url
        case _:
            url = reverse("case", args=[line.reference])
    return replace(item, url=url, about=f"{line.reference}. It waits for {line.whom}.")


def nothing_this_week(actor: Actor, work: OfficersWork, today: date) -> str:
    """“Nothing is late or due this week”, and the next date there is. Only of the reader's own, where others have something to do."""
    nothing = f"Nothing {'of yours ' if work.others_are_pressed else ''}is late or due this week."
    review = next_review(actor)
    following = [(work.next.due_on, work.next.what, work.next.reference)] if work.next else []
    if review:
        following.append((review.due_on, review.get_kind_display(), review.case.reference))
    # A late review is no date to come: it stands under what waits for others.
    following = [one for one in following if one[0] >= today]
    if not following:
        return nothing
    due_on, what, reference = min(following)
    return f"{nothing} Your next date is {dates.weekday_and_day(due_on, today)}: {what} of {reference}."
