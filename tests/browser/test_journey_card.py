"""A card that was lost is issued again; a child that moved out loses the entitlement."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.births import Maternity, Newborn
from tests.browser.counter import (
    CHANGING,
    REISSUING,
    apply_for,
    choose,
    confirm,
    fill_intake,
    go_to_form,
    judge,
    open_case,
    open_person,
    receipt_of,
    state_of,
    today,
)
from tests.browser.driving import Camera, Desk
from tests.browser.test_journey_decisions import approve


def card_holder(clerk: Page, approver: Page, *, child: Newborn) -> str:
    """The addressee number of a newborn who was given a card just now; those of the demonstration run out one day."""
    receipt = apply_for(clerk, child.number)
    approve(approver, receipt)
    open_case(clerk, receipt)
    issue(clerk)
    return child.number


def issue(page: Page) -> None:
    """Issue the card of the application that is shown."""
    page.get_by_role("button", name="交付する").click()
    expect(page.get_by_role("status").first).to_contain_text("医療証を交付しました")


def test_a_lost_card_is_issued_again(desk: Desk, maternity: Maternity) -> None:
    shot = Camera("journey_reissue")
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
    number = card_holder(clerk, approver, child=maternity.child())
    open_person(clerk, number, purpose=REISSUING)
    shot(clerk, "person")
    go_to_form(clerk, "再交付申請（紛失など）")
    choose(clerk, "再交付の事由", "紛失")
    fill_intake(clerk)
    shot(clerk, "form")
    confirm(clerk)
    judge(clerk)
    shot(clerk, "judged")
    receipt = receipt_of(clerk)
    approve(approver, receipt)
    open_case(clerk, receipt)
    issue(clerk)
    shot(clerk, "issued")
    open_person(clerk, number, purpose=REISSUING)
    cards = clerk.locator("#certificates tbody tr")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("再交付")
    expect(cards.last).to_contain_text("再交付済")
    shot(clerk, "two-cards")


def test_who_moved_out_loses_the_entitlement(desk: Desk, maternity: Maternity) -> None:
    shot = Camera("journey_moved_out")
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
    number = card_holder(clerk, approver, child=maternity.child())
    maternity.moved_out(number)
    open_person(clerk, number, purpose=CHANGING)
    expect(clerk.locator(".person-alerts")).to_contain_text("市外へ転出しています。")
    shot(clerk, "alert", manual="moved-out")
    go_to_form(clerk, "喪失届（市外転出など）")
    choose(clerk, "喪失の事由", "転出")
    clerk.get_by_label("喪失の日").fill(today())
    fill_intake(clerk)
    shot(clerk, "form")
    confirm(clerk)
    judge(clerk)
    shot(clerk, "judged")
    receipt = receipt_of(clerk)
    approve(approver, receipt)
    shot(approver, "approved")
    open_case(clerk, receipt)
    assert state_of(clerk) == "完結"
    open_person(clerk, number, purpose=CHANGING)
    expect(clerk.locator("#entitlement")).to_contain_text("資格なし")
    shot(clerk, "lost")
