"""One invented case from its first day to yesterday: who logs it, what its officer does, who reviews it and what follows."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.utils import timezone

from cases import deadlines, operations
from cases.enums import Answer, EventKind, GrantBasis, ReviewGroup, ReviewResult, SuspectKnown
from cases.models import Action, Case, Review
from cases.rulebook import Rulebook
from kit.binding import bound_to
from kit.workdays import working_day_on_or_before
from people.roles import Role
from rasso.demonstration import substance, words
from rasso.demonstration.investigation import Investigation
from rasso.demonstration.outlines import Outline
from rasso.demonstration.reports import Cast, report
from rasso.demonstration.timeline import ONE_DAY, Act, Timeline, at

# The same seed tells the same stories; only the references are drawn by the database.
SEED = "invented island"
HANDED_OVER_AFTER = 60
# A review that was due so many days ago, or fewer.
FRESH = timedelta(days=4)
# Entered whatever else is left undone, unless the outline says otherwise.
FIRST_DUTIES = (EventKind.SUPPORT_REFERRED, EventKind.INVESTIGATION_PLAN_SET, EventKind.EARLY_ADVICE_DECIDED)


class Story:
    def __init__(self, outline: Outline, number: int, cast: Cast, timeline: Timeline, book: Rulebook) -> None:
        self.outline = outline
        self.number = number
        self.cast = cast
        self.timeline = timeline
        self.book = book
        self.draw = Random(f"{SEED} {number}")
        self.recorded_on = timeline.today - timedelta(days=outline.age)
        self.officer = outline.first_officer
        self.last_reviewed = self._reviews_fallen_due(self.recorded_on) - outline.undone
        self.has_ended = False
        self.planned: set[int] = set()
        self.texts: dict[str, Iterator[str]] = {}
        self.findings: Iterator[words.Finding] = iter(())
        self.plans: Iterator[dict[str, str]] = iter(())
        self.case = Case()
        self.reference = ""
        self.investigation = Investigation(self, "", "")
        self.begins = at(self.recorded_on, self._hour())

    def log(self, now: datetime) -> None:
        recorded_at = now - timedelta(minutes=self.draw.randrange(10, 40))
        new = report(self.outline, self.number, self.draw, self.cast, recorded_at)
        logged = operations.log_case(actor=self.cast.actor(self.outline.logged_by), new=new)
        self.case, self.reference = Case(pk=logged.pk), logged.reference
        self._choose_words(new)
        self.investigation = Investigation(self, new.relationship, new.suspect_known)
        if new.officer_id:
            self._plan_work(now)
        elif self.officer:
            self.timeline.plan(at(timezone.localdate(now) + ONE_DAY, time(9, self.draw.randrange(5, 55))), self._allocate)

    def _allocate(self, now: datetime) -> None:
        self._give_to(self.officer)
        self._plan_work(now)

    def _give_to(self, username: str) -> None:
        officer = self.cast.users[username]
        operations.allocate_case(self.case, actor=self.cast.actor(self.outline.supervisor), officer_id=officer.pk)
        self.officer = username

    def _plan_work(self, now: datetime) -> None:
        self._plan_entries(now)
        self._plan_reviews()
        self.investigation.plan(timezone.localdate(now))
        if self.outline.liaison:
            self.timeline.plan(now + timedelta(minutes=15), self._give_to_liaison)
        if self.outline.handed_over_from:
            self._plan(self.recorded_on + timedelta(days=HANDED_OVER_AFTER), lambda now: self._give_to(self.outline.officer))

    def _give_to_liaison(self, now: datetime) -> None:
        liaison, supervisor = self.cast.users[self.outline.liaison].pk, self.cast.actor(self.outline.supervisor)
        operations.add_officer(self.case, actor=supervisor, user_id=liaison, basis=GrantBasis.LIAISON)

    def reopened(self, now: datetime) -> None:
        """A new round of reviews begins."""
        self.has_ended, self.planned = False, set()
        self.last_reviewed = self._reviews_fallen_due(timezone.localdate(now))
        self._plan_reviews()

    # What the officer enters

    def _choose_words(self, new: operations.NewCase) -> None:
        """Each case begins elsewhere in the lists; steps against a suspect come in the order in which they are taken."""
        for kind, texts in words.ENTRIES.items():
            turn = self.draw.randrange(len(texts))
            self.texts[kind] = itertools.cycle(texts[turn:] + texts[:turn])
        known = new.suspect_known == SuspectKnown.NAMED
        steps = words.STEPS_AGAINST_KNOWN if known else words.STEPS_TO_IDENTIFY
        self.texts[EventKind.SUSPECT_STEP] = itertools.chain(steps, itertools.cycle(words.STEPS_LATER))
        # Nobody is on bail before somebody is known.
        fitting = [finding for finding in words.FINDINGS if known or finding.group != ReviewGroup.BAIL]
        self.plans = iter([words.PLAN_AGAINST_KNOWN if known else words.PLAN_TO_IDENTIFY])
        self.findings = itertools.cycle(self.draw.sample(fitting, len(fitting)))

    def _plan_entries(self, now: datetime) -> None:
        begun = timezone.localdate(now)
        silent_from = self.timeline.today - timedelta(days=self.outline.silent)
        for kind, day in self._days_of_entries(begun):
            if kind not in self.outline.leaves_out and (day < silent_from or kind in FIRST_DUTIES):
                self._plan(day, self._entry(kind), not_before=now + timedelta(minutes=20))

    def _days_of_entries(self, begun: date) -> Iterator[tuple[EventKind, date]]:
        after = self.draw.randrange
        yield EventKind.SUPPORT_REFERRED, begun + timedelta(days=after(0, 2))
        yield EventKind.INVESTIGATION_PLAN_SET, begun + timedelta(days=after(1, 3))
        yield EventKind.EARLY_ADVICE_DECIDED, self.recorded_on + timedelta(days=after(17, 28))
        yield EventKind.ENQUIRY, begun + timedelta(days=after(1, 4))
        for kind, pause in (
            (EventKind.SUSPECT_STEP, 18),
            (EventKind.VICTIM_CONTACT, 16),
            (EventKind.ENQUIRY, 30),
            (EventKind.NOTE, 80),
            (EventKind.SAFETY_CHECKED, 90),
        ):
            day = begun + timedelta(days=after(1, 3) if kind == EventKind.SUSPECT_STEP else after(3, pause))
            while day < self.timeline.today:
                yield kind, day
                day += timedelta(days=after(pause - 4, pause + 4))

    def _entry(self, kind: EventKind):  # type: ignore[no-untyped-def]
        def enter(now: datetime) -> None:
            happened = now - timedelta(minutes=self.draw.randrange(5, 150))
            actor = self.cast.actor(self.officer)
            if kind == EventKind.INVESTIGATION_PLAN_SET:
                operations.set_plan(self.case, actor=actor, version=0, answers=next(self.plans))
                return
            operations.record_event(self.case, actor=actor, kind=kind, at=happened, text=next(self.texts[kind]))

        return enter

    # Reviews, and what follows from them

    def _reviews_fallen_due(self, base: date) -> int:
        number = 0
        while deadlines.review_due(base, number + 1, self.book.rules) < self.timeline.today:
            number += 1
        return number

    def _plan_reviews(self) -> None:
        """Plan those that somebody will do, of those that the case has by now."""
        reviewer = self.cast.users[self.outline.supervisor]
        with bound_to(reviewer.pk, reviewer.kind, may_write=False):
            open_ones = Review.unguarded.filter(case=self.case, completed_at=None, number__isnull=False)
            waiting = list(open_ones.order_by("number"))
        for review in waiting:
            if review.number and review.number <= self.last_reviewed and review.number not in self.planned:
                self.planned.add(review.number)
                self._plan(self._review_day(review), partial(self._review, review))

    def _review_day(self, review: Review) -> date:
        """Mostly on time, now and then some days late; on a working day before today, unless it would be too early."""
        lateness = 0 if self._is_fresh(review) else self.draw.choice((-3, -2, -1, -1, 0, 0, 0, 0, 1, 3))
        wanted = min(review.due_on + timedelta(days=lateness), self.timeline.today - ONE_DAY)
        worked = working_day_on_or_before(wanted, self.book.calendar)
        return max(worked, deadlines.may_complete_from(review.due_on))

    def _is_fresh(self, review: Review) -> bool:
        """Done so lately that the officer finds what it directs as new work."""
        return review.due_on >= self.timeline.today - FRESH

    def _review(self, review: Review, now: datetime) -> None:
        reviewer = "inspector" if review.lowest_role == Role.INSPECTOR else self.outline.supervisor
        findings = self._findings(review, timezone.localdate(now))
        operations.complete_review(review, actor=self.cast.actor(reviewer), findings=findings)
        is_forgotten = self.outline.forgets and review.number == self.last_reviewed
        if not is_forgotten and not self._is_fresh(review):
            self._plan_actions(review, reviewer, now)
        if self.outline.more_time and review.number == self.last_reviewed:
            self._plan_more_time(review, reviewer)
        self._plan_reviews()

    def _findings(self, review: Review, today: date) -> operations.ReviewFindings:
        is_recent = review.number == self.last_reviewed
        found = list(itertools.islice(self.findings, self._how_many(is_recent)))
        is_escalated = is_recent and self.outline.escalated
        result = ReviewResult.WITH_DIRECTIONS if found else ReviewResult.SATISFACTORY
        own_words = words.OWN_WORDS_WITH_DIRECTIONS if found else words.OWN_WORDS_SATISFACTORY
        needs = {finding.group: finding.needs for finding in found}
        return operations.ReviewFindings(
            answers={
                group.value: (Answer.NEEDS_ACTION, needs[group]) if group in needs else (self._calm_answer(group), "")
                for group in ReviewGroup
            },
            own_words=self.draw.choice(words.OWN_WORDS_ESCALATED if is_escalated else own_words),
            directions=self._directions(found, today, is_fresh=self._is_fresh(review)),
            result=ReviewResult.ESCALATED if is_escalated else result,
            # Whoever finds everything as last time was asked once more, and said so again.
            is_same_again=True,
        )

    def _how_many(self, is_recent: bool) -> int:
        """How many things the reviewer finds wanting."""
        if self.outline.calm:
            return 0
        return 2 if is_recent else self.draw.choice((0, 0, 1, 2))

    def _calm_answer(self, group: ReviewGroup) -> Answer:
        may_not_apply = group in (ReviewGroup.BAIL, ReviewGroup.PROSECUTOR)
        return Answer.NOT_APPLICABLE if may_not_apply and self.draw.random() < 0.3 else Answer.SATISFACTORY

    def _directions(self, found: list[words.Finding], today: date, *, is_fresh: bool) -> tuple[operations.Direction, ...]:
        """One to be done soon, one in two weeks; those of a fresh review are still to come."""
        officer = self.cast.users[self.officer].pk
        directions = []
        for finding, days, still in zip(found, (6, 12), (3, 9), strict=False):
            due_on = today + timedelta(days=days + self.draw.randrange(3))
            if is_fresh:
                due_on = max(due_on, self.timeline.today + timedelta(days=still))
            look_again_on = due_on + timedelta(days=7)
            directions.append(operations.Direction(finding.direction, officer, due_on, look_again_on))
        return tuple(directions)

    def _plan_actions(self, review: Review, reviewer: str, now: datetime) -> None:
        user = self.cast.users[reviewer]
        with bound_to(user.pk, user.kind, may_write=False):
            given = list(Action.unguarded.filter(direction_of=review).order_by("number"))
        for action in given:
            day = action.due_on + timedelta(days=self.draw.choice((-2, -1, -1, 0, 0, 2)))
            self._plan(day, partial(self._do, action, reviewer), not_before=now + timedelta(hours=20))

    def _do(self, action: Action, reviewer: str, now: datetime) -> None:
        how = next(finding.done for finding in words.FINDINGS if finding.direction == action.what)
        operations.complete_action(
            action, actor=self.cast.actor(self.officer), how=how, evidence=self.draw.choice(words.EVIDENCE)
        )
        # Now and then nobody has looked yet.
        if self.draw.random() < 0.8:
            text = self.draw.choice(substance.VERIFIED)
            verify = partial(operations.verify_action, action, actor=self.cast.actor(reviewer), text=text)
            self.plan_on(timezone.localdate(now) + timedelta(days=2), lambda now: verify())

    def _plan_more_time(self, review: Review, reviewer: str) -> None:
        """The officer asks for it the day before today; where it is agreed, some days earlier."""
        user = self.cast.users[reviewer]
        with bound_to(user.pk, user.kind, may_write=False):
            action = Action.unguarded.filter(direction_of=review).order_by("number").first()
        if action is None:
            return
        is_agreed = self.outline.more_time == "agreed"
        asked_on = timezone.localdate(action.given_at) + ONE_DAY if is_agreed else self.timeline.today - ONE_DAY
        due_on = max(action.due_on, asked_on) + timedelta(days=10)
        officer, supervisor = self.cast.actor(self.officer), self.cast.actor(reviewer)
        ask = partial(operations.ask_for_more_time, action, actor=officer, due_on=due_on, because=substance.MORE_TIME)
        self._plan(asked_on, lambda now: ask())
        if is_agreed:
            answer = substance.MORE_TIME_ANSWER
            agree = partial(operations.answer_more_time, action, actor=supervisor, is_agreed=True, answer=answer)
            self._plan(asked_on + ONE_DAY, lambda now: agree())

    # When

    def _plan(self, day: date, act: Act, *, not_before: datetime | None = None) -> None:
        moment = at(day, self._hour())
        self.timeline.plan(max(moment, not_before) if not_before else moment, self._unless_ended(act))

    def plan_on(self, day: date, act: Act, *, hours: int = 0, even_if_ended: bool = False) -> None:
        """Do this on a day, some hours after the morning's work has begun."""
        if day >= self.timeline.today - timedelta(days=self.outline.silent):
            return
        moment = at(day, time(11, self.draw.randrange(60))) + timedelta(hours=hours)
        self.timeline.plan(moment, act if even_if_ended else self._unless_ended(act))

    def _unless_ended(self, act: Act) -> Act:
        return lambda now: None if self.has_ended else act(now)

    def _hour(self) -> time:
        return time(self.draw.randrange(9, 18), self.draw.randrange(5, 60, 5))
