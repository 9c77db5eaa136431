"""Enrolling, roles, units, leaving and coming back, through the administrator's pages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from people.models import AccessRecord, Cover, Membership, OpenSession, PeopleChange, RoleAssignment, Unit, User
from people.roles import Role
from people.session_store import stored_key
from tests.access.asking import Statements
from tests.cases.investigating import line
from tests.people.administering import TODAY, boxes, first_password, in_days, page_of, roles_of, send, text_of, version
from tests.people.signing_in import is_signed_in, sign_in
from tests.worlds import Force, at, building, enrol, log_case, set_clock


@pytest.fixture
def administrator(as_user, force: Force) -> Client:  # type: ignore[no-untyped-def]
    set_clock(at(TODAY))
    return as_user(force.user(Role.ADMINISTRATOR))  # type: ignore[no-any-return]


@pytest.fixture
def second(as_user, force: Force) -> Client:  # type: ignore[no-untyped-def]
    """Another administrator."""
    with building():
        return as_user(enrol("second_administrator", force.police, [Role.ADMINISTRATOR]))  # type: ignore[no-any-return]


def new_person(force: Force, **changed: Any) -> dict[str, Any]:
    fields = {
        "username": "n.newly",
        "rank": "DC",
        "given_name": "Nora",
        "family_name": "Newleigh",
        "email": "",
        "organisation": force.police.pk,
        "roles": [Role.INVESTIGATOR],
        "units": [force.unit.pk],
        **boxes("starts_on", TODAY),
    }
    return {**fields, **changed}


# Enrol -----------------------------------------------------------------------------------------------------------------


def test_enrolled_person_signs_in_with_the_first_password_and_chooses_their_own(administrator: Client, force: Force) -> None:
    once = "0190a000-0000-7000-8000-000000000000"
    answer = administrator.post("/people/enrol/", new_person(force, once=once))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = first_password(answer)
    assert "DC Nora Newleigh is enrolled" in text_of(answer)
    with building():
        user = User.objects.get(username="n.newly")
        assert user.must_change_password and password not in user.password
        assert set(user.changes.values_list("what", flat=True)) == {"ENROLLED", "ROLE_GIVEN", "UNIT_JOINED"}
    # Sent twice, done once; and the password is shown no second time.
    again = administrator.post("/people/enrol/", new_person(force, once=once), follow=True)
    assert password not in text_of(again) and "they were enrolled once" in text_of(again)
    theirs = Client()
    assert sign_in(theirs, "n.newly", password).headers["Location"] == "/home/"
    for page in ("/", "/home/", "/cases/", "/accounts/no-role/"):
        assert theirs.get(page).headers["Location"] == "/accounts/password/", page
    assert theirs.post("/cases/log/", {}).headers["Location"] == "/accounts/password/"
    assert "Choose your own password" in text_of(theirs.get("/accounts/password/"))
    own = {"old_password": password, "new_password": "mackerel on the roof", "new_password_again": "mackerel on the roof"}
    assert theirs.post("/accounts/password/", own).headers["Location"] == "/home/"
    assert theirs.get("/cases/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": ""}, "Enter a user name"),
        ({"username": "Nora Newleigh"}, "Use small letters"),
        ({"username": "investigator"}, "Somebody has this user name already"),
        ({"username": "n" * 151}, "Enter a user name of 150 characters or fewer"),
        ({"family_name": ""}, "Enter the family name"),
        ({"given_name": "N\x07"}, "Delete the character that cannot be shown"),
        ({"family_name": "N" * 101}, "Shorten this to 100 characters"),
        ({"email": "nobody"}, "Enter an email address like"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["PROSECUTOR", "INVESTIGATOR"]}, "Take away Prosecutor: not for somebody of this organisation"),
        ({"roles": [Role.SERGEANT], "units": []}, "Choose at least one unit. A Detective Sergeant or Inspector sees only"),
        ({"organisation": "0"}, "Choose one of the answers in the list"),
        (boxes("starts_on", in_days(-1)), "Enter today or a day within the next year"),
        (boxes("starts_on", in_days(367)), "Enter today or a day within the next year"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_enrolled(
    administrator: Client, force: Force, changed: dict[str, Any], sentence: str
) -> None:
    answer = administrator.post("/people/enrol/", new_person(force, **changed))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    with building():
        assert not User.objects.filter(given_name="Nora").exists()


def test_officer_without_unit_or_address_is_enrolled_and_both_are_said(administrator: Client, force: Force) -> None:
    lacking = text_of(administrator.post("/people/enrol/", new_person(force, units=[])))
    assert "is enrolled" in lacking and "They are in no unit" in lacking and "this person gets no messages" in lacking
    whole = {"username": "o.newly", "email": "o.newly@example.invalid"}
    assert "Without an email" not in text_of(administrator.post("/people/enrol/", new_person(force, **whole)))
    # An administrator is told of nothing and works on no case.
    other = text_of(
        administrator.post("/people/enrol/", new_person(force, username="p.newly", roles=[Role.ADMINISTRATOR], units=[]))
    )
    assert "is enrolled" in other and "They are in no unit" not in other and "no messages" not in other


def test_unit_of_another_organisation_is_refused(administrator: Client, force: Force) -> None:
    with building():
        elsewhere = Unit.objects.create(organisation=force.prosecution, name="Invented Chambers")
    answer = administrator.post("/people/enrol/", new_person(force, units=[elsewhere.pk]))
    assert answer.status_code == 409
    assert "Choose only units of the organisation" in text_of(answer)


# Find ------------------------------------------------------------------------------------------------------------------


def test_people_are_found_by_parts_of_their_names_which_stand_in_no_address(administrator: Client, force: Force) -> None:
    answer = administrator.post("/people/", {"term": "vented inv"})
    assert page_of(force.investigator) in answer.content.decode()
    assert page_of(force.sergeant) not in answer.content.decode()
    assert 'value="vented inv"' in answer.content.decode()
    assert "Nobody has this" in text_of(administrator.post("/people/", {"term": "zzz"}))
    for term, sentence in (("", "Enter a name or a user name"), ("a\x00", "Delete the character"), ("a" * 101, "Shorten this")):
        refused = administrator.post("/people/", {"term": term})
        assert (refused.status_code, sentence in text_of(refused)) == (422, True)
    # Whatever stands in an address is not taken for a name.
    assert page_of(force.sergeant) in administrator.get("/people/?term=zzz").content.decode()


def test_list_is_filtered_and_paged(administrator: Client, force: Force) -> None:
    with building():
        User.objects.filter(pk=force.sergeant.pk).update(is_active=False)
        for number in range(40):
            enrol(f"crowd_{number:02}", force.prosecution, [])
    shown = administrator.get(f"/people/?unit={force.unit.pk}&role=INVESTIGATOR").content.decode()
    assert page_of(force.investigator) in shown and page_of(force.inspector) not in shown
    assert "Investigator since 1 January 2020" in shown
    left = administrator.get("/people/?show=left").content.decode()
    assert page_of(force.sergeant) in left and page_of(force.investigator) not in left
    assert "Nobody matches these filters." in text_of(administrator.get("/people/?show=left&role=ANALYST"))
    first = administrator.get("/people/?show=all").content.decode()
    after = first.split("after=")[1].split('"')[0]
    second = administrator.get(f"/people/?show=all&after={after}").content.decode()
    listed = [set(page.split("/people/")[1:]) for page in (first, second)]
    assert "Back to the first page" in second
    assert not {one.split("/")[0] for one in listed[0] if one[0].isdigit()} & {
        one.split("/")[0] for one in listed[1] if one[0].isdigit()
    }
    assert administrator.get("/people/?after=9x&show=nowhere&unit=zz").status_code == 200


def test_pages_send_as_many_statements_whatever_the_size_of_the_force(administrator: Client, force: Force) -> None:
    def sent() -> list[int]:
        counts = []
        for page in ("/people/", "/people/?role=INVESTIGATOR", page_of(force.investigator), "/people/units/", "/people/enrol/"):
            counted = Statements()
            with connection.execute_wrapper(counted):
                assert administrator.get(page).status_code == 200
            counts.append(counted.number)
        return counts

    administrator.get("/people/")
    few = sent()
    with building():
        for number in range(30):
            unit = Unit.objects.create(organisation=force.police, name=f"Invented Desk {number}", parent=force.unit)
            enrol(f"crowd_{number:02}", force.police, [Role.INVESTIGATOR, Role.ANALYST], unit)
    assert sent() == few


# Roles and units of somebody -------------------------------------------------------------------------------------------


def test_role_counts_from_its_first_day_to_its_last(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    fields = {"role": Role.SERGEANT, **boxes("starts_on", in_days(2)), **boxes("ends_on", in_days(4))}
    assert send(administrator, force.investigator, "roles/give/", **fields).status_code == 302
    assert [Role.SERGEANT in roles_of(force.investigator, in_days(n)) for n in range(6)] == [
        False,
        False,
        True,
        True,
        True,
        False,
    ]
    shown = text_of(administrator.get(page_of(force.investigator)))
    assert "from 4 November 2026 until 6 November 2026" in shown
    assert "Detective Sergeant from 4 November 2026 until 6 November 2026" in shown
    again = send(
        administrator, force.investigator, "roles/give/", **{**fields, **boxes("starts_on", in_days(4)), **boxes("ends_on", None)}
    )
    assert again.status_code == 409
    assert "They hold this role from 4 November 2026 until 6 November 2026 already" in text_of(again)
    wrong = send(administrator, force.investigator, "roles/give/", **{**fields, **boxes("ends_on", in_days(1))})
    assert (wrong.status_code, "Enter a last day on or after the first" in text_of(wrong)) == (422, True)
    foreign = send(administrator, force.investigator, "roles/give/", **{**fields, "role": Role.PROSECUTOR})
    assert foreign.status_code == 422


def test_role_that_ends_at_once_is_over_at_the_next_page(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    theirs = as_user(force.sergeant)
    assert theirs.get("/reviews/").status_code == 200
    with building():
        held = RoleAssignment.objects.get(user=force.sergeant)
    missing = send(administrator, force.sergeant, f"roles/{held.pk}/end/")
    assert (missing.status_code, "Say when it ends" in text_of(missing)) == (422, True)
    past = send(administrator, force.sergeant, f"roles/{held.pk}/end/", when="DAY", **boxes("last_day", in_days(-1)))
    assert (past.status_code, "Enter today or a day within the next year" in text_of(past)) == (422, True)
    assert send(administrator, force.sergeant, f"roles/{held.pk}/end/", when="NOW").status_code == 302
    assert theirs.get("/reviews/").status_code == 404
    assert administrator.get(page_of(force.sergeant, f"roles/{held.pk}/end/")).status_code == 404
    # Nor is somebody else's role ended by the address of another person.
    with building():
        other = RoleAssignment.objects.get(user=force.inspector)
    assert send(administrator, force.sergeant, f"roles/{other.pk}/end/", when="NOW").status_code == 404


def test_role_that_never_began_is_taken_back_altogether(administrator: Client, force: Force) -> None:
    send(administrator, force.investigator, "roles/give/", role=Role.INSPECTOR, **boxes("starts_on", in_days(9)))
    with building():
        given = RoleAssignment.objects.get(user=force.investigator, role=Role.INSPECTOR)
    assert send(administrator, force.investigator, f"roles/{given.pk}/end/", when="NOW").status_code == 302
    assert Role.INSPECTOR not in roles_of(force.investigator, in_days(9))


def test_moving_ends_one_unit_and_begins_the_other_on_a_day(administrator: Client, force: Force) -> None:
    with building():
        present = Membership.objects.get(user=force.sergeant)
    fields = {"leaves": present.pk, "joins": force.other_unit.pk, **boxes("day", in_days(3))}
    assert send(administrator, force.sergeant, "move/", **fields).status_code == 302
    with building():
        held = list(Membership.objects.filter(user=force.sergeant).order_by("starts_on").values_list("unit_id", "ends_on"))
        assert held == [(force.unit.pk, in_days(2)), (force.other_unit.pk, None)]
    again = send(administrator, force.sergeant, "move/", **{**fields, "leaves": "NONE"})
    assert (again.status_code, "They are in that unit from 5 November 2026 already" in text_of(again)) == (409, True)
    nothing = send(administrator, force.sergeant, "move/", leaves="NONE", joins="NONE", **boxes("day", TODAY))
    assert (nothing.status_code, "Nothing would change" in text_of(nothing)) == (422, True)
    with building():
        foreign = Membership.objects.get(user=force.inspector)
    assert send(administrator, force.sergeant, "move/", **{**fields, "leaves": foreign.pk}).status_code == 422


# Own account, last administrator, two at once ----------------------------------------------------------------------------


def test_nobody_changes_roles_units_password_or_activity_of_their_own_account(administrator: Client, force: Force) -> None:
    own = force.user(Role.ADMINISTRATOR)
    with building():
        role = RoleAssignment.objects.get(user=own)
    acts: dict[str, dict[str, Any]] = {
        "roles/give/": {"role": Role.SERGEANT, **boxes("starts_on", TODAY)},
        f"roles/{role.pk}/end/": {"when": "NOW"},
        "move/": {"leaves": "NONE", "joins": force.unit.pk, **boxes("day", TODAY)},
        "password/": {},
        "deactivate/": {"because": "Leaving"},
    }
    for part, fields in acts.items():
        answer = send(administrator, own, part, **fields)
        assert (answer.status_code, "Ask another administrator" in text_of(answer)) == (409, True), part
    assert roles_of(own) == {Role.ADMINISTRATOR}
    shown = administrator.get(page_of(own)).content.decode()
    assert "deactivate/" not in shown and "roles/give" not in shown


def test_last_administrator_without_an_end_stays(administrator: Client, second: Client, force: Force) -> None:
    own = force.user(Role.ADMINISTRATOR)
    with building():
        other = User.objects.get(username="second_administrator")
        RoleAssignment.objects.filter(user=own).update(ends_on=in_days(5))
        held = RoleAssignment.objects.get(user=other)
    for part, fields in ((f"roles/{held.pk}/end/", {"when": "NOW"}), ("deactivate/", {"because": "Left"})):
        answer = send(administrator, other, part, **fields)
        assert (answer.status_code, "Nobody else is an administrator" in text_of(answer)) == (409, True)
    assert send(second, own, "deactivate/", because="Left").status_code == 302


def test_second_of_two_administrators_is_told_and_overwrites_nothing(administrator: Client, second: Client, force: Force) -> None:
    seen = version(force.investigator)
    details = {"rank": "DC", "given_name": "Ida", "family_name": "Firstley", "email": "ida@example.invalid", "version": seen}
    address = page_of(force.investigator, "details/")
    assert administrator.post(address, details).status_code == 302
    answer = second.post(address, {**details, "family_name": "Secondley"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Somebody else changed this" in page and "Saved now: DC Ida Firstley" in page
    assert 'value="Secondley"' in answer.content.decode()
    with building():
        assert User.objects.get(pk=force.investigator.pk).family_name == "Firstley"
    # Having read what stands there now, they may.
    assert f'name="version" value="{seen + 1}"' in answer.content.decode()
    assert second.post(address, {**details, "family_name": "Secondley", "version": seen + 1}).status_code == 302
    history = text_of(administrator.get(page_of(force.investigator)))
    assert "to “DC Ida Secondley, ida@example.invalid”" in history and "by DC Invented Second Administrator" in history


# Leaving ---------------------------------------------------------------------------------------------------------------


def test_page_says_in_numbers_what_is_left_and_who_hears(administrator: Client, force: Force) -> None:
    case = log_case(force)
    officer = text_of(administrator.get(page_of(force.investigator, "deactivate/")))
    assert "1 case in which they are the officer" in officer and "0 reviews that only they" in officer
    assert "somebody else: DI Invented Inspector, DS Invented Sergeant." in officer
    assert case.reference not in officer and "INV/" not in officer
    # The inspector above could complete the sergeant's reviews, although the sergeant is told of them first.
    assert "0 reviews that only they" in text_of(administrator.get(page_of(force.sergeant, "deactivate/")))
    with building():
        RoleAssignment.objects.filter(user=force.inspector).update(ends_on=in_days(-1))
    sergeant = text_of(administrator.get(page_of(force.sergeant, "deactivate/")))
    assert "0 cases in which they are the officer" in sergeant
    assert re.search(r"[1-9] reviews? that only they could complete", sergeant)
    with building():
        enrol("above_all", force.police, [Role.INSPECTOR], force.above)
    assert "0 reviews that only they" in text_of(administrator.get(page_of(force.sergeant, "deactivate/")))


def test_end_of_the_last_role_for_work_says_the_same_numbers(administrator: Client, force: Force) -> None:
    log_case(force)

    def end_of(user: User, role: Role) -> str:
        with building():
            held = RoleAssignment.objects.get(user=user, role=role)
        return text_of(administrator.get(page_of(user, f"roles/{held.pk}/end/")))

    page = end_of(force.investigator, Role.INVESTIGATOR)
    assert "1 case in which they are the officer" in page and "Their cases then wait for a supervisor" in page
    assert "somebody else: DI Invented Inspector, DS Invented Sergeant." in page
    assert "What they leave open" in end_of(force.liaison_officer, Role.LIAISON_OFFICER)
    # It is none for work, or they go on with their work in another.
    assert "What they leave open" not in end_of(force.user(Role.ANALYST), Role.ANALYST)
    for role, leaves in ((Role.LIAISON_OFFICER, True), (Role.SERGEANT, False)):
        with building():
            RoleAssignment.objects.create(
                user=force.investigator, role=role, organisation_kind=force.police.kind, starts_on=in_days(-1)
            )
        assert ("What they leave open" in end_of(force.investigator, Role.INVESTIGATOR)) is leaves
    assert "What they leave open" not in end_of(force.investigator, Role.LIAISON_OFFICER)


def test_deactivated_person_is_out_at_once_and_their_cases_stay(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    case = log_case(force)
    with building():
        days = {"starts_on": TODAY, "ends_on": in_days(9), "reason": "LEAVE", "set_by": force.sergeant, "set_at": at(TODAY)}
        Cover.objects.create(absent=force.other_investigator, covering=force.investigator, **days)
    theirs = as_user(force.investigator)
    assert theirs.get(f"/cases/{case.reference}/").status_code == 200
    key = theirs.session.session_key
    missing = send(administrator, force.investigator, "deactivate/", because=" ")
    assert (missing.status_code, "Say why" in text_of(missing)) == (422, True)
    assert send(administrator, force.investigator, "deactivate/", because="Left the force").status_code == 302
    assert not OpenSession.objects.filter(pk=stored_key(key)).exists()
    assert theirs.get(f"/cases/{case.reference}/").headers["Location"].startswith("/accounts/login/")
    with building():
        case.refresh_from_db()
        assert case.officer_id == force.investigator.pk
        assert not Cover.objects.filter(ended_at=None).exists()
    shown = text_of(administrator.get(page_of(force.investigator)))
    assert "Deactivated on 2 November 2026 by DC Invented Administrator: Left the force." in shown
    twice = send(administrator, force.investigator, "deactivate/", because="Left the force")
    assert (twice.status_code, "They have left" in text_of(twice)) == (409, True)


def test_form_under_way_does_nothing_for_somebody_deactivated_meanwhile(as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    """Whoever was let in by their session a moment ago meets the database, which looks again."""
    case = log_case(force)
    theirs = as_user(force.investigator)
    left = False

    def leave(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if not left and "rasso.bind" in sql and params[1] == "rasso_police":
            left = True
            with building():
                User.objects.filter(pk=force.investigator.pk).update(is_active=False)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(leave):
        answer = theirs.post(f"/cases/{case.reference}/enquiries/add/", line())
    assert left
    assert answer.status_code == 404


def test_reactivated_person_needs_a_new_password_and_old_sessions_stay_dead(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    theirs = as_user(force.investigator)
    theirs.get("/home/")
    kept = dict(theirs.session.items())
    send(administrator, force.investigator, "deactivate/", because="Long leave")
    assert roles_of(force.investigator) == set()
    assert "Their roles ended when they left." in text_of(administrator.get(page_of(force.investigator, "reactivate/")))
    password = first_password(send(administrator, force.investigator, "reactivate/"))
    # As if the row of the session had survived.
    session = Client().session
    session.update(kept)
    session.save()
    again = Client()
    again.cookies["sessionid"] = session.session_key
    assert again.get("/home/").headers["Location"].startswith("/accounts/login/")
    fresh = Client()
    sign_in(fresh, "investigator", password)
    assert fresh.get("/home/").headers["Location"] == "/accounts/password/"
    assert send(administrator, force.investigator, "reactivate/").status_code == 409


def test_new_first_password_ends_the_old_one_and_every_session(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    theirs = as_user(force.investigator)
    theirs.get("/home/")
    password = first_password(send(administrator, force.investigator, "password/"))
    assert not OpenSession.objects.filter(pk=stored_key(theirs.session.session_key)).exists() or not is_signed_in(theirs)
    assert theirs.get("/home/").headers["Location"].startswith("/accounts/login/")
    fresh = Client()
    sign_in(fresh, "investigator", password)
    assert is_signed_in(fresh)


# Units -----------------------------------------------------------------------------------------------------------------


def unit_fields(unit: Unit, **changed: Any) -> dict[str, Any]:
    fields = {"name": unit.name, "parent": unit.parent_id or "", "hour": 7, "version": 1, **boxes("quiet_until", None)}
    return {**fields, **changed}


def test_unit_is_added_renamed_and_moved(administrator: Client, force: Force) -> None:
    added = administrator.post(
        "/people/units/add/", {"organisation": force.police.pk, "name": "Invented Team Three", "parent": force.unit.pk, "hour": 0}
    )
    assert added.status_code == 302
    with building():
        unit = Unit.objects.get(name="Invented Team Three")
    address = f"/people/units/{unit.pk}/"
    fields = unit_fields(unit, name="Invented Team Drei", parent=force.above.pk, hour=22, **boxes("quiet_until", in_days(60)))
    assert administrator.post(address, fields).status_code == 302
    with building():
        unit.refresh_from_db()
    assert (unit.name, unit.parent_id, unit.digest_hour, unit.quiet_until) == (
        "Invented Team Drei",
        force.above.pk,
        22,
        in_days(60),
    )
    tree = text_of(administrator.get("/people/units/"))
    assert "Quiet Nothing of its cases is escalated until 1 January 2027" in tree
    assert "quiet until 2027-01-01" in text_of(administrator.get(address))
    # The other administrator's page is old by now.
    assert administrator.post(address, fields).status_code == 409


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"name": ""}, 422, "Enter the name of the unit"),
        ({"name": "INVENTED TEAM TWO"}, 409, "There is a unit of this name already"),
        ({"hour": "23"}, 422, "Enter a whole number from 0 to 22"),
        ({"hour": "x"}, 422, "Enter a whole number from 0 to 22"),
        (boxes("quiet_until", in_days(61)), 409, "at most 60 days ahead"),
        (boxes("quiet_until", TODAY), 409, "Enter a day after today"),
        ({"parent": "below"}, 409, "A unit cannot stand below itself"),
    ],
)
def test_wrong_answers_about_a_unit_change_nothing(
    administrator: Client, force: Force, changed: dict[str, Any], status: int, sentence: str
) -> None:
    with building():
        below = Unit.objects.create(organisation=force.police, name="Invented Desk", parent=force.unit)
    if changed.get("parent") == "below":
        changed = {"parent": below.pk}
    answer = administrator.post(f"/people/units/{force.unit.pk}/", unit_fields(force.unit, **changed))
    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    with building():
        assert Unit.objects.get(pk=force.unit.pk).version == 1


def test_unit_whose_reviews_nobody_signs_is_marked(administrator: Client, force: Force) -> None:
    log_case(force)
    assert "Nobody completes reviews" not in text_of(administrator.get("/people/units/"))
    with building():
        RoleAssignment.objects.filter(user=force.inspector).update(ends_on=in_days(-1))
    tree = text_of(administrator.get("/people/units/"))
    assert tree.count("Nobody completes reviews") == 1
    assert "There is no Detective Inspector in this unit or above it." in tree


def test_home_page_of_an_administrator_says_what_there_is_to_do(administrator: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    log_case(force)
    with building():
        RoleAssignment.objects.filter(user__in=(force.sergeant, force.inspector)).update(ends_on=in_days(-1))
    send(administrator, force.other_investigator, "password/")
    shown = text_of(administrator.get("/home/"))
    assert "1 of them has not chosen a password" in shown
    assert "1 unit has reviews that nobody can complete" in shown
    assert "not built yet" not in shown
    assert "People and units" not in text_of(as_user(force.superintendent).get("/home/"))


# The record ------------------------------------------------------------------------------------------------------------


def test_pages_and_acts_stand_in_the_access_record(administrator: Client, force: Force) -> None:
    administrator.get("/people/")
    administrator.get(page_of(force.sergeant))
    send(administrator, force.sergeant, "deactivate/", because="Left")
    with building():
        noted = list(AccessRecord.objects.order_by("pk").values_list("kind", "page"))
        assert PeopleChange.objects.get(what="DEACTIVATED").because == "Left"
    assert noted == [("LISTED", "people"), ("LOOKED_AT", "person"), ("CHANGED", "deactivate_person")]


def test_administrator_who_reaches_cases_is_not_enrolled(administrator: Client, force: Force) -> None:
    answer = administrator.post("/people/enrol/", new_person(force, roles=[Role.INSPECTOR, Role.ADMINISTRATOR]))
    assert answer.status_code == 422
    assert "Take away Detective Inspector, or Administrator: an administrator reaches no case" in text_of(answer)
    answer = send(administrator, force.investigator, "roles/give/", role=Role.ADMINISTRATOR, **boxes("starts_on", TODAY))
    assert answer.status_code == 409 and "An administrator reaches no case, so nobody is one and Investigator" in text_of(answer)
    assert roles_of(force.investigator) == {Role.INVESTIGATOR}


def test_who_gave_a_first_password_stands_with_its_owner_and_their_supervisors_for_a_week(
    administrator: Client, as_user, force: Force
) -> None:  # type: ignore[no-untyped-def]
    set_clock(at(TODAY, 10))
    password = first_password(send(administrator, force.investigator, "password/"))
    theirs = Client()
    sign_in(theirs, "investigator", password)
    given = "given to you on 2 November 2026 at 10:00 by DC Invented Administrator"
    assert given in text_of(theirs.get("/accounts/password/"))
    seen = "A first password was given to DC Invented Investigator on 2 November 2026 at 10:00 by DC Invented Administrator."
    readers = {force.sergeant: True, force.inspector: True, force.other_sergeant: False, force.other_investigator: False}
    for reader, reads in readers.items():
        assert (seen in text_of(as_user(reader).get("/home/"))) == reads, reader
    with building():
        User.objects.filter(pk=force.investigator.pk).update(must_change_password=False)
    assert given in text_of(theirs.get("/home/"))
    set_clock(at(TODAY + timedelta(days=8)))
    assert seen not in text_of(as_user(force.sergeant).get("/home/"))
