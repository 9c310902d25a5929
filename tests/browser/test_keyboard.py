"""Without a mouse: sign in, search, open a person, come back; and one always sees where one is."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.driving import Desk, ServedCity, Shot

# So many stops are enough to pass the menu and the longest form.
STOPS = 60
FOCUS = """() => { const one = document.activeElement, style = getComputedStyle(one);
  const said = one.labels?.[0]?.innerText || one.innerText || one.ariaLabel || "";
  return {words: one === document.body ? "" : said.trim(), tag: one.tagName,
          seen: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2}; }"""


def tab_to(page: Page, words: str, *, tag: str = "") -> None:
    """Press Tab until the focus is on what has these words; every stop on the way must show where the focus is."""
    passed = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        passed.append(found["words"])
        assert found["seen"] or found["tag"] == "BODY", f"no visible focus on {found}"
        if words in found["words"] and tag in ("", found["tag"]):
            return
    raise AssertionError(f"{words} was not reached by Tab: {passed}")


def child_of_tsurumi(city: ServedCity) -> str:
    """The addressee number of a resident of the ward whom no measure protects."""
    ((number,),) = city.city.rows(
        """SELECT a.addressee_no FROM registry_addressee a JOIN registry_person_version v ON v.addressee_id = a.id
             JOIN registry_person_event e ON e.id = v.event_id
            WHERE upper_inf(v.valid) AND upper_inf(v.recorded) AND e.ward_code = '141011' AND e.status = '1'
              AND NOT EXISTS (SELECT FROM registry_protection p WHERE p.addressee_id = a.id)
            ORDER BY e.birth_date DESC NULLS LAST, a.id LIMIT 1"""
    )
    return str(number)


def test_everything_is_done_by_keyboard(desk: Desk, served_city: ServedCity, shot: Shot) -> None:
    served_city.end_sessions("madoguchi")
    page = desk.window()
    page.goto("/sign-in/")
    tab_to(page, "職員番号")
    page.keyboard.type("madoguchi")
    tab_to(page, "パスワード")
    page.keyboard.type(served_city.credentials_of("madoguchi").password)
    page.keyboard.press("Enter")
    page.get_by_label("6桁").wait_for()
    tab_to(page, "6桁")
    page.keyboard.type(served_city.code_of("madoguchi"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="ホーム", level=1).wait_for()
    tab_to(page, "個人を検索する")
    shot(page, "home")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="個人の検索", level=1).wait_for()
    search_by_keyboard(page, number=child_of_tsurumi(served_city))
    shot(page, "found")
    opened = page.url
    tab_to_result(page)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(opened)
    expect(page).to_have_url(re.compile(r"/people/[^/]+/$"))
    shot(page, "person")
    tab_to(page, "サインアウト")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="サインイン", level=1).wait_for()


def search_by_keyboard(page: Page, *, number: str) -> None:
    """Type a number into the box, which has the focus from the first, and pick the first purpose where none is."""
    expect(page.locator("main input[name=text]")).to_be_focused()
    page.keyboard.type(number)
    if not page.locator("main select").first.input_value():
        tab_to(page, "利用目的")
        page.keyboard.press("ArrowDown")
    tab_to(page, "検索", tag="BUTTON")
    page.keyboard.press("Enter")
    page.locator("main table tbody a").first.wait_for()


def tab_to_result(page: Page) -> None:
    """Press Tab until the focus is on the person who was found."""
    name = page.locator("main table tbody a").first.inner_text().split("\n")[0]
    tab_to(page, name, tag="A")


def test_the_first_stop_leads_past_the_menu(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("kansa")
    page.goto("/log/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    shot(page, "skip-link")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_what_is_wrong_is_read_first_and_leads_to_its_field(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("kansa")
    page.goto("/log/")
    page.get_by_role("button", name="検索する").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    shot(page, "errors")
    summary.get_by_role("link").first.click()
    expect(page.locator("main select").first).to_be_focused()
