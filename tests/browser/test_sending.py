"""A form is sent once, stays on the page where the network is gone, and says what became of it where the session is."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.driving import Desk, ServedCity, Shot

TYPED = "見本 やまだ"


def search_form(page: Page) -> None:
    """The search of persons with something typed."""
    page.goto("/people/")
    page.locator("main form").get_by_label("氏名・カナ・番号").fill(TYPED)
    if page.locator("main select").count():
        page.locator("main select").first.select_option(index=1)


def test_without_network_the_form_stays_and_can_be_sent_later(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    search_form(page)
    send = page.locator("main form").get_by_role("button", name="検索").first
    page.context.set_offline(True)
    send.click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("送信できませんでした。入力はこの画面に残っています。")
    expect(page.locator("main form").get_by_label("氏名・カナ・番号")).to_have_value(TYPED)
    shot(page, "no-network")
    page.context.set_offline(False)
    send.click()
    expect(page.locator("main")).to_contain_text("検索結果")
    expect(page.get_by_text("送信できませんでした")).to_have_count(0)


def test_a_form_is_sent_once_however_often_it_is_pressed(desk: Desk) -> None:
    page = desk.sign_in("madoguchi")
    search_form(page)
    sent: list[str] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
        route.continue_()

    page.route("**/people/", hold)
    page.locator("main form").get_by_role("button", name="検索").first.evaluate(
        "button => { button.click(); button.click(); button.form.requestSubmit(button); }"
    )
    expect(page.locator("main")).to_contain_text("検索結果")
    assert len(sent) == 1


def test_the_button_that_was_pressed_and_its_address_are_sent(desk: Desk) -> None:
    page = desk.sign_in("kansa")
    page.goto("/log/")
    page.locator("main select").first.select_option(index=1)
    for label in ("期間の最初の日", "期間の最後の日"):
        page.get_by_label(label).fill("令和8年11月1日")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSVで出力する").click()
    assert saved.value.suggested_filename.endswith(".csv")
    page.get_by_role("button", name="検索する").wait_for()


def test_a_session_that_ended_in_mid_form_says_what_became_of_it(
    desk: Desk, served_city: ServedCity, shot: Shot
) -> None:
    page = desk.sign_in("kanagawa")
    search_form(page)
    served_city.end_sessions("kanagawa")
    page.locator("main form").get_by_role("button", name="検索").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("自動でサインアウトしました")
    expect(page.locator("main")).to_contain_text("最後に送信した内容は登録していません。")
    shot(page, "session-ended")
    page.get_by_role("link", name="サインインする").click()
    desk.sign_in_at(page, staff_no="kanagawa")
    expect(page.get_by_role("heading", level=1)).to_have_text("ホーム")


def test_what_htmx_is_refused_is_said_beside_the_form(desk: Desk, shot: Shot) -> None:
    page = desk.sign_in("madoguchi")
    search_form(page)
    page.evaluate("htmx.ajax('GET', '/log/', {source: 'main form', target: 'main form'})")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("この操作はできません")
    expect(notice).to_contain_text("必要な場合は")
    expect(page.locator("main form").get_by_label("氏名・カナ・番号")).to_have_value(TYPED)
    shot(page, "htmx-refused")
    page.context.set_offline(True)
    page.evaluate(
        "htmx.ajax('GET', '/people/', {source: 'main form', target: 'main form'}).catch(() => null)"
    )
    expect(notice).to_contain_text("送信できませんでした。")
    expect(page.locator("main form").get_by_label("氏名・カナ・番号")).to_have_value(TYPED)


def test_htmx_sends_the_token_of_the_page(desk: Desk) -> None:
    page = desk.sign_in("madoguchi")
    page.goto("/people/")
    with page.expect_response("**/people/") as answered:
        page.evaluate(
            "htmx.ajax('POST', '/people/', {target: '#content', swap: 'none', values: {text: 'a'}})"
        )
    assert answered.value.status in (200, 422)
