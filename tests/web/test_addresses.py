"""Addresses of objects are worked out once a screen, tokens by one cipher, and the menu once a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse, set_script_prefix

from kyufu.platform import clock
from kyufu.staff.api import rights_of
from kyufu.web import screens, tokens
from kyufu.web.templatetags import kyufu as tags
from tests.web.conftest import SignedIn

CONTEXT: dict[str, Any] = {"request": SimpleNamespace(user=SimpleNamespace(pk=7))}


@pytest.mark.parametrize("code", ["person", "application"])
def test_the_address_is_the_one_that_django_gives(code: str) -> None:
    for key in ("1", "2|application||2026-11-29"):
        token = tokens.token_for(kind=code, key=key, account_id=7)
        made = tags.screen_url(CONTEXT, code, kind=code, key=key)
        assert made == reverse(code, kwargs={"token": token})


def test_every_screen_with_one_token_has_such_an_address() -> None:
    made = 0
    for one in screens.all_screens():
        try:
            expected = reverse(one.code, kwargs={"token": "abc"})
        except Exception:  # noqa: BLE001 - another kind of address
            continue
        before, after = tags._around_token(one.code, prefix="/")
        assert f"{before}abc{after}" == expected
        made += 1
    assert made > 30


def test_an_address_without_an_object_has_no_token() -> None:
    assert tags.screen_url(CONTEXT, "people") == reverse("people")


def test_below_another_path_of_the_server_the_address_begins_with_it() -> None:
    plain = tags.screen_url(CONTEXT, "person", kind="person", key="1")
    set_script_prefix("/kyufu/")
    try:
        assert tags.screen_url(CONTEXT, "person", kind="person", key="1") == f"/kyufu{plain}"
    finally:
        set_script_prefix("/")
    assert tags.screen_url(CONTEXT, "person", kind="person", key="1") == plain


def test_another_secret_opens_nothing_though_the_cipher_is_kept(settings: Any) -> None:
    settings.SECRET_KEY = "one" * 20
    token = tokens.token_for(kind="person", key="1", account_id=7)
    assert tokens.opened_token(token, kind="person", account_id=7) == "1"
    settings.SECRET_KEY = "two" * 20
    assert tokens.token_for(kind="person", key="1", account_id=7) != token
    with pytest.raises(Http404):
        tokens.opened_token(token, kind="person", account_id=7)
    settings.SECRET_KEY = "one" * 20
    assert tokens.opened_token(token, kind="person", account_id=7) == "1"


def test_the_menu_of_a_page_is_worked_out_once_and_is_that_of_its_rights(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.current_date_in_japan()
    counter, administrator = (
        rights_of(signed_in(role).account_id, on=today) for role in ("counter", "rights")
    )
    worked_out: list[object] = []
    work_out = screens.menu_for
    monkeypatch.setattr(screens, "menu_for", lambda rights: (worked_out.append(rights), work_out(rights))[1])
    request = SimpleNamespace(rights=counter, path="/people/")
    context = {"request": request}
    assert tags.menu(context) == work_out(counter)
    assert tags.menu_here(context) == {"url": "/people/", "title": "個人の検索"}
    assert worked_out == [counter]
    request.rights = administrator
    assert tags.menu(context) == work_out(administrator) != work_out(counter)
    assert tags.menu({"request": SimpleNamespace()}) == []
