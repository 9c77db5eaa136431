"""The vocabulary: what can happen at all. Codes are stored; labels may change."""

import enum

from django.db.models import TextChoices


class Act(enum.Enum):
    """What somebody may do to a case; who may is in cases/access.py."""

    LOG = "log a case"
    VIEW = "see the case"
    INVESTIGATE = "work on the case"
    ALLOCATE = "allocate the case to an officer"
    REVIEW = "review the case"


class Status(TextChoices):
    RECORDED = "RECORDED", "Recorded"
    INVESTIGATING = "INVESTIGATING", "Investigating"


class EventKind(TextChoices):
    CASE_RECORDED = "CASE_RECORDED", "Case recorded"
    CASE_ALLOCATED = "CASE_ALLOCATED", "Case allocated"
    SAFETY_CHECKED = "SAFETY_CHECKED", "Safety of V1 checked"
    SUPPORT_REFERRED = "SUPPORT_REFERRED", "Support referral made or declined"
    INVESTIGATION_PLAN_SET = "INVESTIGATION_PLAN_SET", "Investigation plan set"
    EARLY_ADVICE_DECIDED = "EARLY_ADVICE_DECIDED", "Early-advice decision recorded"
    VICTIM_CONTACT = "VICTIM_CONTACT", "Contact with V1"
    SUSPECT_STEP = "SUSPECT_STEP", "Step against the suspect"
    SUSPECT_DETAILS = "SUSPECT_DETAILS", "Details of the suspect recorded"
    ENQUIRY = "ENQUIRY", "Enquiry made"
    NOTE = "NOTE", "Note"
    ACTION_GIVEN = "ACTION_GIVEN", "Action given"
    ACTION_DONE = "ACTION_DONE", "Action done"
    REVIEW_COMPLETED = "REVIEW_COMPLETED", "Review completed"


# What an officer may add to the chronology by hand; everything else is written by the act that it records.
ADDED_BY_HAND = (
    EventKind.SUSPECT_STEP,
    EventKind.VICTIM_CONTACT,
    EventKind.SAFETY_CHECKED,
    EventKind.SUPPORT_REFERRED,
    EventKind.INVESTIGATION_PLAN_SET,
    EventKind.EARLY_ADVICE_DECIDED,
    EventKind.ENQUIRY,
    EventKind.NOTE,
)


class GrantBasis(TextChoices):
    """Why somebody was given a case; the one grant table serves them all."""

    ASSIGNED = "ASSIGNED", "Officer in the case"
    LIAISON = "LIAISON", "Liaison officer"
    NAMED = "NAMED", "Named on a restricted case"


class HappenedWhen(TextChoices):
    ON = "ON", "On one date"
    BETWEEN = "BETWEEN", "Between two dates"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class ReportedHow(TextChoices):
    IN_PERSON = "IN_PERSON", "In person"
    EMERGENCY_CALL = "EMERGENCY_CALL", "Emergency call"
    CALL = "CALL", "Other call"
    ONLINE = "ONLINE", "Online"
    SARC = "SARC", "Through the SARC"
    PARTNER = "PARTNER", "Through another agency"
    THIRD_PARTY = "THIRD_PARTY", "By a friend, relative or other third party"
    OTHER_FORCE = "OTHER_FORCE", "By another force"


class Place(TextChoices):
    """Whose area it happened in."""

    HERE = "HERE", "Here"
    OTHER_FORCE = "OTHER_FORCE", "In another force’s area"
    ABROAD = "ABROAD", "Abroad"
    NOT_KNOWN = "NOT_KNOWN", "Not known yet"


class PlaceKind(TextChoices):
    HOME_OF_VICTIM = "HOME_OF_VICTIM", "Home of V1"
    HOME_OF_SUSPECT = "HOME_OF_SUSPECT", "Home of a suspect"
    SHARED_HOME = "SHARED_HOME", "Home they shared"
    OTHER_HOME = "OTHER_HOME", "Another home"
    HOTEL = "HOTEL", "Hotel or other lodging"
    NIGHT_TIME_VENUE = "NIGHT_TIME_VENUE", "Bar, club or event"
    WORKPLACE = "WORKPLACE", "Workplace"
    EDUCATION = "EDUCATION", "School, college or university"
    CARE = "CARE", "Hospital or care setting"
    VEHICLE = "VEHICLE", "Vehicle"
    PUBLIC_PLACE = "PUBLIC_PLACE", "Street, park or other public place"
    ONLINE = "ONLINE", "Online"
    OTHER = "OTHER", "Another kind of place"
    NOT_KNOWN = "NOT_KNOWN", "Not known yet"


class SafeNow(TextChoices):
    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class WishKind(TextChoices):
    """What the victim wants; “not asked yet” is an equal answer (domain.md 1.2)."""

    WANTS_INVESTIGATION = "WANTS_INVESTIGATION", "Yes, wants an investigation"
    UNDECIDED = "UNDECIDED", "Undecided"
    WANTS_RECORDED_ONLY = "WANTS_RECORDED_ONLY", "Wants it recorded only"
    WANTS_SUPPORT_ONLY = "WANTS_SUPPORT_ONLY", "Wants support only"
    DOES_NOT_WANT_INVESTIGATION = "DOES_NOT_WANT_INVESTIGATION", "Does not want an investigation"
    WANTS_PAUSE = "WANTS_PAUSE", "Wants a pause"
    NOT_YET_ASKED = "NOT_YET_ASKED", "Not asked yet"
    CANNOT_BE_ASKED = "CANNOT_BE_ASKED", "Cannot be asked"


class SuspectKnown(TextChoices):
    NAMED = "NAMED", "Named"
    DESCRIBED = "DESCRIBED", "Described"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class Relationship(TextChoices):
    """How V1 and S1 know each other (domain.md 1.2; a force may relabel)."""

    CURRENT_PARTNER = "CURRENT_PARTNER", "Current partner"
    FORMER_PARTNER = "FORMER_PARTNER", "Former partner"
    FAMILY_MEMBER = "FAMILY_MEMBER", "Family member"
    ACQUAINTANCE = "ACQUAINTANCE", "Acquaintance or friend"
    JUST_MET = "JUST_MET", "Just met"
    MET_ONLINE = "MET_ONLINE", "Met online"
    COLLEAGUE = "COLLEAGUE", "Colleague or fellow student"
    POSITION_OF_TRUST = "POSITION_OF_TRUST", "Position of trust or authority"
    EXPLOITATION = "EXPLOITATION", "Commercial or exploitation"
    GROUP = "GROUP", "Peer or group"
    STRANGER = "STRANGER", "Stranger"
    NOT_KNOWN_YET = "NOT_KNOWN_YET", "Not known yet"


class ReviewKind(TextChoices):
    DAY_14 = "DAY_14", "14-day review"
    DAY_28 = "DAY_28", "28-day review"
    MONTHLY = "MONTHLY", "Monthly review"


class ReviewResult(TextChoices):
    SATISFACTORY = "SATISFACTORY", "Satisfactory"
    WITH_DIRECTIONS = "WITH_DIRECTIONS", "Satisfactory with directions"
    ESCALATED = "ESCALATED", "Not satisfactory: escalate"


class Answer(TextChoices):
    """A reviewer's answer to one of the seven groups of the review form."""

    SATISFACTORY = "SATISFACTORY", "Satisfactory"
    NEEDS_ACTION = "NEEDS_ACTION", "Needs action"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Does not apply"


class ReviewGroup(TextChoices):
    """The seven groups, suspect first (screens.md 2)."""

    SUSPECT = "SUSPECT", "Suspect and risk"
    VICTIM = "VICTIM", "V1’s safety, wishes and contact"
    ENQUIRIES = "ENQUIRIES", "Lines of enquiry, towards and away from the suspect"
    MATERIAL = "MATERIAL", "Forensic, devices and third-party material"
    PROSECUTOR = "PROSECUTOR", "Prosecutor and actions"
    BAIL = "BAIL", "Bail and protective orders"
    OFFICER = "OFFICER", "The officer: workload and welfare"


class Calendar(TextChoices):
    """How the number of a rule is counted."""

    CALENDAR_DAYS = "CALENDAR_DAYS", "calendar days"
    WORKING_DAYS = "WORKING_DAYS", "working days"


class RuleKind(TextChoices):
    REVIEW = "REVIEW", "Review"
    LIMIT = "LIMIT", "Time limit"


class ReminderStage(TextChoices):
    DUE = "DUE", "Due"
    LATE = "LATE", "Late"
