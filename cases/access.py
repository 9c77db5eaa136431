"""TABLE 1, who may: role x reach x acts, for cases and everything that hangs on them.

Django-guardian's table stores the facts (who was given which case); this table holds the rule. The database repeats its VIEW
column as one policy (cases/policies.py); a test compares the two for every role. No partner role can stand here.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from cases.enums import Act, GrantBasis
from cases.models import Case, CaseConnection, CaseGrant, Review
from kit.access import AccessTable, Actor, Grant
from people.models import RoleAssignment
from people.roles import Role


def _given(actor: Actor, *bases: GrantBasis) -> QuerySet[Any]:
    running = Q(starts_at__lte=RassoNow()) & (Q(ends_at=None) | Q(ends_at__gt=RassoNow()))
    grants = CaseGrant.unguarded.filter(running, user_id=actor.user_id, basis__in=bases)
    return Case.unguarded.filter(pk__in=grants.values("content_object_id"))


def _covered(actor: Actor, basis: GrantBasis, *roles: Role) -> QuerySet[Any]:
    """What people whom the actor covers for were given on this basis, while they hold one of the roles; never a restricted case."""
    running = Q(starts_at__lte=RassoNow()) & (Q(ends_at=None) | Q(ends_at__gt=RassoNow()))
    held = Q(starts_on__lte=RassoToday()) & (Q(ends_on=None) | Q(ends_on__gte=RassoToday()))
    holders = RoleAssignment.objects.filter(held, user_id__in=actor.covers, role__in=roles)
    grants = CaseGrant.unguarded.filter(running, user_id__in=holders.values("user_id"), basis=basis)
    return Case.unguarded.filter(pk__in=grants.values("content_object_id"), is_restricted=False)


class RassoNow(Now):
    """rasso.now() in a query: the clock that the demonstration can move. A sub-query, so that it is asked once and not for each row."""

    template = "(SELECT rasso.now())"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(SELECT rasso.now())", **extra)


class RassoToday(Now):
    """rasso.today() in a query: the force's local date, asked once."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(SELECT rasso.today())", **extra)


def assigned(actor: Actor) -> QuerySet[Any]:
    """Cases whose officer the actor is."""
    return _given(actor, GrantBasis.ASSIGNED)


def second(actor: Actor) -> QuerySet[Any]:
    """Cases that the actor works on beside their officer."""
    return _given(actor, GrantBasis.SECOND)


def liaison(actor: Actor) -> QuerySet[Any]:
    """Cases whose liaison officer the actor is."""
    return _given(actor, GrantBasis.LIAISON)


def named(actor: Actor) -> QuerySet[Any]:
    """Restricted cases on which the actor is named."""
    return _given(actor, GrantBasis.NAMED).filter(is_restricted=True)


def supervising_instead(actor: Actor) -> QuerySet[Any]:
    """Cases that the actor supervises in place of the supervisors of their unit; never restricted ones."""
    return _given(actor, GrantBasis.SUPERVISING).filter(is_restricted=False)


def emergency(actor: Actor) -> QuerySet[Any]:
    """Cases that the actor opened by emergency access less than an hour ago; never restricted ones."""
    # A grant of this very moment is one of this transaction: it opens nothing before it is committed (rasso.emergency_case_ids).
    running = Q(starts_at__lt=RassoNow(), ends_at__gt=RassoNow())
    grants = CaseGrant.unguarded.filter(running, user_id=actor.user_id, basis=GrantBasis.EMERGENCY)
    return Case.unguarded.filter(pk__in=grants.values("content_object_id"), is_restricted=False)


def logged_and_unallocated(actor: Actor) -> QuerySet[Any]:
    """Cases the actor logged, until somebody is made their officer."""
    allocated = CaseGrant.unguarded.filter(content_object=OuterRef("pk"), basis=GrantBasis.ASSIGNED)
    return Case.unguarded.filter(~Exists(allocated), logged_by_id=actor.user_id, officer=None)


def covered_assigned(actor: Actor) -> QuerySet[Any]:
    """Cases whose officer the actor covers for; never restricted ones."""
    return _covered(actor, GrantBasis.ASSIGNED, Role.INVESTIGATOR, Role.SERGEANT, Role.INSPECTOR)


def covered_second(actor: Actor) -> QuerySet[Any]:
    """Cases on which the actor covers for somebody who works beside their officer; never restricted ones."""
    return _covered(actor, GrantBasis.SECOND, Role.INVESTIGATOR)


def covered_liaison(actor: Actor) -> QuerySet[Any]:
    """Cases whose liaison officer the actor covers for; never restricted ones."""
    return _covered(actor, GrantBasis.LIAISON, Role.LIAISON_OFFICER)


def own_units(actor: Actor) -> QuerySet[Any]:
    """Cases of the units the actor supervises, or supervises for somebody they cover for, and of those below; never restricted ones."""
    return Case.unguarded.filter(unit_id__in=actor.supervised_unit_ids, is_restricted=False)


def reviews_for_superintendent() -> QuerySet[Any]:
    """Open reviews that have come to the Detective Superintendent: a Detective Inspector's late one at the first step, a
    Detective Sergeant's at the second, and those that were sent on as not satisfactory."""
    at_once = Q(escalates_to=Role.SUPERINTENDENT, escalates_on__lte=RassoToday())
    further = Q(escalates_further_to=Role.SUPERINTENDENT, escalates_further_on__lte=RassoToday())
    sent_on = Q(lowest_role=Role.SUPERINTENDENT)
    return Review.unguarded.filter(at_once | further | sent_on, completed_at=None, is_restricted=False)


def escalated(actor: Actor) -> QuerySet[Any]:
    """Cases with an open review that has reached the Detective Superintendent."""
    return Case.unguarded.filter(pk__in=reviews_for_superintendent().values("case_id"))


def connected(actor: Actor) -> QuerySet[Any]:
    """Cases with somebody whom the actor is connected with."""
    return Case.unguarded.filter(pk__in=CaseConnection.unguarded.filter(user_id=actor.user_id).values("case_id"))


LOOK = frozenset({Act.VIEW})
SEE = frozenset({Act.VIEW, Act.TAKE_OUT})
LOG = frozenset({Act.LOG})
WORK = frozenset({*SEE, Act.INVESTIGATE, Act.DO_ACTION, Act.GIVE_ACTION, Act.CORRECT})
# Of the actions only their own: a gate sees to that (cases/action_moves.py).
SUPPORT = frozenset({*SEE, Act.DO_ACTION})
SUPERVISE = frozenset({*SEE, Act.ALLOCATE, Act.REVIEW, Act.SUPERVISE, Act.RESTRICT, Act.GIVE_ACTION, Act.CORRECT, Act.ANSWER})
COMMAND = SUPERVISE | {Act.CLOSE}
# Who may open a case that is not theirs for an hour: those who could be on call for it.
MAY_OPEN_IN_EMERGENCY = (Role.INVESTIGATOR, Role.LIAISON_OFFICER, Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT)

TABLE = AccessTable(
    grants=(
        Grant(Role.FIRST_OFFICER, logged_and_unallocated, SEE | LOG),
        Grant(Role.INVESTIGATOR, assigned, WORK),
        Grant(Role.INVESTIGATOR, second, WORK),
        Grant(Role.INVESTIGATOR, covered_assigned, WORK),
        Grant(Role.INVESTIGATOR, covered_second, WORK),
        Grant(Role.INVESTIGATOR, logged_and_unallocated, SEE | LOG),
        Grant(Role.INVESTIGATOR, named, SEE),
        Grant(Role.LIAISON_OFFICER, liaison, SUPPORT),
        Grant(Role.LIAISON_OFFICER, covered_liaison, SUPPORT),
        Grant(Role.LIAISON_OFFICER, named, SEE),
        Grant(Role.SERGEANT, own_units, SUPERVISE),
        Grant(Role.SERGEANT, assigned, WORK),
        Grant(Role.SERGEANT, covered_assigned, WORK),
        Grant(Role.SERGEANT, named, SUPERVISE),
        Grant(Role.SERGEANT, supervising_instead, SUPERVISE),
        Grant(Role.SERGEANT, logged_and_unallocated, SEE | LOG),
        Grant(Role.INSPECTOR, own_units, COMMAND),
        Grant(Role.INSPECTOR, assigned, WORK),
        Grant(Role.INSPECTOR, covered_assigned, WORK),
        # The restriction is lifted by somebody who sees what it protects.
        Grant(Role.INSPECTOR, named, COMMAND | {Act.LIFT}),
        Grant(Role.INSPECTOR, supervising_instead, COMMAND),
        Grant(Role.INSPECTOR, logged_and_unallocated, SEE | LOG),
        Grant(Role.SUPERINTENDENT, escalated, SEE | {Act.REVIEW, Act.ANSWER, Act.GIVE_ACTION}),
        # Nothing but a look: no act, no copy, no export.
        *(Grant(role, emergency, LOOK) for role in MAY_OPEN_IN_EMERGENCY),
    ),
    bars=(connected,),
)
