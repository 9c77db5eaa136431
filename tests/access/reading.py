"""What each person reads of each policed table in raw SQL, and what the tables of Python say that they may."""

from dataclasses import dataclass
from typing import Any

from django.db.utils import ProgrammingError

from cases.enums import Act
from cases.models import Case
from cases.queries.unfinished import unfinished_reports
from kit.access import Actor
from kit.binding import bound_to
from people.models import User
from people.roles import Role
from tests.access.sql import ask
from tests.worlds import building

# Where the key of the case does not stand in "case_id".
KEY = {"cases_case": "id", "cases_historicalcase": "id", "cases_casegrant": "content_object_id"}
# Of these a person also sees the rows about themselves: that they were given a case, or are kept out of it.
ABOUT_ONESELF = {"cases_casegrant", "cases_caseconnection"}

OWN, NOBODY, AUDITOR = "t.owner_id = %(me)s", "false", "%(auditor)s"
MANAGER, SUPERINTENDENT = "%(information_manager)s", "%(superintendent)s"
# What a person reads of a table whose rows hang on no case; everything else is read by case.
READ = {
    "cases_person": "EXISTS (SELECT 1 FROM (SELECT case_id, person_id FROM cases_victim UNION ALL SELECT case_id, person_id FROM cases_suspect)"
    " p WHERE p.person_id = t.id AND p.case_id = ANY (%(cases)s::uuid[]))",
    "cases_referencenumber": NOBODY,
    "cases_searchword": NOBODY,
    "cases_sentform": NOBODY,
    "people_searchedwords": NOBODY,
    "cases_draft": f"{OWN} OR t.id = ANY (%(reports)s::uuid[])",
    "cases_reminder": OWN,
    "cases_rememberedsearch": OWN,
    "cases_importrun": f"{OWN} AND %(inspector)s",
    "cases_importrow": f"{OWN} AND %(inspector)s",
    "cases_message": "%(administrator)s",
    "people_peoplechange": "%(administrator)s OR %(auditor)s",
    "people_accessrecord": AUDITOR,
    **dict.fromkeys(
        ("audit_datachange", "audit_seal", "audit_signal", "audit_check", "audit_keptseal", "audit_signalanswer", "audit_breach"),
        AUDITOR,
    ),
    **{f"information_{name}": MANAGER for name in ("requester", "requestperson", "itemdecision", "opening", "retentiondecision")},
    **{f"information_{name}": f"{MANAGER} OR {AUDITOR}" for name in ("subjectrequest", "requeststep", "hold", "holdend")},
    **{
        f"information_{name}": f"{MANAGER} OR {AUDITOR} OR {SUPERINTENDENT}"
        for name in ("disposal", "disposalanswer", "certificate", "rewriting")
    },
    "information_disposalmark": f"{MANAGER} OR {SUPERINTENDENT}",
}
# The roles that are asked for above.
ROLES = (Role.INSPECTOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.INFORMATION_MANAGER, Role.SUPERINTENDENT)
# What they may change, where that is less than what they may read.
CHANGE = {"cases_draft": OWN}


@dataclass(frozen=True)
class Reader:
    """Somebody of the scene, and what Python says about them."""

    user: User
    actor: Actor
    cases: tuple[Any, ...]
    reports: tuple[Any, ...]

    @classmethod
    def of(cls, user: User) -> "Reader":
        with bound_to(user.pk, user.kind, may_write=False) as bound:
            actor, now = bound.actor, bound.now
        with building():
            cases = tuple(Case.objects.visible_to(actor, Act.VIEW).values_list("pk", flat=True))
            reports = tuple(unfinished_reports(actor, now).values_list("pk", flat=True)) if user.kind == "police" else ()
        return cls(user, actor, cases, reports)

    def wanted(self, table: str, *, to_change: bool = False) -> list[str]:
        """The places of the rows that they may read, or change, asked with the policies off."""
        condition = (
            (to_change and CHANGE.get(table))
            or READ.get(table)
            or f"t.{KEY.get(table, 'case_id')} = ANY (%(cases)s::uuid[])"
            + (" OR t.user_id = %(me)s" if table in ABOUT_ONESELF else "")
        )
        names = {
            "me": self.user.pk,
            "cases": list(self.cases),
            "reports": list(self.reports),
            **{role.lower(): role in self.actor.roles for role in ROLES},
        }
        with building():
            return places(table, f"WHERE {condition}", names)

    def seen(self, table: str, *, may_write: bool = False, suffix: str = "") -> list[str] | str:
        """The places of the rows that the database shows them; in words, where it refuses."""
        try:
            with bound_to(self.user.pk, self.user.kind, may_write=may_write):
                return places(table, suffix)
        except ProgrammingError as refused:
            return str(refused)

    def misread(self, table: str) -> bool:
        wanted, seen = self.wanted(table), self.seen(table)
        # Whoever reads nothing of a table may be told so.
        return seen != wanted and not (wanted == [] and f"permission denied for table {table}" in seen)


def places(table: str, suffix: str = "", names: Any = None) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.ctid::text FROM {table} t {suffix}", names)
        return sorted(place for (place,) in cursor.fetchall())


def count(table: str) -> int:
    return ask(f"SELECT count(*) FROM {table}")[0][0]
