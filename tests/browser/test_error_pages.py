"""Each page of an error as a clerk meets it: what happened, what became of what was sent, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Desk, ServedCity, Shot, axe

# Sends the form of the page as no page of ours would.
SEND_TO = "(form, to) => { form.noValidate = true; form.action = to; form.requestSubmit(); }"
TOO_LARGE = """form => { const field = document.createElement("input"), files = new DataTransfer();
  files.items.add(new File([new Uint8Array(21 * 1024 * 1024)], "scan.pdf")); field.type = "file"; field.name = "more";
  field.files = files.files; form.append(field); form.enctype = "multipart/form-data"; form.noValidate = true;
  form.requestSubmit(); }"""
TOO_MANY = """form => { for (let at = 0; at < 2100; at++) { const field = document.createElement("input");
  field.type = "hidden"; field.name = "more" + at; form.append(field); }
  form.noValidate = true; form.requestSubmit(); }"""
FORGED = """form => { form.querySelector("[name=csrfmiddlewaretoken]").value = "x"; form.noValidate = true;
  form.requestSubmit(); }"""
ATTEMPTS = 31


def expect_page(page: Page, *, title: str, words: str) -> None:
    """The page has its title, its words, something to do next, a way on, and nothing that keeps anybody out."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main .next-step")).not_to_be_empty()
    expect(page.locator("main").get_by_role("link", name="ホームへ戻る")).to_be_visible()
    assert axe(page) == []


def test_400_what_cannot_be_read(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/people/")
    page.locator("main form").first.evaluate(TOO_MANY)
    expect_page(page, title="入力を受け付けられません", words="登録していません")
    shot(page, "400")


def test_403_without_the_right(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/log/")
    expect_page(page, title="この操作はできません", words="権限")
    shot(page, "403-right")


def test_403_a_form_that_has_grown_old(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/people/")
    page.locator("main form").first.evaluate(FORGED)
    expect_page(page, title="この操作はできません", words="画面が古くなったか")
    shot(page, "403-old-form")
    page.get_by_role("link", name="もとの画面を開き直す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("個人の検索")


def test_404_what_is_not_there(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/people/made-up/")
    expect_page(page, title="ページが見つかりません", words="このページはないか")
    shot(page, "404")
    page.goto("/nowhere/")
    expect_page(page, title="ページが見つかりません", words="このページはないか")


def test_405_what_only_a_form_opens(desk: Desk, shot: Shot) -> None:
    page = desk.window()
    page.goto("/sign-in/here/")
    expect_page(page, title="この操作はできません", words="アドレスを直接開いたり")
    shot(page, "405")


def test_409_what_was_refused(desk: Desk, shot: Shot) -> None:
    page = desk.window()
    page.goto("/sign-in/")
    page.locator("main form").first.evaluate(SEND_TO, "/sign-in/here/")
    expect_page(page, title="処理を取りやめました", words="本人の確認から時間が過ぎました")
    shot(page, "409")


def test_413_what_is_too_large(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/people/")
    page.locator("main form").first.evaluate(TOO_LARGE)
    expect_page(page, title="送られたデータが大きすぎます", words="20MB以内")
    shot(page, "413")


def test_429_too_often(desk: Desk, served_city: ServedCity, shot: Shot) -> None:
    page = desk.window()
    page.goto("/sign-in/")
    token = page.locator("main form [name=csrfmiddlewaretoken]").first.input_value()
    served_city.forget_attempts()
    try:
        for _ in range(ATTEMPTS):
            page.request.post(
                "/sign-in/", form={"login": "", "password": "", "csrfmiddlewaretoken": token},
                headers={"Referer": f"{served_city.origin}/sign-in/"},
            )  # fmt: skip
        page.get_by_label("職員番号").fill("dareka")
        page.get_by_label("パスワード").fill("chigau-aikotoba")
        page.get_by_role("button", name="次へ").click()
        expect_page(page, title="操作の回数が多すぎます", words="数分待って")
        shot(page, "429")
    finally:
        served_city.forget_attempts()


@contextmanager
def broken(city: ServedCity, *, table: str) -> Iterator[None]:
    """A table is missing for a while, as after a failed change of the database."""
    with city.city.connect() as connection:
        connection.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"'.encode())
    try:
        yield
    finally:
        with city.city.connect() as connection:
            connection.execute(f'ALTER TABLE "{table}_away" RENAME TO "{table}"'.encode())


def test_500_a_failure_of_our_own_has_a_number(desk: Desk, served_city: ServedCity, shot: Shot) -> None:
    page = desk.sign_in("kansa")
    with broken(served_city, table="reading_review"):
        page.goto("/reviews/")
        expect_page(page, title="システムの障害です", words="障害番号")
    number = page.locator("main code").inner_text()
    shot(page, "500")
    assert number in (served_city.city.var / "serve.log").read_text(encoding="utf-8")
    page.get_by_role("link", name="ホームへ戻る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ホーム")


@pytest.mark.parametrize("width", [320, 683])
def test_the_pages_of_errors_fit_a_narrow_window(desk: Desk, width: int) -> None:
    page = desk.sign_in("madoguchi", viewport={"width": width, "height": 600})
    page.goto("/log/")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
