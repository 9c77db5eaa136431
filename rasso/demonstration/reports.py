"""What is known when an invented case is logged: dates, offence, people of the case, safety."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.utils import timezone

from cases import operations
from cases.enums import HappenedWhen, Place, PlaceKind, Relationship, ReportedHow, SafeNow, SuspectKnown, WishKind
from cases.models import OffenceType
from cases.offences import CAUSING, CHILD, PENETRATION, RAPE, SEXUAL_ASSAULT, offences_for
from kit.access import Actor
from people.models import Unit, User
from rasso.demonstration import words
from rasso.demonstration.accounts import TEAM_ONE, TEAM_TWO
from rasso.demonstration.outlines import Outline


@dataclass(frozen=True)
class Cast:
    """Everybody by user name, every unit by name, and the offences to choose from."""

    users: dict[str, User]
    units: dict[str, Unit]
    offences: list[OffenceType]

    @classmethod
    def enrolled(cls) -> "Cast":
        return cls(
            {user.username: user for user in User.objects.all()},
            {unit.name: unit for unit in Unit.objects.all()},
            list(OffenceType.objects.filter(profile=settings.FORCE_PROFILE).order_by("order")),
        )

    def actor(self, username: str) -> Actor:
        """Somebody as an operation wants them; it asks the database for their roles itself."""
        user = self.users[username]
        return Actor(user.pk, user.kind, frozenset())


# How the cases of a small force may divide; a group that stands twice is drawn twice as often.
GROUPS = (RAPE, RAPE, RAPE, SEXUAL_ASSAULT, SEXUAL_ASSAULT, PENETRATION, CAUSING, CHILD)
REPORTED_HOW = (
    ReportedHow.CALL,
    ReportedHow.IN_PERSON,
    ReportedHow.EMERGENCY_CALL,
    ReportedHow.SARC,
    ReportedHow.ONLINE,
    ReportedHow.PARTNER,
    ReportedHow.THIRD_PARTY,
)
# Where it happened goes with how V1 and S1 know each other.
CIRCUMSTANCES = (
    (Relationship.FORMER_PARTNER, PlaceKind.HOME_OF_VICTIM),
    (Relationship.CURRENT_PARTNER, PlaceKind.SHARED_HOME),
    (Relationship.ACQUAINTANCE, PlaceKind.OTHER_HOME),
    (Relationship.JUST_MET, PlaceKind.NIGHT_TIME_VENUE),
    (Relationship.MET_ONLINE, PlaceKind.HOME_OF_SUSPECT),
    (Relationship.COLLEAGUE, PlaceKind.WORKPLACE),
    (Relationship.POSITION_OF_TRUST, PlaceKind.CARE),
    (Relationship.GROUP, PlaceKind.HOTEL),
    (Relationship.STRANGER, PlaceKind.PUBLIC_PLACE),
    (Relationship.FAMILY_MEMBER, PlaceKind.SHARED_HOME),
    (Relationship.NOT_KNOWN_YET, PlaceKind.VEHICLE),
)
UNKNOWN_TO_V1 = (Relationship.STRANGER, Relationship.NOT_KNOWN_YET)
WISHES = (
    WishKind.WANTS_INVESTIGATION,
    WishKind.WANTS_INVESTIGATION,
    WishKind.WANTS_INVESTIGATION,
    WishKind.UNDECIDED,
    WishKind.NOT_YET_ASKED,
    WishKind.WANTS_SUPPORT_ONLY,
    WishKind.WANTS_RECORDED_ONLY,
)
PLACES = (Place.HERE, Place.HERE, Place.HERE, Place.HERE, Place.HERE, Place.HERE, Place.OTHER_FORCE, Place.ABROAD)
EARLIER_LAW = (date(2011, 6, 1), date(2013, 8, 31))


def report(outline: Outline, number: int, draw: Random, cast: Cast, recorded_at: datetime) -> operations.NewCase:
    """The answers of the form, drawn for this case; the number keeps neighbours in a list from looking alike."""
    reported_at = recorded_at - timedelta(minutes=draw.randrange(25, 14 * 60))
    happened_when, first, last = _when(outline, draw, timezone.localdate(reported_at))
    relationship, place_kind = CIRCUMSTANCES[number % len(CIRCUMSTANCES)]
    known = _how_well_known(relationship, draw)
    safe = draw.choice((SafeNow.YES, SafeNow.YES, SafeNow.NO, SafeNow.NOT_KNOWN))
    logs_with_officer = outline.logged_by in (outline.first_officer, "inspector")
    return operations.NewCase(
        crime_number=f"INV/{1000 + 37 * number}/{recorded_at:%y}",
        reported_at=reported_at,
        recorded_at=recorded_at,
        reported_how=REPORTED_HOW[number % len(REPORTED_HOW)],
        happened_when=happened_when,
        happened_from=first,
        happened_to=last,
        place=PLACES[number % len(PLACES)],
        place_kind=place_kind,
        relationship=relationship,
        offence_type_ids=(_offence(number, cast, first, last).pk,),
        victim_name=words.invented_name(draw, words.VICTIM_SURNAMES) if draw.random() < 0.9 else "",
        wish=WISHES[number % len(WISHES)],
        suspect_known=known,
        suspects=2 if relationship == Relationship.GROUP else 1,
        suspect_name=words.invented_name(draw, words.SUSPECT_SURNAMES) if known == SuspectKnown.NAMED else "",
        suspect_description=draw.choice(words.DESCRIPTIONS) if known == SuspectKnown.DESCRIBED else "",
        safe_now=safe,
        safety_steps=draw.choice(words.SAFETY_STEPS) if safe == SafeNow.NO else "",
        safe_contact=draw.choice(words.SAFE_CONTACTS),
        unit_id=cast.units[TEAM_TWO if outline.second_team else TEAM_ONE].pk,
        officer_id=cast.users[outline.first_officer].pk if logs_with_officer else None,
        supervisor_id=cast.users[outline.supervisor].pk,
        has_connected_staff=bool(outline.connected),
        connected_user_ids=tuple(cast.users[username].pk for username in outline.connected),
        inspector_id=cast.users["inspector"].pk if outline.connected else None,
    )


def _when(outline: Outline, draw: Random, reported_on: date) -> tuple[str, date | None, date | None]:
    if outline.earlier_law:
        return HappenedWhen.BETWEEN, *EARLIER_LAW
    if draw.random() < 0.1:
        return HappenedWhen.NOT_KNOWN, None, None
    day = reported_on - timedelta(days=draw.choice((1, 1, 1, 2, 3, 6, 20, 75)))
    if draw.random() < 0.15:
        return HappenedWhen.BETWEEN, day - timedelta(days=draw.randrange(3, 60)), day
    return HappenedWhen.ON, day, day


def _how_well_known(relationship: str, draw: Random) -> str:
    if relationship in UNKNOWN_TO_V1:
        return draw.choice((SuspectKnown.DESCRIBED, SuspectKnown.NOT_KNOWN))
    return SuspectKnown.NAMED


def _offence(number: int, cast: Cast, first: date | None, last: date | None) -> OffenceType:
    """One of the group whose turn it is, if the law of those days had one."""
    in_force = offences_for(cast.offences, first, last)
    fitting = [row for row in in_force if row.group == GROUPS[number % len(GROUPS)]]
    return (fitting or in_force)[0]
