"""People of a town hall who sign in through the real pages."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from kyufu.platform.access import Access
from kyufu.staff.api import Scheme
from kyufu.web import screens, urls
from kyufu.web.signin import urls as signin_urls
from tests.web import own_pages
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


@pytest.fixture
def published(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Access]:
    """Screens of the tests' own instead of the real ones; returns under which accesses their views ran."""
    monkeypatch.setattr(screens, "_SCREENS", {})
    module = ModuleType("own_urls")
    module.urlpatterns = [*signin_urls.urlpatterns, *own_pages.publish()]  # type: ignore[attr-defined]
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(module, name, getattr(urls, name))
    settings.ROOT_URLCONF = module
    return own_pages.CALLS
