import pytest

from kit import wording
from kit.wording import in_sentence, listed


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Through the SARC", "through the SARC"),
        ("V1 told", "V1 told"),
        ("SARC", "SARC"),
        ("A note", "a note"),
        ("", ""),
        ("X", "x"),
    ],
)
def test_only_the_first_letter_of_a_word_is_made_small(label: str, inside: str) -> None:
    assert in_sentence(label) == inside


def test_names_in_a_row() -> None:
    assert [listed(["A1", "A3", "A7"][:number]) for number in (1, 2, 3)] == ["A1", "A1 and A3", "A1, A3 and A7"]


def test_what_follows_a_typed_text_has_one_mark_before_it() -> None:
    said = [("Ring V1", "Ring V1,"), ("about the rest.", "about the rest,"), ("Who knew?", "Who knew?"), ("Now! ", "Now!")]
    assert [(text, wording.before(text, ",")) for text, _ in said] == said
