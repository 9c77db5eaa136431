"""The fixture that every test runs under notices a statement sent by a template."""

import pytest
from django.template import engines

from people.models import Organisation
from tests.rendering import QueryWhileRendering
from tests.worlds import building


@pytest.mark.parametrize(
    "words",
    [
        "{% for one in found %}{{ one }}{% endfor %}",
        "{% if found %}yes{% endif %}",
        "{% if here and found %}yes{% endif %}",
        "{{ found.get }}",
    ],
)
def test_statement_of_a_template_fails_the_test(db: None, words: str) -> None:
    template = engines["django"].from_string(words)
    with building():
        with pytest.raises(QueryWhileRendering, match="people_organisation"):
            template.render({"found": Organisation.objects.all(), "here": True})
        template.render({"found": list(Organisation.objects.all()), "here": True})
