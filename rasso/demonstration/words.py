"""What the invented officers write: short, about the suspect first, nothing that could be anybody's real case.

People of a case are called by their number; names stand only in the record of the person. A name is an ordinary given name and
an impossible surname, so that whoever meets one outside the demonstration knows where it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cases.enums import EventKind, ReviewGroup

GIVEN_NAMES = (
    "Alex", "Bo", "Casey", "Dana", "Ellis", "Frankie", "Gale", "Harper", "Indra", "Jules", "Kit", "Lee", "Morgan", "Noor",
    "Ola", "Pat", "Quinn", "Robin", "Sam", "Toni", "Umi", "Val", "Wren", "Yael",
)  # fmt: skip
VICTIM_SURNAMES = ("Ash", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Rowan", "Willow")
SUSPECT_SURNAMES = ("Basalt", "Chalk", "Flint", "Granite", "Marble", "Onyx", "Quartz", "Shale", "Slate", "Topaz")


def invented_name(draw: Random, surnames: Sequence[str]) -> str:
    return f"{draw.choice(GIVEN_NAMES)} Invented-{draw.choice(surnames)}"


DESCRIPTIONS = (
    "Adult, about 30, short dark hair, grey jacket with a white stripe, spoke with a local accent.",
    "Adult, about 45, glasses, walked with a stick; seen on the footage from the bus station.",
    "Known by a first name and a user name on a messaging service; account details asked for.",
    "Adult in his twenties, fair hair, a tattoo of a star on the left hand.",
)
SAFETY_STEPS = (
    "S1 has no key and no longer knows the address. A friend stays with V1 tonight.",
    "V1 is at an address that S1 does not know. A marker is set for calls from there.",
    "S1 is in custody until the morning. V1 will be told before any release.",
    "Safety plan made with V1; the neighbour knows whom to call.",
)
SAFE_CONTACTS = (
    "Text message first, after 6pm; no voicemail.",
    "By email only; the phone is shared.",
    "Through the ISVA.",
    "Any time by phone. Say a first name only.",
)

# In the order in which they are taken.
STEPS_AGAINST_KNOWN = (
    "Earlier reports about S1 searched for, here and with other forces: none found.",
    "Vehicle of S1 looked at; two items seized from it.",
    "Phone of S1 sent to the digital unit with a list of the dates that matter.",
    "What S1 said about that evening compared with card payments: two times do not agree.",
)
STEPS_TO_IDENTIFY = (
    "Description of S1 sent to all shifts and to the harbour.",
    "Footage along the way home searched for S1: seen twice, face not clear.",
    "Account details of the user name asked for from the company.",
    "Two people with a similar description looked into and ruled out, with reasons.",
)
STEPS_LATER = (
    "Former addresses and vehicles linked to S1 added to the intelligence picture.",
    "Reports of other victims looked through for the same way of acting: nothing so far.",
    "Searched again for S1 with other forces: no new report.",
)

ENTRIES: dict[EventKind, tuple[str, ...]] = {
    EventKind.VICTIM_CONTACT: (
        "Rang at the agreed time. Explained what happens next and when the next call will be.",
        "Told V1 what had changed in the case before anybody else could.",
        "V1 asked for a different day for calls. Changed.",
        "Rang at the agreed time, no answer. No message left, as agreed. Will try again tomorrow.",
        "V1 asked how long the digital work takes; gave an honest answer and a date for the next news.",
    ),
    EventKind.ENQUIRY: (
        "Footage from the street and the taxi rank asked for, 8pm to 2am.",
        "First account taken from the friend whom V1 rang that night.",
        "House-to-house done near the address: two people heard something and gave accounts.",
        "Taxi company has sent its records of that night.",
        "A line that points away from S1 followed up: the receipt is genuine, the time on it was checked.",
        "Laboratory has confirmed what it can examine and by when.",
        "Manager of the venue has given the list of staff on duty.",
    ),
    EventKind.NOTE: (
        "Handover for days off written; the colleague has read it.",
        "Digital unit expects to be done in three weeks.",
        "Witness moved; new contact details are in the records system.",
    ),
    EventKind.SAFETY_CHECKED: (
        "Asked V1 whether anything has changed at home: it has not. Safe contact stays as it is.",
        "S1 was seen in the same street. Patrols asked to pass by; V1 knows whom to ring.",
    ),
    EventKind.SUPPORT_REFERRED: (
        "Referred to the ISVA service with the agreement of V1.",
        "Support explained and offered. V1 does not want it now; to be offered again.",
    ),
    EventKind.EARLY_ADVICE_DECIDED: (
        "Advice asked for: which digital material is needed, and which is not.",
        "Not asked for yet: S1 is not identified. To be looked at again at the next review.",
    ),
}


EVIDENCE = ("Statement S/3", "Exhibit AE/7", "Document D/12", "Exhibit CCTV/2", "Statement S/5")
PLAN_AGAINST_KNOWN = {
    "story": "S1 offered the way home, chose a road without houses and took the phone of V1 “to look after it”. To be shown: how S1 "
    "arranged to be alone with V1, what S1 did, and how S1 spoke of it afterwards.",
    "suspect": "Arrest when the account of V1 is taken. Earlier reports about S1 here and with other forces. Phone, card payments and "
    "movements of that evening.",
    "victim": "Account by a specialist, once. Support from the ISVA. V1 hears before anything that S1 could take out on them.",
    "material": "Messages between V1 and S1 only, for the two weeks around that evening; nothing else on the phone of V1 is needed.",
    "protection": "Bail with the condition not to contact V1. A protective order was thought of: decided when S1 is interviewed.",
    "first_steps": "Footage of the road before it is written over. Clothing to the laboratory. The two people who saw them leave.",
}
PLAN_TO_IDENTIFY = {
    "story": "S1 wrote under a user name for three weeks, asked V1 to come alone, and left by a back door. To be shown: how S1 gained "
    "trust and hid who they are.",
    "suspect": "Identify S1 through the account, the footage along the way, and others whom the same account wrote to.",
    "victim": "Account by a specialist, once. V1 decides what is kept of the messages and how.",
    "material": "The messages of the account, exported with V1; the company is asked for the rest.",
    "protection": "V1 knows what to do if the account writes again. The number is marked for calls.",
    "first_steps": "Ask the company to keep the account data. Footage of the back door. Laboratory samples.",
}


@dataclass(frozen=True)
class Finding:
    """Something a reviewer sees, and the direction that follows from it."""

    group: ReviewGroup
    needs: str
    direction: str
    done: str


FINDINGS = (
    Finding(
        ReviewGroup.SUSPECT,
        "Other forces have not been asked about S1.",
        "Ask the neighbouring forces whether they know S1, and write down the answers.",
        "Asked three forces; one has an old address, no report.",
    ),
    Finding(
        ReviewGroup.VICTIM,
        "The last contact with V1 was longer ago than agreed.",
        "Ring V1 at the agreed time this week and agree when the next news will come.",
        "Spoke with V1; every second Thursday is agreed.",
    ),
    Finding(
        ReviewGroup.ENQUIRIES,
        "Footage is kept for thirty days only.",
        "Secure the footage of the bus station before it is overwritten.",
        "Footage secured and exhibited.",
    ),
    Finding(
        ReviewGroup.MATERIAL,
        "No date yet from the digital unit.",
        "Get a date from the digital unit and tell V1 when the phone comes back.",
        "Unit gave a date; V1 was told.",
    ),
    Finding(
        ReviewGroup.PROSECUTOR,
        "Advice would save work now.",
        "Prepare the question to the prosecutor: what is needed to prove knowledge?",
        "Question sent with a short summary.",
    ),
    Finding(
        ReviewGroup.BAIL,
        "Conditions were last checked two weeks ago.",
        "Check the bail conditions of S1 by a visit and record the result.",
        "Visited at 9pm; conditions are kept.",
    ),
    Finding(
        ReviewGroup.OFFICER,
        "High workload this month.",
        "Hand the house-to-house over to the response team and meet me on Monday about the rest.",
        "Handed over; met on Monday.",
    ),
)
OWN_WORDS_WITH_DIRECTIONS = (
    "The case against S1 stands on the timeline; what is missing can be had this week.",
    "Good pace so far. What S1 said must be tested before the memory of witnesses fades.",
    "V1 wants to go on and trusts the officer. The open enquiries must not wait for the laboratory.",
)
OWN_WORDS_SATISFACTORY = (
    "Everything in the plan is done or has a date. Carry on, with S1 at the centre.",
    "Steady work, V1 is told what happens. Next is the laboratory.",
    "No change to the risk from S1. The officer has time for this case.",
)
OWN_WORDS_ESCALATED = ("Two directions have not been done and V1 has heard nothing. I ask for a second officer on this case.",)
