"""First passwords: made by us, read out over the telephone, good until their owner has chosen another."""

import secrets

# Syllables of letters that are hard to mistake for one another when they are read out or typed from paper.
CONSONANTS = "bdfgklmnrstz"
VOWELS = "aeiou"
WORDS, SYLLABLES = 5, 2


def new_first_password() -> str:
    """Like "kobi-runa-telo-mafi-sude": 24 characters, one of 2 to the power of 59."""
    return "-".join("".join(_syllable() for _ in range(SYLLABLES)) for _ in range(WORDS))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)
