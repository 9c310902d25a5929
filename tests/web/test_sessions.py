"""Sessions: one at a time, idle and absolute limits on both sides, keys that change, and what the table holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.staff import api as staff
from tests.web.conftest import SignedIn
from tests.web.test_signin import events
from tests.web.town import Person


class Hands:
    """The hands of the house's clock, which a test may move on."""

    def __init__(self) -> None:
        self.at = clock.current_instant()

    def move(self, passed: timedelta) -> None:
        """Let time pass."""
        self.at += passed


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """A clock that stands until it is moved."""
    hands = Hands()
    monkeypatch.setattr(clock, "current_instant", lambda: hands.at)
    return hands


def is_open(person: Person) -> bool:
    """Does a page of the account still open?"""
    return bool(person.get("/account/").status_code == 200)


@pytest.mark.requirement("SPR-185")
@pytest.mark.requirement("SPR-186")
def test_session_ends_when_idle_for_so_long_and_not_before(signed_in: SignedIn, hands: Hands) -> None:
    person = signed_in()
    limit = timedelta(minutes=staff.sign_in_policy(hands.at.date()).idle_minutes)
    hands.move(limit - timedelta(seconds=1))
    assert is_open(person)
    hands.move(limit - timedelta(seconds=1))
    assert is_open(person)
    hands.move(limit)
    ended = person.get("/account/")
    assert ended.status_code == 403
    assert "自動でサインアウトしました" in ended.content.decode()
    assert person.get("/account/")["Location"].startswith("/sign-in/")
    assert [actor for actor, _ in events(EventKind.SESSION_ENDED)] == [person.staff_no]


def test_session_ends_when_open_for_so_long_and_not_before(signed_in: SignedIn, hands: Hands) -> None:
    person = signed_in()
    policy = staff.sign_in_policy(hands.at.date())
    began, limit = hands.at, timedelta(hours=policy.absolute_hours)
    while hands.at + timedelta(minutes=policy.idle_minutes - 1) < began + limit:
        hands.move(timedelta(minutes=policy.idle_minutes - 1))
        assert is_open(person)
    hands.at = began + limit - timedelta(seconds=1)
    assert is_open(person)
    hands.at = began + limit
    assert not is_open(person)


def test_what_was_sent_after_the_end_is_said_to_be_lost(signed_in: SignedIn, hands: Hands) -> None:
    person = signed_in()
    hands.move(timedelta(hours=1))
    answer = person.post("/account/codes/new/")
    assert answer.status_code == 403
    assert "登録していません" in answer.content.decode()


@pytest.mark.requirement("YOK-167")
def test_second_session_of_an_id_is_refused_and_first_goes_on(signed_in: SignedIn) -> None:
    first = signed_in()
    second = first.at_another_browser()
    answer = second.sign_in()
    assert answer.status_code == 409
    assert "ほかの端末でサインイン中" in answer.content.decode()
    assert second.get("/account/")["Location"].startswith("/sign-in/")
    assert is_open(first)
    assert (first.staff_no, {"step": "session"}) in events(EventKind.SIGN_IN_REFUSED)


def test_second_session_begins_when_first_was_signed_out(signed_in: SignedIn) -> None:
    first = signed_in()
    second = first.at_another_browser()
    first.sign_out()
    assert second.sign_in()["Location"] == "/"
    assert is_open(second)
    assert not is_open(first)


def test_second_session_begins_when_first_was_idle(signed_in: SignedIn, hands: Hands) -> None:
    first = signed_in()
    second = first.at_another_browser()
    hands.move(timedelta(minutes=staff.sign_in_policy(hands.at.date()).idle_minutes))
    assert second.sign_in()["Location"] == "/"
    assert not is_open(first)


def test_key_changes_at_sign_in(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    before = person.client.cookies["session"].value
    person.give_code()
    assert person.client.cookies["session"].value != before


def test_planted_key_is_not_signed_in(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    planted = "a" * 32
    person.client.cookies["session"] = planted
    person.sign_in()
    assert person.client.cookies["session"].value != planted
    thief = Person(person.account_id, person.staff_no)
    thief.client.cookies["session"] = planted
    assert not is_open(thief)


def test_key_changes_at_password_change_and_session_goes_on(signed_in: SignedIn) -> None:
    person = signed_in()
    before = person.client.cookies["session"].value
    person.choose_password("Himawari-to-Semi-41-ban")
    assert person.client.cookies["session"].value != before
    assert is_open(person)
    stale = Person(person.account_id, person.staff_no)
    stale.client.cookies["session"] = before
    assert not is_open(stale)


def test_signed_out_key_opens_nothing(signed_in: SignedIn) -> None:
    person = signed_in()
    key = person.client.cookies["session"].value
    person.sign_out()
    thief = Person(person.account_id, person.staff_no)
    thief.client.cookies["session"] = key
    assert not is_open(thief)


def test_tables_hold_no_key_of_a_session(signed_in: SignedIn) -> None:
    person = signed_in()
    key = person.client.cookies["session"].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        kept = [row[0] for row in cursor]
        cursor.execute("SELECT key_digest FROM staff_session")
        kept += [row[0] for row in cursor]
    assert len(kept) >= 2
    assert key not in kept
    thief = Person(person.account_id, person.staff_no)
    for stolen in kept:
        thief.client.cookies["session"] = stolen
        assert not is_open(thief)


@pytest.mark.requirement("ATG-240")
def test_signing_out_needs_a_form(signed_in: SignedIn) -> None:
    person = signed_in()
    assert person.get("/sign-out/").status_code == 200
    assert is_open(person)
    assert person.sign_out()["Location"] == "/sign-in/"
    assert not is_open(person)
