"""Which role opens which page: a table written by hand, against every page there is."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from kyufu.staff.api import Scheme
from kyufu.web.screens import Screen, all_screens
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.town import CONTRACTOR, HEAD, WARD, Town

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
MADE_UP = "AAAAAAAAAAAAAAAAAAAAAA"

# Everyone who is signed in.
EVERYONE = {
    "home", "proposals", "proposal", "proposal_confirm", "proposal_refuse", "proposal_withdraw", "my_reviews",
    "review_answer", "run", "run_cancel", "run_resume", "draft_save", "draft_discard",
}  # fmt: skip
# The few of them that a contractor's worker has.
CONTRACTED = {"home", "my_reviews", "review_answer", "draft_save", "draft_discard"}
PERSONS = {"people", "person"}
CASES = {"applications", "application"}
RUNS = {"runs", "run_start"}
CASE_LISTS = {"worklists", "undecided", "undrawable", "discrepancies", "doubtful_insurers", "inquiries"}
CASE_SETTLING = {"undrawable_settle", "discrepancy_settle"}
ROWS = {"rejected_rows", "rejected_row_settle"}
CARDS = {"certificates", "certificate_record", "unrecovered"}
HEALTH = {"health", "jobs", "job_cancel", "job_retry"}
OFFICE = RUNS | CASE_LISTS | CASE_SETTLING | CARDS | {"certificate_reprint"}
INTAKE = {
    "intake_new", "intake_change", "intake_loss", "intake_reissue", "intake_withdrawal", "intake_complete", "drafts",
}  # fmt: skip
APPROVING = {"application_approve", "application_send_back"}
NUMBERS = {
    "number_search", "number_register", "number_change", "number_withdraw", "conflicts", "conflict_settle",
}  # fmt: skip
RIGHTS_READ = {
    "accounts", "account", "grants", "offices", "terminals", "rights_table", "rights_table_csv",
    "rights_table_compare",
}  # fmt: skip
RIGHTS_CHANGE = {
    "account_add", "account_renew", "account_lock", "account_unlock", "account_reset", "account_end", "grant_ask",
    "grant_confirm", "grant_refuse", "grant_end", "office_add", "office_close", "terminal_add", "terminal_close",
    "relations", "relation_add", "relation_end",
}  # fmt: skip
LOG = {
    "log", "log_csv", "log_state", "reviews", "review", "review_assign", "review_close", "review_find",
    "review_sample", "watched", "watched_add", "watched_end",
}  # fmt: skip
DISCLOSURE = {"disclosure", "disclosure_csv"}

OPEN = {
    "counter": EVERYONE | PERSONS | CASES | OFFICE | INTAKE,
    "approver": EVERYONE | PERSONS | CASES | APPROVING | CASE_LISTS | CARDS | {"runs"},
    "head": EVERYONE | PERSONS | CASES | OFFICE | ROWS | INTAKE,
    "number": EVERYONE | PERSONS | NUMBERS | {"number_display"},
    "protection": EVERYONE | PERSONS | {"protected_address"},
    "operations": EVERYONE | ROWS | HEALTH,
    "rights": EVERYONE | RIGHTS_READ | RIGHTS_CHANGE,
    "auditor": EVERYONE | RIGHTS_READ | LOG | DISCLOSURE,
    "contractor": CONTRACTED | PERSONS | CASES | INTAKE,
}
OFFICES = {"contractor": CONTRACTOR, "head": HEAD}


def address_of(screen: Screen) -> str:
    """The address of a page, of no object in particular."""
    (pattern,) = [one for one in get_resolver().url_patterns[-1].url_patterns if one.name == screen.code]
    parts = dict.fromkeys(pattern.pattern.converters, MADE_UP)
    return reverse(screen.code, kwargs=parts)


def test_the_table_knows_every_page() -> None:
    assert {one.code for one in all_screens()} == set().union(*OPEN.values())


@pytest.mark.requirement("SPR-118", "SPR-181")
@pytest.mark.parametrize("role", sorted(OPEN))
def test_a_role_opens_its_pages_and_no_other(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role, office=OFFICES.get(role, WARD))
    for screen in all_screens():
        for method in screen.methods:
            call = person.get if method == "GET" else person.post
            status = call(address_of(screen)).status_code
            if screen.code in OPEN[role]:
                assert status != 403, (screen.code, method, status)
            else:
                assert status == 403, (screen.code, method, status)


@pytest.mark.parametrize("role", sorted(OPEN))
def test_the_menu_offers_what_opens_and_nothing_else(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role, office=OFFICES.get(role, WARD))
    offered = {link for link in read(person.get("/")).links if link.startswith("/") and link != "/"}
    listed = {address_of(one) for one in all_screens() if one.menu}
    assert offered & listed == {
        address_of(one) for one in all_screens() if one.menu and one.code in OPEN[role]
    }
    for link in offered & listed:
        assert person.get(link).status_code == 200, link


def test_who_was_granted_nothing_has_a_home_and_no_more(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("")
    for screen in all_screens():
        if "GET" in screen.methods and screen.code not in EVERYONE:
            assert person.get(address_of(screen)).status_code == 403, screen.code
    assert "有効な権限はありません" in read(person.get("/")).text


def test_nobody_opens_a_page_without_signing_in(town: Town) -> None:
    from django.test import Client

    stranger = Client()
    for screen in all_screens():
        if "GET" in screen.methods:
            answer = stranger.get(address_of(screen))
            assert answer.status_code == 302, screen.code
            assert answer["Location"].startswith("/sign-in/"), screen.code


def test_another_scheme_opens_no_case_of_this_one(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("approver", scheme=Scheme.KOKUHO)
    for code in CASES | APPROVING:
        (screen,) = [one for one in all_screens() if one.code == code]
        call = person.get if "GET" in screen.methods else person.post
        assert call(address_of(screen)).status_code == 403, code


@pytest.mark.parametrize("role", ["counter", "rights", "auditor"])
def test_a_made_up_address_is_not_found(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role)
    for screen in all_screens():
        if "GET" in screen.methods and screen.code in OPEN[role] and MADE_UP in address_of(screen):
            assert person.get(address_of(screen)).status_code == 404, screen.code
    for path in ("/people/1/", "/applications/1/", "/accounts/1/", "/people/%00/", "/people/../accounts/"):
        assert person.get(path).status_code in (400, 403, 404), path
