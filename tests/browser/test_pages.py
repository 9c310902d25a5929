"""What the links of each role lead to: axe-core finds nothing serious, and nobody scrolls sideways."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.driving import SCREEN, Desk, Shot, axe, overflow
from tests.browser.walking import kind_of, walk

ROLES = ("madoguchi", "kessai", "honcho", "bango", "hogo", "unyo", "kengen", "kansa", "itaku")
PAGES_EACH = 30
# 200 % of 1366 x 768, the width to which WCAG 2.2 (1.4.10) asks a page to reflow, and a tablet.
WINDOWS = {"200%": (683, 384), "320px": (320, 640), "tablet": (1024, 768)}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The kinds of pages that an earlier role has seen, so that each is looked at once."""
    return set()


@pytest.mark.parametrize("staff_no", ROLES)
def test_no_page_keeps_anybody_out(desk: Desk, shot: Shot, known: set[str], staff_no: str) -> None:
    page, faults, seen = desk.sign_in(staff_no), [], []
    for kind in walk(page, known=known, limit=PAGES_EACH):
        seen.append(kind)
        expect(page.locator("h1")).to_have_count(1)
        shot(page, f"{staff_no}{kind.replace('/', '-').replace('*', 'x').rstrip('-')}")
        faults += [f"{kind}: {one}" for one in axe(page)]
        for name, (width, height) in WINDOWS.items():
            page.set_viewport_size({"width": width, "height": height})
            if overflow(page) > 0:
                faults.append(f"{kind}: {overflow(page)} pixels too wide at {name}")
        page.set_viewport_size({"width": SCREEN["width"], "height": SCREEN["height"]})
    assert seen[0] == "/"
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(("address", "kind"), [
    ("/people/AbCdEfGhIjKlMnOpQrStUv/number/", "/people/*/number/"),
    ("/log/state/", "/log/state/"),
    ("/applications/?state=judged", "/applications/"),
    ("/account/keys/12/remove/", "/account/keys/*/remove/"),
])  # fmt: skip
def test_pages_that_differ_in_their_object_are_of_one_kind(address: str, kind: str) -> None:
    assert kind_of(address) == kind


def test_the_menu_stands_beside_the_page_and_is_folded_where_there_is_no_room(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("kansa")
    menu = page.get_by_role("navigation", name="メニュー")
    link = menu.get_by_role("link", name="操作記録の検索")
    expect(link).to_be_visible()
    expect(menu.get_by_text("メニュー", exact=True)).to_be_hidden()
    assert page.locator("h1").bounding_box()["y"] < 120  # type: ignore[index]
    page.set_viewport_size({"width": 683, "height": 384})
    expect(link).to_be_hidden()
    shot(page, "menu-folded")
    menu.get_by_text("メニュー", exact=True).click()
    expect(link).to_be_visible()
    shot(page, "menu-unfolded")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("操作記録の検索")


def test_the_menu_marks_where_the_page_stands(desk: Desk) -> None:
    page = desk.sign_in("kansa")
    page.goto("/log/")
    expect(page.locator(".site-menu [aria-current=page]")).to_have_text("操作記録の検索")
    page.goto("/log/state/")
    expect(page.locator(".site-menu [aria-current]")).to_have_text("操作記録の検証の状況")


def test_below_a_page_of_the_menu_the_way_up_is_shown(desk: Desk) -> None:
    page = desk.sign_in("kengen")
    page.goto("/accounts/")
    page.locator("main table a").first.click()
    crumbs = page.get_by_role("navigation", name="現在位置")
    expect(crumbs.get_by_role("link")).to_have_text(["ホーム", "アカウントの一覧"])
    expect(page.locator(".site-menu [aria-current=true]")).to_have_text("アカウントの一覧")
    crumbs.get_by_role("link", name="アカウントの一覧").click()
    expect(page).to_have_url(re.compile("/accounts/$"))


def test_a_printed_page_has_no_frame(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("kengen")
    page.goto("/rights-table/")
    page.emulate_media(media="print")
    expect(page.locator(".site-menu")).to_be_hidden()
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator("main table").first).to_be_visible()
    shot(page, "printed")
