import pytest

from kit.wording import in_sentence


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
