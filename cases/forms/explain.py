"""Which person and which case the auditor asks about."""

from django import forms

from cases.forms.emergency import reference_field, reference_in
from kit.fields import PlainTextField


class ExplainForm(forms.Form):
    username = PlainTextField(
        label="Who?",
        help_text="The name that they sign in with.",
        max_length=150,
        error_messages={"required": "Enter the name that they sign in with"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "spellcheck": "false"}),
    )
    reference = reference_field()

    def clean_reference(self) -> str:
        return reference_in(self.cleaned_data["reference"])
