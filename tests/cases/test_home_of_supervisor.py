"""`/home/` of a supervisor: what it lists is computed from what stands, and a list that stops says what does not stand on it."""

from datetime import timedelta

from cases import home, operations
from cases.enums import Suspension
from cases.models import Reminder, Review, TimeLimit
from cases.queries import home as queries
from cases.queries import to_allocate
from tests.cases.open_reviews import open_review
from tests.pages import Sheet
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, set_clock


def block_of(page, heading):
    return next((block for block in page.context["offer"].blocks if block.heading == heading), None)


def test_reviews_to_do_are_those_of_the_queue_also_when_no_reminder_was_made(as_user, monkeypatch, force):
    set_clock(at(MONDAY, 10))
    escalated = open_review(force, MONDAY - timedelta(days=9))
    late, soon = open_review(force, MONDAY - timedelta(days=1)), open_review(force, MONDAY + timedelta(days=7))
    open_review(force, MONDAY + timedelta(days=8))
    with building():
        assert not Reminder.unguarded.exists()
    browser = as_user(force.sergeant)
    block = block_of(browser.get("/home/"), "Reviews to do")
    assert [item.url for item in block.items] == [f"/reviews/{one.pk}/" for one in (escalated, late, soon)] and not block.more
    # Where not all stand there, the link leads to just those that the numbers above speak of.
    monkeypatch.setattr(home, "MOST_REVIEWS", 2)
    page = browser.get("/home/")
    block = block_of(page, "Reviews to do")
    assert (len(block.items), block.more) == (2, "See all 3 reviews")
    assert {"2 late", "1 due in the next 7 days"} <= {item.title for item in page.context["offer"].counts}
    assert f'href="{block.more_url}"' in page.content.decode()
    queue = browser.get(block.more_url).context["found"]
    assert [row.id for section in queue.sections for row in section.rows] == [escalated.pk, late.pk, soon.pk]
    # What has come to somebody stands under that heading only.
    to_inspector = block_of(as_user(force.inspector).get("/home/"), "Reviews to do")
    assert [item.url for item in to_inspector.items] == [f"/reviews/{one.pk}/" for one in (late, soon)]


def test_what_waits_beyond_the_list_is_counted(as_user, monkeypatch, force, case):
    monkeypatch.setattr(queries, "MOST_LINES", 1)
    due_on = MONDAY + timedelta(days=5)
    for number in range(6):
        done = operations.give_action(
            case,
            actor=actor(force.sergeant),
            what=f"Step {number}",
            owner_id=force.investigator.pk,
            due_on=due_on,
            look_again_on=due_on,
        )
        if number < 3:
            operations.complete_action(done, actor=actor(force.investigator), how="Seen.", evidence="Statement 1")
        elif number < 5:
            later = due_on + timedelta(days=7)
            operations.ask_for_more_time(done, actor=actor(force.investigator), due_on=later, because="He is away.")
    page = as_user(force.sergeant).get("/home/")
    assert len(block_of(page, "To verify").items) == len(block_of(page, "More time asked").items) == 1
    text = Sheet(page).text
    assert "2 more wait. The longest waiting stand here; the others follow." in text
    assert "1 more waits. The longest waiting stand here; the others follow." in text


def test_cases_without_an_officer_are_counted_although_not_all_are_listed(as_user, monkeypatch, force):
    monkeypatch.setattr(to_allocate, "MOST_CASES", 1)
    set_clock(at(MONDAY, 10))
    for _ in range(2):
        log_case(force, by=force.first_officer, officer=NOBODY)
    set_clock(at(MONDAY + timedelta(days=20), 10))
    page = as_user(force.sergeant).get("/home/")
    (item,) = block_of(page, "To allocate").items
    with building():
        limits = TimeLimit.unguarded.filter(met_at=None, due_on__lt=MONDAY + timedelta(days=20)).count()
        reviews = Review.unguarded.filter(due_on__lt=MONDAY + timedelta(days=20)).count()
    assert reviews == 2 and limits % 2 == 0
    assert (item.title, item.urgency.word) == ("2 cases without an officer", f"{limits + reviews} late")
    queue = as_user(force.sergeant).get(item.url)
    assert len(queue.context["found"].waiting) == 1 and "No officer yet (first 1 of 2)" in Sheet(queue).text


def test_suspended_time_limit_stands_there_on_the_day_of_looking_again(as_user, force, case):
    again = MONDAY + timedelta(days=10)
    with building():
        limit = TimeLimit.unguarded.filter(case=case).earliest("due_on")
    operations.suspend_limit(limit, actor=actor(force.sergeant), why=Suspension.SAFETY, text="For now", look_again_on=again)
    heading = "Look again at suspended time limits"
    sergeant = as_user(force.sergeant)
    set_clock(at(again - timedelta(days=1)))
    assert block_of(sergeant.get("/home/"), heading) is None
    set_clock(at(again))
    (item,) = block_of(sergeant.get("/home/"), heading).items
    assert (item.url, item.urgency.word) == (f"/cases/{case.reference}/limits/{limit.pk}/resume/", "Due today")
    assert item.about == f"{case.reference}, suspended since 3 November 2026"
    for other in (force.other_sergeant, force.investigator, force.superintendent):
        assert block_of(as_user(other).get("/home/"), heading) is None
    operations.resume_limit(limit, actor=actor(force.sergeant), text="He is in custody.")
    assert block_of(sergeant.get("/home/"), heading) is None
