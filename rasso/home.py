"""`/home/`: what is late, what is due, put together from what each part offers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from audit.queries.home import to_audit, to_look_at_of_auditors
from cases import home as cases_home
from information.home import to_inform
from kit.records import Kind
from kit.views import GuardedView, OpenTo
from people.accounts import first_passwords_given
from people.cover.operations import WHO_HAVE_WORK
from people.cover.queries import notices
from people.roles import DESCRIPTIONS, Role
from rasso.people import to_administer

# Their part is built, although nothing of a case is due in it.
HAVE_PAGES = {Role.ADMINISTRATOR, Role.AUDITOR, Role.INFORMATION_MANAGER}


class Home(GuardedView):
    access = OpenTo()
    record_kind = Kind.LISTED
    template_name = "rasso/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.actor.roles:
            return HttpResponseRedirect(reverse("no-role"))
        offer = cases_home.offer(self.actor, self.now, timezone.get_default_timezone())
        coming = [] if offer.blocks or offer.cases else [self.to_come(role) for role in sorted(self.actor.roles - HAVE_PAGES)]
        about_cover = notices(self.actor, self.today) if self.actor.roles & WHO_HAVE_WORK else []
        administered = to_administer() if Role.ADMINISTRATOR in self.actor.roles else None
        context = {
            "offer": offer,
            "coming": coming,
            "notices": about_cover,
            "passwords_given": first_passwords_given(self.actor) if self.actor.kind == "police" else [],
            "administered": administered,
            "audited": to_audit(timezone.localdate()) if Role.AUDITOR in self.actor.roles else None,
            "of_auditors": to_look_at_of_auditors(self.actor),
            "inform": to_inform(self.actor, self.today),
        }
        return self.render(context, cases=offer.case_ids)

    @staticmethod
    def to_come(role: str) -> dict[str, str]:
        """What somebody will find here whose part is not built yet."""
        description = DESCRIPTIONS[Role(role)]
        return {"role": Role(role).label, "sees": description.sees, "does": description.does}
