"""What the invented investigations think and follow: contexts, lines of enquiry, what is checked, taken and told."""

from cases.enums import Direction, Duration, Exploited, Known, LineState
from cases.operations import Line

CONTEXTS: tuple[dict[str, object], ...] = (
    {
        "how_known": "They met twice through friends; S1 had the number of V1 for a month.",
        "duration": Duration.WEEKS,
        "domestic_abuse": Known.NO,
        "power": "",
        "victim_context": "Lives with two friends. Works in the evenings. Wants to be told everything, by phone.",
        "exploited": [Exploited.INTOXICATION],
        "suspect_context": "Offers lifts from the same bars most weekends. Two people have spoken of messages afterwards.",
    },
    {
        "how_known": "Former partners; S1 kept a key.",
        "duration": Duration.YEARS,
        "domestic_abuse": Known.YES,
        "power": "S1 pays the rent of the flat and says so often.",
        "victim_context": "A child of four lives in the flat. Family is abroad.",
        "exploited": [Exploited.DEPENDENCE, Exploited.COERCIVE_CONTROL],
        "suspect_context": "Earlier reports by another person, withdrawn in 2022. Watches the account of V1.",
    },
    {
        "how_known": "S1 led the training that V1 attended.",
        "duration": Duration.MONTHS,
        "domestic_abuse": Known.NO,
        "power": "S1 signs the assessments.",
        "victim_context": "Afraid that others at work will hear of it.",
        "exploited": [Exploited.AGE],
        "suspect_context": "Has changed employer twice; why is being asked.",
    },
    {
        "how_known": "",
        "duration": Duration.HOURS,
        "domestic_abuse": Known.NOT_KNOWN,
        "power": "",
        "victim_context": "Was asleep in the hotel room. Remembers the voice.",
        "exploited": [Exploited.ASLEEP],
        "suspect_context": "",
    },
)

# How a line begins, and what becomes of it later; nothing where it is still followed.
LINES: tuple[tuple[Line, Line | None], ...] = (
    (
        Line("Footage of the rank and the road to the address", Direction.TOWARDS),
        Line(
            "Footage of the rank and the road to the address",
            Direction.TOWARDS,
            LineState.PURSUED,
            "Seen at 1.12 am together; exhibit CCTV/2.",
        ),
    ),
    (Line("Whether the receipt puts S1 elsewhere at that time", Direction.AWAY), None),
    (
        Line("Messages of that evening on the phone of S1", Direction.EITHER),
        Line(
            "Messages of that evening on the phone of S1",
            Direction.EITHER,
            LineState.NOT_PURSUED,
            "The phone was replaced before the report; the company holds nothing older than 30 days.",
        ),
    ),
    (Line("Other people to whom S1 offered a lift that month", Direction.TOWARDS), None),
)

REPEAT_CHECKS = (
    "No match: local systems, PND and intelligence searched.",
    "Possible match: an old report in another area under a like name. To be confirmed.",
    "No match: local systems and PNC searched; neighbouring forces asked.",
)
BAIL = "Not to contact V1, not to go to the road where V1 lives. Sleeps at the address in the records system."
INTERVIEWED = "With a lawyer. Says it was agreed to; names a witness, who will be seen."
ARRESTED = "At home, without incident. Clothing seized."
TOLD = "Rang at the agreed time; V1 wanted to know what happens next."
DEVICE = "Phone of V1, handed over after the notice was explained. Only the two weeks that matter are copied."
DEVICE_BACK = "Copied and given back in person."
ACCOUNT = (
    "Account taken by a specialist, in one sitting. V1 told how the evening began, the way home, and what S1 said afterwards."
)
STRUCK = "Entered on the wrong case: it belongs to another enquiry."
MISTAKE = "Taxi driver seen, statement taken."
VERIFIED = ("Seen, and it shows what it should.", "Read the statement: complete.", "Checked against the exhibit list.")
CONTACT_BY_COVER = "Rang at the agreed time and said who does DC Talespinner’s work until she is back. V1 has no questions now."
MORE_TIME = "The witness is away until then and does not want to speak by phone."
MORE_TIME_ANSWER = "Agreed, once. Ring them the day they are back."
# The first page of a report that its officer began and did not finish.
UNFINISHED = {
    "crime_number": ["INV/9107"],
    "reported_how": ["IN_PERSON"],
    "happened_when": ["NOT_KNOWN"],
    "place": ["HERE"],
}
