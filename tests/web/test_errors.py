"""What went wrong, in a clerk's words: what happened, what became of what was sent, what to do next, the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from kyufu.platform.errors import BadInput, Refused
from kyufu.staff.api import Forbidden
from kyufu.web import errors
from tests.web.conftest import SignedIn
from tests.web.town import Town

HOST = "kyufu.example"


def asked(method: str = "GET", *, path: str = "/people/", referer: str = "") -> HttpRequest:
    extra = {"HTTP_REFERER": referer} if referer else {}
    return RequestFactory().generic(method, path, HTTP_HOST=HOST, **extra)  # type: ignore[arg-type]


def page_of(request: HttpRequest, *, status: HTTPStatus = HTTPStatus.CONFLICT) -> str:
    answer = errors.show_error(request, status=status, message="できません。", remedy="開き直してください。")
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("status", list(errors.TITLES))
def test_each_page_says_what_happened_and_what_to_do_next(status: HTTPStatus) -> None:
    page = page_of(asked(), status=status)
    assert f"<h1>{errors.TITLES[status]}</h1>" in page
    assert 'class="lead">できません。' in page
    assert 'class="next-step">開き直してください。' in page
    assert 'href="/">ホームへ戻る' in page
    assert str(int(status)) not in page.partition("<main")[2]


@pytest.mark.parametrize("status", list(errors.TITLES))
def test_what_was_sent_is_spoken_of_only_where_something_was(status: HTTPStatus) -> None:
    assert "送った内容" not in page_of(asked(), status=status)
    kept = errors.PERHAPS_KEPT if status is HTTPStatus.INTERNAL_SERVER_ERROR else errors.NOT_KEPT
    assert f'class="kept">{kept}' in page_of(asked("POST"), status=status)


@pytest.mark.parametrize(
    ("referer", "method", "back"),
    [
        (f"https://{HOST}/applications/abc/?state=judged", "POST", "/applications/abc/"),
        (f"https://{HOST}/people/", "POST", "/people/"),
        (f"https://{HOST}/people/", "GET", ""),
        (f"https://{HOST}/", "POST", ""),
        (f"https://{HOST}//evil.example/", "POST", ""),
        ("https://evil.example/people/", "POST", ""),
        ("https://user@evil.example/people/", "POST", ""),
        ("javascript:alert(1)", "POST", ""),
        ("", "POST", ""),
    ],
)
def test_the_way_back_is_a_page_of_ours_and_not_the_one_that_failed(
    referer: str, method: str, back: str
) -> None:
    page = page_of(asked(method, referer=referer))
    assert ("もとの画面を開き直す" in page) is bool(back)
    if back:
        assert f'href="{back}"' in page
    assert "evil" not in page
    assert "javascript" not in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Forbidden("権限がありません。", remedy="申請してください。"), 403),
        (BadInput("日付ではありません。", remedy="入力し直してください。"), 400),
        (Refused("ほかの職員が変更しました。", remedy="開き直してください。"), 409),
    ],
)
def test_what_was_anticipated_has_its_status_and_its_words(error: Any, status: int) -> None:
    answer = errors.show_anticipated(asked("POST"), error=error)
    assert answer.status_code == status
    page = answer.content.decode()
    assert error.message in page
    assert error.remedy in page


def test_a_failure_has_a_number_and_does_not_claim_that_nothing_was_kept() -> None:
    answer = errors.show_unexpected(asked("POST"), error=ValueError("港北 太郎"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "<dt>障害番号</dt>" in page
    assert errors.PERHAPS_KEPT in page
    assert "港北" not in page


def test_djangos_own_answers_are_pages_too() -> None:
    kinds = {
        errors.show_bad_request: 400,
        errors.show_forbidden: 403,
        errors.show_not_found: 404,
    }
    for show, status in kinds.items():
        answer = show(asked(), exception=Exception("港北"))
        assert answer.status_code == status
        assert "港北" not in answer.content.decode()


@pytest.mark.django_db
def test_an_address_that_only_a_form_may_send_to_says_so(town: Town, signed_in: SignedIn) -> None:
    answer = signed_in().client.post("/", HTTP_X_CSRFTOKEN="x")
    assert answer.status_code in (403, 405)
    person = signed_in()
    refused = person.post("/")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET"
    assert "画面のボタンで操作してください" in refused.content.decode()


@pytest.mark.django_db
def test_an_old_form_says_that_nothing_was_kept(town: Town, signed_in: SignedIn) -> None:
    answer = signed_in().client.post("/people/", {"text": "山田"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert errors.NOT_KEPT in page
    assert "画面を開き直してから" in page
