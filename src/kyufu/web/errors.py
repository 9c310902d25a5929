"""Pages for what went wrong, in a clerk's words; never with personal data, never with the words of the machine."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kyufu.platform.errors import BadInput, KyufuError
from kyufu.staff.api import Forbidden
from kyufu.web.logs import where_it_rose

_LOG = logging.getLogger("kyufu.web")
SIGN_IN_AGAIN = "サインインの画面からやり直してください。"
READING = ("GET", "HEAD", "OPTIONS")
NOT_KEPT = "登録していません。"
PERHAPS_KEPT = "登録されたかどうか分かりません。もとの画面で確かめてください。"

TITLES = {
    HTTPStatus.BAD_REQUEST: "入力を受け付けられません",
    HTTPStatus.FORBIDDEN: "この操作はできません",
    HTTPStatus.NOT_FOUND: "ページが見つかりません",
    HTTPStatus.METHOD_NOT_ALLOWED: "この操作はできません",
    HTTPStatus.CONFLICT: "処理を取りやめました",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "送られたデータが大きすぎます",
    HTTPStatus.TOO_MANY_REQUESTS: "操作の回数が多すぎます",
    HTTPStatus.INTERNAL_SERVER_ERROR: "システムの障害です",
}


def show_error(
    request: HttpRequest, *, status: HTTPStatus, message: str, remedy: str, reference: str = ""
) -> HttpResponse:
    """The page of an error: what happened, what became of what was sent, what to do next, and the way back."""
    was_sending = request.method not in READING
    # A failure may come after the operation's transaction; everything else is refused before it or with it.
    kept = PERHAPS_KEPT if status is HTTPStatus.INTERNAL_SERVER_ERROR else NOT_KEPT
    words = {
        "title": TITLES[status],
        "message": message,
        "kept": kept if was_sending else "",
        "remedy": remedy,
        "reference": reference,
        "back": _way_back(request),
    }
    return render(request, "errors/error.html", words, status=status)


def _way_back(request: HttpRequest) -> str:
    """The page of ours that the person came from, where it is another than the one that failed; else empty."""
    page = urlsplit(request.META.get("HTTP_REFERER", ""))
    is_ours = (
        page.netloc == request.META.get("HTTP_HOST", "") and page.path.startswith("/") and page.path != "/"
    )
    if not is_ours or page.path.startswith("//"):
        return ""
    return "" if page.path == request.path and request.method in READING else page.path


def show_anticipated(request: HttpRequest, *, error: KyufuError) -> HttpResponse:
    """The page of an anticipated error: 403 without the right, 400 for unreadable input, 409 for a refusal."""
    if isinstance(error, Forbidden):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(error, BadInput):
        status = HTTPStatus.BAD_REQUEST
    else:
        status = HTTPStatus.CONFLICT
    return show_error(request, status=status, message=error.message, remedy=error.remedy)


def show_unexpected(request: HttpRequest, *, error: BaseException | None) -> HttpResponse:
    """The page of a failure of our own, with the number under which the technical log has it."""
    reference = secrets.token_hex(4).upper()
    where = where_it_rose(error) if error is not None else "unknown"
    _LOG.error("failure %s %s", reference, where)
    return show_error(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        message="システムの中で問題が起き、処理を完了できませんでした。",
        remedy="もう一度操作し、続くときは下の障害番号をシステムの担当へ連絡してください。",
        reference=reference,
    )


def show_bad_request(request: HttpRequest, *, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's answer to a request it cannot read (400)."""
    return show_error(
        request,
        status=HTTPStatus.BAD_REQUEST,
        message="送られた内容を読み取れませんでした。",
        remedy="前の画面に戻り、入力し直してください。",
    )


def show_forbidden(request: HttpRequest, *, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's answer where something is denied (403)."""
    return show_error(
        request,
        status=HTTPStatus.FORBIDDEN,
        message="この操作は許可されていません。",
        remedy=SIGN_IN_AGAIN,
    )


def show_not_found(request: HttpRequest, *, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's answer where there is nothing, or nothing for this account (404)."""
    return show_error(
        request,
        status=HTTPStatus.NOT_FOUND,
        message="このページはないか、あなたのアカウントでは開けません。",
        remedy="ホームのメニューから選び直してください。ほかの人から受け取ったアドレスは使えません。",
    )


def show_not_allowed(request: HttpRequest, *, methods: Sequence[str]) -> HttpResponse:
    """The answer to an address that is opened by a link where only a form may send to it, or the reverse (405)."""
    response = show_error(
        request,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        message="この画面は、アドレスを直接開いたり、再読み込みしたりしては使えません。",
        remedy="ホームのメニューから目的の画面を開き、画面のボタンで操作してください。",
    )
    response.headers["Allow"] = ", ".join(methods)
    return response


def show_failure(request: HttpRequest) -> HttpResponse:
    """Django's answer to an error that nothing else caught (500)."""
    return show_unexpected(request, error=sys.exc_info()[1])


def show_csrf_failure(request: HttpRequest, *, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The answer to a form that did not come from our page, or from one that has grown old (403)."""
    return show_error(
        request,
        status=HTTPStatus.FORBIDDEN,
        message="この画面が古くなったか、ほかのサイトから送られたため、受け付けませんでした。何も登録していません。",
        remedy="画面を開き直してから、もう一度入力してください。",
    )
