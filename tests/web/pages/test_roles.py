"""Which role opens which page by every method, and what its menu offers: by the table written by hand.

The table is that of the attacks, which ask every page for a real object of each ward (tests/attacks/test_matrix.py);
here every page is asked for one that does not exist.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from kyufu.staff.api import Scheme
from kyufu.web.screens import Screen, all_screens
from tests.attacks.matrix import FORBIDDEN, TABLE, Row, expected_of
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.town import CONTRACTOR, HEAD, WARD, Town

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
MADE_UP = "AAAAAAAAAAAAAAAAAAAAAA"

OFFICES = {"contractor": CONTRACTOR, "head": HEAD}
ROLES = sorted(TABLE["roles"])


def opened_by(*roles: str) -> set[str]:
    """The pages that answer somebody of the roles with something else than a refusal, of whatever ward the object."""
    row = Row(roles, HEAD, is_contractor="contractor" in roles)
    return {code for (code, _), said in expected_of(row).items() if said != FORBIDDEN}


def address_of(screen: Screen) -> str:
    """The address of a page, of no object in particular."""
    (pattern,) = [one for one in get_resolver().url_patterns[-1].url_patterns if one.name == screen.code]
    parts = dict.fromkeys(pattern.pattern.converters, MADE_UP)
    return reverse(screen.code, kwargs=parts)


def test_the_table_knows_every_page() -> None:
    assert {one.code for one in all_screens()} == set(TABLE["screens"])
    assert set().union(*map(opened_by, ROLES)) == set(TABLE["screens"]), "a page that no role opens"


@pytest.mark.requirement("SPR-118", "SPR-181")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_other(role: str, town: Town, signed_in: SignedIn) -> None:
    """By the methods that the matrix of the attacks leaves out: what is sent to a page that can also be looked at."""
    person, allowed = signed_in(role, office=OFFICES.get(role, WARD)), opened_by(role)
    for screen in all_screens():
        if "POST" in screen.methods:
            status = person.post(address_of(screen)).status_code
            assert (status != 403) is (screen.code in allowed), (screen.code, status)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_offers_what_opens_and_nothing_else(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role, office=OFFICES.get(role, WARD))
    offered = {link for link in read(person.get("/")).links if link.startswith("/") and link != "/"}
    listed = {address_of(one) for one in all_screens() if one.menu}
    assert offered & listed == {
        address_of(one) for one in all_screens() if one.menu and one.code in opened_by(role)
    }
    for link in offered & listed:
        assert person.get(link).status_code == 200, link


def test_who_was_granted_nothing_has_a_home_and_no_more(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("")
    for screen in all_screens():
        if "GET" in screen.methods and screen.code not in opened_by():
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
    for code in ("applications", "application", "application_approve", "application_send_back"):
        (screen,) = [one for one in all_screens() if one.code == code]
        call = person.get if "GET" in screen.methods else person.post
        assert call(address_of(screen)).status_code == 403, code


@pytest.mark.parametrize("role", ["counter", "rights", "auditor"])
def test_a_made_up_address_is_not_found(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role)
    for screen in all_screens():
        if "GET" in screen.methods and screen.code in opened_by(role) and MADE_UP in address_of(screen):
            assert person.get(address_of(screen)).status_code == 404, screen.code
    for path in ("/people/1/", "/applications/1/", "/accounts/1/", "/people/%00/", "/people/../accounts/"):
        assert person.get(path).status_code in (400, 403, 404), path
