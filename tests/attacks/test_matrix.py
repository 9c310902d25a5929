"""Roles x functions x offices through real sign-in and real requests, against a table that was written by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Scheme, read_roles
from tests.attacks.crawl import Site, screens
from tests.attacks.hall import EMPLOYEE_ROLES, Hall
from tests.attacks.matrix import SIGN_IN, TABLE, Row, answers_to, differences, expected_of
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, WARD, Person

# What the screens of cases are called.
OF_CASES = ("application", "approval", "handovers", "trial")

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_the_table_names_every_screen_and_no_other() -> None:
    assert sorted(TABLE["screens"]) == [one.code for one in screens()]


def test_the_table_names_every_role_and_no_other() -> None:
    assert sorted(TABLE["roles"]) == sorted({one.code for one in read_roles()})


def test_the_table_agrees_with_the_roles_that_are_in_force() -> None:
    today = clock.current_date_in_japan()
    in_force = {
        role.code: {str(function): level.name.lower() for function, level in role.rights}
        for role in read_roles()
        if role.start <= today and (role.end is None or today < role.end)
    }
    assert in_force == TABLE["roles"]


def test_every_function_of_the_table_is_one() -> None:
    named = {words.split()[0] for words in TABLE["screens"].values()} - {"anyone", "own"}
    assert named <= {str(one) for one in Function}


@pytest.mark.requirement("YOK-168")
@pytest.mark.parametrize(
    ("role", "office"),
    [(role, office) for role in EMPLOYEE_ROLES for office in (WARD, HEAD)]
    # The roles whose objects belong to a ward, and one whose objects do not, from the other ward's side.
    + [(role, OTHER_WARD) for role in ("counter", "approver", "head", "number", "protection", "rights")],
)
def test_a_role_at_an_office_opens_what_the_table_says(
    hall: Hall, site: Site, role: str, office: str
) -> None:
    person = hall.person(role, office=office)
    answers = answers_to(person, hall=hall, site=site)
    assert differences(expected_of(Row([role], office)), answers) == []


@pytest.mark.parametrize("office", [CONTRACTOR, WARD])
def test_a_contractor_opens_only_the_commissioned_menu(hall: Hall, site: Site, office: str) -> None:
    person = hall.person("contractor", office=office, account_at=CONTRACTOR)
    answers = answers_to(person, hall=hall, site=site)
    assert differences(expected_of(Row(["contractor"], office, is_contractor=True)), answers) == []


def test_several_roles_add_up_and_no_more(hall: Hall, site: Site) -> None:
    roles = ("counter", "protection")
    answers = answers_to(hall.person(*roles, office=WARD), hall=hall, site=site)
    assert differences(expected_of(Row(roles, WARD)), answers) == []


def test_without_a_grant_nothing_opens_but_what_is_for_everyone(hall: Hall, site: Site) -> None:
    answers = answers_to(hall.person(), hall=hall, site=site)
    assert differences(expected_of(Row([], WARD)), answers) == []


def test_a_grant_for_another_scheme_does_not_open_the_cases_of_this_one(hall: Hall, site: Site) -> None:
    account_id, staff_no = hall.town.account()
    hall.town.grant(account_id, role="approver", scheme=Scheme.SELFSUPPORT)
    answers = answers_to(Person(account_id, staff_no).begin(), hall=hall, site=site)
    expected = expected_of(Row(["approver"], WARD))
    closed = {
        cell: "forbidden"
        for cell in expected
        if cell[0].startswith(OF_CASES) or "child" in TABLE["screens"][cell[0]].split()
    }
    assert differences(expected | closed, answers) == []


def _asked(hall: Hall, account_id: int, *, role: str = "rights", begins: int = 0, days: int = 30) -> int:
    """A grant that one administrator asked for."""
    first = staff.rights_of(hall.town.administrators[0], on=hall.town.today)
    begin = hall.town.today + timedelta(days=begins)
    return staff.ask_for_grant(
        account_id, role=role, office=WARD, scheme=Scheme.CHILD, valid_from=begin,
        last_day=min(begin + timedelta(days=days), hall.town.last_day), by=first.actor(),
        at=clock.current_instant(), why="担当事務のため",
    )  # fmt: skip


def _confirm(hall: Hall, grant: int) -> None:
    second = staff.rights_of(hall.town.administrators[1], on=hall.town.today)
    staff.confirm_grant(grant, rights=second, at=clock.current_instant())


@pytest.mark.parametrize("role", ["counter", "rights"])
def test_a_grant_that_nobody_confirmed_opens_nothing(hall: Hall, site: Site, role: str) -> None:
    person = hall.person()
    _asked(hall, person.account_id, role=role)
    answers = answers_to(person, hall=hall, site=site)
    assert differences(expected_of(Row([], WARD)), answers) == []


def test_a_grant_that_has_not_begun_opens_nothing(hall: Hall, site: Site) -> None:
    person = hall.person()
    _confirm(hall, _asked(hall, person.account_id, begins=1))
    answers = answers_to(person, hall=hall, site=site)
    assert differences(expected_of(Row([], WARD)), answers) == []


def test_a_grant_that_was_ended_closes_in_the_open_session(hall: Hall, site: Site) -> None:
    person = hall.person()
    grant = _asked(hall, person.account_id)
    _confirm(hall, grant)
    assert person.get("/accounts/").status_code == 200
    second = staff.rights_of(hall.town.administrators[1], on=hall.town.today)
    staff.end_grant(grant, rights=second, at=clock.current_instant(), why="担当替え")
    answers = answers_to(person, hall=hall, site=site)
    assert differences(expected_of(Row([], WARD)), answers) == []


def test_a_grant_past_its_last_day_opens_nothing(
    hall: Hall, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id, staff_no = hall.town.account()
    _confirm(hall, _asked(hall, account_id, days=0))
    tomorrow = clock.current_instant() + timedelta(days=1)
    monkeypatch.setattr(clock, "current_instant", lambda: tomorrow)
    answers = answers_to(Person(account_id, staff_no).begin(), hall=hall, site=site)
    assert differences(expected_of(Row([], WARD)), answers) == []


@pytest.mark.parametrize("what", ["locked", "ended", "office closed"])
def test_who_is_stopped_is_out_at_the_next_request(hall: Hall, site: Site, what: str) -> None:
    person = hall.person("counter", "auditor")
    by, at = staff.rights_of(hall.town.administrators[0], on=hall.town.today), clock.current_instant()
    if what == "locked":
        staff.lock_account(person.account_id, rights=by, at=at, why="紛失の届出")
    elif what == "ended":
        staff.end_account(person.account_id, rights=by, at=at, why="退職")
    else:
        staff.close_office(WARD, from_day=hall.town.today)
    answers = answers_to(person, hall=hall, site=site)
    assert set(answers.values()) == {SIGN_IN}


def test_an_account_past_its_last_day_does_not_sign_in(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    person = hall.person("counter")
    person.sign_out()
    after = clock.current_instant() + timedelta(days=(hall.town.last_day - hall.town.today).days + 2)
    monkeypatch.setattr(clock, "current_instant", lambda: after)
    assert "サインインできません" in person.give_password().content.decode()
