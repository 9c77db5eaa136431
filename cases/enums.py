"""The vocabulary: what can happen at all. Codes are stored; labels may change."""

import enum

from django.db.models import TextChoices


class Act(enum.Enum):
    """What somebody may do to a case; who may is in cases/access.py."""

    LOG = "log a case"
    VIEW = "see the case"
    INVESTIGATE = "work on the case"
    DO_ACTION = "do an action of the case"
    ALLOCATE = "allocate the case to an officer"
    REVIEW = "review the case"
    SUPERVISE = "supervise the case: verify actions, agree to more time, suspend time limits"
    GIVE_ACTION = "give an action"
    CORRECT = "strike out an entry made in error"
    CLOSE = "close or re-open the case"
    RESTRICT = "restrict the case, name people on it, say who is connected"
    LIFT = "lift the restriction"
    TAKE_OUT = "copy or export the case"
    ANSWER = "answer what was escalated"


class Status(TextChoices):
    RECORDED = "RECORDED", "Recorded"
    INVESTIGATING = "INVESTIGATING", "Investigating"
    CLOSED = "CLOSED", "Closed"
    TRANSFERRED = "TRANSFERRED", "Transferred"


class ClosingGrounds(TextChoices):
    """Why a case ends without a decision about prosecution. No further action is such a decision and never stands here."""

    TAKEN_OVER = "TAKEN_OVER", "Another force or body has taken it over"
    RECORDED_TWICE = "RECORDED_TWICE", "The same crime is recorded as another case, which goes on"
    SUSPECT_DIED = "SUSPECT_DIED", "The only suspect has died"


class ReopeningReason(TextChoices):
    NEW_EVIDENCE = "NEW_EVIDENCE", "New evidence or a new line of enquiry"
    VICTIM_RETURNED = "VICTIM_RETURNED", "V1 wants it looked into again"
    LINKED_SUSPECT = "LINKED_SUSPECT", "A suspect is linked with another case"
    SENT_BACK = "SENT_BACK", "The force or body that took it over has sent it back"
    CLOSED_IN_ERROR = "CLOSED_IN_ERROR", "It was closed in error"


class EventKind(TextChoices):
    CASE_RECORDED = "CASE_RECORDED", "Case recorded"
    TAKEN_OVER = "TAKEN_OVER", "Taken over from the force’s tracker"
    CASE_ALLOCATED = "CASE_ALLOCATED", "Case allocated"
    OFFICER_ADDED = "OFFICER_ADDED", "Officer added to the case"
    OFFICER_LEFT = "OFFICER_LEFT", "Officer taken off the case"
    ACCESS_CHANGED = "ACCESS_CHANGED", "Who may see the case changed"
    CASE_CLOSED = "CASE_CLOSED", "Case closed"
    CASE_REOPENED = "CASE_REOPENED", "Case re-opened"
    SAFETY_CHECKED = "SAFETY_CHECKED", "Safety of V1 checked"
    SUPPORT_REFERRED = "SUPPORT_REFERRED", "Support referral made or declined"
    INVESTIGATION_PLAN_SET = "INVESTIGATION_PLAN_SET", "Investigation plan set"
    EARLY_ADVICE_DECIDED = "EARLY_ADVICE_DECIDED", "Early-advice decision recorded"
    WISHES_ASKED = "WISHES_ASKED", "V1 asked what they want"
    VICTIM_ACCOUNT = "VICTIM_ACCOUNT", "Account taken from V1"
    VICTIM_CONTACT = "VICTIM_CONTACT", "Contact with V1"
    VICTIM_TOLD = "VICTIM_TOLD", "V1 told"
    SPECIAL_MEASURES = "SPECIAL_MEASURES", "Special measures talked over with V1"
    SUSPECT_STEP = "SUSPECT_STEP", "Step against the suspect"
    SUSPECT_DETAILS = "SUSPECT_DETAILS", "Details of the suspect recorded"
    REPEAT_SUSPECT_CHECK = "REPEAT_SUSPECT_CHECK", "Repeat-suspect check made"
    SUSPECT_ARRESTED = "SUSPECT_ARRESTED", "Suspect arrested"
    SUSPECT_INTERVIEWED = "SUSPECT_INTERVIEWED", "Suspect interviewed under caution"
    SUSPECT_BAILED = "SUSPECT_BAILED", "Suspect released on bail"
    BAIL_CHANGED = "BAIL_CHANGED", "Bail or its conditions changed"
    RELEASED_UNDER_INVESTIGATION = "RELEASED_UNDER_INVESTIGATION", "Suspect released under investigation"
    RELEASED_WITHOUT_CHARGE = "RELEASED_WITHOUT_CHARGE", "Suspect released without charge"
    PROTECTIVE_ORDER = "PROTECTIVE_ORDER", "Protective order considered or made"
    CONTEXT_RECORDED = "CONTEXT_RECORDED", "Context recorded"
    LINE_OF_ENQUIRY = "LINE_OF_ENQUIRY", "Line of enquiry"
    ENQUIRY = "ENQUIRY", "Enquiry made"
    FORENSIC_STEP = "FORENSIC_STEP", "Forensic step"
    DEVICE_TAKEN = "DEVICE_TAKEN", "Device taken"
    DEVICE_RETURNED = "DEVICE_RETURNED", "Device returned or replaced"
    THIRD_PARTY_MATERIAL = "THIRD_PARTY_MATERIAL", "Third-party material asked for or received"
    NOTE = "NOTE", "Note"
    ACTION_GIVEN = "ACTION_GIVEN", "Action given"
    ACTION_TIME_ASKED = "ACTION_TIME_ASKED", "More time asked for an action"
    ACTION_EXTENDED = "ACTION_EXTENDED", "Action given more time"
    ACTION_NOT_EXTENDED = "ACTION_NOT_EXTENDED", "More time for an action refused"
    ACTION_DONE = "ACTION_DONE", "Action done"
    ACTION_VERIFIED = "ACTION_VERIFIED", "Action verified"
    ACTION_SENT_BACK = "ACTION_SENT_BACK", "Action sent back"
    REVIEW_COMPLETED = "REVIEW_COMPLETED", "Review completed"
    LIMIT_SUSPENDED = "LIMIT_SUSPENDED", "Time limit suspended"
    LIMIT_RESUMED = "LIMIT_RESUMED", "Time limit runs again"
    LIMIT_NOT_APPLICABLE = "LIMIT_NOT_APPLICABLE", "Time limit does not apply"
    LIMIT_REOPENED = "LIMIT_REOPENED", "Time limit applies after all"
    ESCALATION_ANSWERED = "ESCALATION_ANSWERED", "Escalation answered"
    ENTRY_STRUCK = "ENTRY_STRUCK", "Entry struck out as made in error"


class Nature(TextChoices):
    """What an entry is, so that an opinion is never read as a fact (fact, opinion or intelligence)."""

    FACT = "FACT", "Fact"
    OPINION = "OPINION", "Opinion"
    INTELLIGENCE = "INTELLIGENCE", "Intelligence"


class About(enum.StrEnum):
    """The letter of what an entry is about: V1, S2, D3."""

    VICTIM = "V"
    SUSPECT = "S"
    DEVICE = "D"


# In place of D1, D2: the next device, numbered when the entry is written.
NEW_DEVICE = "NEW_DEVICE"

# What an officer may add to the chronology by hand, in the order of the list that they choose from, and what each must name.
# Everything else is written by the act that it records.
ADDED_BY_HAND: dict[EventKind, About | None] = {
    EventKind.SUSPECT_STEP: None,
    EventKind.REPEAT_SUSPECT_CHECK: About.SUSPECT,
    EventKind.SUSPECT_ARRESTED: About.SUSPECT,
    EventKind.SUSPECT_INTERVIEWED: About.SUSPECT,
    EventKind.SUSPECT_BAILED: About.SUSPECT,
    EventKind.BAIL_CHANGED: About.SUSPECT,
    EventKind.RELEASED_UNDER_INVESTIGATION: About.SUSPECT,
    EventKind.RELEASED_WITHOUT_CHARGE: About.SUSPECT,
    EventKind.PROTECTIVE_ORDER: None,
    EventKind.VICTIM_TOLD: About.VICTIM,
    EventKind.VICTIM_CONTACT: About.VICTIM,
    EventKind.VICTIM_ACCOUNT: About.VICTIM,
    EventKind.SAFETY_CHECKED: About.VICTIM,
    EventKind.SUPPORT_REFERRED: About.VICTIM,
    EventKind.SPECIAL_MEASURES: About.VICTIM,
    EventKind.EARLY_ADVICE_DECIDED: None,
    EventKind.ENQUIRY: None,
    EventKind.FORENSIC_STEP: None,
    EventKind.DEVICE_TAKEN: About.DEVICE,
    EventKind.DEVICE_RETURNED: About.DEVICE,
    EventKind.THIRD_PARTY_MATERIAL: None,
    EventKind.NOTE: None,
}
# Entries of acts that only those do who work the case: no supervisor does them in their own right.
WORK_OF_THE_CASE = frozenset(ADDED_BY_HAND) | {
    *(EventKind.INVESTIGATION_PLAN_SET, EventKind.WISHES_ASKED, EventKind.SUSPECT_DETAILS, EventKind.CONTEXT_RECORDED),
    *(EventKind.LINE_OF_ENQUIRY, EventKind.ACTION_DONE, EventKind.ACTION_TIME_ASKED),
}
# Entries that carry a further date: until when bail runs.
CARRY_A_DATE = frozenset({EventKind.SUSPECT_BAILED, EventKind.BAIL_CHANGED})
# The last of these that stands says where a suspect is; nobody types it.
SUSPECT_STATES: dict[EventKind, str] = {
    EventKind.SUSPECT_ARRESTED: "Arrested",
    EventKind.SUSPECT_INTERVIEWED: "Interviewed under caution",
    EventKind.SUSPECT_BAILED: "On bail",
    EventKind.BAIL_CHANGED: "On bail",
    EventKind.RELEASED_UNDER_INVESTIGATION: "Released under investigation",
    EventKind.RELEASED_WITHOUT_CHARGE: "Released without charge",
}
# When bail ends: the last of these that stands says it, whether by its date or by ending bail; of two at the same moment, the one
# written down later, then the one with the higher key. An interview is none of them: bail goes on. An arrest ends it: the suspect
# is in custody, and whoever lets them go again records how.
SAY_WHETHER_ON_BAIL = CARRY_A_DATE | {
    *(EventKind.SUSPECT_ARRESTED, EventKind.RELEASED_UNDER_INVESTIGATION, EventKind.RELEASED_WITHOUT_CHARGE),
}


class NotApplicable(TextChoices):
    """Why a time limit does not apply. A victim's wish not to be told is one; safety is none: it suspends (decision 26)."""

    VICTIM_WISH = "VICTIM_WISH", "V1 does not want to be told"
    OVERTAKEN = "OVERTAKEN", "What happened since has made it pointless"
    OTHER_FORCE = "OTHER_FORCE", "Another force or body does it"
    NOT_THE_KIND = "NOT_THE_KIND", "The rule does not fit this case"


class Suspension(TextChoices):
    """Why a time limit stands still for a while (domain.md 4.2)."""

    SAFETY = "SAFETY", "It would put V1 at risk now"
    NO_CONTACT = "NO_CONTACT", "V1 asked not to be contacted for now"


class GrantBasis(TextChoices):
    """Why somebody was given a case; the one grant table serves them all."""

    ASSIGNED = "ASSIGNED", "Officer in the case"
    SECOND = "SECOND", "Investigator who works on it too"
    LIAISON = "LIAISON", "SOLO/SOIT of the case"
    NAMED = "NAMED", "Named on a restricted case"
    EMERGENCY = "EMERGENCY", "Emergency access for an hour"
    SUPERVISING = "SUPERVISING", "Supervises the case in place of its unit"


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
    # Only of a case that was taken over from a tracker, which may not say: nobody chooses it.
    NOT_SAID = "NOT_SAID", "The tracker does not say"


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
    ESCALATED = "ESCALATED", "Escalated review"
    BEFORE_NFA = "BEFORE_NFA", "Review before no further action"
    ACTIONS_14 = "ACTIONS_14", "14-day review of further actions"
    ACTIONS_28 = "ACTIONS_28", "28-day review of further actions"


class ReviewResult(TextChoices):
    SATISFACTORY = "SATISFACTORY", "Satisfactory"
    WITH_DIRECTIONS = "WITH_DIRECTIONS", "Satisfactory with directions"
    ESCALATED = "ESCALATED", "Not satisfactory: escalated"
    # No review at all: the case was closed before it fell due.
    STOOD_DOWN = "STOOD_DOWN", "Not needed: the case was closed"


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

    HOURS = "HOURS", "hours"
    CALENDAR_DAYS = "CALENDAR_DAYS", "calendar days"
    WORKING_DAYS = "WORKING_DAYS", "working days"


class RuleKind(TextChoices):
    REVIEW = "REVIEW", "Review"
    LIMIT = "LIMIT", "Time limit"
    # Of an action the rule says only who hears when it is late: its target date is set by whoever gives it.
    ACTION = "ACTION", "Action"


class ReminderAbout(TextChoices):
    REVIEW = "REVIEW", "Review"
    LIMIT = "LIMIT", "Time limit"
    ACTION = "ACTION", "Action"


class ReminderStage(TextChoices):
    """How far it has come with a date that nobody has answered. Whoever has to act hears of the first three, the roles that the
    rule names of the last two."""

    COMING = "COMING", "Coming"
    DUE = "DUE", "Due"
    LATE = "LATE", "Late"
    ESCALATED = "ESCALATED", "Escalated"
    ESCALATED_FURTHER = "FURTHER", "Escalated further"


ESCALATIONS = (ReminderStage.ESCALATED, ReminderStage.ESCALATED_FURTHER)


class MessageKind(TextChoices):
    DIGEST = "DIGEST", "The day’s message"
    ESCALATION = "ESCALATION", "An escalation"
    ALERT = "ALERT", "Something to look at now"


class LimitState(enum.StrEnum):
    """Where a time limit stands; computed from the entries that stand, never typed."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    NOT_APPLICABLE = "does not apply"
    VOID = "void"


class Direction(TextChoices):
    """Where a line of enquiry leads; a fair investigation follows both."""

    TOWARDS = "TOWARDS", "Towards the suspect"
    AWAY = "AWAY", "Away from the suspect"
    EITHER = "EITHER", "Could lead either way"


class LineState(TextChoices):
    PENDING = "PENDING", "Pending"
    PURSUED = "PURSUED", "Pursued"
    NOT_PURSUED = "NOT_PURSUED", "Not pursued"


class Known(TextChoices):
    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_KNOWN = "NOT_KNOWN", "Not known yet"


class Duration(TextChoices):
    """For how long V1 and S1 had known each other."""

    HOURS = "HOURS", "Hours"
    DAYS = "DAYS", "Days"
    WEEKS = "WEEKS", "Weeks"
    MONTHS = "MONTHS", "Months"
    YEARS = "YEARS", "Years"
    DID_NOT = "DID_NOT", "They did not"
    NOT_KNOWN = "NOT_KNOWN", "Not known yet"


class Exploited(TextChoices):
    """What the suspect may have exploited (domain.md 1.2); about the suspect's conduct, never a mark on the victim."""

    INTOXICATION = "INTOXICATION", "Alcohol or drugs"
    ASLEEP = "ASLEEP", "Asleep or unconscious"
    MENTAL_HEALTH = "MENTAL_HEALTH", "Mental ill health"
    LEARNING_DISABILITY = "LEARNING_DISABILITY", "A learning disability"
    IMMIGRATION = "IMMIGRATION", "Immigration status"
    DEPENDENCE = "DEPENDENCE", "Dependence for housing or money"
    AGE = "AGE", "Age"
    CARE = "CARE", "Being or having been in care"
    SEX_WORK = "SEX_WORK", "Sex work"
    COERCIVE_CONTROL = "COERCIVE_CONTROL", "Coercive control"
