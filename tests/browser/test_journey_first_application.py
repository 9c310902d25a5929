"""A parent at the counter: from the search of the child to the card in hand, and how long the clerk is busy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.births import Maternity
from tests.browser.counter import (
    confirm,
    fill_intake,
    go_to_form,
    judge,
    open_case,
    receipt_of,
    search,
    state_of,
    today,
)
from tests.browser.driving import Desk, ServedCity, Shot, axe

# What the screens may take of the two minutes of the issue; the rest is the clerk's, who reads and types.
SCREENS_MAY_TAKE = 60


@dataclass
class Watch:
    """The seconds in which the clerk was busy."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, work: str) -> Iterator[None]:
        """Take the time of a piece of work."""
        started = time.monotonic()
        yield
        self.seconds[work] = round(time.monotonic() - started, 1)


def test_from_the_search_to_the_card_in_hand(
    desk: Desk, served_city: ServedCity, maternity: Maternity, shot: Shot
) -> None:
    child, watch = maternity.child(), Watch()
    clerk = desk.sign_in("madoguchi")
    shot(clerk, "home", manual="home")
    with watch.on("検索"):
        search(clerk, child.number)
    shot(clerk, "found", manual="search")
    with watch.on("個人"):
        clerk.get_by_role("link", name=child.name).click()
        expect(clerk.get_by_role("heading", name="世帯", exact=True)).to_be_visible()
    shot(clerk, "person", manual="person")
    with watch.on("受付"):
        go_to_form(clerk, "新規申請")
        fill_intake(clerk)
    shot(clerk, "form", manual="intake")
    assert axe(clerk) == []
    clerk.get_by_role("button", name="入力内容を確かめる").click()
    expect(clerk.get_by_text("まだ受け付けていません。")).to_be_visible()
    shot(clerk, "confirm")
    clerk.get_by_role("button", name="入力に戻って直す").click()
    with watch.on("確認"):
        confirm(clerk)
    shot(clerk, "received")
    with watch.on("判定"):
        judge(clerk)
    receipt = receipt_of(clerk)
    assert state_of(clerk) == "判定済"
    shot(clerk, "judged", manual="judged", at="#decision-title")

    approver = desk.sign_in("kessai")
    approve(approver, receipt=receipt, shot=shot)

    with watch.on("交付"):
        open_case(clerk, receipt)
        clerk.get_by_role("button", name="交付する").click()
        expect(clerk.get_by_role("status")).to_contain_text("医療証を交付しました")
    shot(clerk, "issued")
    with watch.on("印刷と手渡し"):
        print_and_hand_over(clerk, shot=shot)
    open_case(clerk, receipt)
    shot(clerk, "in-hand")
    expect(clerk.locator("#cards-title").locator("..")).to_contain_text("窓口で渡した")
    assert printed_as(served_city, number=child.number) == [("madoguchi", True)]
    print(f"窓口の職員の所要（秒）：{watch.seconds}")
    assert sum(watch.seconds.values()) < SCREENS_MAY_TAKE, watch.seconds


def approve(page: Page, *, receipt: str, shot: Shot) -> None:
    """The second person looks at the three columns and approves."""
    page.goto("/approvals/")
    shot(page, "queue")
    page.get_by_role("link", name=receipt).click()
    expect(page.get_by_role("heading", name="資料が示すこと")).to_be_visible()
    shot(page, "side-by-side", manual="approval")
    assert axe(page) == []
    page.get_by_role("button", name="決裁する").click()
    expect(page.get_by_role("status").first).to_have_text("決裁しました。")
    shot(page, "approved")


def print_and_hand_over(page: Page, *, shot: Shot) -> None:
    """Look at the card before it is printed, print it, and record who took it."""
    page.get_by_role("link", name="を下見する").click()
    expect(page.get_by_role("img").first).to_be_visible()
    shot(page, "preview", manual="preview")
    page.get_by_role("link", name="申請の画面へ戻る").click()
    page.get_by_role("button", name="を印刷する").click()
    expect(page.get_by_role("status").first).to_contain_text("印刷しました。")
    shot(page, "printed")
    page.get_by_label("渡し方").select_option(label="窓口で渡した")
    page.get_by_label("窓口で確認した書類").select_option(label="個人番号カード")
    page.get_by_label("渡した日・郵送した日").fill(today())
    shot(page, "hand-over", manual="hand-over")
    page.get_by_role("button", name="渡したことを記録する").click()
    expect(page.get_by_role("status").first).to_contain_text("ことを記録しました。")


def printed_as(served: ServedCity, *, number: str) -> list[tuple[str, bool]]:
    """Who printed a card of the child, and whether it carries the mark of a sample."""
    found = served.city.rows(
        """SELECT r.made_by, r.synthetic FROM documents_document d JOIN documents_print_run r ON r.id = d.run_id
             JOIN cases_certificate c ON c.id = d.subject_id AND d.kind = 'certificate'
             JOIN registry_addressee a ON a.id = c.child_id WHERE a.addressee_no = %s""",
        number,
    )
    return [(str(by), bool(synthetic)) for by, synthetic in found]
