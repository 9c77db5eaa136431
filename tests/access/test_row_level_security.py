"""Raw SQL as the web login: what the database itself admits."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from kit.binding import bound_to


@pytest.mark.django_db
def test_login_without_an_actor_is_refused_and_told_so() -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table cases_case"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")


def test_actor_is_bound_for_the_transaction_only(force) -> None:
    with bound_to(force.sergeant.pk, "police", may_write=False) as bound, connection.cursor() as cursor:
        assert bound.actor.roles == {"SERGEANT"}
        assert bound.actor.supervised_unit_ids == (force.unit.pk,)
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('rasso.actor', true)")
        assert cursor.fetchone() == ("rasso_web", "")
