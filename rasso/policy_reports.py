"""What browsers report of the Content-Security-Policy. Anybody can send one, so little is taken from it.

Only which directive was broken is kept, as a line of the log: addresses, sources and samples in a report may hold what stood on a page.
However many come, a process writes a few lines an hour.
"""

import json
import logging
import time
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest

log = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024
MOST_REPORTS = 10
LINES_AN_HOUR = 20
# What our policy says, and the finer words that browsers use for the same.
DIRECTIVES = frozenset(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]) | {
    "script-src-attr",
    "script-src-elem",
    "style-src-attr",
    "style-src-elem",
}
OTHER = "other"


class Allowance:
    """So many of something an hour, from when the first is taken."""

    def __init__(self, an_hour: int) -> None:
        self.an_hour = an_hour
        self.left, self.until = an_hour, 0.0
        self.lock = Lock()

    def takes(self, now: float) -> bool:
        with self.lock:
            if now >= self.until:
                self.left, self.until = self.an_hour, now + 3600
            self.left -= 1
            return self.left >= 0


allowance = Allowance(LINES_AN_HOUR)


def take(request: HttpRequest) -> int:
    """Log what is reported; answers the status."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 400
    if length > MOST_BYTES:
        return 413
    for directive in directives_of(request.read(MOST_BYTES)):
        if allowance.takes(time.monotonic()):
            log.warning("rasso.policy_kept_something_out", extra={"directive": directive})
    return 204


def directives_of(body: bytes) -> list[str]:
    """The directives that a report names, in the newer form of reports or the older; nothing for what is no report."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return []
    reports = said if isinstance(said, list) else [said]
    return [directive for report in reports[:MOST_REPORTS] if (directive := directive_of(report))]


def directive_of(report: Any) -> str:
    if not isinstance(report, dict):
        return ""
    for part, name in (
        ("body", "effectiveDirective"),
        ("csp-report", "effective-directive"),
        ("csp-report", "violated-directive"),
    ):
        inside = report.get(part)
        if isinstance(inside, dict) and isinstance(inside.get(name), str):
            word = inside[name].partition(" ")[0]
            return word if word in DIRECTIVES else OTHER
    return ""
