"""Certificates for the head office: counts, list with filters, record, and re-printing with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import BadInput
from kyufu.web.pages.cards import _last_year
from tests.cases.world import AT, LATER, ON, World, certify, quiet
from tests.web.conftest import SignedIn
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, OTHER_WARD_CODE, WARD_CODE, Person

pytestmark = pytest.mark.django_db(transaction=True)
REPRINT = {"on": "2026-08-01", "reason": "印刷で汚れたため"}


@pytest.fixture(autouse=True)
def var(settings: object, tmp_path: Path) -> None:
    """Papers are printed into a folder of the test's own."""
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


def records(page: Page) -> list[str]:
    return [one for one in page.links if one.startswith("/certificates/") and one.endswith("/record/")]


def number_of(place: int = 0) -> str:
    return str(fetch("SELECT number FROM cases_certificate ORDER BY id", {})[place][0])


def test_the_list_is_narrowed_by_state_ward_and_day(clerk: Person, world: World) -> None:
    for _ in range(2):
        certify(world.family())
    cases.void_certificate(number_of(), by=LATER, at=AT, why="転出")
    for query, expected in {
        "": 2, "?state=issued": 1, "?state=voided": 1, "?state=recovered": 0, f"?ward={WARD_CODE}": 2,
        f"?ward={OTHER_WARD_CODE}": 0, "?issued_on=2026-08-01": 2, "?issued_on=R8.8.2": 0,
        f"?state=issued&ward={WARD_CODE}&issued_on=R8.8.1": 1,
    }.items():  # fmt: skip
        assert len(records(read(clerk.get(f"/certificates/{query}")))) == expected, query
    assert clerk.get("/certificates/?state=nonsense").status_code == 404
    assert clerk.get("/certificates/?issued_on=nonsense").status_code == 422


def test_a_ward_sees_its_own(world: World, signed_in: SignedIn) -> None:
    certify(world.family())
    here, other = signed_in(), signed_in(office=OTHER_WARD)
    assert len(records(read(here.get("/certificates/")))) == 1
    assert records(read(other.get("/certificates/"))) == []
    assert other.get(f"/certificates/?ward={WARD_CODE}").status_code == 404
    from kyufu.web.tokens import token_for

    key = fetch("SELECT id FROM cases_certificate", {})[0][0]
    token = token_for(kind="card", key=key, account_id=other.account_id)
    assert other.get(f"/certificates/{token}/record/").status_code == 403
    assert other.post(f"/certificates/{token}/reprint/", REPRINT).status_code == 403


def test_what_became_of_them_is_counted_by_ward_and_month(clerk: Person, world: World) -> None:
    for _ in range(3):
        certify(world.family())
    at = clock.current_instant()
    cases.void_certificate(number_of(0), by=LATER, at=at, why="転出")
    cases.recover_certificate(number_of(1), by=LATER, at=at, why="返納")
    month = date(AT.year, AT.month, 1)
    found = cases.certificate_totals(None, first_day=month, ends_before=date(2100, 1, 1))
    assert sum(one.issued for one in found) == 3
    assert (sum(one.voided for one in found), sum(one.recovered for one in found)) == (1, 1)
    assert {one.ward_code for one in found} == {WARD_CODE}
    assert cases.certificate_totals([OTHER_WARD_CODE], first_day=month, ends_before=date(2100, 1, 1)) == ()
    text = read(clerk.get("/certificates/")).text
    assert "横浜市鶴見区" in text or "鶴見区" in text
    assert "1件" in text


@pytest.mark.parametrize(
    ("today", "first", "end"),
    [
        (date(2026, 11, 29), date(2025, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 1, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2026, 2, 1), date(2027, 2, 1)),
    ],
)
def test_a_year_is_twelve_months_with_the_present_one(today: date, first: date, end: date) -> None:
    assert _last_year(today) == {"first_day": first, "ends_before": end}


def test_the_record_leads_to_child_and_application(clerk: Person, world: World) -> None:
    certify(world.family())
    page = read(clerk.get(records(read(clerk.get("/certificates/")))[0]))
    for words in (number_of(), "交付済", "まだ印刷していません", "新規の交付"):
        assert words in page.text, words
    for start in ("/people/", "/applications/"):
        assert clerk.get(page.link_to(start)).status_code == 200


def test_a_damaged_card_is_printed_again_with_a_reason(clerk: Person, world: World) -> None:
    certify(world.family())
    address = records(read(clerk.get("/certificates/")))[0]
    again = read(clerk.get(address)).form_to("/reprint/").action
    early = clerk.post(again, REPRINT)
    assert early.status_code == 409
    assert "まだ一度も印刷していません" in read(early).text
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    assert clerk.post(again, {"on": "", "reason": ""}).status_code == 422
    done = clerk.post(again, REPRINT)
    assert (done.status_code, done["Location"]) == (302, address)
    page = read(clerk.get(address))
    for words in ("再印刷のファイルを作りました", REPRINT["reason"], "certificate"):
        assert words in page.text
    assert fetch("SELECT made_by, reprint_reason FROM documents_print_run ORDER BY id", {})[-1] == (
        clerk.staff_no, REPRINT["reason"]
    )  # fmt: skip


def test_a_void_card_is_not_offered_again(clerk: Person, world: World) -> None:
    certify(world.family())
    address = records(read(clerk.get("/certificates/")))[0]
    again = read(clerk.get(address)).form_to("/reprint/").action
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    cases.void_certificate(number_of(), by=LATER, at=AT, why="転出")
    assert not [one for one in read(clerk.get(address)).forms if one.action == again]
    assert clerk.post(again, REPRINT).status_code == 409


def test_whoever_may_not_print_sees_the_record_alone(world: World, signed_in: SignedIn) -> None:
    certify(world.family())
    approver = signed_in("approver")
    page = read(approver.get(records(read(approver.get("/certificates/")))[0]))
    assert not [one for one in page.forms if one.action.endswith("/reprint/")]


def test_there_is_no_certificate_of_no_number(world: World) -> None:
    with pytest.raises(BadInput):
        cases.certificate_listed(1)


def test_what_is_due_for_print_is_what_is_printed(world: World) -> None:
    certify(world.family())
    assert documents.count_due(documents.Kind.CERTIFICATE) == 1
    assert {one: documents.count_due(one) for one in documents.Kind} == {
        one: len(list(due)) for one, due in (
            (documents.Kind.CERTIFICATE, cases.certificates_to_print()),
            (documents.Kind.REJECTION, cases.rejections_to_notify()),
            (documents.Kind.LOSS, cases.losses_to_notify()),
            (documents.Kind.MISSING_FACTS, cases.undecided_to_notify()),
            (documents.Kind.URGING, cases.mismatches_to_urge()),
            (documents.Kind.CORRECTION, cases.corrections_to_notify()),
        )
    }  # fmt: skip
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    assert documents.count_due(documents.Kind.CERTIFICATE) == 0
    with pytest.raises(BadInput):
        cases.count_letters("no_letter", but=None)
