"""The frame of every page: menu, way up, htmx under the policy, and nothing of it before sign-in."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from tests.web.conftest import SignedIn
from tests.web.town import HEAD, Town

SCRIPTS = ("django_htmx/htmx-2.min.js", "kyufu/kyufu.js")


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def marked(page: str) -> dict[str, str]:
    """The address of each marked entry of the menu, and how it is marked."""
    menu = page.partition('aria-label="メニュー"')[2].partition("</nav>")[0]
    return dict(re.findall(r'href="([^"]+)" aria-current="([^"]+)"', menu))


def crumbs(page: str) -> list[str]:
    """The words of the way up."""
    way = page.partition('aria-label="現在位置"')[2].partition("</nav>")[0]
    return re.findall(r">([^<>]+)<", way.replace("\n", ""))


@pytest.mark.django_db
def test_htmx_evaluates_nothing_and_keeps_nothing(town: Town, signed_in: SignedIn) -> None:
    page = page_of(signed_in().get("/"))
    (config,) = re.findall(r"name=\"htmx-config\" content='([^']+)'", page)
    assert json.loads(unescape(config)) == {
        "includeIndicatorStyles": False, "allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True,
        "historyCacheSize": 0, "timeout": 60000,
    }  # fmt: skip
    for script in SCRIPTS:
        assert f'<script src="/static/{script}" defer></script>' in page
        assert finders.find(script)


@pytest.mark.django_db
def test_the_token_that_htmx_sends_is_accepted(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("auditor", office=HEAD)
    (headers,) = re.findall(r"hx-headers='([^']+)'", page_of(person.get("/log/")))
    token = json.loads(headers)["X-CSRFToken"]
    assert person.client.post("/log/", {}, HTTP_X_CSRFTOKEN=token).status_code in (200, 422)
    assert person.client.post("/log/", {}, HTTP_X_CSRFTOKEN=token[::-1]).status_code == 403


def test_a_request_of_htmx_is_known_as_one() -> None:
    seen: list[bool] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(bool(request.htmx))  # type: ignore[attr-defined]
        return HttpResponse()

    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        HtmxMiddleware(answer)(RequestFactory().get("/", **headers))  # type: ignore[arg-type]
    assert seen == [False, True]


@pytest.mark.django_db
def test_before_sign_in_there_is_no_menu_and_no_token_for_htmx(town: Town, newcomer: SignedIn) -> None:
    page = page_of(newcomer().get("/sign-in/"))
    assert "hx-headers" not in page
    assert 'aria-label="メニュー"' not in page
    assert 'aria-label="現在位置"' not in page


@pytest.mark.django_db
def test_the_longest_address_of_the_menu_is_marked(town: Town, signed_in: SignedIn) -> None:
    person = signed_in("auditor", office=HEAD)
    assert marked(page_of(person.get("/"))) == {}
    assert marked(page_of(person.get("/log/"))) == {"/log/": "page"}
    assert marked(page_of(person.get("/log/state/"))) == {"/log/state/": "page"}
    assert crumbs(page_of(person.get("/log/"))) == []


@pytest.mark.django_db
def test_the_menu_stands_in_the_order_of_the_addresses(town: Town, signed_in: SignedIn) -> None:
    """What a counter is for comes before lists and runs, whichever module loads another first."""
    menu = page_of(signed_in("counter").get("/")).partition('aria-label="メニュー"')[2].partition("</nav>")[0]
    assert re.findall(r"<h2>([^<]+)</h2>", menu)[:2] == ["個人", "申請・届出"]
    assert re.findall(r'<li><a href="([^"]+)"', menu)[0] == "/people/"


@pytest.mark.django_db
def test_below_the_menu_the_page_shows_the_way_up(town: Town, signed_in: SignedIn) -> None:
    page = page_of(signed_in("auditor", office=HEAD).get("/accounts/made-up/"))
    assert marked(page) == {"/accounts/": "true"}
    assert crumbs(page) == ["ホーム", "アカウントの一覧", "アカウント"]
