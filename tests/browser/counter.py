"""What a clerk does at the counter, by the words on the screens."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from kyufu.notation.display import format_date
from kyufu.platform import clock

APPLYING = "申請の受付・審査"
ANSWERING = "本人・保護者からの問合せへの回答"
CHANGING = "異動届・喪失届の処理"
REISSUING = "医療証の再交付"


def today() -> str:
    """Today as a clerk writes it."""
    return format_date(clock.current_date_in_japan())


def search(page: Page, number: str, *, purpose: str = APPLYING) -> None:
    """From any page: look the person of a number up for a purpose."""
    page.goto("/")
    page.get_by_role("link", name="個人を検索する").click()
    page.get_by_label("氏名・カナ・番号・生年月日・住所").fill(number)
    page.get_by_label("利用目的").select_option(label=purpose)
    page.get_by_role("button", name="検索する").click()
    expect(page.get_by_role("status").first).to_contain_text("1人")


def open_person(page: Page, number: str, *, purpose: str = APPLYING) -> None:
    """Look somebody up and open the page."""
    search(page, number, purpose=purpose)
    page.locator("main table tbody a").first.click()
    expect(page.get_by_role("heading", name="世帯", exact=True)).to_be_visible()


def go_to_form(page: Page, words: str) -> None:
    """Press one of the buttons of the person's page that lead to the intake."""
    page.locator(".person-acts").get_by_role("link", name=words, exact=True).click()


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question of radio buttons or boxes."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill_intake(page: Page) -> None:
    """The parts that every form of the intake has, in the order of the paper: receipt, guardian, papers, identity."""
    page.get_by_label("受付日").fill(today())
    choose(page, "受付経路", "窓口")
    if not page.get_by_label("受付区").input_value():
        page.get_by_label("受付区").select_option(index=1)
    applicant = page.get_by_role("group", name="申請者（保護者）")
    applicant.get_by_role("radio").first.check()
    choose(page, "申請者の続柄", "父")
    choose(page, "もう1人の保護者", "いない")
    choose(page, "番号確認の書類", "個人番号カード")
    choose(page, "身元確認の書類", "個人番号カード")
    choose(page, "書類を確かめた形", "原本")
    page.get_by_label("個人番号を利用する事務であることを説明した").check()


def confirm(page: Page) -> None:
    """From the filled form over the confirmation to the application."""
    page.get_by_role("button", name="入力内容を確かめる").click()
    receive(page)


def receive(page: Page) -> None:
    """From the confirmation to the application."""
    page.get_by_role("button", name="この内容で受け付ける").click()
    expect(page.get_by_role("status").first).to_contain_text("受け付けました")


def apply_for(page: Page, number: str) -> str:
    """A whole new application, received and judged; returns the receipt number."""
    open_person(page, number)
    go_to_form(page, "新規申請")
    fill_intake(page)
    confirm(page)
    judge(page)
    return receipt_of(page)


def judge(page: Page) -> None:
    """Have the law asked, for the first time or again."""
    page.locator(".acts-bar").get_by_role("button", name=re.compile("判定する")).click()
    expect(page.get_by_role("status").first).to_have_text("判定しました。")


def receipt_of(page: Page) -> str:
    """The receipt number that the page of an application shows."""
    return page.locator("dl.facts dd").first.inner_text().strip()


def open_case(page: Page, receipt: str) -> None:
    """Find an application by its receipt number in the list, and open its page."""
    page.goto("/applications/")
    page.get_by_label("受付番号").fill(receipt)
    page.get_by_role("button", name="受付番号で開く").click()
    expect(page.locator("dl.facts dd").first).to_have_text(receipt)


def state_of(page: Page) -> str:
    """The state that the page of an application shows first."""
    return page.locator(".next-step .tag").first.inner_text().strip()
