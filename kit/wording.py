"""Labels that stand inside a sentence."""


def in_sentence(label: str) -> str:
    """“Through the SARC” -> “through the SARC”; “V1 told” and “SARC” stay as they are."""
    text = str(label)
    is_short_form = len(text) > 1 and not text[1].islower() and not text[1].isspace()
    return text if is_short_form else text[:1].lower() + text[1:]
