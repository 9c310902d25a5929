"""Sessions taken over: fixed before sign-in, kept after sign-out, copied, or raised by a tampered cookie."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from kyufu.staff import api as staff
from tests.web.conftest import SignedIn
from tests.web.town import OTHER_WARD, Person, Town

pytestmark = pytest.mark.django_db
COOKIE = settings.SESSION_COOKIE_NAME
ELSEWHERE = "127.0.0.9"


def _key(person: Person) -> str:
    return str(person.client.cookies[COOKIE].value)


def _with(key: str) -> Client:
    thief = Client(enforce_csrf_checks=True)
    thief.cookies[COOKIE] = key
    return thief


def test_a_key_that_was_planted_before_sign_in_is_worth_nothing_after_it(newcomer: SignedIn) -> None:
    person = newcomer("counter")
    person.csrf()
    person.client.cookies[COOKIE] = "a" * 32
    person.begin()
    assert _key(person) != "a" * 32
    assert _with("a" * 32).get("/people/")["Location"].startswith("/sign-in/")


def test_the_key_changes_at_every_step_that_proves_more(newcomer: SignedIn) -> None:
    person = newcomer("counter")
    keys = []
    for step in (person.give_password, person.choose_password):
        step()
        keys.append(_key(person))
    person.enrol_app()
    person.sign_out()
    person.give_password()
    keys.append(_key(person))
    person.give_code()
    keys.append(_key(person))
    assert len(set(keys)) == len(keys)
    for old in keys[:-1]:
        assert _with(old).get("/people/").status_code == 302


def test_the_half_open_key_of_the_password_step_does_not_become_the_open_one(signed_in: SignedIn) -> None:
    person = signed_in("counter")
    person.sign_out()
    person.give_password()
    half = _key(person)
    person.give_code()
    assert _with(half).get("/people/").status_code == 302
    assert person.get("/people/").status_code == 200


def test_a_copied_key_is_dead_after_sign_out(signed_in: SignedIn) -> None:
    person = signed_in("counter")
    copied = _key(person)
    assert _with(copied).get("/people/").status_code == 200
    person.sign_out()
    assert _with(copied).get("/people/").status_code == 302
    assert _with(copied).post("/people/", {"text": "a"}).status_code == 403


def test_the_hash_in_the_table_is_no_key(signed_in: SignedIn) -> None:
    signed_in("counter")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        for (stored,) in cursor.fetchall():
            assert _with(stored).get("/people/").status_code == 302


@pytest.mark.parametrize(
    "key", ["", "a", "../../etc/passwd", "' OR '1'='1", "%00", "é" * 20, "A" * 5_000, "0" * 32]
)
def test_a_made_up_key_opens_nothing(signed_in: SignedIn, key: str) -> None:
    signed_in("counter")
    assert _with(key).get("/people/").status_code == 302


def test_cookies_are_closed_to_scripts_and_other_sites(signed_in: SignedIn) -> None:
    person = signed_in("counter")
    session, csrf = person.client.cookies[COOKIE], person.client.cookies[settings.CSRF_COOKIE_NAME]
    assert (
        session["httponly"]
        and session["samesite"] == "Lax"
        and not session["domain"]
        and not session["expires"]
    )
    assert csrf["httponly"] and csrf["samesite"] == "Strict" and not csrf["domain"]


def test_a_key_carried_to_another_registered_terminal_ends_the_session_on_both(
    signed_in: SignedIn, town: Town
) -> None:
    staff.register_terminal(name="窓口9", office=OTHER_WARD, valid_from=town.today, network=f"{ELSEWHERE}/32")
    person = signed_in("counter")
    answer = _with(_key(person)).get("/people/", REMOTE_ADDR=ELSEWHERE)
    assert answer.status_code == 403
    assert "別の端末から操作があったか" in answer.content.decode()
    assert person.get("/people/").status_code in (302, 403)
    person.sign_in()
    assert person.get("/people/").status_code == 200


def test_a_second_sign_in_of_the_same_number_is_refused(signed_in: SignedIn) -> None:
    person = signed_in("counter")
    other = person.at_another_browser()
    other.give_password()
    assert other.give_code().status_code == 409
    assert other.get("/people/").status_code == 302
    assert person.get("/people/").status_code == 200
