"""What the investigation thinks and follows: context, what V1 wants, plan, lines of enquiry."""

from datetime import datetime
from typing import Any

from django import forms

from cases.enums import Direction, Duration, Exploited, Known, LineState, Relationship, WishKind
from kit.fields import Checkboxes, DateAndTimeField, DateAndTimeInput, ManyChoicesField, NarrativeField, OneChoiceField, Radios

LONG_TEXT = 10_000
LOAD_AGAIN = "Load the page again: it did not say what it was opened on."


class Versioned(forms.Form):
    """A form about something that others may change meanwhile: it says on which version it was opened, 0 for nothing yet."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages={"required": LOAD_AGAIN, "invalid": LOAD_AGAIN, "min_value": LOAD_AGAIN},
    )


def box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ContextForm(Versioned):
    """The three parts in their order; ``PARTS`` names the fields of each."""

    PARTS = (
        ("How V1 and S1 know each other", ("relationship", "how_known", "duration", "domestic_abuse", "power")),
        ("V1’s context", ("victim_context", "exploited")),
        ("The suspect’s context", ("suspect_context",)),
    )

    relationship = OneChoiceField(
        label="What are they to each other?",
        choices=Relationship.choices,
        widget=forms.Select,
        error_messages={"required": "Choose what they are to each other, or Not known yet"},
    )
    how_known = NarrativeField(
        label="How do they know each other?",
        max_length=LONG_TEXT,
        required=False,
        help_text="How the suspect came to know V1, and how they came to be together that day.",
        widget=box(4),
    )
    duration = OneChoiceField(
        label="For how long had they known each other?",
        choices=Duration.choices,
        widget=forms.Select,
        error_messages={"required": "Choose for how long, or Not known yet"},
    )
    domestic_abuse = OneChoiceField(
        label="Is it domestic abuse?",
        choices=Known.choices,
        widget=Radios(is_inline=True),
        error_messages={"required": "Choose Yes, No or Not known yet"},
    )
    power = NarrativeField(
        label="What power did the suspect have over V1?",
        max_length=LONG_TEXT,
        required=False,
        help_text="For example age, work, money, housing, care, status, or the means to harm others.",
        widget=box(4),
    )
    victim_context = NarrativeField(
        label="What matters in V1’s life for this investigation?",
        max_length=LONG_TEXT,
        required=False,
        help_text="What they need to take part safely. Not what they wore, drank or said to others.",
        widget=box(5),
    )
    exploited = ManyChoicesField(
        label="What the suspect may have exploited",
        choices=Exploited.choices,
        required=False,
        help_text="Choose all that apply. This is about what the suspect did with it.",
        widget=Checkboxes(is_small=True),
    )
    suspect_context = NarrativeField(
        label="What is known of the suspect’s life, conduct and history?",
        max_length=LONG_TEXT,
        required=False,
        help_text="Access to V1 and to others, earlier reports, patterns, what they gain from silence.",
        widget=box(5),
    )


class RecordWishForm(forms.Form):
    wish = OneChoiceField(
        label="What does V1 want now?",
        # Whoever has been asked is not “not asked yet” any more.
        choices=[(kind.value, kind.label) for kind in WishKind if kind is not WishKind.NOT_YET_ASKED],
        error_messages={"required": "Choose what V1 wants"},
    )
    said_at = DateAndTimeField(
        label="When did V1 say so?",
        help_text="If V1 cannot be asked, when you last tried or found out.",
        widget=DateAndTimeInput(fills_now=True),
        error_messages={"required": "Enter when V1 said so"},
    )
    text = NarrativeField(
        label="In V1’s own words (optional)",
        max_length=2000,
        required=False,
        help_text="If V1 cannot be asked, say why.",
        widget=box(4),
    )

    def __init__(self, *args: Any, now: datetime, called: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        for field in self.fields.values():
            for part in ("label", "help_text"):
                setattr(field, part, str(getattr(field, part)).replace("V1", called))
            field.error_messages = {code: str(text).replace("V1", called) for code, text in field.error_messages.items()}

    def clean_said_at(self) -> datetime:
        said_at: datetime = self.cleaned_data["said_at"]
        if said_at > self.now:
            raise forms.ValidationError("It cannot have been said later than now.")
        return said_at

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("wish") == WishKind.CANNOT_BE_ASKED and not answers.get("text") and "text" not in self.errors:
            self.add_error("text", "Say why they cannot be asked")
        return answers


class PlanForm(Versioned):
    story = NarrativeField(
        label="The whole story",
        help_text="Tell it by what the suspect did: before, during and after. How did they get access, trust and silence? "
        "What V1 did belongs here only as an answer to the suspect.",
        error_messages={"required": "Tell the whole story, as far as it is known"},
        widget=box(10),
    )
    suspect = NarrativeField(
        label="The suspect",
        help_text="How will they be identified and found? What must be known of them, and of others they may have harmed? When and how to arrest and interview?",
        error_messages={"required": "Say what is planned about the suspect"},
        widget=box(6),
    )
    victim = NarrativeField(
        label="V1",
        help_text="Account, support, communication and special measures: what V1 needs, and what V1 was told to expect.",
        error_messages={"required": "Say what is planned for V1"},
        widget=box(6),
    )
    material = NarrativeField(
        label="Forensic, digital and third-party material (optional)",
        required=False,
        help_text="What could it show about the suspect’s conduct? Ask only for what a line of enquiry needs, and say which.",
        widget=box(6),
    )
    protection = NarrativeField(
        label="Risk and protection",
        help_text="Who is at risk from the suspect now? Bail conditions and protective orders: considered, and why or why not.",
        error_messages={"required": "Say what the risk is and what protects from it"},
        widget=box(5),
    )
    first_steps = NarrativeField(
        label="What is done first",
        help_text="The next steps in their order, with who does each.",
        error_messages={"required": "Say what is done first"},
        widget=box(5),
    )


class LineForm(Versioned):
    what = NarrativeField(
        label="What will be looked into?",
        max_length=2000,
        help_text="One question that can be answered. For example: Do the pictures of the bar show who left with V1?",
        error_messages={"required": "Say what will be looked into"},
        widget=box(3),
    )
    leads = OneChoiceField(
        label="Where could it lead?",
        choices=Direction.choices,
        error_messages={"required": "Choose where it could lead"},
    )
    state = OneChoiceField(
        label="How does it stand?",
        choices=LineState.choices,
        widget=Radios(hints={LineState.PENDING: "Not looked into yet, or not to the end."}),
        error_messages={"required": "Choose how it stands"},
    )
    outcome = NarrativeField(
        label="What came of it, or why is it not pursued?",
        max_length=LONG_TEXT,
        required=False,
        help_text="Needed once it is pursued or not pursued.",
        widget=box(5),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        missing: dict[str, str] = {LineState.PURSUED: "Say what came of it", LineState.NOT_PURSUED: "Say why it is not pursued"}
        sentence = missing.get(answers.get("state", ""))
        if sentence and not answers.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", sentence)
        return answers
