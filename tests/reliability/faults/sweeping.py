"""F1 to F6 and F26: sweeps at once, cut off, and under clocks that jump or are wrong."""

import os
import signal
import time
from datetime import UTC, date, timedelta

from tests.floor.processes import alive
from tests.reliability.faults.line import Line
from tests.reliability.faults.site import BEFORE, TODAY, Site, at

SWEEPERS = 8
SHORT_DAY = date(2027, 3, 28)
LONG_DAY = date(2026, 10, 25)


def made(site: Site, fault: str, what: str, *, times: int = 1, seen: str = "") -> Line:
    """Whether each reminder is there, once; ``times`` is how many stages were reached."""
    rows, different = site.books.reminders()
    due = times * site.reminders
    return Line(
        fault, what, due, min(different, due), doubled=rows - min(different, due), lost=max(0, due - different), seen=seen
    )


def sweeps_at_once(site: Site) -> Line:
    site.begin(BEFORE)
    answers = site.finish([site.hand() for _ in range(SWEEPERS)])
    assert sorted(answer["made"] for answer in answers) == [0] * (SWEEPERS - 1) + [site.reminders]
    assert site.books.messages().total == site.sergeants
    return made(site, "F1", f"{SWEEPERS} sweeps at once")


def sweep_killed(site: Site, kills: int) -> Line:
    """Each time none or all of the reminders are there; then one sweep makes what is missing."""
    site.begin(BEFORE)
    start = time.monotonic()
    site.run()
    length = time.monotonic() - start
    hit = partly = 0
    for _ in range(kills):
        site.begin(BEFORE)
        hand = site.hand()
        time.sleep(site.chance.uniform(0, length))
        hit += kill(hand)
        site.books.let_sessions_end()
        rows, different = site.books.reminders()
        partly += rows not in (0, site.reminders) or rows != different
    site.run()
    assert partly == 0, "a sweep that was cut off left some of its reminders"
    return made(site, "F2", "sweep killed (-9), then once more", seen=f"{hit} of {kills} kills hit, 0 left a part")


def kill(pid: int) -> bool:
    """Whether it still ran."""
    ran = bool(alive([pid]))
    if ran:
        os.kill(pid, signal.SIGKILL)
    return ran


def clock_jumps(site: Site) -> Line:
    """On by 14 days and back: what was said is not said again, though the reviews were due in both."""
    site.begin(BEFORE)
    site.run()
    for day in (TODAY + timedelta(days=14), TODAY, TODAY + timedelta(days=14), TODAY):
        site.books.set_clock(at(day, 6))
        site.run()
    return made(site, "F4", "clock 14 days on and back, twice", times=len(site.books.stages()), seen=f"{site.books.stages()}")


def odd_days(site: Site, *, every: int = 1) -> list[Line]:
    """A run at the end of every hour (or of every so many) of the day on which the clocks go forward, and of the one on which they go back."""
    lines = []
    for day, hours in ((SHORT_DAY, 23), (LONG_DAY, 25)):
        site.begin(at(day, 0), due_on=day)
        runs = sorted({*range(0, hours, every), hours - 1})
        for hour in runs:
            # Counted in hours that pass, not in what the clock on the wall shows.
            site.run(at(day, 0).astimezone(UTC) + timedelta(hours=hour, minutes=59))
        messages = site.books.messages()
        assert (messages.total, messages.sent, messages.waiting) == (site.sergeants, site.sergeants, 0)
        assert site.mail.accepted.total() == site.sergeants
        lines.append(made(site, "F5", f"{len(runs)} runs on the day of {hours} hours"))
    return lines


def days_away(site: Site) -> Line:
    """Nothing ran for three days: people hear once how things stand now, not what they missed."""
    site.begin(at(TODAY - timedelta(days=1), 9))
    site.run()
    assert site.books.reminders() == (0, 0)
    site.books.set_clock(at(TODAY + timedelta(days=3), 9))
    site.run()
    site.run()
    assert len(site.books.stages()) == 1, "only the stage that is reached"
    assert site.mail.accepted.total() == site.sergeants
    return made(site, "F6", "away for three days", seen=f"{site.books.stages()}, one message each")


def wrong_machine_clock(site: Site) -> Line:
    """Two machines at once, one five minutes ahead and one behind, over the hour of the messages."""
    site.begin(at(TODAY, 6, 58))
    hands = []
    for minute in (58, 62):
        site.books.set_clock(at(TODAY, 6) + timedelta(minutes=minute))
        hands += site.finish([site.hand(wrong_by=wrong) for wrong in (-300, 300, 0)])
        sent = site.mail.accepted.total()
        assert sent == (0 if minute < 60 else site.sergeants), "the clock of the database decides"
    assert site.mail.doubled == 0
    return made(site, "F26", "machines five minutes ahead and behind", seen=f"{sent} messages, each once")
