"""What the database admits to the tables of people and units, and to the access record."""

from kit.postgres.rules import DEFINER, POLICE_BOTH, READERS, SYSTEM, WEB, Policy, definer_sees_everything, of
from people.models import (
    AccessRecord,
    AccountEvent,
    Cover,
    Credential,
    Identity,
    KnownPlace,
    Membership,
    OpenSession,
    Organisation,
    PeopleChange,
    RoleAssignment,
    SearchedWords,
    Unit,
    User,
)

WITHOUT_REASON = tuple(str(field.column) for field in Cover._meta.concrete_fields if field.name != "reason")

TABLES = (
    # Partners need none of these: what their own roles are comes from rasso.bind.
    # Whoever changes one of these changes who sees which case.
    *(
        of(model, {(SYSTEM, *POLICE_BOTH): "SELECT"}, is_trailed=True)
        for model in (Organisation, Unit, RoleAssignment, Membership)
    ),
    # Not why somebody is away, which may say that they are ill: rasso.cover_reasons answers that to whom it concerns.
    of(Cover, {(SYSTEM, *POLICE_BOTH): f"SELECT ({', '.join(WITHOUT_REASON)})"}, is_trailed=True),
    of(User, {(WEB,): "SELECT, UPDATE (last_login, must_change_password)", POLICE_BOTH: "SELECT"}, is_trailed=True),
    # Whoever changes one of these lets somebody sign in as somebody; the web login writes them before anybody is bound.
    of(Credential, {(WEB,): "SELECT, UPDATE"}, is_trailed=True),
    of(AccountEvent, {(WEB,): "SELECT, INSERT"}, is_trailed=True),
    of(Identity, {(WEB,): "SELECT, INSERT, DELETE"}, is_trailed=True),
    of(KnownPlace, {(WEB,): "SELECT, INSERT, UPDATE (last_at)"}),
    # Whoever reads another person's session key could act as them.
    of(OpenSession, {(WEB,): "SELECT, INSERT, UPDATE, DELETE"}),
    of(
        PeopleChange,
        {READERS: "SELECT"},
        # The auditor, because it is administrators whom it speaks of.
        (Policy("SELECT", READERS, using="(SELECT rasso.has_role('ADMINISTRATOR', 'AUDITOR'))"), definer_sees_everything()),
        is_trailed=True,
    ),
    of(
        AccessRecord,
        {READERS: "SELECT"},
        (
            Policy("SELECT", READERS, using="(SELECT rasso.has_role('AUDITOR'))"),
            Policy("ALL", (DEFINER,), using="true", check="true"),
        ),
    ),
    of(SearchedWords, {}, (definer_sees_everything(),)),
)
