"""The form renderer: every Django form comes out as GOV.UK markup (FORM_RENDERER in the settings; imported by nobody)."""

from pathlib import Path
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property

from kit.fields import BoxedInput, OptionExtras

PROJECT_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# Django's own widgets whose markup differs from the design system in more than a class.
TEMPLATE_INSTEAD_OF = {
    "django/forms/widgets/radio.html": "govuk/widgets/options.html",
    "django/forms/widgets/checkbox_select.html": "govuk/widgets/options.html",
    "django/forms/widgets/checkbox.html": "govuk/widgets/checkbox.html",
    "django/forms/widgets/password.html": "govuk/widgets/password.html",
    "django/forms/widgets/clearable_file_input.html": "django/forms/widgets/file.html",
}

CLASS_OF_INPUT_TYPE = {"select": "govuk-select", "file": "govuk-file-upload", "checkbox": "govuk-checkboxes__input"}
PASSWORD_CLASSES = "govuk-password-input__input govuk-js-password-input-input"
TYPES_WITHOUT_CLASS = {"hidden", "radio"}


class GovukBoundField(BoundField):
    """A field that knows what the design system's markup needs to be told."""

    def get_context(self) -> dict[str, Any]:
        return {"field": self, "size": "s", "is_heading": False}

    def as_widget(self, widget: forms.Widget | None = None, attrs: Any = None, only_initial: bool = False) -> Any:
        shown = widget or self.field.widget
        if isinstance(shown, BoxedInput):
            shown.wrong_boxes = self.wrong_boxes
        if isinstance(shown, OptionExtras):
            shown.revealed = {value: [self.form[name] for name in names] for value, names in shown.reveals.items()}
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        shown = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        # The server says what is missing, in our words and above the form; the browser would say it in its own.
        built.pop("required", None)
        if isinstance(shown, forms.RadioSelect | forms.CheckboxSelectMultiple):
            # Not allowed on a radio; the error stands in the description of the group.
            built.pop("aria-invalid", None)
            return built
        if isinstance(shown, forms.MultiWidget):
            return built
        if css := self._css(shown):
            built["class"] = css
        if isinstance(shown, forms.TextInput | forms.Textarea):
            # What is typed about one case must not be offered by the browser in the next.
            built.setdefault("autocomplete", shown.attrs.get("autocomplete", "off"))
        return built

    def _css(self, widget: forms.Widget) -> str:
        input_type = getattr(widget, "input_type", "textarea")
        if input_type in TYPES_WITHOUT_CLASS:
            return ""
        default = "govuk-textarea" if input_type == "textarea" else "govuk-input"
        base = CLASS_OF_INPUT_TYPE.get(input_type, default)
        error = f"{base}--error" if self.errors and input_type != "checkbox" else ""
        extra = PASSWORD_CLASSES if isinstance(widget, forms.PasswordInput) else ""
        return " ".join(filter(None, (base, error, extra, widget.attrs.get("class"))))

    @cached_property
    def wrong_boxes(self) -> list[str]:
        """The boxes of a date that an error means; all of them if it does not say."""
        widget = self.field.widget
        if not isinstance(widget, BoxedInput) or not self.errors:
            return []
        named = [box for error in self.errors.as_data() for box in (error.params or {}).get("boxes", ())]
        return named or [box.name for box in widget.boxes]

    @property
    def first_control_id(self) -> str:
        """Where a line of the error summary leads."""
        widget = self.field.widget
        own_id = widget.attrs.get("id") or self.auto_id
        if isinstance(widget, BoxedInput):
            widget.wrong_boxes = self.wrong_boxes
            return widget.first_id(own_id)
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{own_id}_0"
        return self.id_for_label or own_id

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_password(self) -> bool:
        return isinstance(self.field.widget, forms.PasswordInput)

    @property
    def is_revealed(self) -> bool:
        """Whether an option of another field shows this one, so that it does not stand on its own."""
        widgets = (field.widget for field in self.form.fields.values())
        return any(
            self.name in names for widget in widgets if isinstance(widget, OptionExtras) for names in widget.reveals.values()
        )

    @property
    def note(self) -> str:
        """What stands after the label; a form says which it wants by marks_optional or marks_needed."""
        if getattr(self.form, "marks_optional", False) and not self.field.required and not self.is_revealed:
            return "(optional)"
        if getattr(self.form, "marks_needed", False) and self.field.required:
            return "(needed now)"
        return ""


class GovukRenderer(DjangoTemplates):
    """Looks into templates/ first, then into Django's own and the apps' templates."""

    form_template_name = "govuk/form.html"
    formset_template_name = "govuk/formset.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    @cached_property
    def engine(self) -> Any:
        django_forms = Path(forms.__file__).parent / "templates"
        return self.backend({"APP_DIRS": True, "DIRS": [PROJECT_TEMPLATES, django_forms], "NAME": "govukforms", "OPTIONS": {}})

    def get_template(self, template_name: str) -> Any:
        return super().get_template(TEMPLATE_INSTEAD_OF.get(template_name, template_name))
