"""Acts that open doors or hand out data ask again for both factors, and bring the person back to the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.web.screens import all_screens
from kyufu.web.signin.proofs import Proof
from kyufu.web.tokens import token_for
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.pages.test_roles import address_of
from tests.web.town import HEAD, Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SENSITIVE = {
    "account_end", "account_lock", "account_reset", "account_unlock", "application_pdf_open",
    "application_preview_open", "disclosure", "disclosure_csv",
    "grant_confirm", "log_csv", "number_change", "number_display", "number_register", "protected_address",
    "relation_add", "relation_end", "terminal_add", "terminal_close",
}  # fmt: skip


def grow_stale(person: Person, proof: Proof) -> None:
    """Let a proof be a day old."""
    session = person.client.session
    session[proof] = (clock.current_instant() - timedelta(days=1)).isoformat()
    session.save()


def test_the_screens_that_ask_again_are_these() -> None:
    assert {one.code for one in all_screens() if one.reauth} == SENSITIVE


@pytest.mark.parametrize("proof", list(Proof))
@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("rights", ("account_lock", "account_reset", "grant_confirm", "terminal_add", "relation_add")),
        ("auditor", ("disclosure", "disclosure_csv", "log_csv")),
        ("number", ("number_register", "number_change")),
    ],
)
def test_a_stale_proof_is_asked_for_again(
    proof: Proof, role: str, codes: tuple[str, ...], signed_in: SignedIn
) -> None:
    person = signed_in(role, office=HEAD)
    grow_stale(person, proof)
    screens = {one.code: one for one in all_screens()}
    for code in codes:
        answer = person.post(address_of(screens[code]), {})
        assert answer.status_code == 302, code
        assert answer["Location"].startswith("/account/confirm/"), code


def test_who_may_not_is_told_so_before_anything_is_asked(signed_in: SignedIn) -> None:
    person = signed_in("counter")
    grow_stale(person, Proof.PASSWORD)
    screens = {one.code: one for one in all_screens()}
    assert person.post(address_of(screens["log_csv"]), {}).status_code == 403


def test_nothing_is_done_and_the_person_comes_back_to_the_page(signed_in: SignedIn) -> None:
    admin, clerk = signed_in("rights", office=HEAD), signed_in("counter")
    token = token_for(kind="account", key=clerk.account_id, account_id=admin.account_id)
    page, lock = f"/accounts/{token}/", f"/accounts/{token}/lock/"
    grow_stale(admin, Proof.PASSWORD)
    answer = admin.post(lock, {"reason": "紛失"}, HTTP_REFERER=f"http://testserver{page}?q=1")
    assert answer["Location"] == f"/account/confirm/?next={page.replace('/', '%2F')}"
    today = clock.current_date_in_japan()
    seen = staff.account_by_id(clerk.account_id, on=today)
    assert seen is not None
    assert seen.state is staff.AccountState.ACTIVE
    proven = admin.post("/account/confirm/", {"password": admin.password, "next": page})
    assert proven["Location"] == page
    assert "行われていません" in read(admin.get(page)).text
    assert admin.post(lock, {"reason": "紛失"}).status_code == 302
    seen = staff.account_by_id(clerk.account_id, on=today)
    assert seen is not None
    assert seen.state is staff.AccountState.LOCKED


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/x/", "//elsewhere.example/", "", "javascript:1"]
)
def test_no_other_site_is_the_way_back(referer: str, signed_in: SignedIn) -> None:
    admin = signed_in("rights", office=HEAD)
    grow_stale(admin, Proof.PASSWORD)
    screens = {one.code: one for one in all_screens()}
    answer = admin.post(address_of(screens["terminal_add"]), {}, HTTP_REFERER=referer)
    assert answer["Location"] == "/account/confirm/?next=%2F"
