"""What reaches the Detective Superintendent: a late review at whichever step the rule pack names that rank."""

from datetime import timedelta

from cases.models import Review
from tests import forms
from tests.worlds import MONDAY, at, building, set_clock


def sign_first_review(as_user, force, case):
    set_clock(at(MONDAY + timedelta(days=14)))
    with building():
        first = Review.unguarded.get(case=case, number=1)
    as_user(force.sergeant).post(f"/reviews/{first.pk}/", forms.review("SATISFACTORY"))


def test_a_detective_inspectors_late_review_goes_to_them_at_the_first_step(as_user, force, case):
    """The 28-day review is due on Monday 30 November; three working days later is Thursday."""
    sign_first_review(as_user, force, case)
    superintendent = as_user(force.superintendent)
    set_clock(at(MONDAY + timedelta(days=30)))
    assert superintendent.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in superintendent.get("/reviews/").content.decode()
    set_clock(at(MONDAY + timedelta(days=31)))
    assert superintendent.get(f"/cases/{case.reference}/").status_code == 200
    assert case.reference in superintendent.get("/reviews/").content.decode()


def test_a_sergeants_late_review_goes_to_them_at_the_second_step(as_user, force, case):
    """The 14-day review is due on Monday 16 November; ten working days later is Monday 30 November."""
    superintendent = as_user(force.superintendent)
    set_clock(at(MONDAY + timedelta(days=27)))
    assert superintendent.get(f"/cases/{case.reference}/").status_code == 404
    set_clock(at(MONDAY + timedelta(days=28)))
    assert superintendent.get(f"/cases/{case.reference}/").status_code == 200


def test_the_superintendent_reads_it_at_home_and_knows_when_there_is_nothing(as_user, force, case):
    superintendent = as_user(force.superintendent)
    assert "Nothing is escalated to you." in superintendent.get("/home/").content.decode()
    set_clock(at(MONDAY + timedelta(days=28)))
    page = superintendent.get("/home/").content.decode()
    with building():
        late = Review.unguarded.get(case=case, number=1)
    assert f"/cases/{case.reference}/escalations/{late.pk}/" in page
