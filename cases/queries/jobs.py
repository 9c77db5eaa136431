"""How the jobs run and which messages could not be sent: for the administrator, and of no case."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from cases.models import Heartbeat, Message
from cases.queries.leaving import RANK_THAT_SIGNS, units_without_signers
from kit.dates import count, day_and_time
from people.models import RoleAssignment, Unit, User
from people.queries import running_on
from people.roles import TOLD_OF_THINGS

# What each job is called on screen, and what it is for.
JOBS = {
    "reminders": ("Reminders", "Checks every few minutes what is coming, due, late or escalated"),
    "whole sweep": ("Full check of who is told", "Runs every 15 minutes, because people come, go and change places"),
    "messages": ("Messages", "Sends the messages of the day and escalations that are waiting"),
    "seals": ("Seals", "Closes the record of who looked at what every minute, so that nobody can change it unnoticed"),
}
# After so long without an end a job has stopped; each has come several times by then.
STOPPED_AFTER = timedelta(hours=1)
# The faults that a mail server causes, in words; any other stands there by its name.
FAULTS = {
    "NotSent": "Nothing was handed to the mail server",
    "SMTPServerDisconnected": "The mail server ended the connection",
    "SMTPRecipientsRefused": "The mail server refused the address",
    "SMTPSenderRefused": "The mail server refused our own address",
    "SMTPDataError": "The mail server refused the message",
    "SMTPConnectError": "The mail server could not be reached",
    "ConnectionRefusedError": "The mail server could not be reached",
    "gaierror": "The mail server’s name is not known",
    "TimeoutError": "The mail server did not answer in time",
}
SENT_WITHIN = timedelta(days=7)
MOST_FAILED = 100
MOST_WITHOUT_ADDRESS = 100


@dataclass(frozen=True)
class Job:
    """A job and how it ran last; ``said``: what it did, in words."""

    label: str
    what_for: str
    beat: Any
    said: str

    @property
    def is_broken(self) -> bool:
        """Its last run failed."""
        beat = self.beat
        return beat is not None and beat.failed_at is not None and (beat.at is None or beat.failed_at > beat.at)

    def trouble(self, now: datetime) -> str:
        """“Messages: its last run failed 2 November 2026 at 14:05”; empty where it runs."""
        if self.is_broken:
            return f"{self.label}: its last run failed {day_and_time(timezone.localtime(self.beat.failed_at))}"
        if self.beat is None or self.beat.at is None:
            return f"{self.label}: has never run"
        ended = day_and_time(timezone.localtime(self.beat.at))
        return f"{self.label}: has not run since {ended}" if now - self.beat.at > STOPPED_AFTER else ""


@dataclass(frozen=True)
class Messages:
    waiting: int
    sent: int
    failed: list["Failed"]


@dataclass(frozen=True)
class Failed:
    """A message that was given up, and why in words."""

    message: Any
    fault: str


def jobs() -> list[Job]:
    """Every job, also one that never ran. One query."""
    beats = {beat.job: beat for beat in Heartbeat.objects.all()}
    return [Job(label, what_for, beats.get(name), said(beats.get(name))) for name, (label, what_for) in JOBS.items()]


def said(beat: Any) -> str:
    if beat is None or beat.at is None:
        return "It has never run"
    numbers = {name: number for name, number in beat.result.items() if isinstance(number, int) and name != "seconds"}
    done = ", ".join(f"{number} {name}" for name, number in numbers.items()) or "Done"
    return f"{done}, in {seconds_in_words(beat.result.get('seconds', 0))}"


def seconds_in_words(seconds: float) -> str:
    return "less than a second" if seconds < 1 else count(round(seconds), "second")


def troubles(now: datetime) -> list[str]:
    """What does not run, and how many messages could not be sent, in words; nothing where nothing is wrong. In real time. Two queries."""
    failed = Message.unguarded.filter(sent_at=None, dropped_at=None, attempts__gte=Message.MOST_ATTEMPTS).count()
    stopped = [words for job in jobs() if (words := job.trouble(now))]
    return [*stopped, *([f"{count(failed, 'message')} could not be sent"] if failed else [])]


def messages(now: datetime) -> Messages:
    """How many messages wait and were sent, and those that were given up, newest first. Two queries; only an administrator sees rows."""
    open_ones = Q(sent_at=None, dropped_at=None)
    given_up = open_ones & Q(attempts__gte=Message.MOST_ATTEMPTS)
    numbers = Message.unguarded.aggregate(
        waiting=Count("pk", filter=open_ones & Q(attempts__lt=Message.MOST_ATTEMPTS)),
        sent=Count("pk", filter=Q(sent_at__gte=now - SENT_WITHIN)),
    )
    failed = Message.unguarded.filter(given_up).select_related("owner").order_by("-local_date", "pk")[:MOST_FAILED]
    return Messages(
        numbers["waiting"], numbers["sent"], [Failed(one, FAULTS.get(one.last_error, one.last_error)) for one in failed]
    )


def without_address(today: date) -> list[User]:
    """Who is told of things and has no email address, so that no message reaches them. One query."""
    told = RoleAssignment.objects.filter(running_on(today), role__in=TOLD_OF_THINGS).values("user_id")
    users = User.objects.filter(is_active=True, email="", pk__in=told)
    return list(users.order_by("family_name", "given_name", "pk")[:MOST_WITHOUT_ADDRESS])


def unsigned() -> list[tuple[str, str]]:
    """Units with open cases and the rank that nobody holds who could complete their reviews: by name. Two queries."""
    missing = units_without_signers()
    names = dict(Unit.objects.filter(pk__in={unit_id for unit_id, _ in missing}).values_list("pk", "name"))
    return [(names[unit_id], RANK_THAT_SIGNS[role]) for unit_id, role in missing]
