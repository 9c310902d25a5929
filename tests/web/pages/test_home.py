"""Home: the own work first, buttons by right, and grants that end soon said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import GrantSeen, GrantState, Scheme
from kyufu.web.pages.home import DUTIES, EXPIRES_SOON, expiring
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.town import CONTRACTOR, HEAD, Town

ON = date(2026, 11, 29)


def grant(*, starts: date, ends_before: date, role: str = "counter", office: str = "W01") -> GrantSeen:
    return GrantSeen(
        grant_id=1, staff_no="S1", name="戸塚 桜子", role=role, role_name="窓口担当", office_code=office,
        office_name="戸塚区保険係", scheme=Scheme.CHILD, valid_from=starts, ends_before=ends_before,
        state=GrantState.CONFIRMED, why="担当のため", asked_by="管野 一郎", confirmed_by="管野 二葉",
    )  # fmt: skip


BEGAN = date(2026, 4, 1)


def test_every_open_state_is_somebodys_duty() -> None:
    assert {one.state for one in DUTIES} == set(cases.OPEN_STATES)
    assert len(DUTIES) == len(cases.OPEN_STATES)


@pytest.mark.parametrize(
    ("ends_before", "days_left"),
    [(ON + timedelta(days=1), 0), (ON + timedelta(days=2), 1), (ON + EXPIRES_SOON, 29)],
)
def test_a_grant_that_ends_soon_is_spoken_of_with_the_days_that_are_left(
    ends_before: date, days_left: int
) -> None:
    one = grant(starts=BEGAN, ends_before=ends_before)
    assert [(found.grant, found.days_left) for found in expiring([one], on=ON)] == [(one, days_left)]


@pytest.mark.parametrize("starts", [BEGAN, ON + timedelta(days=1)])
def test_a_grant_that_goes_on_or_has_not_begun_is_not(starts: date) -> None:
    far = grant(starts=starts, ends_before=ON + EXPIRES_SOON + timedelta(days=1))
    assert list(expiring([far], on=ON)) == []
    to_come = grant(starts=ON + timedelta(days=3), ends_before=ON + timedelta(days=9))
    assert list(expiring([to_come], on=ON)) == []


def test_a_grant_that_another_follows_is_not_spoken_of() -> None:
    ends = ON + timedelta(days=10)
    one, next_one = grant(starts=BEGAN, ends_before=ends), grant(starts=ends, ends_before=date(2028, 4, 1))
    assert list(expiring([one, next_one], on=ON)) == []
    for other in (replace(next_one, role="head"), replace(next_one, office_code="W02"),
                  replace(next_one, scheme=Scheme.KOKUHO), replace(next_one, valid_from=ends + timedelta(days=1)),
                  replace(next_one, ends_before=ends)):  # fmt: skip
        assert [found.grant for found in expiring([one, other], on=ON)][:1] == [one]


@pytest.mark.django_db
def test_the_page_says_when_a_right_ends(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("")
    today = clock.current_date_in_japan()
    first, second = (staff.rights_of(one, on=today) for one in town.administrators)
    at = clock.current_instant()
    asked = staff.ask_for_grant(
        person.account_id, role="counter", office="W01", scheme=Scheme.CHILD, valid_from=today,
        last_day=today + timedelta(days=12), by=first.actor(), at=at, why="応援のため",
    )  # fmt: skip
    staff.confirm_grant(asked, rights=second, at=at)
    assert "あと12日" in read(person.get("/")).text


@pytest.mark.django_db
def test_buttons_lead_to_what_may_be_opened(town: Town, signed_in: SignedIn) -> None:
    clerk = read(signed_in().get("/"))
    assert {"/people/", "/applications/"} <= set(clerk.links)
    assert "個人を検索する" in clerk.text
    rights = read(signed_in("rights").get("/"))
    assert "個人を検索する" not in rights.text
    assert "申請・届出の一覧" not in rights.text


@pytest.mark.django_db
def test_each_sees_the_own_duty_apart_from_the_others(town: Town, signed_in: SignedIn) -> None:
    def own(role: str, office: str = "W01") -> str:
        text = read(signed_in(role, office=office).get("/")).text
        return text.partition("あなたの仕事")[2].partition("ほかの職員の")[0]

    clerk, approver = own("counter"), own("approver")
    assert "差戻しの理由を見て" in clerk
    assert "医療証を交付する" in clerk
    assert "決裁する" not in clerk
    assert "判定を確かめて、決裁する" in approver
    assert "差戻し" not in approver
    assert own("contractor", CONTRACTOR) == ""


@pytest.mark.django_db
def test_who_sees_no_cases_is_shown_none(town: Town, signed_in: SignedIn) -> None:
    text = read(signed_in("auditor", office=HEAD).get("/")).text
    assert "あなたの仕事" not in text
    assert "ほかの職員の処理" not in text
    assert "二人目の確認を待っている申し出" in text


@pytest.mark.django_db
def test_home_asks_the_database_little(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("counter")
    with CaptureQueriesContext(connection) as asked:
        assert person.get("/").status_code == 200
    tables = ("cases_application", "audit_review", "staff_grant", "staff_proposal")
    own = [one["sql"] for one in asked if one["sql"].startswith("SELECT") or "FROM" in one["sql"]]
    for table in tables:
        assert len([sql for sql in own if table in sql]) <= 3, (table, own)
