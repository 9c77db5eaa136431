"""Parts of addresses that are not plain words."""


class Reference:
    """<FORCE>-<YEAR>-<number>, for example JE-2026-00042."""

    regex = r"[A-Z]{1,10}-[0-9]{4}-[0-9]{5,7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
