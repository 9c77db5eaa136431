"""“You can see this case because …”: the reader's own rights to a case, in a line. Who else may see it: who_may_see.py."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField

from kit.wording import listed

# The rights that rasso.rights_to answers, those of whoever works the case first.
IN_WORDS = {
    "ASSIGNED": "you are the officer in the case",
    "SECOND": "you work on it beside its officer",
    "LIAISON": "you are its SOLO/SOIT",
    "NAMED": "you are named on it",
    "SUPERVISING": "you supervise it in place of its unit",
    "SUPERVISOR": "you supervise its unit",
    "COVERING": "you cover for somebody who has it",
    "LOGGED": "you logged it and it has no officer yet",
    "ESCALATED": "something in it has come to you",
    "EMERGENCY": "you opened it in an emergency",
}


def rights() -> Any:
    """The reader's rights to each case of a query, as a column of it."""
    template = "ARRAY(SELECT r.by_right FROM rasso.rights_to(ARRAY[%(expressions)s]) r)"
    return Func(F("pk"), template=template, output_field=ArrayField(TextField()))


def in_words(rights: Iterable[str]) -> str:
    """“you supervise its unit and you are named on it”; empty for nobody's right."""
    held = set(rights)
    words = [sentence for right, sentence in IN_WORDS.items() if right in held]
    return listed(words) if words else ""
