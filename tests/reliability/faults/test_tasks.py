"""What the worker is given to do may be done again: after a crash, by a broker that gives it twice, by two workers at once."""

import pytest

from tests.reliability.faults.site import Site, running_site

# Every task there is, and how often it runs here. A new one is named here once it is safe to repeat.
IDEMPOTENT = ("audit.tasks.check_record", "audit.tasks.seal_record", "cases.tasks.send_reminders")
TIMES = 3


@pytest.fixture(scope="module")
def site():  # type: ignore[no-untyped-def]
    with running_site(reviews=20, units=2, seed=0) as site:
        yield site


def test_every_task_is_named(site: Site) -> None:
    assert site.task("all") == sorted(IDEMPOTENT)


@pytest.mark.parametrize("name", IDEMPOTENT)
def test_done_again_changes_nothing(site: Site, name: str) -> None:
    site.begin()
    before = site.books.fingerprint()
    site.task(name)
    after = site.books.fingerprint()
    assert after != before, "it had something to do"
    for _ in range(TIMES - 1):
        site.task(name)
        assert site.books.fingerprint() == after
    assert site.mail.doubled == 0
