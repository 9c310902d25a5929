"""People of a town hall who sign in through the real pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kyufu.staff.api import Scheme
from tests.web.town import WARD, Person, Town, build_town

SignedIn = Callable[..., Person]


@pytest.fixture
def town(db: None) -> Town:
    """Offices, a registered terminal and two rights administrators."""
    return build_town()


@pytest.fixture
def newcomer(town: Town) -> SignedIn:
    """Makes a person of a role at an office who has not signed in yet."""

    def make(role: str = "counter", *, office: str = WARD, scheme: Scheme = Scheme.CHILD) -> Person:
        account_id, staff_no = town.account(office=office)
        if role:
            town.grant(account_id, role=role, office=office, scheme=scheme)
        return Person(account_id, staff_no)

    return make


@pytest.fixture
def signed_in(newcomer: SignedIn) -> SignedIn:
    """Makes a person of a role at an office who has signed in with password and second factor."""

    def make(role: str = "counter", *, office: str = WARD, scheme: Scheme = Scheme.CHILD) -> Person:
        return newcomer(role, office=office, scheme=scheme).begin()

    return make
