"""How well the headers of an answer close a page, counted as Mozilla's HTTP Observatory does (scoring.md, version of 2024-02-27).

It begins at 100; faults take away, and from 90 on what is more than needed adds. Only what can apply here is counted: there is no
CORS, no script from elsewhere and no cookie without the session's flags (tests/security/test_cookies.py).
"""

from collections.abc import Mapping

EXTRA_FROM = 90


def parsed(policy: str) -> dict[str, list[str]]:
    """Directive -> its sources. The first of two with one name counts, as in a browser."""
    found: dict[str, list[str]] = {}
    for directive in filter(None, (part.strip() for part in policy.split(";"))):
        name, *sources = directive.split()
        found.setdefault(name.lower(), sources)
    return found


def faults_of_policy(policy: Mapping[str, list[str]]) -> list[str]:
    """What makes a policy worth little, whatever else stands in it."""
    faults = []
    if policy.get("default-src") != ["'none'"]:
        faults.append("default-src is not 'none'")
    for name, sources in policy.items():
        faults += [
            f"{name} admits {source}"
            for source in sources
            if source.strip("'") in {"unsafe-inline", "unsafe-eval", "unsafe-hashes"}
        ]
        faults += [
            f"{name} admits {source}" for source in sources if "*" in source or source.endswith(":") or source.startswith("http")
        ]
    faults += [
        f"{name} is missing" for name in ("frame-ancestors", "base-uri", "form-action", "object-src") if name not in policy
    ]
    return faults


def score(headers: Mapping[str, str]) -> int:
    policy = parsed(headers.get("Content-Security-Policy", ""))
    strict = headers.get("Strict-Transport-Security", "")
    seconds = next((int(part.strip()[8:]) for part in strict.split(";") if part.strip().startswith("max-age=")), 0)
    changes = [
        # csp-implemented-with-no-unsafe-default-src-none, ...-with-unsafe-inline, not implemented
        10 if policy and not faults_of_policy(policy) else -20 if policy else -25,
        # The five points for standing in the browsers' own list are not ours to give.
        0 if seconds >= 15_768_000 else -20,
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        # x-frame-options-implemented-via-csp
        5 if policy.get("frame-ancestors") == ["'none'"] else 0 if headers.get("X-Frame-Options") == "DENY" else -20,
        5
        if headers.get("Referrer-Policy") in {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
        else 0,
        # cross-origin-resource-policy-implemented-with-same-origin
        10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
    ]
    whole = 100 + sum(change for change in changes if change < 0)
    return whole if whole < EXTRA_FROM else whole + sum(change for change in changes if change > 0)
