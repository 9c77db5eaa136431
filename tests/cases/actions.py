"""Actions for tests: given, done and asked for by the real operations."""

from cases import operations
from cases.models import Action, MoreTime
from tests.worlds import actor, building


def given(case, *, by, owner, due, look_again=None, what="Trace the driver"):
    return operations.give_action(
        case, actor=actor(by), what=what, owner_id=owner.pk, due_on=due, look_again_on=look_again or due
    )


def done(action, *, by, how="Seen and recorded.", evidence="Statement 1"):
    operations.complete_action(action, actor=actor(by), how=how, evidence=evidence)


def asked(action, *, by, until, because="The driver is away"):
    operations.ask_for_more_time(action, actor=actor(by), due_on=until, because=because)


def read_again(action):
    with building():
        return Action.unguarded.select_related("case").get(pk=action.pk)


def request_of(action):
    with building():
        return MoreTime.unguarded.filter(action=action).order_by("asked_at", "pk").last()


def address(action, page=""):
    return f"/cases/{action.case.reference}/actions/{action.number}/{page}"
