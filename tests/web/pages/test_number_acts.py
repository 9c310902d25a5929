"""What changes the vault from a page: the log has it first, or nothing happens; and a wrong registration is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kyufu.platform import clock
from kyufu.web.signin.proofs import Proof
from tests.cases.world import World
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import drain, look
from tests.registry.persons import addressee_no, my_number, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import read
from tests.web.pages.test_number_pages import page_of
from tests.web.town import OTHER_WARD, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
REASON = {"reason": "番号確認書類との照合のため"}
CHANGED = {"changed_on": "令和8年8月1日", **REASON}


@pytest.fixture(autouse=True)
def no_attempts_before(db: None) -> None:
    """With cheap hashes more people sign in within a minute than one terminal may see."""
    cache.clear()


@pytest.fixture
def ids(vault: Path, world: World) -> dict[str, int]:
    """Persons 1 and 2 have their numbers in the vault; the one sent for 4 is that of 1, and 3 came without one."""
    from kyufu.registry.api import addressee_ids

    sent = [resident(1), resident(2), resident(3, kojinbango="")]
    world.send("resident", sent)
    world.send("resident", [resident(4, kojinbango=my_number(1))])
    drain()
    return addressee_ids([addressee_no(number) for number in (1, 2, 3, 4)])


@pytest.fixture
def log_refuses() -> Iterator[Callable[[], None]]:
    """Makes the table of events refuse every insert from now on, until the test ends."""

    def refuse() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_event ADD CONSTRAINT closed CHECK (false) NOT VALID")

    yield refuse
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DROP CONSTRAINT IF EXISTS closed")


def everything_in_vault() -> list[tuple[Any, ...]]:
    """Every row of the vault that a clerk's act could touch."""
    return [
        row
        for table in ("number", "person", "link", "conflict", "conflict_transition")
        for row in look(f"SELECT t::text FROM mynumber_{table} t ORDER BY 1")
    ]


def acts(officer: Person, ids: dict[str, int]) -> dict[str, tuple[str, dict[str, str]]]:
    """Each act of a page on the vault: where it is sent, and what fills it."""
    settle = read(officer.get("/numbers/conflicts/")).form_to("/settle/").action
    one, three = (page_of(officer, ids[addressee_no(number)]) for number in (1, 3))
    return {
        "settle": (settle, {"outcome": "resolved", **REASON}),
        "register": (f"{three}number/new/", {"number": my_number(3), **REASON}),
        "change": (f"{one}number/change/", {"number": my_number(51), **CHANGED}),
        "withdraw": (f"{one}number/withdraw/", REASON),
    }


@pytest.mark.parametrize("act", ["settle", "register", "change", "withdraw"])
def test_nothing_happens_in_the_vault_where_the_log_refuses(
    act: str, ids: dict[str, int], signed_in: SignedIn, log_refuses: Callable[[], None]
) -> None:
    officer = signed_in("number")
    address, data = acts(officer, ids)[act]
    before = everything_in_vault()
    officer.client.raise_request_exception = False
    log_refuses()
    assert officer.post(address, data).status_code == 500
    assert everything_in_vault() == before
    assert events_of("number_changed", by=officer.staff_no) == []


@pytest.mark.parametrize("act", ["settle", "register", "change", "withdraw"])
def test_what_happens_in_the_vault_is_recorded_once(
    act: str, ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    address, data = acts(officer, ids)[act]
    before = everything_in_vault()
    assert officer.post(address, data).status_code == 302
    assert everything_in_vault() != before
    ((detail, _),) = events_of("number_changed", by=officer.staff_no)
    assert REASON["reason"] in detail


def test_a_point_that_is_settled_stands_in_the_log_with_its_result(
    ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    address, data = acts(officer, ids)["settle"]
    ((point,),) = look("SELECT id FROM mynumber_conflict WHERE state = 'open'")
    officer.post(address, data)
    ((detail, _),) = events_of("number_changed", by=officer.staff_no)
    assert f'"{point}"' in detail
    assert "resolved" in detail
    assert officer.post(address, data).status_code == 409
    assert look("SELECT state FROM mynumber_conflict WHERE id = %s", point) == [("resolved",)]


def test_a_wrong_registration_is_taken_back_and_the_right_person_registered(
    ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    page = page_of(officer, ids[addressee_no(1)])
    assert f"{page}number/withdraw/" in [link.split("?")[0] for link in _number_links(officer, page)]
    shown = read(officer.get(f"{page}number/withdraw/"))
    assert addressee_no(1) in shown.text
    assert officer.post(f"{page}number/withdraw/", REASON).status_code == 302
    gone = read(officer.post("/numbers/", {"number": my_number(1), "purpose": "application"}))
    assert "該当する人はいません" in gone.text
    right = f"{page_of(officer, ids[addressee_no(3)])}number/new/"
    assert officer.post(right, {"number": my_number(1), **REASON}).status_code == 302
    found = read(officer.post("/numbers/", {"number": my_number(1), "purpose": "application"}))
    assert addressee_no(3) in found.text
    assert addressee_no(1) not in found.text


def _number_links(officer: Person, page: str) -> list[str]:
    """The links about the number; each page seals its addresses anew, so they are brought to that of `page`."""
    links = [one for one in read(officer.get(page)).links if one.endswith("/number/withdraw/")]
    assert links
    for link in links:
        assert officer.get(link).status_code == 200
    return [page + "number/withdraw/" for _ in links]


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "　"}])
def test_without_a_reason_nothing_is_taken_back(
    data: dict[str, str], ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    before = everything_in_vault()
    answer = officer.post(f"{page_of(officer, ids[addressee_no(1)])}number/withdraw/", data)
    assert answer.status_code == 422
    assert everything_in_vault() == before


def test_where_there_is_no_number_nothing_is_taken_back(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    answer = officer.post(f"{page_of(officer, ids[addressee_no(3)])}number/withdraw/", REASON)
    assert answer.status_code == 409
    assert "個人番号" in read(answer).text


@pytest.mark.parametrize("proof", list(Proof))
def test_a_number_is_taken_back_after_a_fresh_proof_alone(
    proof: Proof, ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    address = f"{page_of(officer, ids[addressee_no(1)])}number/withdraw/"
    session = officer.client.session
    session[proof] = (clock.current_instant() - timedelta(days=1)).isoformat()
    session.save()
    before = everything_in_vault()
    answer = officer.post(address, REASON)
    assert answer.status_code == 302
    assert f"next={address}".replace("/", "%2F") in answer["Location"].replace("/", "%2F")
    assert everything_in_vault() == before


def test_a_number_of_another_ward_is_not_taken_back(ids: dict[str, int], signed_in: SignedIn) -> None:
    elsewhere = signed_in("number", office=OTHER_WARD)
    before = everything_in_vault()
    answer = elsewhere.post(f"{page_of(elsewhere, ids[addressee_no(1)])}number/withdraw/", REASON)
    assert answer.status_code == 403
    assert everything_in_vault() == before


BROKEN: list[dict[str, Any]] = [
    {},
    {"number": ""},
    {"number": "\x00" * 12, **REASON},
    {"number": ["1", "2"], "reason": ["a", "b"]},
    {"number": SimpleUploadedFile("n.txt", b"1"), "reason": SimpleUploadedFile("r.txt", b"1")},
    {"changed_on": "9999-12-31", **REASON},
    {"number": "９" * 12, "changed_on": "元年", "reason": "\u2028"},
    {"number": my_number(9), "changed_on": "", **REASON},
    {"number": my_number(9) * 500, "changed_on": "0" * 9000, "reason": "x" * 9000},
]


@pytest.mark.parametrize("path", ["number/new/", "number/change/", "number/withdraw/"])
def test_a_form_without_its_parts_is_a_wrong_form_and_no_failure(
    path: str, ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    for number in (1, 3):
        address = f"{page_of(officer, ids[addressee_no(number)])}{path}"
        for data in BROKEN:
            before = everything_in_vault()
            assert officer.get(f"{address}?number=1&reason=x").status_code == 200
            status = officer.post(address, data).status_code
            assert status in (302, 409, 422), (path, data)
            if status != 302:
                assert everything_in_vault() == before, (path, data)
