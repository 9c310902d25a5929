"""Signing in from the credentials that the demonstration printed, and out again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.driving import Desk, Shot


def test_a_clerk_signs_in_with_both_factors_and_is_at_home(desk: Desk, shot: Shot) -> None:
    page = desk.window()
    page.goto("/sign-in/")
    shot(page, "sign-in")
    desk.sign_in_at(page, staff_no="madoguchi")
    expect(page.get_by_role("heading", level=1)).to_have_text("ホーム")
    shot(page, "home")


def test_who_is_signed_in_elsewhere_is_asked_before_that_session_ends(desk: Desk) -> None:
    first, second = desk.sign_in("kanagawa"), desk.sign_in("kanagawa")
    expect(second.get_by_role("heading", level=1)).to_have_text("ホーム")
    first.reload()
    expect(first.get_by_role("heading", level=1)).not_to_have_text("ホーム")


def test_signing_out_closes_the_pages(desk: Desk) -> None:
    page = desk.sign_in("honcho")
    page.get_by_role("button", name="サインアウト").click()
    # Who opens the next page before the answer has come breaks the sign-out off.
    expect(page.get_by_label("職員番号")).to_be_visible()
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")
