import pytest

from people.models import User
from tests.people.signing_in import with_password
from tests.worlds import Force


@pytest.fixture
def investigator(force: Force) -> User:
    """Somebody who has a password; others are signed in without one."""
    return with_password(force.investigator)
