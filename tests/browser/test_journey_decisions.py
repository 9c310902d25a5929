"""What the law may say, and who may approve it: no, not yet, by two people, and never on facts that have changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.births import Maternity, Newborn
from tests.browser.counter import apply_for, judge, open_case, open_person, state_of, today
from tests.browser.driving import Camera, Desk, axe


def test_a_rejection_says_why_and_shows_its_letter(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_rejection"), maternity.under_another_scheme()
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
    receipt = apply_for(clerk, child.number)
    answer = clerk.locator(".answer")
    expect(answer).to_contain_text("却下：")
    expect(clerk.locator("dl.facts-dense")).to_contain_text("根拠：")
    shot(clerk, "why", manual="rejected", at="#decision-title")
    approve(approver, receipt)
    assert state_of(approver) == "却下（決裁済）"
    open_case(clerk, receipt)
    clerk.get_by_role("link", name="を下見する").click()
    expect(clerk.get_by_role("img").first).to_be_visible()
    shot(clerk, "letter")
    open_person(clerk, child.number, purpose="本人・保護者からの問合せへの回答")
    expect(clerk.locator("#applications")).to_contain_text("却下（決裁済）")
    shot(clerk, "asked-later")
    clerk.locator("#applications").get_by_role("link", name=receipt).click()
    expect(clerk.locator(".answer")).to_contain_text("却下：")


def test_what_could_not_be_decided_is_decided_by_new_evidence(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_cannot_decide"), maternity.child_without_insurance()
    clerk = desk.sign_in("madoguchi")
    receipt = apply_for(clerk, child.number)
    assert state_of(clerk) == "保留（判定不能）"
    missing = clerk.locator("ul.missing")
    expect(missing).to_contain_text("保険")
    shot(clerk, "missing", manual="missing", at="#decision-title")
    missing.get_by_role("link").first.click()
    shot(clerk, "empty-entry")
    enter_insurance(clerk, child=child)
    shot(clerk, "entry")
    assert axe(clerk) == []
    clerk.get_by_role("button", name="内容を確かめる").click()
    expect(clerk.get_by_role("heading", name="登録する前に確かめてください")).to_be_visible()
    shot(clerk, "entry-confirm")
    clerk.get_by_role("button", name="この内容で登録する").click()
    expect(clerk.get_by_role("status").first).to_contain_text("医療保険を登録しました。")
    shot(clerk, "entered")
    open_case(clerk, receipt)
    judge(clerk)
    assert state_of(clerk) == "判定済"
    shot(clerk, "decided")


def enter_insurance(page: Page, *, child: Newborn) -> None:
    """Type what stands on a certificate of national health insurance."""
    page.get_by_label("保険者番号").fill("１４９９０６")
    page.get_by_label("記号", exact=True).fill("02")
    page.get_by_label("番号", exact=False).locator("visible=true").nth(1).fill("1234567")
    page.get_by_label("枝番").fill("03")
    page.get_by_label("本人・家族の別").select_option(label="本人（被保険者）")
    page.get_by_label("資格取得年月日").fill(child.born.isoformat())
    page.get_by_label("入手元").select_option(label="提出された証明書（紙・電子）")
    page.get_by_label("受け取った日").fill(today())


def test_two_people_decide_and_several_at_once_are_each_looked_at(desk: Desk, maternity: Maternity) -> None:
    shot = Camera("journey_two_persons")
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
    receipts = [apply_for(clerk, maternity.child().number) for _ in range(2)]
    expect(clerk.get_by_role("button", name="決裁する")).to_have_count(0)
    expect(clerk.locator("main")).to_contain_text("判定した人とは別の人")
    shot(clerk, "judge-cannot-approve")
    approver.goto("/approvals/")
    for receipt in receipts:
        approver.get_by_label(f"{receipt}を選ぶ").check()
    shot(approver, "chosen")
    approver.get_by_role("button", name="選んだ申請の内容を確かめる").click()
    approver.get_by_label(f"内容を確認した（{receipts[0]}）").check()
    shot(approver, "looked-at")
    assert axe(approver) == []
    approver.get_by_role("button", name="印を付けた申請を決裁する").click()
    expect(approver.get_by_role("status").first).to_contain_text("1件を決裁しました。")
    shot(approver, "approved")
    for receipt, state in zip(receipts, ("決裁済", "判定済"), strict=True):
        open_case(clerk, receipt)
        assert state_of(clerk) == state


def test_a_decision_on_facts_that_changed_is_not_approved(desk: Desk, maternity: Maternity) -> None:
    shot, child = Camera("journey_stale"), maternity.child()
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
    receipt = apply_for(clerk, child.number)
    approver.goto("/approvals/")
    approver.get_by_role("link", name=receipt).click()
    expect(approver.get_by_role("button", name="決裁する")).to_be_visible()
    open_person(clerk, child.number)
    clerk.locator(".person-acts").get_by_role("link", name="保険を入力").click()
    enter_insurance(clerk, child=child)
    clerk.get_by_role("button", name="内容を確かめる").click()
    clerk.get_by_role("button", name="この内容で登録する").click()
    expect(clerk.get_by_role("status").first).to_contain_text("登録しました")
    with approver.expect_response("**/approve/") as answered:
        approver.get_by_role("button", name="決裁する").click()
    assert answered.value.status == 409
    refusal = approver.get_by_role("alert")
    expect(refusal).to_contain_text("処理できませんでした")
    expect(refusal).to_contain_text("変わりました")
    shot(approver, "refused")
    open_case(clerk, receipt)
    expect(clerk.locator("main")).to_contain_text("この判定は使えません。")
    shot(clerk, "stale", manual="stale")
    judge(clerk)
    approve(approver, receipt)
    shot(approver, "approved")


def approve(page: Page, receipt: str) -> None:
    """Approve one application from the queue."""
    page.goto("/approvals/")
    page.get_by_role("link", name=receipt).click()
    page.get_by_role("button", name="決裁する").click()
    expect(page.get_by_role("status").first).to_have_text("決裁しました。")
