"""docs/deadlines.md: what must happen by when, per profile, and why."""

from cases.deadlines import LIMITS, Limit
from cases.enums import About, Calendar
from cases.rulepacks import LOCAL_STANDARD, PROFILES, RULES, RuleCode, RuleRow
from people.roles import Role
from rasso.documents.markdown import MADE, table

ABOUT = {About.VICTIM: "each victim", About.SUSPECT: "each suspect", About.DEVICE: "each device"}
HEAD = ("What", "Allowed", "Who", "Then", "Then further", "Basis", "Source", "Version")
COUNTING = {
    Calendar.CALENDAR_DAYS: "Day 0 is the local date of the moment it counts from, whatever the hour; every day after it counts.",
    Calendar.WORKING_DAYS: "As calendar days, but only Mondays to Fridays count that are no public holiday of the profile and no local day of the force.",
    Calendar.HOURS: "Elapsed time, also where the clocks change in between; due at the minute.",
}


def deadlines_document() -> str:
    return "\n".join(
        [
            "# By when",
            "",
            MADE,
            "",
            f"“{LOCAL_STANDARD}” as a source means that no public source sets the number: it is a default that a force may replace.",
            "A force replaces any number on its page of rules; its own row then stands above the shipped one, from a day to come, and no date",
            "already given moves.",
            "",
            *(part for profile in PROFILES for part in pack(profile)),
            "## How it is counted",
            "",
            *table(("Unit", "Counted"), [(unit.label, how) for unit, how in COUNTING.items()]),
            "A due date ends at 23:59 local time of its day. A review that is due on a day without work stays due that day; its reminder goes",
            "out on the working day before.",
            "",
            "## What starts and meets a time limit",
            "",
            *table(
                ("Time limit", "Starts with", "Met by", "Counted from", "One for"), [started(limit) for limit in LIMITS.values()]
            ),
        ]
    )


def pack(profile: str) -> list[str]:
    return [f"## {profile}", "", *table(HEAD, [row(rule) for rule in RULES if rule.profile == profile])]


def row(rule: RuleRow) -> tuple[str, ...]:
    return (
        rule.label,
        amount(rule.amount, rule.calendar),
        rule.owner_role.label,
        escalation(rule.escalates_to, rule.escalates_after, rule.escalation_calendar),
        escalation(rule.escalates_further_to, rule.escalates_further_after, rule.escalation_calendar),
        rule.basis,
        rule.source,
        str(rule.version),
    )


def started(limit: Limit) -> tuple[str, ...]:
    met_by = f"{limit.met_by.label}, about that entry" if limit.is_answered else limit.met_by.label
    starts = ", ".join(sorted(kind.label for kind in limit.starts))
    return (label(limit.code), starts, met_by, limit.counted_from.value, ABOUT[limit.about] if limit.about else "the case")


def label(code: RuleCode) -> str:
    """What the profiles call it; two names where they differ."""
    return " / ".join(dict.fromkeys(rule.label for rule in RULES if rule.code == code))


def amount(number: int, unit: Calendar) -> str:
    return f"{number} {unit.label.removesuffix('s') if number == 1 else unit.label}"


def escalation(role: Role | str, after: int | None, unit: Calendar) -> str:
    return f"{Role(role).label} after {amount(after, unit)}" if role and after is not None else ""
