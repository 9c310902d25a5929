"""A browser that crashed leaves a session open: its person ends it with both factors, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.staff import api as staff
from tests.web.conftest import SignedIn
from tests.web.test_signin import events
from tests.web.town import Person, Town

pytestmark = pytest.mark.django_db
HERE = "/sign-in/here/"


def is_open(person: Person) -> bool:
    """Is the person signed in, in this browser?"""
    return bool(person.get("/account/").status_code == 200)


def open_sessions(person: Person) -> int:
    """How many sessions of the account have not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM staff_session WHERE account_id = %s AND ended_at IS NULL",
            [person.account_id],
        )
        return int(cursor.fetchone()[0])


def test_the_other_session_ends_and_this_one_begins(signed_in: SignedIn) -> None:
    crashed = signed_in()
    here = crashed.at_another_browser()
    refused = here.sign_in()
    assert refused.status_code == 409
    assert "ほかの端末のサインインを終わらせて、ここで始める" in refused.content.decode()
    assert not is_open(here)
    assert is_open(crashed)
    assert here.post(HERE)["Location"] == "/"
    assert is_open(here)
    assert open_sessions(here) == 1
    assert not is_open(crashed)
    assert (here.staff_no, {"step": "ended from elsewhere"}) in events(EventKind.SESSION_ENDED)


def test_the_password_alone_ends_nothing(signed_in: SignedIn) -> None:
    crashed = signed_in()
    thief = crashed.at_another_browser()
    thief.give_password()
    assert thief.post(HERE).status_code == 409
    assert not is_open(thief)
    assert is_open(crashed)


def test_somebody_else_and_a_second_try_end_nothing(signed_in: SignedIn) -> None:
    crashed, other = signed_in(), signed_in()
    here = crashed.at_another_browser()
    here.sign_in()
    assert other.post(HERE).status_code == 409
    assert Person(other.account_id, other.staff_no).post(HERE).status_code == 409
    assert here.get(HERE).status_code == 405
    assert is_open(crashed)
    assert here.post(HERE).status_code == 302
    assert here.post(HERE).status_code == 409


def test_the_offer_grows_old(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    crashed = signed_in()
    here = crashed.at_another_browser()
    here.sign_in()
    later = clock.current_instant() + timedelta(
        minutes=staff.sign_in_policy(clock.current_date_in_japan()).reauth_minutes
    )
    monkeypatch.setattr(clock, "current_instant", lambda: later)
    assert here.post(HERE).status_code == 409
    assert not is_open(here)
    assert open_sessions(here) == 1


def test_who_was_locked_meanwhile_does_not_begin(town: Town, signed_in: SignedIn) -> None:
    crashed = signed_in()
    here = crashed.at_another_browser()
    here.sign_in()
    rights = staff.rights_of(town.administrators[0], on=town.today)
    staff.lock_account(crashed.account_id, rights=rights, at=clock.current_instant(), why="紛失")
    assert here.post(HERE).status_code == 409
    assert not is_open(here)
    assert open_sessions(here) == 0


def test_after_lock_and_unlock_the_person_signs_in_at_once(town: Town, signed_in: SignedIn) -> None:
    crashed = signed_in()
    rights = staff.rights_of(town.administrators[0], on=town.today)
    for act in (staff.lock_account, staff.unlock_account):
        act(crashed.account_id, rights=rights, at=clock.current_instant(), why="ブラウザーの停止")
    here = crashed.at_another_browser()
    assert here.sign_in().status_code == 302
    assert is_open(here)


def test_a_wrong_proof_of_a_known_person_stands_under_their_name(signed_in: SignedIn) -> None:
    person = signed_in()
    person.post("/account/confirm/", {"password": "Machigatta-Aikotoba-1"})
    person.post("/account/confirm/code/", {"code": "000000"})
    steps = [(who, detail["step"]) for who, detail in events(EventKind.REAUTHENTICATION_REFUSED)]
    assert steps == [(person.staff_no, "password"), (person.staff_no, "second factor")]
