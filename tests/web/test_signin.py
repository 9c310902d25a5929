"""Sign-in by password and second factor, through the real pages."""

from __future__ import annotations

import json
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.staff import api as staff
from tests.web.conftest import SignedIn
from tests.web.town import CHOSEN, TEMPORARY, Person, Town

NOT_SIGNED_IN = "サインインできません。"


def events(kind: EventKind) -> list[tuple[str, dict[str, str]]]:
    """Actor and detail of the events of a kind, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor_id, detail FROM audit_event WHERE kind = %s ORDER BY id", [str(kind)])
        return [(row[0], json.loads(row[1])) for row in cursor]


def state_of(person: Person) -> str:
    """The state of the account."""
    found = staff.account_by_id(person.account_id, on=clock.current_date_in_japan())
    assert found is not None
    return str(found.state)


def test_first_sign_in_asks_for_own_password_and_second_factor(newcomer: SignedIn) -> None:
    person = newcomer()
    assert person.give_password()["Location"] == "/"
    assert person.get("/")["Location"] == "/account/password/"
    assert person.choose_password().status_code == 302
    assert person.get("/")["Location"] == "/account/app/"
    assert person.enrol_app()["Location"] == "/account/codes/"
    codes = person.get("/account/codes/").content.decode()
    assert "一度だけ使える番号" in codes
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert person.get("/").status_code == 200


def test_recovery_codes_are_shown_once(signed_in: SignedIn) -> None:
    person = signed_in()
    shown = re.findall(r"<li>(\d{8})</li>", person.get("/account/codes/").content.decode())
    again = person.get("/account/codes/").content.decode()
    assert len(shown) == 10
    assert not any(code in again for code in shown)


@pytest.mark.requirement("TKY-139")
@pytest.mark.requirement("KWS-164")
@pytest.mark.requirement("ATG-214")
@pytest.mark.requirement("SPR-177")
def test_later_sign_in_needs_both_factors(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    answer = person.give_password()
    assert answer["Location"] == "/sign-in/second-factor/"
    assert person.get("/")["Location"] == "/sign-in/"
    assert person.give_code()["Location"] == "/"
    assert person.get("/").status_code == 200


def test_password_alone_opens_no_page_of_account(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    for path in ("/account/", "/account/app/", "/account/codes/", "/account/password/", "/account/keys/add/"):
        assert "/sign-in/" in person.get(path)["Location"], path


def test_code_serves_once(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    code = person.code()
    assert person.give_code(code).status_code == 302
    person.sign_out()
    person.give_password()
    assert "数字が違います" in person.give_code(code).content.decode()


@pytest.mark.requirement("SPR-178")
@pytest.mark.requirement("SPR-179")
def test_code_of_a_minute_ago_or_to_come_is_refused(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    step = int(time.time()) // 30  # noqa: TID251 - the app's clock is the real one
    for far in (-4, 4):
        code = format_hotp_value(hotp_value(person.secret, step + far))
        assert person.give_code(code).status_code == 200
    assert person.give_code()["Location"] == "/"


def test_recovery_code_serves_once(signed_in: SignedIn) -> None:
    person = signed_in()
    code = re.findall(r"<li>(\d{8})</li>", person.get("/account/codes/").content.decode())[0]
    person.sign_out()
    person.give_password()
    assert person.give_code(code)["Location"] == "/"
    person.sign_out()
    person.give_password()
    assert person.give_code(code).status_code == 200


@pytest.mark.requirement("SPR-176")
@pytest.mark.requirement("YOK-177")
@pytest.mark.parametrize("unknown", [True, False])
def test_message_does_not_tell_whether_number_exists(newcomer: SignedIn, unknown: bool) -> None:
    person = newcomer()
    if unknown:
        person.staff_no = "S99999"
    page = person.give_password(password="Machigatta-Aikotoba-1").content.decode()
    said = re.findall(r"<li>([^<]*サインインできません。[^<]*)</li>", page)
    assert len(said) == 1
    assert person.staff_no not in said[0]


@pytest.mark.requirement("TKY-140")
def test_locks_at_third_failure_and_not_before(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    for _ in range(2):
        person.give_password(password="Machigatta-Aikotoba-1")
    assert state_of(person) == "active"
    person.give_password(password="Machigatta-Aikotoba-1")
    assert state_of(person) == "locked"
    assert NOT_SIGNED_IN in person.give_password().content.decode()
    assert [detail["staff_no"] for _, detail in events(EventKind.ACCOUNT_LOCKED)] == [person.staff_no]


def test_two_failures_are_forgotten_after_success(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    for _ in range(2):
        for _ in range(2):
            person.give_password(password="Machigatta-Aikotoba-1")
        assert person.sign_in()["Location"] == "/"
        person.sign_out()
    assert state_of(person) == "active"


def test_wrong_codes_lock_too_and_right_code_comes_too_late(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    person.give_password()
    for _ in range(3):
        assert state_of(person) == "active"
        assert person.give_code("000000").status_code == 200
    assert state_of(person) == "locked"
    assert person.give_code().status_code == 200
    assert person.get("/")["Location"] == "/sign-in/"


def test_locked_account_works_again_when_unlocked(signed_in: SignedIn, town: Town) -> None:
    person = signed_in()
    person.sign_out()
    for _ in range(3):
        person.give_password(password="Machigatta-Aikotoba-1")
    rights = staff.rights_of(town.administrators[0], on=town.today)
    staff.unlock_account(person.account_id, rights=rights, at=clock.current_instant(), why="本人を確認した")
    assert person.sign_in()["Location"] == "/"


@pytest.mark.requirement("KWS-175")
def test_sign_in_and_out_are_recorded_with_the_person(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    assert person.staff_no in [actor for actor, _ in events(EventKind.SIGN_IN)]
    assert person.staff_no in [actor for actor, _ in events(EventKind.SIGN_OUT)]
    assert person.staff_no in [actor for actor, _ in events(EventKind.PASSWORD_CHANGED)]


@pytest.mark.requirement("KWS-175")
def test_failure_is_recorded_without_what_was_typed(newcomer: SignedIn) -> None:
    person = newcomer()
    person.post("/sign-in/", {"login": "Naisho-no-Aikotoba", "password": "Machigatta-Aikotoba-1"})
    person.give_password(password="Machigatta-Aikotoba-2")
    details = [detail for _, detail in events(EventKind.SIGN_IN_REFUSED)]
    assert [detail["staff_no"] for detail in details] == ["（登録のない職員番号）", person.staff_no]
    assert all(detail["terminal"] == "窓口1" for detail in details)
    assert "Aikotoba" not in str(details)


@pytest.mark.requirement("ATG-217")
@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("Mijikai-1", "短すぎます"),
        ("aaaaaaaaaaab", "推測されやすい"),
        (TEMPORARY, "最近使った"),
    ],
)
def test_weak_and_used_passwords_are_refused_beside_the_field(
    newcomer: SignedIn, new: str, said: str
) -> None:
    person = newcomer()
    person.give_password()
    page = person.choose_password(new)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert person.get("/")["Location"] == "/account/password/"


def test_wrong_old_password_changes_nothing(newcomer: SignedIn) -> None:
    person = newcomer()
    person.give_password()
    data = {"oldpassword": "Machigatta-Aikotoba-1", "password1": CHOSEN, "password2": CHOSEN}
    assert "今のパスワードが違います" in person.post("/account/password/", data).content.decode()
    person.sign_out()
    assert person.give_password().status_code == 302


def test_wrong_old_passwords_lock(signed_in: SignedIn) -> None:
    person = signed_in()
    data = {"oldpassword": "Machigatta-Aikotoba-1", "password1": CHOSEN, "password2": CHOSEN}
    for _ in range(3):
        assert person.post("/account/password/", data).status_code == 200
    assert state_of(person) == "locked"
    assert person.get("/account/").status_code == 403


@pytest.mark.requirement("TKY-143")
def test_password_over_age_must_be_changed(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_account SET password_set_at = password_set_at - interval '365 days' WHERE id = %s",
            [person.account_id],
        )
    person.sign_in()
    assert person.get("/")["Location"] == "/account/password/"
    assert person.choose_password("Himawari-to-Semi-41-ban").status_code == 302
    assert person.get("/").status_code == 200


@pytest.mark.requirement("SPR-182")
def test_account_that_ended_is_signed_out_at_next_request(signed_in: SignedIn, town: Town) -> None:
    person = signed_in()
    rights = staff.rights_of(town.administrators[0], on=town.today)
    staff.end_account(person.account_id, rights=rights, at=clock.current_instant(), why="異動")
    assert person.get("/").status_code in (302, 403)
    assert person.get("/")["Location"] == "/sign-in/"


def test_passwords_are_argon2(newcomer: SignedIn) -> None:
    person = newcomer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM staff_account WHERE id = %s", [person.account_id])
        assert cursor.fetchone()[0].startswith("argon2$argon2id$")


def test_secret_of_second_factor_is_not_in_database(signed_in: SignedIn) -> None:
    person = signed_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(session_data, ' ') FROM django_session")
        kept += cursor.fetchone()[0]
    assert person.secret not in kept
