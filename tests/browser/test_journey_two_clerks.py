"""Two clerks at one child: the second is told who was first. And a session that ends in mid-form loses nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.births import Maternity
from tests.browser.counter import fill_intake, go_to_form, open_person, receipt_of, receive, today
from tests.browser.driving import Camera, Desk, ServedCity

PAPER = "見本の申立書"


def test_the_second_clerk_is_told_who_was_first(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_two_clerks"), maternity.child()
    first, second = desk.sign_in("madoguchi"), desk.sign_in("honcho")
    for page in (first, second):
        open_person(page, child.number)
        go_to_form(page, "新規申請")
        fill_intake(page)
        page.get_by_role("button", name="入力内容を確かめる").click()
        expect(page.get_by_text("まだ受け付けていません。")).to_be_visible()
    receive(first)
    receipt = receipt_of(first)
    second.get_by_role("button", name="この内容で受け付ける").click()
    refusal = second.get_by_role("alert")
    expect(refusal).to_contain_text("処理できませんでした")
    expect(second.locator("main")).to_contain_text("見本 まどか")
    expect(second.locator("main")).to_contain_text(receipt)
    shot(second, "second-is-told")
    expect(second.get_by_role("button", name="この内容で受け付ける")).to_have_count(0)


def test_a_second_judgement_is_refused_and_names_the_first(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_two_clerks_judging"), maternity.child()
    first, second = desk.sign_in("madoguchi"), desk.sign_in("honcho")
    open_person(first, child.number)
    go_to_form(first, "新規申請")
    fill_intake(first)
    first.get_by_role("button", name="入力内容を確かめる").click()
    receive(first)
    receipt = receipt_of(first)
    open_person(second, child.number)
    second.locator("#applications").get_by_role("link", name=receipt).click()
    first.locator(".acts-bar").get_by_role("button", name="判定する").click()
    expect(first.get_by_role("status").first).to_have_text("判定しました。")
    second.locator(".acts-bar").get_by_role("button", name="判定する").click()
    expect(second.get_by_role("alert")).to_contain_text("見本 まどか")
    expect(second.get_by_role("alert")).to_contain_text("判定済")
    shot(second, "second-is-told")


def test_a_session_that_ends_in_mid_form_keeps_the_draft(
    desk: Desk, served_city: ServedCity, maternity: Maternity
) -> None:
    shot, child = Camera("journey_time_out"), maternity.child()
    clerk = desk.sign_in("madoguchi")
    open_person(clerk, child.number)
    go_to_form(clerk, "新規申請")
    with clerk.expect_response("**/save/"):
        fill_intake(clerk)
        clerk.get_by_label("そのほかの書類").fill(PAPER)
        expect(clerk.locator(".draft-status")).to_contain_text("下書き")
    with clerk.expect_response("**/save/"):
        clerk.get_by_label("そのほかの書類").press("Tab")
    shot(clerk, "typed")
    served_city.end_sessions("madoguchi")
    clerk.get_by_role("button", name="入力内容を確かめる").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("自動でサインアウトしました")
    shot(clerk, "ended")
    clerk.get_by_role("link", name="サインインする").click()
    desk.sign_in_at(clerk, staff_no="madoguchi")
    clerk.goto("/drafts/")
    shot(clerk, "drafts", manual="drafts")
    row = clerk.get_by_role("row").filter(has_text=child.name)
    row.get_by_role("link", name="続きを入力する").click()
    expect(clerk.get_by_label("そのほかの書類")).to_have_value(PAPER)
    expect(clerk.get_by_label("受付日")).to_have_value(today())
    shot(clerk, "goes-on")
