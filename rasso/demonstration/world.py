"""The invented force's last two hundred days, played through the real operations; today it is left to whoever tries it."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from cases import operations
from cases.enums import EventKind
from cases.models.draft import LOG_CASE_DRAFT
from cases.rulebook import rulebook_for
from kit.classification import Classification
from people.cover.operations import set_cover
from people.models import CoverReason, User
from rasso.database import TABLES
from rasso.demonstration import information, record, substance, who_may_see
from rasso.demonstration.outlines import OUTLINES, Outline
from rasso.demonstration.people import enrol_everybody
from rasso.demonstration.reports import Cast
from rasso.demonstration.story import Story
from rasso.demonstration.timeline import MORNING, OwnersClock, Timeline, as_web_login, at

KEPT = (Classification.REFERENCE,)
KEPT_LIBRARY_TABLES = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions")

# Somebody of the one team who is on a course, and who of the other team does their work meanwhile.
AWAY, COVERS = "talespin", "investigator2"

# Told before each case: the how manieth of how many.
Tell = Callable[[int, int], None]


def is_there() -> bool:
    return User.objects.exists()


def is_half_built() -> bool:
    """People and a clock that is behind come in one transaction; the clock comes back to real time as the last step."""
    return is_there() and OwnersClock(connection).is_behind()


def build(outlines: Sequence[Outline] = OUTLINES, *, tell: Tell = lambda done, of: None) -> None:
    """Enrol everybody and play their days. Called as the owner of an empty database with the movable clock."""
    today = timezone.localdate()
    oldest = today - timedelta(days=max(outline.age for outline in outlines) + 1)
    with transaction.atomic():
        enrol_everybody()
        OwnersClock(connection).set_to(at(today - information.OLD, MORNING))
    cast = Cast.enrolled()
    book = rulebook_for(timezone.now())
    with as_web_login() as owner:
        information.log_old_case(cast, at(today - information.OLD, MORNING))
        OwnersClock(owner).set_to(at(oldest, MORNING))
        timeline = Timeline(OwnersClock(owner), today)
        information.plan(cast, timeline)
        stories = [Story(outline, number, cast, timeline, book) for number, outline in enumerate(outlines)]
        stories.sort(key=lambda story: story.begins)
        for done, story in enumerate(stories, start=1):
            timeline.plan(story.begins, partial(_log, story, tell, done, len(stories)))
        timeline.plan(at(today - timedelta(days=2), time(14, 10)), partial(_leave_unfinished, cast))
        # A small world may have no case of whoever is away.
        covered = [story for story in stories if story.outline.officer == AWAY and not story.outline.silent]
        timeline.plan(at(today - timedelta(days=2), time(16, 20)), partial(_send_on_a_course, cast))
        for story in covered[:1]:
            timeline.plan(at(today - timedelta(days=1), time(18, 5)), partial(_work_for_the_absent_one, cast, story))
        who_may_see.plan(timeline, cast, stories, today)
        record.plan(timeline, cast, today)
        timeline.play()
        now = timeline.clock.set_to_real_time()
        for done, story in enumerate(stories, start=1):
            if story.recorded_on == today:
                _log(story, tell, done, len(stories), now)
        timeline.clock.sweep()


def _leave_unfinished(cast: Cast, now: datetime) -> None:
    """Somebody begins to log a case and is called away; their supervisor hears of it a day later."""
    payload = {"key": str(uuid4()), "when": substance.UNFINISHED}
    operations.save_draft(actor=cast.actor("wherevere"), form=LOG_CASE_DRAFT, about="", payload=payload)


def _send_on_a_course(cast: Cast, now: datetime) -> None:
    """An investigator of one team is away, and one of the other team covers for them; their sergeant has set it."""
    begins = timezone.localdate(now)
    set_cover(
        actor=cast.actor("sergeant2"),
        absent_id=cast.users[AWAY].pk,
        covering_id=cast.users[COVERS].pk,
        starts_on=begins,
        ends_on=begins + timedelta(days=11),
        reason=CoverReason.TRAINING,
    )


def _work_for_the_absent_one(cast: Cast, story: Story, now: datetime) -> None:
    operations.record_event(
        story.case,
        actor=cast.actor(COVERS),
        kind=EventKind.VICTIM_CONTACT,
        at=now - timedelta(minutes=25),
        text=substance.CONTACT_BY_COVER,
    )


def _log(story: Story, tell: Tell, done: int, of: int, now: datetime) -> None:
    tell(done, of)
    story.log(now)


def clear() -> None:
    """Take away what an interrupted start has left, as the owner of the tables; reference data stay."""
    tables = [rules.table for rules in TABLES if rules.classification not in KEPT and rules.table not in KEPT_LIBRARY_TABLES]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("""SELECT format('%I', tgname), tgrelid::regclass FROM pg_trigger
            WHERE NOT tgisinternal AND tgtype & 32 <> 0 AND tgenabled = 'A'""")
        # The append-only tables refuse to be emptied, by everybody and always. These hold nothing that happened.
        keepers = cursor.fetchall()
        for trigger, table in keepers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        for trigger, table in keepers:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        OwnersClock(connection).set_to_real_time()
