"""How an act is refused: by raising, with every reason at once, in the user's words."""


class Blocked(Exception):
    """The rules do not allow this now. ``reasons`` are sentences for the page."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(*reasons)
