"""The form of whoever something was escalated to."""

from django import forms

from kit.fields import NarrativeField


class AnswerEscalationForm(forms.Form):
    text = NarrativeField(
        label="What will happen now, who does it, and by when?",
        help_text="It stands on the case, for everybody who sees it. Whoever is to do it is best given an action as well.",
        max_length=2000,
        error_messages={"required": "Say what will happen now, who does it, and by when"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
