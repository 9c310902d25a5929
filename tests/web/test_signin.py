"""Sign-in by password and second factor, through the real pages."""

from __future__ import annotations

from tests.web.conftest import SignedIn


def test_first_sign_in_asks_for_own_password_and_second_factor(newcomer: SignedIn) -> None:
    person = newcomer()
    answer = person.give_password()
    assert answer["Location"] == "/"
    assert person.get("/")["Location"] == "/account/password/"
    assert person.choose_password().status_code == 302
    assert person.get("/")["Location"] == "/account/app/"
    assert person.enrol_app()["Location"] == "/account/codes/"
    codes = person.get("/account/codes/").content.decode()
    assert "一度だけ使える番号" in codes
    home = person.get("/")
    assert home.status_code == 200
