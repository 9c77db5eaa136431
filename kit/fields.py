"""Form fields that say what to do, and the widgets of the design system that Django has no class for.

They are plain Django fields: clean() gives a value or raises ValidationError. The pictures are in templates/govuk/widgets.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kit import dates

LONGEST_NARRATIVE = 100_000
LONGEST_LINE = 200
EARLIEST_YEAR = 1900
WHITE_SPACE_OF_NARRATIVE = "\n\t"
# They turn the direction of writing, so a text can show something else than it says.
DIRECTION_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class PlainTextField(forms.CharField):
    """One line of text without control characters."""

    default_error_messages: ClassVar = {
        "required": "Enter an answer",
        "hidden_character": "Delete the character that cannot be shown%(place)s. It may have come from copying.",
        "too_long": "Shorten this to %(limit)s characters or fewer. It has %(length)s.",
    }
    allowed_white_space = ""

    def __init__(self, *, max_length: int = LONGEST_LINE, **options: Any) -> None:
        # Not given to Django: its maxlength attribute makes browsers cut off pasted text without a word.
        super().__init__(**options)
        self.longest = max_length

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        # Browsers send line ends as two characters; a text must count the same on both sides.
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def run_validators(self, value: Any) -> None:
        # Before Django's own, which would only speak of a "null character".
        self._refuse_hidden_characters(value)
        if len(value) > self.longest:
            numbers = {"limit": f"{self.longest:,}", "length": f"{len(value):,}"}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=numbers)
        super().run_validators(value)

    def _refuse_hidden_characters(self, text: str) -> None:
        for position, character in enumerate(text):
            if self._is_hidden(character):
                before = text[max(position - 20, 0) : position].split("\n")[-1].strip()
                place = {"place": f" after “{before}”" if before else " at the start of a line"}
                raise ValidationError(self.error_messages["hidden_character"], code="hidden_character", params=place)

    def _is_hidden(self, character: str) -> bool:
        if character in self.allowed_white_space:
            return False
        return unicodedata.category(character) in {"Cc", "Cs"} or character in DIRECTION_CHARACTERS


class NarrativeField(PlainTextField):
    """Text of many lines."""

    widget = forms.Textarea
    allowed_white_space = WHITE_SPACE_OF_NARRATIVE

    def __init__(self, *, max_length: int = LONGEST_NARRATIVE, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)


class OptionExtras(forms.RadioSelect):
    """What radios and checkboxes have in common: a hint for an option, and a field that shows when it is chosen.

    hints: stored value -> sentence. reveals: stored value -> name or names of the fields, of the same form, that then show.
    """

    template_name = "govuk/widgets/options.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str | Sequence[str]] | None = None,
        is_inline: bool = False,
        is_small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.reveals = {value: (names,) if isinstance(names, str) else tuple(names) for value, names in (reveals or {}).items()}
        self.is_inline = is_inline
        self.is_small = is_small
        # The bound fields that options reveal; the form renderer puts them here.
        self.revealed: dict[str, list[Any]] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"is_inline": self.is_inline, "is_small": self.is_small}
        return context

    def create_option(
        self,
        name: str,
        value: Any,
        label: int | str,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        option["hint"] = self.hints.get(str(value), "")
        option["revealed"] = self.revealed.get(str(value), [])
        own_id = option["attrs"].get("id")
        if option["hint"] and own_id:
            option["attrs"]["aria-describedby"] = f"{own_id}_hint"
        if option["revealed"] and own_id:
            option["attrs"]["data-aria-controls"] = f"{own_id}_revealed"
        return option


class Radios(OptionExtras):
    """One answer of a few."""


class Checkboxes(OptionExtras, forms.CheckboxSelectMultiple):
    """Any number of answers of a few."""

    template_name = "govuk/widgets/options.html"
    input_type = "checkbox"


class OneChoiceField(forms.ChoiceField):
    """One answer of a few, as radios; with many answers give widget=forms.Select."""

    widget = Radios
    default_error_messages: ClassVar = {
        "required": "Choose one answer",
        "invalid_choice": "Choose one of the answers in the list",
    }


class ManyChoicesField(forms.MultipleChoiceField):
    """Any number of answers of a few, as checkboxes."""

    widget = Checkboxes
    default_error_messages: ClassVar = {
        "required": "Choose at least one answer",
        "invalid_choice": "Choose only answers in the list",
    }


class ConfirmationField(forms.BooleanField):
    """A statement to agree with; give the sentence that asks for it as missing."""

    def __init__(self, *, missing: str, **options: Any) -> None:
        super().__init__(error_messages={"required": missing}, **options)


class Box:
    """One of the boxes that make up a date or a moment."""

    def __init__(self, name: str, label: str, width: int, inputmode: str | None = "numeric") -> None:
        self.name = name
        self.label = label
        self.width = width
        self.inputmode = inputmode


DATE_BOXES = (Box("day", "Day", 2), Box("month", "Month", 2), Box("year", "Year", 4))
TIME_BOX = Box("time", "Time, for example 14:30", 5, inputmode=None)


class BoxedInput(forms.MultiWidget):
    """Some boxes beside each other; what was typed stays in them, right or wrong.

    Buttons appear where scripts run: fills_now for "Now", fills_like="reported" for "Same time" as that field.
    """

    template_name = "govuk/widgets/boxes.html"
    boxes: tuple[Box, ...] = ()

    def __init__(self, attrs: dict[str, Any] | None = None, *, fills_now: bool = False, fills_like: str = "") -> None:
        super().__init__({box.name: forms.TextInput() for box in self.boxes}, attrs)
        self.fills_now = fills_now
        self.fills_like = fills_like
        # The names of the boxes to mark; the form renderer puts them here.
        self.wrong_boxes: Sequence[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["buttons"] = self._buttons(name)
        for box, part in zip(self.boxes, widget["subwidgets"], strict=True):
            part["label"] = box.label
            part["attrs"] = self._attrs_of(box, part["attrs"], widget["attrs"].get("id"))
        return context

    def _buttons(self, name: str) -> list[dict[str, str]]:
        buttons = []
        if self.fills_now:
            buttons.append({"fill": "now", "text": "Now"})
        if self.fills_like:
            # The other field has the same prefix as this one, if the form has any.
            prefix = name.rpartition("-")[0]
            other = f"{prefix}-{self.fills_like}" if prefix else self.fills_like
            buttons.append({"fill": other, "text": "Same time"})
        return buttons

    def _attrs_of(self, box: Box, given: dict[str, Any], group_id: str | None) -> dict[str, Any]:
        css = f"govuk-input govuk-date-input__input govuk-input--width-{box.width}"
        attrs = {key: value for key, value in given.items() if key not in {"class", "aria-invalid", "id"}}
        if box.name in self.wrong_boxes:
            css += " govuk-input--error"
            attrs["aria-invalid"] = "true"
        if group_id:
            attrs["id"] = f"{group_id}_{box.name}"
        if box.inputmode:
            attrs["inputmode"] = box.inputmode
        return {**attrs, "class": css, "autocomplete": "off"}

    def first_id(self, group_id: str) -> str:
        """The id of the box where the reader should begin: the first wrong one, or the first."""
        name = self.wrong_boxes[0] if self.wrong_boxes else self.boxes[0].name
        return f"{group_id}_{name}"


class ThreeBoxDateInput(BoxedInput):
    boxes = DATE_BOXES

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None] * 3


class DateAndTimeInput(BoxedInput):
    boxes = (*DATE_BOXES, TIME_BOX)

    def decompress(self, value: datetime | None) -> list[Any]:
        if not value:
            return [None] * 4
        local = timezone.localtime(value)
        return [local.day, local.month, local.year, dates.time_of_day(local)]


class BoxedField(forms.Field):
    """What fields of boxes share. Errors name the boxes to mark: params={"boxes": ["year"]}."""

    boxes: tuple[Box, ...] = ()

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value or None
        typed = {box.name: (text or "").strip() for box, text in zip(self.boxes, value, strict=True)}
        if not any(typed.values()):
            return None
        missing = [name for name, text in typed.items() if not text]
        if missing:
            raise refusal(f"Enter the {_listed(missing)}", missing)
        return self.read(typed)

    def read(self, typed: dict[str, str]) -> Any:
        raise NotImplementedError


class ThreeBoxDateField(BoxedField):
    """A date; gives a date."""

    widget = ThreeBoxDateInput
    boxes = DATE_BOXES
    default_error_messages: ClassVar = {"required": "Enter a date"}

    def read(self, typed: dict[str, str]) -> date:
        return read_date(typed)


class DateAndTimeField(BoxedField):
    """A date with its time; gives an aware moment in the current time zone.

    Of an hour that happens twice in autumn it takes the first; one that spring leaves out it refuses.
    """

    widget = DateAndTimeInput
    boxes = (*DATE_BOXES, TIME_BOX)
    default_error_messages: ClassVar = {"required": "Enter a date and a time"}

    def read(self, typed: dict[str, str]) -> datetime:
        local = datetime.combine(read_date(typed), read_time(typed["time"]))
        moment = local.replace(tzinfo=timezone.get_current_timezone(), fold=0)
        if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == local:
            return moment
        raise refusal(
            f"{dates.time_of_day(local)} did not happen on {dates.day(local)}, because the clocks went forward. Check the time.",
            ["time"],
        )


def refusal(sentence: str, boxes: Sequence[str]) -> ValidationError:
    """An error of a boxed field that marks only some of its boxes; forms may raise it too."""
    return ValidationError(sentence, code="boxes", params={"boxes": list(boxes)})


def read_date(typed: dict[str, str]) -> date:
    day, month, year = (_number(typed["day"]), _month(typed["month"]), _number(typed["year"]))
    wrong = [name for name, value in (("day", day), ("month", month), ("year", year)) if value is None]
    if wrong or day is None or month is None or year is None:
        raise refusal("Enter a real date", wrong)
    if len(typed["year"]) != len("2026"):
        raise refusal("Enter the year with 4 digits", ["year"])
    if year < EARLIEST_YEAR:
        raise refusal(f"Enter a year from {EARLIEST_YEAR}", ["year"])
    try:
        return date(year, month, day)
    except ValueError:
        raise refusal("Enter a real date", _impossible_boxes(day, month)) from None


def read_time(text: str) -> time:
    """14:30, 14.30, 1430, 2.30pm, 2pm"""
    match = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap]m)?", text.lower(), flags=re.ASCII)
    if match is None or (match[2] is None and match[3] is None):
        raise refusal("Enter the time like 14:30", ["time"])
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise refusal("Enter the time like 14:30", ["time"])
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise refusal("Enter a time between 00:00 and 23:59", ["time"]) from None


def _number(text: str) -> int | None:
    # ASCII only: int() would choke on some characters that count as digits, such as a raised 2.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    if not text.isalpha() or len(text) < len("Jan"):
        return _number(text)
    names = [name.lower() for name in dates.MONTHS]
    return next((number for number, name in enumerate(names, start=1) if name.startswith(text.lower())), None)


def _impossible_boxes(day: int, month: int) -> list[str]:
    if not 1 <= month <= 12:
        return ["month"]
    return ["day"] if not 1 <= day <= 31 else ["day", "month", "year"]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
