"""What stands around every page, and what each part of the product offers to the pages that put parts together."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cases.access import TABLE as CASES
from cases.enums import Act
from kit import binding
from kit.access import Actor
from people import session
from people.cover.operations import WHO_HAVE_WORK
from people.roles import Role
from rasso.demonstration import clock


@dataclass(frozen=True)
class Entry:
    """A line of the navigation: for whom, and which addresses belong to it."""

    label: str
    url_name: str
    roles: frozenset[str] | None
    prefix: str


NAVIGATION = (
    Entry("Your work", "home", None, "/home/"),
    Entry("Cases", "case-list", CASES.roles_with(Act.VIEW), "/cases/"),
    Entry("Reviews", "review-queue", frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}), "/reviews/"),
    Entry("Search", "search", CASES.roles_with(Act.VIEW), "/search/"),
    Entry("Cover", "cover", WHO_HAVE_WORK, "/cover/"),
    Entry("Audit", "audit", frozenset({Role.AUDITOR}), "/audit/"),
    Entry("Auditors", "of-auditors", frozenset({Role.SUPERINTENDENT}), "/audit/of-auditors/"),
    Entry("People", "people", frozenset({Role.ADMINISTRATOR}), "/people/"),
    # Everybody else in the police comes to the rules from a date.
    Entry("Rules", "rule-pack", frozenset({Role.ADMINISTRATOR}), "/rules/"),
    Entry("Explain access", "explain-access", frozenset({Role.AUDITOR}), "/audit/explain/"),
    Entry("Information", "information", frozenset({Role.INFORMATION_MANAGER}), "/information/"),
    Entry("Disposals", "disposals", frozenset({Role.SUPERINTENDENT}), "/information/disposals/"),
    Entry("Jobs", "jobs", frozenset({Role.ADMINISTRATOR}), "/jobs/"),
)


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Only what the actor's roles may open."""
    return [
        {"label": entry.label, "url": reverse(entry.url_name), "is_current": path.startswith(entry.prefix)}
        for entry in NAVIGATION
        if entry.roles is None or actor.roles & entry.roles
    ]


@dataclass(frozen=True)
class CasePart:
    """A page of the navigation inside a case, for everyone who sees the case; each part of the product offers its own."""

    label: str
    url_name: str
    # The word of the address behind the reference; the pages below it belong to it as well.
    word: str


CASE_PARTS = (
    CasePart("Overview", "case", ""),
    CasePart("Context", "case-context", "context"),
    CasePart("Plan", "case-plan", "plan"),
    CasePart("Lines of enquiry", "case-enquiries", "enquiries"),
    CasePart("Actions", "case-actions", "actions"),
    CasePart("What happened", "case-chronology", "chronology"),
    CasePart("Reviews", "case-reviews", "reviews"),
    CasePart("Hand-over", "hand-over", "hand-over"),
    CasePart("Access", "case-access", "access"),
)


def case_parts(reference: str, path: str) -> list[dict[str, Any]]:
    """The pages of one case; none is current on a page that belongs to none of them."""
    case = reverse("case", args=[reference])
    # A page that stands elsewhere, such as /reviews/<key>/, belongs to the part of its first word.
    word = path.removeprefix(case if path.startswith(case) else "/").split("/")[0]
    return [
        {"label": part.label, "url": reverse(part.url_name, args=[reference]), "is_current": part.word == word}
        for part in CASE_PARTS
    ]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: who reads, when the session ends, the movable clock of the demonstration."""
    frame = {**session.notice(request), **_demonstration(), **_stopped_clock()}
    if request.user.is_authenticated:
        frame["signed_in_as"] = request.user.called
    return frame


def _stopped_clock() -> dict[str, Any]:
    """The alarm of a clock that has stopped, for everybody in the police: nobody is told what falls due, and it cannot tell them."""
    bound = binding.current()
    if bound is None or bound.actor.kind != "police" or not bound.is_silent:
        return {}
    return {
        "reminders_stopped": True,
        "reminded_at": bound.reminded_at,
        "may_look_at_jobs": Role.ADMINISTRATOR in bound.actor.roles,
    }


def _demonstration() -> dict[str, Any]:
    """The strip with the movable clock; in the demonstration only."""
    return {"demonstration": {"today": clock.shown_today()}} if settings.DEMONSTRATION else {}
