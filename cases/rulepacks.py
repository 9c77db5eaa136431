"""TABLE: how many days each review and time limit has, per profile, with the reason for it.

A row is data: number, unit, owner, who hears when it is late, from when it counts, and where it comes from. What starts
and what meets a limit is code and stands in cases/deadlines.py. `manage.py migrate` stores the rows
(rasso/reference_data.py).

To change a number: give the old row a `valid_to`, and add a row with the next version and its `valid_from`. A stored
version is never changed in a way that moves dates; the loader refuses.

How the reviews are numbered: 1 is the 14-day review, 2 the 28-day review, 3 and every number after it a monthly one. The
monthly reviews have two rows of the same length, because every third one (5, 8, 11, ...) belongs to a Detective Inspector.

“Local standard” in `source` means that no public source sets the number: it is a default that a force may replace.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.enums import Calendar, ReviewKind, RuleKind
from people.roles import Role

JE = "JE"
EW = "EW"
PROFILES = (JE, EW)


class RuleCode(StrEnum):
    REVIEW_14_DAY = "REVIEW_14_DAY"
    REVIEW_28_DAY = "REVIEW_28_DAY"
    REVIEW_MONTHLY = "REVIEW_MONTHLY"
    REVIEW_MONTHLY_THIRD = "REVIEW_MONTHLY_THIRD"
    SUPPORT_REFERRAL = "SUPPORT_REFERRAL"
    INVESTIGATION_PLAN = "INVESTIGATION_PLAN"
    EARLY_ADVICE_DECISION = "EARLY_ADVICE_DECISION"
    TELL_ARREST = "TELL_ARREST"
    TELL_INTERVIEW = "TELL_INTERVIEW"
    TELL_RELEASE = "TELL_RELEASE"
    TELL_BAIL = "TELL_BAIL"
    DEVICE_RETURN = "DEVICE_RETURN"
    REVIEW_ESCALATED_INSPECTOR = "REVIEW_ESCALATED_INSPECTOR"
    REVIEW_ESCALATED_SUPERINTENDENT = "REVIEW_ESCALATED_SUPERINTENDENT"
    REVIEW_BEFORE_NFA = "REVIEW_BEFORE_NFA"
    REVIEW_ACTIONS_14 = "REVIEW_ACTIONS_14"
    REVIEW_ACTIONS_28 = "REVIEW_ACTIONS_28"
    ACTION = "ACTION"


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """The fields of cases.models.Rule, where they are explained by use; `label` is what people read on screen."""

    profile: str
    code: RuleCode
    version: int = 1
    kind: RuleKind
    label: str
    review_kind: ReviewKind | str = ""
    amount: int
    calendar: Calendar = Calendar.CALENDAR_DAYS
    repeats: bool = False
    owner_role: Role
    remind_before: int | None = None
    escalates_to: Role | str = ""
    escalates_after: int | None = None
    escalates_further_to: Role | str = ""
    escalates_further_after: int | None = None
    # A review on a day without work stays due that day; only the days after which somebody hears are working days.
    escalation_calendar: Calendar = Calendar.WORKING_DAYS
    basis: str
    source: str
    valid_from: date
    valid_to: date | None = None
    is_local: bool = False


@dataclass(frozen=True)
class Words:
    """What a profile calls things."""

    early_advice: str
    early_advice_decision: str


WORDS = {
    JE: Words("early investigative advice (EIA)", "Early investigative advice (EIA) decision"),
    EW: Words("early advice", "Early-advice decision"),
}

# From here the packs answer; a case is held to the rules of the day on which it is logged.
PACK_BEGINS = date(2023, 1, 1)
VICTIMS_CODE_BEGINS = date(2021, 4, 1)

LOCAL_STANDARD = "Local standard"
JERSEY_PLAN = "Jersey RASSO Action Plan 2022/23"
JERSEY_ACTION_9 = f"{JERSEY_PLAN}, action 9; start, ranks and escalation: local standard"
VICTIMS_CODE = "Code of Practice for Victims of Crime in England and Wales (2021)"
VICTIMS_CODE_RIGHT_4 = f"{VICTIMS_CODE}, right 4"
VICTIMS_CODE_RIGHT_6 = f"{VICTIMS_CODE}, right 6: one working day where rights are enhanced, as here"


def _review_14_day(profile: str, basis: str, source: str) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.REVIEW_14_DAY,
        kind=RuleKind.REVIEW,
        label="14-day review",
        review_kind=ReviewKind.DAY_14,
        amount=14,
        owner_role=Role.SERGEANT,
        remind_before=3,
        escalates_to=Role.INSPECTOR,
        escalates_after=3,
        escalates_further_to=Role.SUPERINTENDENT,
        escalates_further_after=10,
        basis=basis,
        source=source,
        valid_from=PACK_BEGINS,
    )


def _review_28_day(profile: str, basis: str, source: str) -> RuleRow:
    """Owned by an Inspector, so the one step is the Superintendent. A force of England and Wales may know two steps, a Chief
    Inspector and later a Superintendent; there is one role for both, which hears at the earlier of the two."""
    return RuleRow(
        profile=profile,
        code=RuleCode.REVIEW_28_DAY,
        kind=RuleKind.REVIEW,
        label="28-day review",
        review_kind=ReviewKind.DAY_28,
        amount=28,
        owner_role=Role.INSPECTOR,
        remind_before=3,
        escalates_to=Role.SUPERINTENDENT,
        escalates_after=3,
        basis=basis,
        source=source,
        valid_from=PACK_BEGINS,
    )


def _review_monthly(profile: str) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.REVIEW_MONTHLY,
        kind=RuleKind.REVIEW,
        label="Monthly review",
        review_kind=ReviewKind.MONTHLY,
        amount=28,
        repeats=True,
        owner_role=Role.SERGEANT,
        remind_before=3,
        escalates_to=Role.INSPECTOR,
        escalates_after=3,
        escalates_further_to=Role.SUPERINTENDENT,
        escalates_further_after=10,
        basis="Every 28 days after the 28-day review while the case is open",
        source=LOCAL_STANDARD,
        valid_from=PACK_BEGINS,
    )


def _review_monthly_third(profile: str) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.REVIEW_MONTHLY_THIRD,
        kind=RuleKind.REVIEW,
        label="Monthly review by a Detective Inspector",
        review_kind=ReviewKind.MONTHLY,
        amount=28,
        repeats=True,
        owner_role=Role.INSPECTOR,
        remind_before=3,
        escalates_to=Role.SUPERINTENDENT,
        escalates_after=3,
        basis="Every third monthly review is by a Detective Inspector",
        source=LOCAL_STANDARD,
        valid_from=PACK_BEGINS,
    )


def _support_referral(profile: str, basis: str, source: str, valid_from: date) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.SUPPORT_REFERRAL,
        kind=RuleKind.LIMIT,
        label="Support referral",
        amount=2,
        calendar=Calendar.WORKING_DAYS,
        owner_role=Role.INVESTIGATOR,
        remind_before=1,
        # A lapse here is a right not kept, so the sergeant hears on the next working day.
        escalates_to=Role.SERGEANT,
        escalates_after=1,
        basis=basis,
        source=source,
        valid_from=valid_from,
    )


def _investigation_plan(profile: str) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.INVESTIGATION_PLAN,
        kind=RuleKind.LIMIT,
        label="Investigation plan",
        amount=3,
        owner_role=Role.INVESTIGATOR,
        remind_before=1,
        escalates_to=Role.SERGEANT,
        escalates_after=2,
        basis="First investigation plan set within three days of recording",
        source=LOCAL_STANDARD,
        valid_from=PACK_BEGINS,
    )


def _early_advice_decision(profile: str, amount: int, basis: str, source: str) -> RuleRow:
    """Late is red, never blocked: safeguarding work goes on."""
    return RuleRow(
        profile=profile,
        code=RuleCode.EARLY_ADVICE_DECISION,
        kind=RuleKind.LIMIT,
        label=WORDS[profile].early_advice_decision,
        amount=amount,
        owner_role=Role.INVESTIGATOR,
        remind_before=7,
        escalates_to=Role.INSPECTOR,
        escalates_after=1,
        basis=basis,
        source=source,
        valid_from=PACK_BEGINS,
    )


def _tell_victim(profile: str, code: RuleCode, label: str, source: str, valid_from: date) -> RuleRow:
    """Rights triggers V3 to V6 of domain.md 4.2. Jersey has no such number: there they are a local standard, on (decision 26)."""
    return RuleRow(
        profile=profile,
        code=code,
        kind=RuleKind.LIMIT,
        label=label,
        amount=1,
        calendar=Calendar.WORKING_DAYS,
        owner_role=Role.INVESTIGATOR,
        escalates_to=Role.SERGEANT,
        escalates_after=1,
        basis="The victim hears within one working day what has happened to the suspect",
        source=source,
        valid_from=valid_from,
    )


TO_TELL = (
    (RuleCode.TELL_ARREST, "Tell V1 about the arrest"),
    (RuleCode.TELL_INTERVIEW, "Tell V1 about the interview"),
    (RuleCode.TELL_RELEASE, "Tell V1 about the release"),
    (RuleCode.TELL_BAIL, "Tell V1 about bail or release under investigation"),
)


def _device_return(profile: str) -> RuleRow:
    return RuleRow(
        profile=profile,
        code=RuleCode.DEVICE_RETURN,
        kind=RuleKind.LIMIT,
        label="Return or replace the device",
        amount=24,
        calendar=Calendar.HOURS,
        owner_role=Role.INVESTIGATOR,
        escalates_to=Role.SERGEANT,
        escalates_after=1,
        basis="Nobody is without a phone for more than 24 hours",
        source=LOCAL_STANDARD,
        valid_from=PACK_BEGINS,
    )


def _review_by_event(
    profile: str, code: RuleCode, kind: ReviewKind, label: str, amount: int, owner: Role, basis: str, **more: object
) -> RuleRow:
    """Reviews that something asks for, beside the grid."""
    row = {
        "calendar": Calendar.WORKING_DAYS,
        "escalates_to": Role.SUPERINTENDENT,
        "escalates_after": 5,
        "source": LOCAL_STANDARD,
        **more,
    }
    return RuleRow(
        profile=profile,
        code=code,
        kind=RuleKind.REVIEW,
        label=label,
        review_kind=kind,
        amount=amount,
        owner_role=owner,
        basis=basis,
        valid_from=PACK_BEGINS,
        **row,  # type: ignore[arg-type]
    )


def _reviews_by_event(profile: str, chased_by: Role, actions_source: str) -> tuple[RuleRow, ...]:
    """``chased_by``: who hears when a review of the prosecutor's further actions is late: the Criminal Justice Department in
    Jersey (action 9), a senior officer in England and Wales."""
    escalated = "A review that was not satisfactory goes to the next role up, who decides within three working days"
    actions: dict[str, object] = {
        "calendar": Calendar.CALENDAR_DAYS,
        "escalates_to": chased_by,
        "escalates_after": 3,
        "source": actions_source,
        "remind_before": 3,
    }
    after = "days after the prosecutor's list of actions"
    return (
        _review_by_event(
            profile, RuleCode.REVIEW_ESCALATED_INSPECTOR, ReviewKind.ESCALATED, "Escalated review", 3, Role.INSPECTOR, escalated
        ),
        _review_by_event(
            profile,
            RuleCode.REVIEW_ESCALATED_SUPERINTENDENT,
            ReviewKind.ESCALATED,
            "Escalated review by the Detective Superintendent",
            3,
            Role.SUPERINTENDENT,
            escalated,
            escalates_to="",
            escalates_after=None,
        ),
        _review_by_event(
            profile,
            RuleCode.REVIEW_BEFORE_NFA,
            ReviewKind.BEFORE_NFA,
            "Review before no further action",
            3,
            Role.INSPECTOR,
            "No further action is proposed only after a Detective Inspector has reviewed the case",
        ),
        _review_by_event(
            profile,
            RuleCode.REVIEW_ACTIONS_14,
            ReviewKind.ACTIONS_14,
            "14-day review of further actions",
            14,
            Role.SERGEANT,
            f"14 {after}",
            **actions,
        ),
        _review_by_event(
            profile,
            RuleCode.REVIEW_ACTIONS_28,
            ReviewKind.ACTIONS_28,
            "28-day review of further actions",
            28,
            Role.INSPECTOR,
            f"28 {after}",
            **actions,
        ),
    )


def _action(profile: str) -> RuleRow:
    """Its target date is set by whoever gives it, so the amount is nothing; the rule says who hears of it (domain.md 2.3: overdue
    actions go from the Detective Sergeant to the Detective Inspector, and never close by themselves)."""
    return RuleRow(
        profile=profile,
        code=RuleCode.ACTION,
        kind=RuleKind.ACTION,
        label="Action",
        amount=0,
        owner_role=Role.INVESTIGATOR,
        remind_before=2,
        escalates_to=Role.SERGEANT,
        escalates_after=1,
        escalates_further_to=Role.INSPECTOR,
        escalates_further_after=5,
        basis="An action is done by its target date, or more time is asked for",
        source=LOCAL_STANDARD,
        valid_from=PACK_BEGINS,
    )


RULES: tuple[RuleRow, ...] = (
    _review_14_day(JE, "Jersey action 9", JERSEY_ACTION_9),
    _review_28_day(JE, "Jersey action 9", JERSEY_ACTION_9),
    _review_monthly(JE),
    _review_monthly_third(JE),
    _support_referral(JE, "Referral to a support service within two working days of the report", LOCAL_STANDARD, PACK_BEGINS),
    _investigation_plan(JE),
    _early_advice_decision(
        JE,
        28,
        "Jersey action 6: seek early investigative advice or record why not",
        f"{JERSEY_PLAN}, action 6; the number of days: local standard",
    ),
    _review_14_day(EW, "Supervision of rape investigations", LOCAL_STANDARD),
    _review_28_day(EW, "Supervision of rape investigations", LOCAL_STANDARD),
    _review_monthly(EW),
    _review_monthly_third(EW),
    _support_referral(EW, "Victims’ Code, right 4", VICTIMS_CODE_RIGHT_4, VICTIMS_CODE_BEGINS),
    _investigation_plan(EW),
    # By day 14, so that the prosecutor's 21 days still make sense.
    _early_advice_decision(
        EW, 14, "Early advice considered in every rape case, and reasons recorded for not asking", LOCAL_STANDARD
    ),
    *(_tell_victim(JE, code, label, LOCAL_STANDARD, PACK_BEGINS) for code, label in TO_TELL),
    *(_tell_victim(EW, code, label, VICTIMS_CODE_RIGHT_6, VICTIMS_CODE_BEGINS) for code, label in TO_TELL),
    _device_return(JE),
    _device_return(EW),
    *_reviews_by_event(JE, Role.CRIMINAL_JUSTICE, f"{JERSEY_PLAN}, action 9; days and ranks: local standard"),
    *_reviews_by_event(EW, Role.SUPERINTENDENT, LOCAL_STANDARD),
    _action(JE),
    _action(EW),
)
