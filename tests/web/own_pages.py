"""Screens that the tests publish instead of the real ones, to see what the decorator does with them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern

from kyufu.audit.api import note_read
from kyufu.platform import access
from kyufu.platform.access import Access, Opening
from kyufu.platform.errors import BadInput, Refused
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web import screens, tokens
from kyufu.web.screens import StaffRequest, route, screen

CALLS: list[Access] = []


class LateTemplate:
    """A template that reads a person's data while it is rendered."""

    def render(self, *_: Any) -> str:
        """Read somebody."""
        note_read([502], what="氏名")
        return "氏名"


def note_call(request: StaffRequest) -> HttpResponse:
    """Answer, and keep under which access."""
    CALLS.append(access.current_access())
    return HttpResponse("ok")


def read_person(request: StaffRequest) -> HttpResponse:
    """Read somebody."""
    CALLS.append(access.current_access())
    note_read([501], what="住所")
    return HttpResponse("page")


def read_late(request: StaffRequest) -> HttpResponse:
    """Read somebody while the template is rendered."""
    return SimpleTemplateResponse(LateTemplate())  # type: ignore[arg-type]


def stream(request: StaffRequest) -> Any:
    """Answer bit by bit."""
    return StreamingHttpResponse(iter(["a"]))


def show_case(request: StaffRequest, office: str) -> HttpResponse:
    """Show an object of an office."""
    screens.require_office(request, office=office)
    return HttpResponse("case")


def show_person(request: StaffRequest, token: str) -> HttpResponse:
    """Show the key of a token."""
    return HttpResponse(tokens.opened_token(token, kind="person", account_id=request.rights.account_id))


def show_number(request: StaffRequest) -> HttpResponse:
    """Do what only an opening allows."""
    CALLS.append(access.require_opening(Opening.NUMBER_DISPLAY))
    return HttpResponse("番号の画面")


def go_wrong(request: StaffRequest, kind: str) -> HttpResponse:
    """Raise one of the errors."""
    raise {
        "refused": Refused("済んでいます。", remedy="一覧を見てください。"),
        "input": BadInput("日付ではありません。", remedy="令和8年4月1日のように書いてください。"),
        "missing": Http404("宛名 501 はない"),
        "bug": RuntimeError("港北 梅子\n偽の行"),
    }[kind]


def publish() -> list[URLPattern]:
    """Publish them all, and return their addresses."""
    CALLS.clear()
    read: dict[str, Any] = {"function": Function.PERSON, "level": Level.READ, "purpose": "照会"}
    free: dict[str, Any] = {"function": None, "level": Level.NONE, "purpose": "試験"}
    case: dict[str, Any] = {"function": Function.CASE, "purpose": "受付"}
    return [
        route("", screen("home", title="ホーム", contractors=True, **free)(note_call)),
        route("people/", screen("people", title="個人", menu="照会", **read)(read_person)),
        route("late/", screen("late", title="後で読む", **read)(read_late)),
        route("stream/", screen("stream", title="流す", **read)(stream)),
        route("person/<str:token>/", screen("person", title="個人票", **read)(show_person)),
        route("cases/", screen("cases", title="申請一覧", level=Level.READ, menu="受付", **case)(note_call)),
        route(
            "case/<str:office>/",
            screen("case", title="申請", level=Level.UPDATE, scheme=Scheme.CHILD, **case)(show_case),
        ),
        route(
            "number/",
            screen(
                "number",
                title="番号",
                function=Function.NUMBER_DISPLAY,
                level=Level.READ,
                purpose="番号の確認",
                menu="番号",
                opens=Opening.NUMBER_DISPLAY,
            )(show_number),
        ),
        route("wrong/<str:kind>/", screen("wrong", title="誤り", **free)(go_wrong)),
        route("only-get/", screen("only-get", title="見るだけ", methods=("GET",), **free)(note_call)),
    ]
