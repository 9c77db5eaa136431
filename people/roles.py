"""The one list of roles (design.md, section 2): what each is called, sees, does, never does, and who may hold it.

The database holds the last column too: a police role only for someone of a police organisation (people/models.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    POLICE = "POLICE", "Police"
    PROSECUTION = "PROSECUTION", "Prosecution"
    ISVA_SERVICE = "ISVA_SERVICE", "ISVA service"
    OVERSIGHT = "OVERSIGHT", "Oversight"
    OTHER = "OTHER", "Other partner"


class Role(TextChoices):
    FIRST_OFFICER = "FIRST_OFFICER", "First officer"
    INVESTIGATOR = "INVESTIGATOR", "Investigator"
    LIAISON_OFFICER = "LIAISON_OFFICER", "SOLO/SOIT"
    SERGEANT = "SERGEANT", "Detective Sergeant"
    INSPECTOR = "INSPECTOR", "Detective Inspector"
    SUPERINTENDENT = "SUPERINTENDENT", "Detective Superintendent"
    CRIMINAL_JUSTICE = "CRIMINAL_JUSTICE", "Criminal Justice Department"
    REGISTRAR = "REGISTRAR", "Crime registrar"
    COORDINATOR = "COORDINATOR", "Panel coordinator"
    ANALYST = "ANALYST", "Analyst"
    INFORMATION_MANAGER = "INFORMATION_MANAGER", "Information manager"
    AUDITOR = "AUDITOR", "Auditor (data protection)"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"
    PROSECUTOR = "PROSECUTOR", "Prosecutor"
    HEAD_OF_CRIMINAL_DIVISION = "HEAD_OF_CRIMINAL_DIVISION", "Head of Criminal Division"
    ISVA = "ISVA", "ISVA"
    ISVA_MANAGER = "ISVA_MANAGER", "ISVA manager"
    PANEL_MEMBER = "PANEL_MEMBER", "Panel member"
    CHAIR = "CHAIR", "Panel chair"
    BOARD_MEMBER = "BOARD_MEMBER", "Board member"
    CENTENIER = "CENTENIER", "Centenier"


POLICE = frozenset({OrganisationKind.POLICE})
PROSECUTION = frozenset({OrganisationKind.PROSECUTION})
ISVA_SERVICE = frozenset({OrganisationKind.ISVA_SERVICE})
POLICE_OR_OVERSIGHT = POLICE | {OrganisationKind.OVERSIGHT}
ANY = frozenset(OrganisationKind)


@dataclass(frozen=True)
class Description:
    held_by: frozenset[OrganisationKind]
    sees: str
    does: str
    never: str


DESCRIPTIONS: dict[Role, Description] = {
    Role.FIRST_OFFICER: Description(
        POLICE, "cases they logged, until allocated", "log a case, first safety needs", "other cases"
    ),
    Role.INVESTIGATOR: Description(
        POLICE, "own cases, whole", "everything on an own case", "review, authorise or select own case"
    ),
    Role.LIAISON_OFFICER: Description(
        POLICE, "own cases: victim, plan, contacts, what happened", "plan, contacts, first account", "outcomes"
    ),
    Role.SERGEANT: Description(POLICE, "unit's cases", "14-day review, verify, allocate", "review own work"),
    Role.INSPECTOR: Description(POLICE, "unit's cases", "28-day review, authorise, allocate", "authorise what they proposed"),
    Role.SUPERINTENDENT: Description(
        POLICE, "what is escalated", "decide escalations", "act on a matter they were party to below"
    ),
    Role.CRIMINAL_JUSTICE: Description(
        POLICE, "submissions, further actions and their reviews", "file quality, chase", "safe-contact details"
    ),
    Role.REGISTRAR: Description(POLICE, "outcomes, recording decisions", "outcome quality, cancel", "investigation"),
    Role.COORDINATOR: Description(POLICE, "decisions eligible for panels", "select, draft and check packs", "vote"),
    Role.ANALYST: Description(POLICE, "facts without names, aggregates", "measures, profile", "names"),
    Role.INFORMATION_MANAGER: Description(
        POLICE, "what an opened request needs", "subject requests, disposal, registers", "browsing"
    ),
    Role.AUDITOR: Description(POLICE_OR_OVERSIGHT, "the access record", "verify, review emergency access", "case content"),
    Role.ADMINISTRATOR: Description(POLICE, "people, units, settings", "enrol, roles, units", "case content"),
    Role.PROSECUTOR: Description(PROSECUTION, "submissions addressed to them", "triage, consult, advise", "the case"),
    Role.HEAD_OF_CRIMINAL_DIVISION: Description(PROSECUTION, "escalated submissions", "joint decision", "the case"),
    Role.ISVA: Description(
        ISVA_SERVICE, "own consented clients: shared parts", "confirm plan, log “contacted”", "operational content"
    ),
    Role.ISVA_MANAGER: Description(ISVA_SERVICE, "referrals to the service", "accept, allocate, end", "operational content"),
    Role.PANEL_MEMBER: Description(ANY, "released packs of own panel", "answers", "identities, search, export"),
    Role.CHAIR: Description(ANY, "released packs of own panel", "answers, finding", "identities, search, export"),
    Role.BOARD_MEMBER: Description(ANY, "RASSO Action Plan, aggregates", "updates, decisions", "case data"),
    Role.CENTENIER: Description(POLICE, "disposal records addressed to them", "record disposal, reasons", "the case"),
}

POLICE_ROLES = frozenset(role for role, description in DESCRIPTIONS.items() if description.held_by == POLICE)
EVERY_ROLE = frozenset(Role)
# Who is told by message of what is coming, due, late or escalated.
TOLD_OF_THINGS = frozenset(
    {Role.FIRST_OFFICER, Role.INVESTIGATOR, Role.LIAISON_OFFICER, Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}
)
# Their units decide which cases they see.
SUPERVISE_UNITS = frozenset({Role.SERGEANT, Role.INSPECTOR})
# Whoever works cases, so that a supervisor is responsible for them.
WORK_IN_UNITS = SUPERVISE_UNITS | {Role.FIRST_OFFICER, Role.INVESTIGATOR, Role.LIAISON_OFFICER}
# What somebody may hold beside ADMINISTRATOR. Nothing that reaches a case or the access record: whoever gives roles and first passwords
# would give themself what they are not to see. The database holds the same (rasso.apart_from_administrator); a test compares.
BESIDE_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.BOARD_MEMBER})


def apart_from_administrator(roles: Iterable[str]) -> list[Role]:
    """Those of these roles that nobody holds who is an administrator; none where no administrator is among them."""
    held = {Role(role) for role in roles}
    return [role for role in Role if role in held - BESIDE_ADMINISTRATOR] if Role.ADMINISTRATOR in held else []
