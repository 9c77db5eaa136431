"""What the pages about the investigation show: the context with what V1 wants, the plan with its versions, the lines of enquiry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.enums import Direction, EventKind, Exploited, LimitState, LineState, WishKind
from cases.models import Case, Context, Event, InvestigationPlan, LineOfEnquiry, TimeLimit, Victim, Wish
from cases.rulepacks import RuleCode
from kit import dates
from kit.clock import local_date
from people.models import User

CONTEXT_FIELDS = ("how_known", "duration", "domestic_abuse", "power", "victim_context", "exploited", "suspect_context")
PLAN_FIELDS = ("story", "suspect", "victim", "material", "protection", "first_steps")
NOTHING_YET = "Nothing recorded yet"


@dataclass(frozen=True)
class Version:
    """One state of something that is changed as the case is understood better."""

    number: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Said:
    """What a victim wanted, once: in which words, when, and who asked."""

    wish: str
    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Wishes:
    """Newest first. ``number``: the victim’s."""

    victim: str
    number: int
    said: list[Said]


@dataclass(frozen=True)
class ContextPage:
    relationship: list[dict[str, str]]
    wishes: list[Wishes]
    victim: str
    exploited: list[str]
    suspect: str
    last: Version | None


@dataclass(frozen=True)
class PlanPage:
    """``shown``: the version whose text is shown, None for no plan yet; ``versions``: all of them, newest first."""

    due: dates.Urgency | None
    how_met: str
    parts: list[tuple[str, str]]
    shown: Version | None
    versions: list[Version]

    @property
    def is_earlier(self) -> bool:
        return self.shown is not None and self.shown.number != self.versions[0].number


@dataclass(frozen=True)
class LineGroup:
    direction: Direction
    lines: list[Any]

    @property
    def label(self) -> str:
        return self.direction.label


# Context -----------------------------------------------------------------------------------------------------------------


def context_of(case: Case) -> Context | None:
    return Context.unguarded.filter(case=case).first()


def relationship_then(case: Case, version: int) -> str:
    """What V1 and S1 were to each other while the context had this version, 0 for before the first: it stands on the case, and is
    changed with the context only."""
    context = context_of(case)
    following = context.history.filter(version=version + 1).first() if context is not None else None
    if following is None:
        return case.relationship
    # Their keys are in the order in which the two histories were written.
    then = case.history.filter(history_id__lt=following.history_id).order_by("history_id").last()
    return str(then.relationship) if then is not None else case.relationship


def context_page(case: Case) -> ContextPage:
    """Six queries."""
    context = context_of(case)
    stands = context or Context(case=case)
    relationship = [
        ("What they are to each other", case.get_relationship_display()),
        ("How they know each other", stands.how_known),
        ("For how long", stands.get_duration_display()),
        ("Domestic abuse", stands.get_domestic_abuse_display()),
        ("Power of the suspect over V1", stands.power),
    ]
    return ContextPage(
        relationship=[{"key": key, "value": value or NOTHING_YET} for key, value in relationship],
        wishes=wishes_of(case),
        victim=stands.victim_context,
        exploited=[label for value, label in Exploited.choices if value in stands.exploited],
        suspect=stands.suspect_context,
        last=next(iter(versions_of(context)), None) if context else None,
    )


def wishes_of(case: Case) -> list[Wishes]:
    """What each victim wanted, every time. Three queries."""
    all_said = list(Wish.unguarded.filter(case=case).select_related("recorded_by").order_by("-said_at", "-pk"))
    asked = Event.unguarded.filter(case=case, kind=EventKind.WISHES_ASKED).values_list("subject", "happened_at", "text")
    words = {(subject, at, text.split(". ")[0].removesuffix(".")): text for subject, at, text in asked}
    found = []
    for victim in Victim.unguarded.filter(case=case).order_by("number"):
        said = []
        for wish in all_said:
            if wish.victim_id == victim.pk:
                label = str(WishKind(wish.wish).label)
                text = words.get((str(victim), wish.said_at, label), "").removeprefix(f"{label}.").strip()
                said.append(Said(label, text, wish.said_at, wish.recorded_by.called))
        found.append(Wishes(str(victim), victim.number, said))
    return found


# Plan --------------------------------------------------------------------------------------------------------------------


def plan_of(case: Case) -> InvestigationPlan | None:
    return InvestigationPlan.unguarded.filter(case=case).first()


def plan_page(case: Case, today: Any, wanted: int | None) -> PlanPage | None:
    """Four queries. None where the plan has no version ``wanted``."""
    plan = plan_of(case)
    versions = versions_of(plan) if plan else []
    number = wanted if wanted is not None else (plan.version if plan else None)
    shown = next((version for version in versions if version.number == number), None)
    if wanted is not None and shown is None:
        return None
    text = plan.history.get(version=number) if plan and number != plan.version else plan
    parts = [(title(name), getattr(text, name)) for name in PLAN_FIELDS] if text else []
    limits = TimeLimit.unguarded.filter(case=case, rule__code=RuleCode.INVESTIGATION_PLAN).select_related("stopped_by")
    due, how_met = how_it_stands(limits.order_by("-begins_at").first(), today)
    return PlanPage(due, how_met, parts, shown, versions)


def title(name: str) -> str:
    field: Any = InvestigationPlan._meta.get_field(name)
    label = str(field.verbose_name)
    return label[0].upper() + label[1:]


def how_it_stands(limit: Any, today: Any) -> tuple[dates.Urgency | None, str]:
    """The urgency of a plan that is not set yet; or in words how its time limit was met."""
    if limit is None:
        return None, ""
    if limit.state is LimitState.RUNNING:
        return dates.urgency(limit.due_on, today), ""
    if limit.state is not LimitState.MET:
        what = "is suspended" if limit.state is LimitState.SUSPENDED else "does not apply"
        return None, f"The time limit of {dates.day(limit.due_on)} {what}."
    met_on = local_date(limit.met_at)
    late = (met_on - limit.due_on).days
    how = f"{dates.count(late, 'day')} late" if late > 0 else "in time"
    return None, f"It was due on {dates.day(limit.due_on)} and was set on {dates.day(met_on)}, {how}."


# Lines of enquiry --------------------------------------------------------------------------------------------------------


def line_groups(case: Case) -> list[LineGroup]:
    """Towards and away always stand there, because a fair investigation follows both; what could lead either way only if there is
    any. Pending ones come first."""
    lines = list(LineOfEnquiry.unguarded.filter(case=case).order_by("number"))
    lines.sort(key=lambda line: line.state != LineState.PENDING)
    groups = [LineGroup(way, [line for line in lines if line.leads == way]) for way in Direction]
    return [group for group in groups if group.lines or group.direction is not Direction.EITHER]


def one_sided(groups: list[LineGroup]) -> str:
    """A sentence where every line leads one way."""
    ways = {group.direction for group in groups if group.lines}
    missing = {frozenset({Direction.TOWARDS}): "away from", frozenset({Direction.AWAY}): "towards"}.get(frozenset(ways))
    return f"No line {missing} the suspect is recorded. A fair investigation follows both." if missing else ""


# History -----------------------------------------------------------------------------------------------------------------


def versions_of(row: Any) -> list[Version]:
    """Every version, newest first. Two queries."""
    records = list(row.history.order_by("-version", "-history_date").values_list("version", "history_date", "history_user_id"))
    people = {user.pk: user.called for user in User.objects.filter(pk__in={by for *_, by in records if by})}
    return [Version(number, at, people.get(by, "the system")) for number, at, by in records]
