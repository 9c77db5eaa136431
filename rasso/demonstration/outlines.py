"""TABLE: which cases the invented force has, by their age, so that every group of every queue holds something."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One case. ``age`` is the number of days since it was recorded.

    ``undone``: how many of the reviews that have fallen due nobody has done, counted from the last. ``forgets``: the officer
    leaves the actions of the last review undone. ``leaves_out``: time limits that the officer lets run. ``silent``: for how many
    days up to now nothing has been entered.
    """

    age: int
    officer: str = ""
    logged_by: str = ""
    second_team: bool = False
    undone: int = 0
    forgets: bool = False
    silent: int = 0
    leaves_out: tuple[str, ...] = ()
    liaison: str = ""
    handed_over_from: str = ""
    connected: tuple[str, ...] = ()
    earlier_law: bool = False
    # The last review that was done is not satisfactory and goes on to the next role up.
    escalated: bool = False
    # Nothing is found wanting, so that the case can end: how, and whether it is taken up again.
    calm: bool = False
    ends: str = ""
    reopened: bool = False
    # More time is asked for an action: "waiting" for the answer, or "agreed".
    more_time: str = ""
    # An arrest of the last days of which V1 has not been told yet.
    untold: bool = False
    # An entry was made in error and struck out.
    struck: bool = False

    @property
    def first_officer(self) -> str:
        return self.handed_over_from or self.officer

    @property
    def supervisor(self) -> str:
        """Whose review it is; on a restricted case only those named on it may, and that is a Detective Inspector."""
        if self.connected:
            return "inspector"
        return "sergeant2" if self.second_team else "sergeant"


SUPPORT = "SUPPORT_REFERRED"
PLAN = "INVESTIGATION_PLAN_SET"
ADVICE = "EARLY_ADVICE_DECIDED"
DIED, TAKEN_OVER = "SUSPECT_DIED", "TAKEN_OVER"

TEAM_ONE = (
    Outline(age=0, logged_by="firstofficer"),
    Outline(age=1, logged_by="firstofficer"),
    Outline(age=1, officer="investigator", logged_by="investigator", leaves_out=(SUPPORT, PLAN)),
    Outline(age=4, officer="investigator2", logged_by="firstofficer", leaves_out=(PLAN,)),
    Outline(age=6, officer="investigator", logged_by="firstofficer", leaves_out=(SUPPORT,), liaison="solo"),
    Outline(age=9, officer="investigator2", logged_by="investigator2"),
    Outline(age=12, officer="investigator", logged_by="placehold", untold=True, struck=True),
    Outline(age=14, officer="investigator", logged_by="investigator"),
    Outline(age=15, officer="investigator2", logged_by="firstofficer", undone=1),
    Outline(age=16, officer="wherevere", logged_by="wherevere", undone=1),
    Outline(age=18, officer="investigator", logged_by="mockforth", liaison="solo", escalated=True),
    Outline(age=20, officer="investigator", logged_by="investigator", undone=1, liaison="solo"),
    Outline(age=24, officer="investigator2", logged_by="investigator2"),
    Outline(age=26, officer="wherevere", logged_by="inspector", connected=("mockforth",)),
    Outline(age=28, officer="investigator", logged_by="firstofficer", leaves_out=(ADVICE,)),
    Outline(age=31, officer="investigator", logged_by="investigator", leaves_out=(ADVICE,), liaison="solo", escalated=True),
    Outline(age=33, officer="wherevere", logged_by="wherevere", undone=2, silent=20, leaves_out=(ADVICE,)),
    Outline(age=37, officer="investigator2", logged_by="placehold", undone=1, silent=12),
    Outline(age=43, officer="investigator", logged_by="investigator", forgets=True, more_time="waiting"),
    Outline(age=52, officer="investigator2", logged_by="investigator2", earlier_law=True),
    Outline(age=58, officer="investigator", logged_by="firstofficer", undone=1, forgets=True, silent=33),
    Outline(age=63, officer="wherevere", logged_by="wherevere", more_time="agreed"),
    Outline(age=78, officer="investigator2", logged_by="investigator2", undone=1, forgets=True, silent=52),
    Outline(age=84, officer="investigator", logged_by="placehold", liaison="solo"),
    Outline(age=110, officer="investigator2", logged_by="investigator2", calm=True, ends=DIED),
    Outline(age=131, officer="investigator", logged_by="mockforth", handed_over_from="investigator2"),
    Outline(age=165, officer="investigator2", logged_by="firstofficer", calm=True, ends=TAKEN_OVER, reopened=True),
    Outline(age=200, officer="investigator", logged_by="investigator", earlier_law=True),
)
TEAM_TWO = (
    Outline(age=2, officer="talespin", logged_by="placehold", second_team=True),
    Outline(age=3, logged_by="mockforth", second_team=True),
    Outline(age=8, officer="seemingly", logged_by="seemingly", second_team=True, liaison="wishford"),
    Outline(age=11, officer="talespin", logged_by="mockforth", second_team=True),
    Outline(age=17, officer="seemingly", logged_by="seemingly", second_team=True, undone=1),
    Outline(age=22, officer="talespin", logged_by="talespin", second_team=True, undone=1),
    Outline(age=30, officer="seemingly", logged_by="placehold", second_team=True),
    Outline(age=35, officer="talespin", logged_by="talespin", second_team=True, undone=1, silent=10),
    Outline(age=50, officer="seemingly", logged_by="seemingly", second_team=True, calm=True, ends=TAKEN_OVER),
    Outline(age=70, officer="talespin", logged_by="placehold", second_team=True, forgets=True),
    Outline(age=86, officer="seemingly", logged_by="seemingly", second_team=True, undone=1),
    Outline(age=119, officer="talespin", logged_by="talespin", second_team=True, undone=1, silent=14),
    Outline(age=176, officer="seemingly", logged_by="mockforth", second_team=True, liaison="wishford"),
)
OUTLINES = (*TEAM_ONE, *TEAM_TWO)
