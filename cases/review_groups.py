"""TABLE: to which of the seven groups of the review form an entry of the chronology belongs, and what is read first.

An entry about another one (struck out, suspended) belongs where that one does. What belongs nowhere is shown to the reviewer, but
opens no group.
"""

from cases import deadlines
from cases.enums import EventKind as E
from cases.enums import ReviewGroup as G

GROUP_OF: dict[E, G | None] = {
    E.SUSPECT_STEP: G.SUSPECT,
    E.SUSPECT_DETAILS: G.SUSPECT,
    E.REPEAT_SUSPECT_CHECK: G.SUSPECT,
    E.SUSPECT_ARRESTED: G.SUSPECT,
    E.SUSPECT_INTERVIEWED: G.SUSPECT,
    E.RELEASED_UNDER_INVESTIGATION: G.SUSPECT,
    E.RELEASED_WITHOUT_CHARGE: G.SUSPECT,
    E.SUSPECT_BAILED: G.BAIL,
    E.BAIL_CHANGED: G.BAIL,
    E.PROTECTIVE_ORDER: G.BAIL,
    E.SAFETY_CHECKED: G.VICTIM,
    E.SUPPORT_REFERRED: G.VICTIM,
    E.WISHES_ASKED: G.VICTIM,
    E.VICTIM_ACCOUNT: G.VICTIM,
    E.VICTIM_CONTACT: G.VICTIM,
    E.VICTIM_TOLD: G.VICTIM,
    E.SPECIAL_MEASURES: G.VICTIM,
    E.INVESTIGATION_PLAN_SET: G.ENQUIRIES,
    E.CONTEXT_RECORDED: G.ENQUIRIES,
    E.LINE_OF_ENQUIRY: G.ENQUIRIES,
    E.ENQUIRY: G.ENQUIRIES,
    E.FORENSIC_STEP: G.MATERIAL,
    E.DEVICE_TAKEN: G.MATERIAL,
    E.DEVICE_RETURNED: G.MATERIAL,
    E.THIRD_PARTY_MATERIAL: G.MATERIAL,
    E.EARLY_ADVICE_DECIDED: G.PROSECUTOR,
    E.ACTION_GIVEN: G.PROSECUTOR,
    E.ACTION_TIME_ASKED: G.PROSECUTOR,
    E.ACTION_EXTENDED: G.PROSECUTOR,
    E.ACTION_NOT_EXTENDED: G.PROSECUTOR,
    E.ACTION_DONE: G.PROSECUTOR,
    E.ACTION_VERIFIED: G.PROSECUTOR,
    E.ACTION_SENT_BACK: G.PROSECUTOR,
    E.CASE_ALLOCATED: G.OFFICER,
    E.OFFICER_ADDED: G.OFFICER,
    E.OFFICER_LEFT: G.OFFICER,
    E.ACCESS_CHANGED: None,
    E.CASE_RECORDED: None,
    E.TAKEN_OVER: None,
    E.CASE_CLOSED: None,
    E.CASE_REOPENED: None,
    E.NOTE: None,
    E.REVIEW_COMPLETED: None,
    # As what they are about.
    E.LIMIT_SUSPENDED: None,
    E.LIMIT_RESUMED: None,
    E.LIMIT_NOT_APPLICABLE: None,
    E.LIMIT_REOPENED: None,
    E.ESCALATION_ANSWERED: None,
    E.ENTRY_STRUCK: None,
}
# Suspect and safety are read before the rest.
READ_FIRST = frozenset(kind for kind, group in GROUP_OF.items() if group in (G.SUSPECT, G.BAIL)) | {E.SAFETY_CHECKED}


def group_of(kind: str, struck_kind: str | None = None, limit_code: str | None = None) -> G | None:
    """``struck_kind``: that of the entry which this one struck out; ``limit_code``: of the time limit that this one touches."""
    if kind == E.ENTRY_STRUCK and struck_kind:
        return GROUP_OF[E(struck_kind)]
    if limit_code:
        return GROUP_OF[deadlines.LIMITS[limit_code].met_by]
    return GROUP_OF[E(kind)]
