"""By which groups of kinds the chronology is looked through."""

from django.db.models import TextChoices

from cases.enums import EventKind


class EntryGroup(TextChoices):
    """What kinds of entries the chronology is looked through by."""

    SUSPECT = "GROUP_SUSPECT", "Suspect"
    VICTIM = "GROUP_VICTIM", "V1"
    ENQUIRIES = "GROUP_ENQUIRIES", "Enquiries and material"
    SUPERVISION = "GROUP_SUPERVISION", "Supervision and actions"
    LIMITS = "GROUP_LIMITS", "Time limits and corrections"
    CASE = "GROUP_CASE", "The case itself"
    NOTES = "GROUP_NOTES", "Notes"


# Each kind of entry stands in one of them.
ENTRY_GROUPS: dict[EntryGroup, tuple[EventKind, ...]] = {
    EntryGroup.SUSPECT: (
        EventKind.SUSPECT_STEP,
        EventKind.SUSPECT_DETAILS,
        EventKind.REPEAT_SUSPECT_CHECK,
        EventKind.SUSPECT_ARRESTED,
        EventKind.SUSPECT_INTERVIEWED,
        EventKind.SUSPECT_BAILED,
        EventKind.BAIL_CHANGED,
        EventKind.RELEASED_UNDER_INVESTIGATION,
        EventKind.RELEASED_WITHOUT_CHARGE,
        EventKind.PROTECTIVE_ORDER,
    ),
    EntryGroup.VICTIM: (
        EventKind.VICTIM_TOLD,
        EventKind.VICTIM_CONTACT,
        EventKind.VICTIM_ACCOUNT,
        EventKind.WISHES_ASKED,
        EventKind.SAFETY_CHECKED,
        EventKind.SUPPORT_REFERRED,
        EventKind.SPECIAL_MEASURES,
    ),
    EntryGroup.ENQUIRIES: (
        EventKind.ENQUIRY,
        EventKind.LINE_OF_ENQUIRY,
        EventKind.FORENSIC_STEP,
        EventKind.DEVICE_TAKEN,
        EventKind.DEVICE_RETURNED,
        EventKind.THIRD_PARTY_MATERIAL,
        EventKind.EARLY_ADVICE_DECIDED,
    ),
    EntryGroup.SUPERVISION: (
        EventKind.REVIEW_COMPLETED,
        EventKind.ACTION_GIVEN,
        EventKind.ACTION_TIME_ASKED,
        EventKind.ACTION_EXTENDED,
        EventKind.ACTION_NOT_EXTENDED,
        EventKind.ACTION_DONE,
        EventKind.ACTION_VERIFIED,
        EventKind.ACTION_SENT_BACK,
        EventKind.ESCALATION_ANSWERED,
    ),
    EntryGroup.LIMITS: (
        EventKind.LIMIT_SUSPENDED,
        EventKind.LIMIT_RESUMED,
        EventKind.LIMIT_NOT_APPLICABLE,
        EventKind.LIMIT_REOPENED,
        EventKind.ENTRY_STRUCK,
    ),
    EntryGroup.CASE: (
        EventKind.CASE_RECORDED,
        EventKind.TAKEN_OVER,
        EventKind.CASE_ALLOCATED,
        EventKind.OFFICER_ADDED,
        EventKind.OFFICER_LEFT,
        EventKind.ACCESS_CHANGED,
        EventKind.CASE_CLOSED,
        EventKind.CASE_REOPENED,
        EventKind.INVESTIGATION_PLAN_SET,
        EventKind.CONTEXT_RECORDED,
    ),
    EntryGroup.NOTES: (EventKind.NOTE,),
}
