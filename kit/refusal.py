"""How an act is refused: by raising, with every reason at once, in the user's words."""


class Blocked(Exception):
    """The rules do not allow this now. ``reasons`` are sentences for the page."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(*reasons)


class ChangedMeanwhile(Exception):
    """Somebody else changed it since it was opened: the page shows both texts, and nothing is overwritten."""


class SentBefore(Exception):
    """This very form was sent already and did what it says; sending it again does nothing."""


def refuse_stale(version: int, opened: int) -> None:
    """Raise ChangedMeanwhile unless the row still has the version that somebody read. Called under the lock."""
    if version != opened:
        raise ChangedMeanwhile
