"""What each answer must leave in the access record: content one line that names every case on it, a refusal one, a fault none."""

import re
from uuid import UUID

from tests.access.asking import Answer

# Pages that show no content of a case and no person: what would their line be worth?
UNRECORDED = {
    "start": "public",
    "signed-out": "public",
    "account_login": "public",
    "account_logout": "nothing is shown",
    "health-live": "public",
    "health-ready": "public",
    "no-role": "says that there is nothing to see",
    "stay-signed-in": "nothing is shown",
    "confirm-who-you-are": "one's own password",
    "mfa_authenticate": "the sign-in",
    "sign-in-with-passkey": "the sign-in",
    "sign-in-with-openid": "the sign-in; not there unless it is configured",
    "openid-back": "the sign-in; not there unless it is configured",
    "connect-openid": "the sign-in; not there unless it is configured",
    "security": "one's own way to sign in",
    "sessions": "one's own sessions",
    "add-passkey": "the form alone; that one was added is recorded",
    "add-code-app": "the form alone; that it was set up is recorded",
    "make-recovery-codes": "the form alone; that they were made is recorded",
    "remove-passkey": "the form alone; that it was removed is recorded",
    "remove-code-app": "the form alone; that it was removed is recorded",
    "policy-report": "nothing is shown",
    "change-password": "the form alone; that it was changed is recorded",
    "cover": "who is away, known to the unit",
    "set-cover": "who is away, known to the unit",
    "end-cover": "who is away, known to the unit",
    "jobs": "the clock and its messages, without content",
    "try-message-again": "the clock and its messages, without content",
    "rule-pack": "the force's rules",
    "add-local-day": "the force's rules",
    "change-rule": "the force's rules",
    "log-case": "one's own report, not yet a case",
    "log-case-what": "one's own report, not yet a case",
    "log-case-safety": "one's own report, not yet a case",
    "log-case-check": "one's own report, not yet a case",
    "log-case-draft": "one's own report, not yet a case",
    "discard-log-draft": "one's own report, not yet a case",
    "review-draft": "one's own words, not yet a review",
    "begin-import": "one's own tracker, not yet cases",
    "map-import": "one's own tracker, not yet cases",
    "name-words": "one's own tracker, not yet cases",
    "check-import": "one's own tracker, not yet cases",
    "import-run": "one's own tracker, not yet cases",
    "load-import": "one's own tracker, not yet cases",
    "enter-breach": "the form alone; that a breach was entered is recorded",
    "begin-check": "nothing is shown",
    "undo-import": "numbers alone; that it was taken back is recorded",
}
REFERENCE = re.compile(r"\b[A-Z]{1,8}-\d{4}-\d{5,7}\b")


def fault_of(page: str, answer: Answer, case_of: dict[str, UUID]) -> str:
    """What is wrong with the lines that this answer left; empty if nothing. ``case_of``: the key of each reference there is."""
    kinds = [kind for kind, *_ in answer.lines]
    if answer.status >= 500 or answer.status == 405 or answer.cell == "login":
        return f"{answer.status} left {kinds}" if kinds else ""
    if answer.status in (403, 404, 409):
        if page in UNRECORDED and not kinds:
            return ""
        outcomes = [(kind, outcome) for kind, _, _, outcome in answer.lines]
        return "" if outcomes == [("REFUSED", answer.status)] else f"{answer.status} left {outcomes}"
    if answer.status in (301, 302) or page in UNRECORDED:
        # An act leaves its own line; whoever is only sent on is shown nothing.
        return f"{answer.status} left {kinds}" if len(kinds) > 1 or "REFUSED" in kinds else ""
    if len(kinds) != 1 or "REFUSED" in kinds:
        return f"{answer.status} left {kinds}"
    shown = {case_of[reference] for reference in REFERENCE.findall(answer.body) if reference in case_of}
    missing = shown - answer.lines[0][2]
    return f"shows {len(missing)} cases that its line does not name" if missing else ""
