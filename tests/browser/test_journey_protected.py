"""A protected family: the address is nowhere, whoever looks; it opens for a right and a reason alone, and is logged."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.births import Maternity, Newborn
from tests.browser.counter import open_person, search
from tests.browser.driving import Camera, Desk, ServedCity

REASON = "送付先の確認のため（本人からの申出、本人確認済み）"


def test_the_address_of_a_protected_child_opens_by_right_and_reason_alone(
    desk: Desk, served_city: ServedCity, maternity: Maternity
) -> None:
    shot, child = Camera("journey_protected"), maternity.protected()
    home = home_of(served_city, child=child)
    clerk = desk.sign_in("madoguchi")
    search(clerk, child.number)
    says_nothing(clerk, home=home)
    shot(clerk, "found")
    open_person(clerk, child.number)
    expect(clerk.locator(".person-alerts")).to_contain_text("支援措置の対象です。")
    says_nothing(clerk, home=home)
    expect(clerk.get_by_role("link", name="理由を入力して住所を表示する")).to_have_count(0)
    shot(clerk, "person", manual="protected")
    clerk.locator(".person-acts").get_by_role("link", name="新規申請", exact=True).click()
    expect(clerk.get_by_text("支援措置のため、世帯員は表示しません。")).to_be_visible()
    says_nothing(clerk, home=home)
    shot(clerk, "form")

    keeper = desk.sign_in("hogo")
    open_person(keeper, child.number)
    says_nothing(keeper, home=home)
    keeper.get_by_role("link", name="理由を入力して住所を表示する").click()
    says_nothing(keeper, home=home)
    shot(keeper, "reason-asked")
    keeper.get_by_label("表示する理由").fill(REASON)
    keeper.get_by_role("button", name="理由を記録して表示する").click()
    expect(keeper.locator("main")).to_contain_text(home[0])
    shot(keeper, "revealed")
    (reason,) = reasons_logged(served_city, child=child)
    assert REASON in reason


def home_of(served: ServedCity, *, child: Newborn) -> tuple[str, str]:
    """Town and house number of the child."""
    ((town, house),) = served.city.rows(
        """SELECT e.town, e.house_number FROM registry_person_event e
             JOIN registry_addressee a ON a.id = e.addressee_id WHERE a.addressee_no = %s""", child.number,
    )  # fmt: skip
    return str(town), str(house)


def says_nothing(page: Page, *, home: tuple[str, str]) -> None:
    """Neither text nor source of the page holds the town or the house number."""
    content = page.content()
    assert not [part for part in home if part in content]


def reasons_logged(served: ServedCity, *, child: Newborn) -> list[str]:
    """The reasons in the log for which the child's address was opened."""
    found = served.city.rows(
        """SELECT v.detail ->> '理由' FROM audit_event v JOIN registry_addressee a ON v.subjects @> ARRAY[a.id]
            WHERE v.kind = 'protected_displayed' AND v.actor_id = 'hogo' AND a.addressee_no = %s""",
        child.number,
    )
    return [str(reason) for (reason,) in found]
