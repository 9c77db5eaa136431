"""Stores the declared offences, rule packs and periods of retention of both profiles; `manage.py migrate` calls it as the owner of the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from cases.models import OffenceType, Rule
from cases.offences import OFFENCES, Offence
from cases.rulepacks import RULES, RuleRow
from information.models import InformationRule
from information.rulepacks import RULES as INFORMATION_RULES

# What a running review or limit reads through the version it was made under: to change one is to move dates already given,
# or to change who answers for them.
FROZEN = (
    "kind",
    "review_kind",
    "amount",
    "calendar",
    "repeats",
    "owner_role",
    "escalates_to",
    "escalates_after",
    "escalates_further_to",
    "escalates_further_after",
    "escalation_calendar",
    "valid_from",
)
OFFENCE_FIELDS = ("profile", "law", "provision", "label", "group", "valid_from", "valid_to", "home_office_class", "order")
# What may be worded anew, or moves no date.
REWORDABLE = ("label", "basis", "source", "valid_to", "remind_before")
# What was computed under a version keeps its number; a row of another number is another version.
INFORMATION_FIELDS = ("label", "groups", "basis", "source", "confidence", "valid_to")
RuleKey = tuple[str, str, int]


class RuleChangedUnderItsVersion(Exception):
    """A declared rule differs from the stored one of the same version in what must not change."""


def load_reference_data(offences: Iterable[Offence] = OFFENCES, rules: Iterable[RuleRow] = RULES) -> None:
    """Makes the stored rows what is declared; running it again changes nothing. Four statements, whatever the number of rows.

    Rows no longer declared stay, because cases refer to them; end one with its `valid_to`.
    """
    declared = {(row.profile, str(row.code), row.version): asdict(row) for row in rules}
    with transaction.atomic():
        stored = {(row["profile"], row["code"], row["version"]): row for row in Rule.objects.filter(is_local=False).values()}
        refuse_moved_dates(stored, declared)
        Rule.objects.bulk_create(
            [Rule(**row) for row in declared.values()],
            update_conflicts=True,
            unique_fields=["profile", "code", "is_local", "version"],
            update_fields=REWORDABLE,
        )
        OffenceType.objects.bulk_create(
            [OffenceType(**asdict(row), order=order) for order, row in enumerate(offences, start=1)],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=OFFENCE_FIELDS,
        )
        InformationRule.objects.bulk_create(
            [InformationRule(**asdict(row)) for row in INFORMATION_RULES],
            update_conflicts=True,
            unique_fields=["profile", "code", "version"],
            update_fields=INFORMATION_FIELDS,
        )


def refuse_moved_dates(stored: Mapping[RuleKey, Mapping[str, Any]], declared: Mapping[RuleKey, Mapping[str, Any]]) -> None:
    """Raises with a sentence for the first rule whose frozen fields differ under a version that is already stored."""
    for key, row in declared.items():
        before = stored.get(key)
        if before is None:
            continue
        for field in FROZEN:
            if before[field] != row[field]:
                profile, code, version = key
                raise RuleChangedUnderItsVersion(
                    f"Rule {profile} {code} version {version} is stored with {field} {before[field]!s} but declared with "
                    f"{row[field]!s}. Leave version {version} as it was and declare version {version + 1} from the day it begins."
                )
