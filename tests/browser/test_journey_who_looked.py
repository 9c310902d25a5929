"""Who looked at this child? The privacy staff answers in two steps, for this month, the last one, or a period."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.births import Maternity
from tests.browser.counter import ANSWERING, open_person
from tests.browser.driving import Camera, Desk, axe


def test_who_looked_at_a_child_is_told_with_screen_and_purpose(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_who_looked"), maternity.child()
    open_person(desk.sign_in("madoguchi"), child.number, purpose=ANSWERING)
    auditor = desk.sign_in("kansa")
    auditor.get_by_role("navigation", name="メニュー").get_by_role("link", name="だれが見たかの確認").click()
    shot(auditor, "find")
    auditor.get_by_label("氏名").or_(auditor.locator("main form input[type=text]")).first.fill(child.number)
    auditor.get_by_role("button", name="探す").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("この人の情報をだれが見たか")
    shot(auditor, "first-answer")
    auditor.get_by_role("link", name="先月").click()
    expect(auditor.locator("main")).to_contain_text("この期間に、この人の情報を見た記録はありません。")
    shot(auditor, "last-month")
    auditor.get_by_role("link", name="今月").click()
    readers = auditor.locator("section[aria-labelledby=readers-title] tbody tr")
    expect(readers.filter(has_text="見本 まどか")).to_have_count(1)
    looks = auditor.locator("section[aria-labelledby=looks-title] tbody tr")
    expect(looks.filter(has_text=ANSWERING).first).to_contain_text("madoguchi")
    shot(auditor, "this-month", manual="who-looked")
    assert axe(auditor) == []
