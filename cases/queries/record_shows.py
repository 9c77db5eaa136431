"""“What the record shows”: what a reviewer would otherwise look up, computed from the entries that stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Left

from cases import chronology, deadlines
from cases.enums import (
    CARRY_A_DATE,
    SAY_WHETHER_ON_BAIL,
    SUSPECT_STATES,
    Act,
    Direction,
    EventKind,
    LimitState,
    LineState,
    SafeNow,
    Status,
    SuspectKnown,
    WishKind,
)
from cases.models import Case, Context, Event, InvestigationPlan, LineOfEnquiry, Suspect, TimeLimit, Victim, Wish
from cases.queries.chronology import called
from cases.queries.entries import urgency_of
from cases.rulepacks import WORDS, RuleCode
from kit import dates
from kit.access import Actor

NONE = "None recorded"
FIRST_WORDS = 140
STEPS = (EventKind.SUSPECT_STEP, EventKind.PROTECTIVE_ORDER, *SUSPECT_STATES)
CONTACTS = (EventKind.VICTIM_CONTACT, EventKind.VICTIM_TOLD, EventKind.VICTIM_ACCOUNT)
# Limits that a row of their own speaks of.
SPOKEN_OF = frozenset({RuleCode.SUPPORT_REFERRAL, RuleCode.INVESTIGATION_PLAN, RuleCode.EARLY_ADVICE_DECISION})


@dataclass(frozen=True)
class Record:
    """What the rows are made of: the last standing entry of each kind and subject, and the time limits that are not met."""

    case: Any
    now: datetime
    zone: tzinfo
    last: Mapping[tuple[str, str], Any]
    limits: list[Any]

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def latest(self, *kinds: EventKind, subject: str | None = None) -> Any:
        found = [event for (kind, about), event in self.last.items() if kind in kinds and subject in (None, about)]
        return max(found, key=lambda event: (event.happened_at, event.recorded_at, event.pk), default=None)

    def ago(self, event: Any) -> str:
        return dates.ago(event.happened_at.astimezone(self.zone).date(), self.today)

    def said(self, event: Any) -> str:
        """When, and the first words of it."""
        words = " ".join(event.words.split())
        shortened = f"{words[: FIRST_WORDS - 1].rstrip()}…" if len(words) >= FIRST_WORDS else words
        return f"{self.ago(event)}{': ' if words else ''}{shortened}"

    def state(self, limit: Any) -> str:
        if limit.state == LimitState.SUSPENDED:
            return f"suspended since {self.ago(limit.suspended_by)}"
        if limit.state == LimitState.NOT_APPLICABLE:
            return "does not apply"
        words = urgency_of(chronology.due_of(limit), self.now).word
        return words[0].lower() + words[1:]

    def limits_of(self, code: str, subject: str = "") -> list[Any]:
        return [x for x in self.limits if x.rule.code == code and x.state != LimitState.VOID and subject in ("", x.subject)]


def record_of(case: Any, now: datetime, zone: tzinfo) -> Record:
    """Two queries."""
    standing = Event.unguarded.filter(case=case, struck_at=None).annotate(words=Left("text", FIRST_WORDS * 2)).defer("text")
    last = standing.order_by("kind", "subject", "-happened_at", "-recorded_at", "-pk").distinct("kind", "subject")
    limits = TimeLimit.unguarded.filter(case=case, met_at=None).select_related("rule", "suspended_by", "stopped_by")
    return Record(case, now, zone, {(event.kind, event.subject): event for event in last}, list(limits.order_by("due_on", "pk")))


def what_the_record_shows(actor: Actor, case: Any, actions: list[Any], now: datetime, zone: tzinfo) -> list[dict[str, str]]:
    """Suspect first, then safety, then the rest. A row that holds nothing is left out, but what safety hangs on says so.
    Eight queries."""
    record = record_of(case, now, zone)
    rows = [
        *suspect_rows(record),
        *victim_rows(record),
        *progress_rows(record),
        *device_rows(record),
        *other_limits(record),
        ("Actions", actions_in_words(actions, record.today)),
        *officer_rows(actor, case),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


# Suspect -------------------------------------------------------------------------------------------------------------


def suspect_rows(record: Record) -> Iterator[tuple[str, str]]:
    suspects = list(Suspect.unguarded.filter(case=record.case).order_by("number"))
    for suspect in suspects:
        name = str(suspect)
        now = record.latest(*SUSPECT_STATES, subject=name)
        known = SuspectKnown(suspect.known).label
        yield f"Suspect {name}", f"{known}. {SUSPECT_STATES[EventKind(now.kind)]}, {record.ago(now)}" if now else known
        yield f"Bail of {name}", bail_in_words(record.latest(*SAY_WHETHER_ON_BAIL, subject=name), record.today)
    step = record.latest(*STEPS)
    yield "Last step against the suspect", f"{called(step)}, {record.said(step)}" if step else NONE
    for suspect in suspects:
        check = record.latest(EventKind.REPEAT_SUSPECT_CHECK, subject=str(suspect))
        yield f"Repeat-suspect check of {suspect}", record.said(check) if check else NONE
    order = record.latest(EventKind.PROTECTIVE_ORDER)
    yield "Protective order", record.said(order) if order else ""


def bail_in_words(said: Any, today: date) -> str:
    """Until when bail runs, where the suspect is on bail; ``said``: the entry that says whether they are."""
    if said is None or said.kind not in CARRY_A_DATE or said.until is None:
        return ""
    ends = f"bail {'ends' if said.until >= today else 'ended'} {dates.distance(said.until, today)}"
    return f"{dates.weekday_and_day(said.until, today)}: {ends}"


# Victim --------------------------------------------------------------------------------------------------------------


def victim_rows(record: Record) -> Iterator[tuple[str, str]]:
    latest_wish = Wish.unguarded.filter(victim=OuterRef("pk")).order_by("-said_at", "-pk")
    victims = (
        Victim.unguarded.filter(case=record.case)
        .order_by("number")
        .annotate(wish=Subquery(latest_wish.values("wish")[:1]), said_at=Subquery(latest_wish.values("said_at")[:1]))
    )
    for victim in victims:
        name = str(victim)
        checked = record.latest(EventKind.SAFETY_CHECKED, subject=name)
        since = checked and (victim.safe_now != SafeNow.YES or checked.happened_at > record.case.logged_at)
        when = f"Last checked {record.said(checked)}" if since else "Not checked since"
        yield f"Safety of {name}", f"Safe when the case was logged: {victim.get_safe_now_display().lower()}\n{when}"
        contact = record.latest(*CONTACTS, subject=name)
        yield f"Last contact with {name}", f"{called(contact)}, {record.ago(contact)}" if contact else NONE
        yield f"{name} still has to be told", "\n".join(to_be_told(record, name))
        if victim.wish:
            asked = dates.ago(victim.said_at.astimezone(record.zone).date(), record.today)
            label = WishKind(victim.wish).label
            never = victim.wish == WishKind.NOT_YET_ASKED
            yield f"Wishes of {name}", label if never else f"{label}, last asked {asked}"
        yield f"Support referral of {name}", with_limit(record, EventKind.SUPPORT_REFERRED, RuleCode.SUPPORT_REFERRAL, name)
        measures = record.latest(EventKind.SPECIAL_MEASURES, subject=name)
        yield f"Special measures for {name}", record.said(measures) if measures else ""


def to_be_told(record: Record, subject: str) -> Iterator[str]:
    for limit in record.limits:
        if is_to_tell(limit) and limit.subject == subject and limit.state in (LimitState.RUNNING, LimitState.SUSPENDED):
            yield f"{limit.rule.label}: {record.state(limit)}"


def is_to_tell(limit: Any) -> bool:
    return deadlines.LIMITS[limit.rule.code].met_by == EventKind.VICTIM_TOLD


def with_limit(record: Record, kind: EventKind, code: str, subject: str = "") -> str:
    """When it was done, or by when it must be; “None recorded” where neither is known."""
    done = record.latest(kind, subject=subject or None)
    waiting = record.limits_of(code, subject)
    if waiting:
        return f"{'Last ' + record.ago(done) if done else 'Not recorded'}; {record.state(waiting[0])}"
    return record.said(done) if done else NONE


# Progress ------------------------------------------------------------------------------------------------------------


def progress_rows(record: Record) -> Iterator[tuple[str, str]]:
    early_advice = WORDS[settings.FORCE_PROFILE].early_advice_decision
    yield early_advice, with_limit(record, EventKind.EARLY_ADVICE_DECIDED, RuleCode.EARLY_ADVICE_DECISION)
    plan = InvestigationPlan.unguarded.filter(case=record.case).values_list("version", flat=True).first()
    late = "; ".join(record.state(limit) for limit in record.limits_of(RuleCode.INVESTIGATION_PLAN))
    yield "Investigation plan", f"Set, version {plan}" if plan else f"Not set{'; ' + late if late else ''}"
    has_context = Context.unguarded.filter(case=record.case).exists()
    recorded = record.latest(EventKind.CONTEXT_RECORDED)
    when = f", {record.ago(recorded)}" if recorded else ""
    yield "Context", f"Recorded{when}" if has_context else "Not recorded"
    yield "Lines of enquiry", lines_in_words(record.case)
    asked = record.latest(EventKind.THIRD_PARTY_MATERIAL)
    yield "Third-party material", record.said(asked) if asked else ""


def lines_in_words(case: Any) -> str:
    counted: list[Any] = list(
        LineOfEnquiry.unguarded.filter(case=case).values("state", "leads").annotate(number=Count("pk")).order_by("state", "leads")
    )
    if not counted:
        return NONE

    def those(field: str, choices: Any) -> list[str]:
        numbers = [(choice, sum(row["number"] for row in counted if row[field] == choice)) for choice in choices]
        return [f"{number} {choice.label.lower()}" for choice, number in numbers if number]

    return f"{', '.join(those('state', LineState))}\n{', '.join(those('leads', Direction))}"


def device_rows(record: Record) -> Iterator[tuple[str, str]]:
    for (kind, name), taken in sorted(record.last.items()):
        if kind != EventKind.DEVICE_TAKEN:
            continue
        returned = record.latest(EventKind.DEVICE_RETURNED, subject=name)
        if returned is None or returned.happened_at < taken.happened_at:
            limit = "; ".join(f"return {record.state(limit)}" for limit in record.limits_of(RuleCode.DEVICE_RETURN, name))
            yield f"Device {name} held", f"Since {record.ago(taken)}{'; ' + limit if limit else ''}"


def other_limits(record: Record) -> Iterator[tuple[str, str]]:
    """Running time limits that no other row speaks of."""
    for limit in record.limits:
        told_above = is_to_tell(limit) or limit.rule.code in {*SPOKEN_OF, RuleCode.DEVICE_RETURN}
        if not told_above and limit.state in (LimitState.RUNNING, LimitState.SUSPENDED):
            words = record.state(limit)
            yield limit.rule.label, words[0].upper() + words[1:]


def actions_in_words(actions: list[Any], today: date) -> str:
    if not actions:
        return "None given"
    still_open = [action for action in actions if action.done_at is None]
    late = sum(action.due_on < today for action in still_open)
    unverified = sum(action.done_at is not None and action.verified_at is None for action in actions)
    return f"{len(still_open)} open, {late} late, {unverified} done but not verified"


def officer_rows(actor: Actor, case: Any) -> Iterator[tuple[str, str]]:
    """Only cases that the reader may see are counted."""
    if case.officer_id is None:
        yield "Officer in the case", "Nobody yet"
        return
    still_open = Case.objects.visible_to(actor, Act.VIEW).filter(
        officer_id=case.officer_id, status__in=(Status.RECORDED, Status.INVESTIGATING)
    )
    number = still_open.count()
    yield "Open cases of the officer", f"{number}, counting only those that you may see"
