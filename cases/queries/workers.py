"""Who works a case."""

from cases.enums import GrantBasis
from cases.models import Case, CaseGrant
from people.models import User


def people_who_can_act(case: Case) -> list[User]:
    """Whoever works the case, by grant: its officer first. The only people a direction can go to."""
    grants = CaseGrant.unguarded.filter(content_object=case, ends_at=None, basis__in=(GrantBasis.ASSIGNED, GrantBasis.LIAISON))
    return [grant.user for grant in grants.select_related("user").order_by("basis", "starts_at")]
