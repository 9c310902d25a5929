"""The attacker sees everything: no screen is left out of the attacks because nothing leads to it."""

from __future__ import annotations

import pytest

from tests.attacks.crawl import Site, patterns, screens
from tests.attacks.hall import Hall

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_every_screen_is_reached_by_following_links_and_forms(hall: Hall, site: Site) -> None:
    assert " ".join(sorted({one.code for one in screens()} - set(site.codes))) == ""


def test_every_screen_that_takes_a_form_shows_it_somewhere(hall: Hall, site: Site) -> None:
    posted = {one.code for one in screens() if "POST" in one.methods}
    assert " ".join(sorted(posted - set(site.forms))) == ""


def test_every_address_is_a_screen_or_an_entrance() -> None:
    bare = [
        place
        for place, pattern in patterns()
        if not hasattr(pattern.callback, "screen") and not hasattr(pattern.callback, "is_entrance")
    ]
    assert bare == []
