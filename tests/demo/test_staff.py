"""The people of the demonstration: who they are, what each may do, and a run that goes on where one was killed."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password

from kyufu.audit.api import acting
from kyufu.demo import staff as demo
from kyufu.demo.staff import Credentials, DemoPerson, ensure_staff, people, read_credentials
from kyufu.demo.visits import one_time_code
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from tests.conftest import TESTER
from tests.registry.persons import fetch

pytestmark = pytest.mark.django_db
YOKOHAMA = "141003"
NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
TODAY = date(2026, 8, 3)
READ, UPDATE = Level.READ, Level.UPDATE

# What a clerk of such a post may do, said apart from the tables of the product.
MAY = {
    "madoguchi": {Function.PERSON: READ, Function.CASE: UPDATE, Function.CERTIFICATE: UPDATE, Function.PRINT: UPDATE},
    "kessai": {Function.PERSON: READ, Function.CASE: READ, Function.APPROVAL: UPDATE, Function.CERTIFICATE: READ,
               Function.PRINT: READ},
    "bango": {Function.PERSON: READ, Function.NUMBER: UPDATE, Function.NUMBER_DISPLAY: READ},
    "hogo": {Function.PERSON: READ, Function.PROTECTED: UPDATE},
    "kengen": {Function.RIGHTS: UPDATE},
    "kengen-kakunin": {Function.RIGHTS: UPDATE},
    "itaku": {Function.PERSON: READ, Function.CASE: UPDATE},
}  # fmt: skip
# What nobody but those who are named may do.
ALONE = {
    Function.APPROVAL: {"kessai", "honcho-kessai"},
    Function.NUMBER_DISPLAY: {"bango"},
    Function.PROTECTED: {"hogo"},
    Function.RIGHTS: {"kengen", "kengen-kakunin"},
    Function.AUDIT: {"kansa"},
    Function.KEYS: {"unyo"},
}


class QuickHasher(Argon2PasswordHasher):
    """The product's hash at the least cost: these tests make many accounts and guess no password."""

    time_cost, memory_cost, parallelism = 1, 8, 1


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the product may catch it."""


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{QuickHasher.__module__}.{QuickHasher.__qualname__}"]
    yield


def ensure(folder: Path, *, at: datetime = NOW) -> dict[str, Credentials]:
    with acting(TESTER):
        return ensure_staff(folder, municipality=YOKOHAMA, at=at)


def rights(staff_no: str, *, on: date = TODAY) -> staff.Rights:
    found = staff.find_account(staff_no, on=on)
    assert found is not None
    return staff.rights_of(found.account_id, on=on)


def held(staff_no: str) -> dict[Function, Level]:
    """The highest level that the person holds of each function, wherever."""
    found: dict[Function, Level] = {}
    for one in rights(staff_no).held:
        found[one.function] = max(found.get(one.function, Level.NONE), one.level)
    return found


def tables() -> dict[str, list[str]]:
    """Every row about the staff and their second factors."""
    names = [row[0] for row in fetch("SELECT tablename FROM pg_tables WHERE tablename ~ '^staff_'")]
    return {name: [row[0] for row in fetch(f"SELECT t::text FROM {name} t ORDER BY 1")]
            for name in (*names, "mfa_authenticator")}  # fmt: skip


def kill_in(monkeypatch: pytest.MonkeyPatch, *, where: Any, name: str, nth: int) -> None:
    """Let the nth call of a function be the moment of the kill."""
    real: Callable[..., Any] = getattr(where, name)
    calls = iter(range(1, 10_000))

    def instead(*values: Any, **named: Any) -> Any:
        if next(calls) == nth:
            raise Killed
        return real(*values, **named)

    monkeypatch.setattr(where, name, instead)


def assert_complete(folder: Path, *, credentials: dict[str, Credentials]) -> None:
    """Everybody is there once, opens with the credentials, holds the role, and has one second factor."""
    assert credentials == read_credentials(folder)
    assert set(credentials) == {person.staff_no for person in people()}
    assert fetch("SELECT count(*) FROM staff_account")[0][0] == len(people())
    for person in people():
        assert opens(person.staff_no, credentials=credentials[person.staff_no]), person.staff_no
        granted = fetch(
            "SELECT r.code, g.state FROM staff_grant g JOIN staff_role r ON r.id = g.role_id "
            "JOIN staff_account a ON a.id = g.account_id WHERE a.staff_no = %s",
            person.staff_no,
        )
        assert granted == [(role, "confirmed") for role in person.roles], person.staff_no


def opens(staff_no: str, *, credentials: Credentials) -> bool:
    holder = get_user_model().objects.get(staff_no=staff_no)
    factor = Authenticator.objects.get(user=holder).wrap()
    code = one_time_code(credentials.totp_secret, at=datetime.now(UTC))  # noqa: TID251 - the real hour of the library
    return check_password(credentials.password, holder.password) and factor.validate_code(code)


def test_everybody_is_made_and_can_come_in(tmp_path: Path) -> None:
    assert_complete(tmp_path, credentials=ensure(tmp_path))


def test_every_person_has_a_name_that_says_it_is_no_real_one() -> None:
    found = people()
    assert len({person.staff_no for person in found}) == len(found) == 12
    assert all(isinstance(person, DemoPerson) and person.name.startswith("見本 ") for person in found)
    assert all(person.roles and person.does for person in found)


@pytest.mark.parametrize("staff_no", MAY)
def test_a_person_holds_exactly_what_the_post_needs(staff_no: str, tmp_path: Path) -> None:
    ensure(tmp_path)
    assert held(staff_no) == MAY[staff_no]


def test_what_is_delicate_is_held_by_few(tmp_path: Path) -> None:
    ensure(tmp_path)
    level = {Function.RIGHTS: UPDATE}
    for function, wanted in ALONE.items():
        least = level.get(function, READ)
        found = {one.staff_no for one in people() if held(one.staff_no).get(function, Level.NONE) >= least}
        assert found == wanted, function


def test_a_ward_stays_in_its_ward_and_the_head_office_reaches_all(tmp_path: Path) -> None:
    ensure(tmp_path)
    assert rights("madoguchi").offices(Function.CASE) == {"141011"}
    assert rights("kanagawa").offices(Function.CASE) == {"141020"}
    assert len(rights("honcho").offices(Function.CASE)) >= 19


def test_offices_are_the_wards_of_the_city(tmp_path: Path) -> None:
    ensure(tmp_path)
    offices = {office.code: office for office in staff.list_offices(on=TODAY)}
    wards = [office for office in offices.values() if office.ward_code]
    assert len(wards) == 18
    assert {office.code for office in offices.values()} - {ward.code for ward in wards} == {"honcho", "itaku"}
    assert offices["141011"].name == "鶴見区 保険年金課（見本）"
    assert {terminal.network for terminal in staff.list_terminals(on=TODAY)} == {"127.0.0.1/32", "::1/128"}


def test_two_persons_stand_behind_every_right(tmp_path: Path) -> None:
    ensure(tmp_path)
    pairs = fetch("SELECT DISTINCT asked_by_id, confirmed_by_id FROM staff_grant")
    assert pairs
    assert all(asked != confirmed for asked, confirmed in pairs)


def test_the_contractor_is_one_and_all_end_with_the_fiscal_year(tmp_path: Path) -> None:
    ensure(tmp_path)
    kinds = dict(fetch("SELECT staff_no, kind FROM staff_account"))
    assert [name for name, kind in kinds.items() if kind == "contractor"] == ["itaku"]
    assert fetch("SELECT DISTINCT expires_on FROM staff_account") == [(date(2027, 3, 31),)]
    assert rights("madoguchi", on=date(2027, 4, 1)).held == frozenset()


def test_the_file_is_for_its_user_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    kept = ensure(tmp_path / "demo")
    (file,) = (tmp_path / "demo").iterdir()
    assert file.name == "accounts.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (
        len({one.password for one in kept.values()}) == len({one.totp_secret for one in kept.values()}) == 12
    )
    assert min(len(one.password) for one in kept.values()) >= 16


def test_passwords_stand_in_no_table(tmp_path: Path) -> None:
    ensure(tmp_path)
    text = "\n".join(row for rows in tables().values() for row in rows)
    for both in read_credentials(tmp_path).values():
        assert both.password not in text
        assert both.totp_secret not in text


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = ensure(tmp_path)
    before, file = tables(), (tmp_path / "accounts.json").read_bytes()
    assert ensure(tmp_path, at=datetime(2026, 8, 4, 1, 0, tzinfo=UTC)) == first
    assert tables() == before
    assert (tmp_path / "accounts.json").read_bytes() == file


def test_without_a_run_there_are_no_credentials(tmp_path: Path) -> None:
    assert read_credentials(tmp_path) == {}


def test_a_person_who_joins_later_gets_credentials_and_the_others_keep_theirs(tmp_path: Path) -> None:
    kept = {"madoguchi": ("a-password-of-before", "JBSWY3DPEHPK3PXP")}
    (tmp_path / "accounts.json").write_text(json.dumps(kept), encoding="utf-8")
    credentials = ensure(tmp_path)
    assert credentials["madoguchi"] == Credentials(*kept["madoguchi"])
    assert_complete(tmp_path, credentials=credentials)


@pytest.mark.parametrize(
    ("where", "name", "nth"),
    [
        (demo, "_ensure_offices", 1),
        (staff, "add_office", 7),
        (staff, "register_terminal", 2),
        (staff, "add_account", 1),
        (staff, "change_password", 4),
        (demo.TOTP, "activate", 5),
        (staff, "appoint_first_administrators", 1),
        (staff, "ask_for_grant", 2),
        (staff, "confirm_grant", 3),
    ],
)
def test_a_run_that_was_killed_goes_on(
    where: Any, name: str, nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_in(patch, where=where, name=name, nth=nth)
        with pytest.raises(Killed):
            ensure(tmp_path)
    drawn = read_credentials(tmp_path)
    assert len(drawn) == 12
    accounts = fetch("SELECT count(*) FROM staff_account")[0][0]
    assert accounts == fetch("SELECT count(*) FROM mfa_authenticator")[0][0]
    credentials = ensure(tmp_path)
    assert credentials == drawn
    assert_complete(tmp_path, credentials=credentials)


def test_the_clerk_lives_in_the_city(tmp_path: Path) -> None:
    ensure(tmp_path)
    numbers = ["900000000000011", "900000000000012"]
    with acting(TESTER):
        demo.link_to_household([], on=TODAY)
        assert staff.staff_relations() == []
        for _ in range(2):
            demo.link_to_household(numbers, on=TODAY)
    assert staff.staff_relations() == [
        ("madoguchi", numbers[0], "self"),
        ("madoguchi", numbers[1], "family"),
    ]
