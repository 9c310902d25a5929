"""With scripts turned off everything still posts: signing in, a search, the folded menu."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.driving import Desk, ServedCity, Shot
from tests.browser.test_keyboard import child_of_tsurumi


def test_a_search_works_without_script(desk: Desk, served_city: ServedCity, shot: Shot) -> None:
    page = desk.sign_in("madoguchi", java_script_enabled=False)
    page.get_by_role("link", name="個人を検索する").click()
    page.locator("main form").get_by_label("氏名・カナ・番号").fill(child_of_tsurumi(served_city))
    purposes = page.locator("main select")
    if purposes.count():
        purposes.first.select_option(index=1)
    page.locator("main form").get_by_role("button", name="検索").first.click()
    expect(page.locator("main table tbody a").first).to_be_visible()
    shot(page, "found")
    page.locator("main table tbody a").first.click()
    expect(page.locator("h1")).to_have_count(1)
    shot(page, "person")


def test_the_folded_menu_opens_without_script(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("kengen", java_script_enabled=False, viewport={"width": 683, "height": 384})
    menu = page.get_by_role("navigation", name="メニュー")
    expect(menu.get_by_role("link", name="アカウントの一覧")).to_be_hidden()
    menu.get_by_text("メニュー", exact=True).click()
    shot(page, "menu")
    menu.get_by_role("link", name="アカウントの一覧").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("アカウントの一覧")
