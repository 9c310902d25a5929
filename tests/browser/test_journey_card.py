"""A card that was lost is issued again; a child that moved out loses the entitlement."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.births import WARD, Maternity
from tests.browser.counter import (
    CHANGING,
    REISSUING,
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
from tests.browser.driving import Camera, Desk, ServedCity
from tests.browser.test_journey_decisions import approve
from tests.journeys.city_run import CityRun

# The youngest first: their cards hold longest.
HOLDERS = """
    SELECT a.addressee_no FROM cases_certificate c JOIN cases_application p ON p.id = c.application_id
      JOIN registry_addressee a ON a.id = c.child_id
      JOIN registry_person_version v ON v.addressee_id = a.id AND upper_inf(v.valid) AND upper_inf(v.recorded)
      JOIN registry_person_event e ON e.id = v.event_id
     WHERE c.state = 'issued' AND c.valid @> current_date AND p.ward_code = %s AND e.status = '1'
       AND p.state = 'issued' AND a.addressee_no < '000000008000000'
     ORDER BY e.birth_date DESC, a.id"""


def holder(city: CityRun, *, place: int) -> str:
    """The addressee number of a child of the ward who holds a card from the demonstration, by place in the list."""
    found = [str(number) for (number,) in city.rows(HOLDERS, WARD)]
    if len(found) <= place:
        pytest.skip("the cards of the demonstration have run out: its day lies more than a year back")
    return found[place]


def test_a_lost_card_is_issued_again(desk: Desk, served_city: ServedCity) -> None:
    shot, number = Camera("journey_reissue"), holder(served_city.city, place=0)
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
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
    clerk.get_by_role("button", name="交付する").click()
    expect(clerk.get_by_role("status").first).to_contain_text("医療証を交付しました")
    shot(clerk, "issued")
    open_person(clerk, number, purpose=REISSUING)
    cards = clerk.locator("#certificates tbody tr")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("再交付")
    expect(cards.last).to_contain_text("再交付済")
    shot(clerk, "two-cards")


def test_who_moved_out_loses_the_entitlement(
    desk: Desk, served_city: ServedCity, maternity: Maternity
) -> None:
    shot, number = Camera("journey_moved_out"), holder(served_city.city, place=1)
    maternity.moved_out(number)
    clerk, approver = desk.sign_in("madoguchi"), desk.sign_in("kessai")
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
