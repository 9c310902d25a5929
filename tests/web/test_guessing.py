"""Guessing: who exists, passwords, codes; one after the other and all at once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from kyufu.platform import clock
from kyufu.staff import api as staff
from tests.attacks.sending import same_shape
from tests.web.conftest import SignedIn
from tests.web.town import Person, Town

WRONG = "Machigatta-Aikotoba-1"
LIMIT = 3


def _state(person: Person) -> str:
    found = staff.account_by_id(person.account_id, on=clock.current_date_in_japan())
    assert found is not None
    return str(found.state)


@pytest.mark.django_db
def test_unknown_known_locked_and_ended_numbers_get_the_same_page(newcomer: SignedIn, town: Town) -> None:
    known, locked, ended = newcomer(), newcomer(), newcomer()
    by, at = staff.rights_of(town.administrators[0], on=town.today), clock.current_instant()
    staff.lock_account(locked.account_id, rights=by, at=at, why="紛失の届出")
    staff.end_account(ended.account_id, rights=by, at=at, why="退職")
    pages = set()
    for person in (known, locked, ended, Person(0, "S99999")):
        for password in (WRONG, person.password) if person is not known else (WRONG,):
            answer = person.give_password(password=password)
            assert answer.status_code == 200
            pages.add(re.sub(r"\s+", " ", same_shape(answer.content.decode(), payload=person.staff_no)))
    assert len(pages) == 1


@pytest.mark.django_db
def test_unknown_and_known_numbers_take_as_long(newcomer: SignedIn) -> None:
    """Argon2 takes most of the time, and is done for both; the quickest answers differ by less than half of it."""
    known, unknown = [newcomer() for _ in range(4)], [Person(0, f"S9990{one}") for one in range(4)]
    times = {}
    for name, people in (("known", known), ("unknown", unknown)):
        taken = []
        for person in (one for one in people for _ in range(2)):
            person.csrf()
            began = perf_counter()
            person.give_password(password=WRONG)
            taken.append(perf_counter() - began)
        times[name] = min(taken)
    assert min(times.values()) > max(times.values()) / 2


@pytest.mark.requirement("TKY-140")
@pytest.mark.django_db
def test_brute_force_of_passwords_ends_at_the_third_guess(newcomer: SignedIn) -> None:
    person = newcomer()
    guesses = [f"Atatta-kamo-{one}-ban-me" for one in range(6)]
    guesses.insert(LIMIT, person.password)
    answers = [person.give_password(password=guess).status_code for guess in guesses]
    assert answers == [200] * len(guesses)
    assert _state(person) == "locked"


@pytest.mark.django_db
def test_guesses_for_many_accounts_from_one_terminal_are_slowed_down(newcomer: SignedIn) -> None:
    """Spraying one password over all numbers meets the limit of the terminal, not of an account."""
    spray = [Person(0, f"S8{one:04}") for one in range(40)]
    pages = [one.give_password(password=WRONG) for one in spray]
    assert 429 in {page.status_code for page in pages} or any(
        "しばらく" in page.content.decode() for page in pages
    )


@pytest.mark.django_db
def test_brute_force_of_codes_ends_at_the_third_guess(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    for guess in range(5):
        person.give_code(f"{guess:06}")
    assert _state(person) == "locked"
    assert person.give_code().status_code == 200
    assert person.get("/")["Location"] == "/sign-in/"


@pytest.mark.django_db
def test_wrong_codes_and_wrong_passwords_count_together(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password(password=WRONG)
    person.give_password(password=WRONG)
    person.give_password()
    person.give_code("000000")
    assert _state(person) == "locked"


@pytest.mark.django_db
def test_guesses_at_re_authentication_lock_as_well(signed_in: SignedIn) -> None:
    person = signed_in()
    for _ in range(LIMIT):
        person.post("/account/confirm/", {"password": WRONG})
    assert _state(person) == "locked"
    assert person.get("/people/").status_code in (302, 403)


@pytest.mark.django_db
def test_a_code_seen_over_the_shoulder_does_not_serve_again(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    code = person.code()
    assert person.give_code(code).status_code == 302
    person.sign_out()
    thief = person.at_another_browser()
    thief.give_password()
    assert thief.give_code(code).status_code == 200
    assert thief.post("/account/confirm/code/", {"code": code}).status_code in (302, 403)


@pytest.mark.parametrize(
    "code", ["", "０００００００", "12345", "1234567", "abcdef", "-00001", "1e5", "' OR 1=1--"]
)
@pytest.mark.django_db
def test_what_is_no_code_is_refused(signed_in: SignedIn, code: str) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    assert person.post("/sign-in/second-factor/", {"code": code}).status_code == 200
    assert person.get("/")["Location"] == "/sign-in/"


@pytest.mark.django_db
def test_the_second_step_is_not_reached_for_another_account(signed_in: SignedIn) -> None:
    """The password of one and the code of another open neither."""
    first, second = signed_in(), signed_in()
    first.sign_out()
    second.sign_out()
    first.give_password()
    assert (
        first.post("/sign-in/second-factor/", {"code": second.code(), "login": second.staff_no}).status_code
        == 200
    )
    assert first.get("/")["Location"] == "/sign-in/"


@pytest.mark.django_db(transaction=True, databases=["default"])
def test_guesses_sent_all_at_once_do_not_exceed_the_limit(newcomer: SignedIn) -> None:
    """Sixteen guesses at the same time, are checked one after the other: the account is locked, and once."""
    person = newcomer()
    guesses = [f"Atatta-kamo-{one}-ban-me" for one in range(16)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda guess: _guess(person.staff_no, guess=guess), guesses))
    assert set(statuses) <= {200, 429}
    assert _state(person) == "locked"
    assert _guess(person.staff_no, guess=person.password) in (200, 429)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE kind = 'account_locked'")
        assert cursor.fetchone()[0] == 1


def _guess(staff_no: str, *, guess: str) -> int:
    client = Client(enforce_csrf_checks=True)
    try:
        client.get("/sign-in/")
        token = client.cookies[settings.CSRF_COOKIE_NAME].value
        data = {"login": staff_no, "password": guess, "csrfmiddlewaretoken": token}
        return int(client.post("/sign-in/", data).status_code)
    finally:
        connections.close_all()
