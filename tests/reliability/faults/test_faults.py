"""Each fault at a small size. `make faults` runs them at full size and prints what they found."""

from collections.abc import Iterator

import pytest

from tests.reliability.faults import delivering, sweeping, waking
from tests.reliability.faults.line import Line
from tests.reliability.faults.site import Site, running_site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site(reviews=300, units=10, seed=20261123) as site:
        yield site


def passes(*lines: Line) -> None:
    for line in lines:
        assert line.passes, line


def test_sweeps_at_once(site: Site) -> None:
    passes(sweeping.sweeps_at_once(site))


def test_sweep_killed(site: Site) -> None:
    passes(sweeping.sweep_killed(site, kills=3))


def test_clock_jumps(site: Site) -> None:
    passes(sweeping.clock_jumps(site))


def test_odd_days(site: Site) -> None:
    passes(*sweeping.odd_days(site, every=6))


def test_days_away(site: Site) -> None:
    passes(sweeping.days_away(site))


def test_wrong_machine_clock(site: Site) -> None:
    passes(sweeping.wrong_machine_clock(site))


def test_dispatchers_killed(site: Site) -> None:
    passes(delivering.dispatchers_killed(site, kills=4))


def test_poison(site: Site) -> None:
    passes(delivering.poison(site))


def test_mail_server_misbehaves(site: Site) -> None:
    passes(delivering.mail_server_misbehaves(site, stalls=1))


def test_mail_server_away(site: Site) -> None:
    passes(delivering.mail_server_away(site))


def test_mail_server_slow(site: Site) -> None:
    passes(delivering.mail_server_slow(site))


def test_bad_day(site: Site) -> None:
    passes(*waking.bad_day(site))


def test_without_a_broker_reminders_go_out_by_hand(site: Site) -> None:
    site.begin()
    assert site.by_hand() == (
        f"{site.reminders} reminders made, {site.sergeants} messages sent, 0 had nothing left to say, 0 failed.\n"
    )
