"""F3, F11 and F12: messages under senders that die, people without an address and mail servers that misbehave."""

import time
from collections.abc import Callable

from tests.reliability.faults.line import Line
from tests.reliability.faults.mail import Manner
from tests.reliability.faults.site import MAIL_PATIENCE, Site
from tests.reliability.faults.sweeping import kill

DISPATCHERS = 4
MOST_ATTEMPTS = 5
POISONS = {"no address": "", "two lines": "a@example.invalid\nBcc: b@example.invalid", "no such person": "gone@example.invalid"}


def delivered(site: Site, fault: str, what: str, *, may_double: int = 0, refused: int = 0, seen: str = "") -> Line:
    """What the mail server has, beside the messages that were made."""
    ids = site.books.message_ids()
    accepted = {message_id.strip("<>").split("@")[0] for message_id in site.mail.accepted}
    assert accepted <= ids, "each message keeps its Message-ID"
    kept = len(accepted)
    lost = site.sergeants - kept - refused
    return Line(fault, what, site.sergeants, kept, refused, site.mail.doubled, lost, may_double, seen)


def dispatchers_killed(site: Site, kills: int) -> Line:
    """Four at once, one of which is killed again and again and another takes its place."""
    site.begin()
    site.mail.answers_after = 0.02
    hands = [site.hand() for _ in range(DISPATCHERS)]
    hit = 0
    for _ in range(kills):
        time.sleep(site.chance.uniform(0.02, 0.15))
        victim = site.chance.randrange(DISPATCHERS)
        hit += kill(hands[victim])
        hands[victim] = site.hand()
    site.finish(hands)
    site.books.let_sessions_end()
    left = site.books.messages().waiting
    assert left <= hit, "only those of the killed are left, under their lease"
    assert site.run()["sent"] == 0, "the lease holds"
    site.books.let_leases_end()
    site.run()
    assert site.books.messages().sent == site.sergeants
    return delivered(site, "F3", f"{DISPATCHERS} dispatchers, killed (-9)", may_double=hit, seen=f"{hit} of {kills} kills hit")


def poison(site: Site) -> Line:
    """Tried five times with growing pauses, then set aside for people to see; everybody else's go out at once, and what would go to
    nobody is dropped at once.
    """
    tried = len(POISONS) - 1
    site.begin()
    kept = site.books.all("SELECT id, email FROM people_user WHERE family_name = 'sergeant' ORDER BY id LIMIT %s", len(POISONS))
    for (user, _), address in zip(kept, POISONS.values(), strict=True):
        site.books.all("UPDATE people_user SET email = %s WHERE id = %s", address, user)
    refuse_only(site, lambda recipient: recipient == POISONS["no such person"])
    try:
        first = site.run()
        assert first["sent"] == site.sergeants - len(POISONS), "the others go on"
        assert (first["dropped"], first["failed"]) == (1, tried), "no address is no failure"
        assert site.run()["failed"] == 0, "not before its pause is over"
        for _ in range(MOST_ATTEMPTS - 1):
            site.books.let_leases_end()
            site.run()
        site.books.let_leases_end()
        assert site.run() == {"made": 0, "sent": 0, "dropped": 0, "failed": 0}, "after five tries it is left alone"
        assert site.books.attempts()[-tried:] == [MOST_ATTEMPTS] * tried
        messages = site.books.messages()
        assert (messages.failed, messages.waiting) == (tried, 0)
    finally:
        for user, email in kept:
            site.books.all("UPDATE people_user SET email = %s WHERE id = %s", email, user)
    seen = "5 tries, then listed as failed; no address: dropped at once"
    return delivered(site, "F11", f"poison: {', '.join(POISONS)}", refused=messages.failed + first["dropped"], seen=seen)


def refuse_only(site: Site, whom: Callable[[str], bool]) -> None:
    site.mail.manner = lambda recipient, before: Manner.REFUSE if whom(recipient) else Manner.ACCEPT


def mail_server_misbehaves(site: Site, stalls: int) -> Line:
    """Each message meets another manner at its first try, two senders at once; then the server recovers."""
    site.begin()
    site.mail.stalls_for = MAIL_PATIENCE + 0.5
    manners = [Manner.REFUSE_FOR_NOW, Manner.REFUSE, Manner.DROP, Manner.SWALLOW, Manner.STALL]
    left = {**dict.fromkeys(manners, max(1, site.sergeants // 10)), Manner.STALL: stalls}

    def manner(recipient: str, before: int) -> Manner:
        bad = [one for one in manners if left[one]]
        if before or not bad:
            return Manner.ACCEPT
        left[bad[0]] -= 1
        return bad[0]

    misbehaved = sum(left.values())
    site.mail.manner = manner
    answers = site.finish([site.hand(), site.hand()])
    assert sum(answer["sent"] for answer in answers) == site.sergeants - misbehaved, "the others go on"
    assert sum(answer["failed"] for answer in answers) == misbehaved
    assert site.run()["sent"] == 0, "not before the pause is over"
    site.books.let_leases_end()
    assert site.run()["sent"] == misbehaved
    seen = ", ".join(f"{number} {one.name.lower().replace('_', ' ')}" for one, number in site.mail.met.items())
    line = delivered(site, "F12", "mail server refuses, drops, stalls", may_double=site.mail.met[Manner.SWALLOW], seen=seen)
    assert line.doubled == site.mail.met[Manner.SWALLOW], "only what it took without saying so is sent twice"
    return line


def mail_server_away(site: Site) -> Line:
    """Every connection breaks at once; nothing is lost when it is back."""
    site.begin()
    site.mail.drops_connections = True
    answer = site.run()
    assert answer["failed"] and not answer["sent"]
    site.mail.drops_connections = False
    site.books.let_leases_end()
    site.run()
    return delivered(site, "F12", "mail server drops every connection, then is back")


def mail_server_slow(site: Site) -> Line:
    """Slow but within its time: nobody else takes a message meanwhile."""
    site.begin()
    site.mail.answers_after = MAIL_PATIENCE * 0.1
    site.finish([site.hand() for _ in range(DISPATCHERS)])
    return delivered(site, "F12", f"mail server slow, {DISPATCHERS} dispatchers")
