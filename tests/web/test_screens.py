"""The one way to publish a page: the order of its checks, its log, its sensitive form, and the menu."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, connection
from django.urls import URLPattern, URLResolver, get_resolver

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.access import Access, Opening
from kyufu.staff.api import Level, Scheme, rights_of
from kyufu.web import screens, tokens
from kyufu.web.screens import screen
from tests.web.conftest import SignedIn
from tests.web.test_signin import events
from tests.web.town import CONTRACTOR, OTHER_WARD, WARD


def reads() -> list[tuple[Any, ...]]:
    """Actor, terminal, screen, purpose, fields and persons of the log of reads, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, terminal, screen, purpose, what, subjects FROM audit_read ORDER BY id"
        )
        return list(cursor.fetchall())


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """All address patterns, those of included lists too."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def test_every_address_is_a_declared_screen_or_an_entrance() -> None:
    all_patterns = list(patterns(get_resolver().url_patterns))
    assert len(all_patterns) > 15
    undeclared = [
        one.name
        for one in all_patterns
        if not hasattr(one.callback, "screen") and not hasattr(one.callback, "is_entrance")
    ]
    assert undeclared == []


def test_every_screen_has_its_japanese_title_and_purpose() -> None:
    list(patterns(get_resolver().url_patterns))
    assert screens.all_screens()
    for one in screens.all_screens():
        assert not one.title.isascii(), one.code
        assert not one.purpose.isascii(), one.code


def test_one_code_is_published_once(published: list[Access]) -> None:
    with pytest.raises(ValueError, match="twice"):
        screen("home", title="ホーム", function=None, level=Level.NONE, purpose="開始")


@pytest.mark.requirement("YOK-175")
def test_nobody_is_sent_to_sign_in_and_back(published: list[Access], newcomer: SignedIn) -> None:
    person = newcomer()
    found = urlsplit(person.get("/people/")["Location"])
    assert (found.path, parse_qs(found.query)) == ("/sign-in/", {"next": ["/people/"]})
    assert published == []


@pytest.mark.requirement("KWS-176")
def test_right_opens_and_read_is_logged_with_who_where_and_what_for(
    published: list[Access], signed_in: SignedIn
) -> None:
    person = signed_in("counter")
    assert person.get("/people/").content == b"page"
    assert reads()[-1] == (person.staff_no, "窓口1", "people", "照会", ["住所"], [501])
    assert published[-1].actor.office == "戸塚区保険係"


def test_read_of_template_is_logged(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("counter")
    assert person.get("/late/").content.decode() == "氏名"
    assert reads()[-1][4:] == (["氏名"], [502])


def test_answer_that_streams_is_not_released(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("counter")
    with pytest.raises(TypeError, match="streams"):
        person.get("/stream/")


def test_answer_is_not_released_where_log_cannot_be_written(
    published: list[Access], signed_in: SignedIn
) -> None:
    person = signed_in("counter")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_read RENAME TO audit_read_gone")
    # In the test's transaction the failed statement spoils all that follow, so the answer is not even an error page.
    with pytest.raises(DatabaseError):
        person.get("/people/")
    assert published[-1].screen == "people"


@pytest.mark.requirement("YOK-168")
@pytest.mark.requirement("SPR-181")
def test_without_right_403_and_recorded(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("rights", office="H01")
    answer = person.get("/people/")
    assert answer.status_code == 403
    assert "権限がありません" in answer.content.decode()
    assert published == []
    assert (person.staff_no, {"screen": "people"}) in events(EventKind.FORBIDDEN)


@pytest.mark.requirement("SPR-181")
def test_object_of_other_office_403(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("counter")
    assert person.get(f"/case/{WARD}/").status_code == 200
    assert person.get(f"/case/{OTHER_WARD}/").status_code == 403


def test_scheme_not_granted_403(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("counter", scheme=Scheme.KOKUHO)
    assert person.get(f"/case/{WARD}/").status_code == 403


def test_method_not_declared_405(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in()
    assert person.get("/only-get/").status_code == 200
    assert person.post("/only-get/").status_code == 405


@pytest.mark.requirement("ATG-226")
@pytest.mark.requirement("YOK-179")
def test_contractor_opens_declared_screens_only(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("", office=CONTRACTOR)
    assert person.get("/").status_code == 200
    refused = person.get("/people/")
    assert refused.status_code == 403
    assert "委託先" in refused.content.decode()


@pytest.mark.requirement("YOK-168")
def test_menu_shows_what_may_be_opened(published: list[Access], signed_in: SignedIn) -> None:
    today = clock.current_date_in_japan()
    shown = {
        role: [
            entry.code
            for group in screens.menu_for(rights_of(signed_in(role).account_id, on=today))
            for entry, _ in group.entries
        ]
        for role in ("counter", "number", "rights")
    }
    assert shown == {"counter": ["people", "cases"], "number": ["people", "number"], "rights": []}


def test_sensitive_screen_asks_for_reason_and_opens_with_it(
    published: list[Access], signed_in: SignedIn
) -> None:
    person = signed_in("number")
    asked = person.get("/number/")
    assert "表示する理由" in asked.content.decode()
    for reason in ("", "　 ", "あ"):
        assert person.post("/number/", {"reason": reason}).content.decode() != "番号の画面"
    assert published == []
    assert person.post("/number/", {"reason": "本人からの\n照会に答える"}).content.decode() == "番号の画面"
    assert published[-1].purpose == "番号の確認（理由：本人からの 照会に答える）"
    assert published[-1].opened == {Opening.NUMBER_DISPLAY}


def test_sensitive_screen_without_right_403_before_anything_is_asked(
    published: list[Access], signed_in: SignedIn
) -> None:
    person = signed_in("counter")
    assert person.get("/number/").status_code == 403
    assert person.post("/number/", {"reason": "本人からの照会に答える"}).status_code == 403
    assert published == []


def test_sensitive_screen_asks_again_for_both_factors(
    published: list[Access], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = signed_in("number")
    now = clock.current_instant()
    monkeypatch.setattr(clock, "current_instant", lambda: now + timedelta(minutes=5))
    asked = person.post("/number/", {"reason": "本人からの照会に答える"})
    assert asked["Location"] == "/account/confirm/?next=%2Fnumber%2F"
    proven = person.post("/account/confirm/", {"password": person.password, "next": "/number/"})
    assert proven["Location"] == "/number/"
    assert person.get("/number/")["Location"] == "/account/confirm/code/?next=%2Fnumber%2F"
    proven = person.post("/account/confirm/code/", {"code": person.code(), "next": "/number/"})
    assert proven["Location"] == "/number/"
    assert "表示する理由" in person.get("/number/").content.decode()
    assert [detail["step"] for _, detail in events(EventKind.REAUTHENTICATED)] == ["password", "mfa"]


def test_proof_is_fresh_until_its_minutes_are_over(
    published: list[Access], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.current_instant()
    monkeypatch.setattr(clock, "current_instant", lambda: now)
    person = signed_in("number")
    monkeypatch.setattr(clock, "current_instant", lambda: now + timedelta(minutes=5, seconds=-1))
    assert person.get("/number/").status_code == 200
    monkeypatch.setattr(clock, "current_instant", lambda: now + timedelta(minutes=5))
    assert person.get("/number/").status_code == 302


def test_wrong_password_when_asked_again_counts_and_locks(
    published: list[Access], signed_in: SignedIn
) -> None:
    person = signed_in("number")
    for _ in range(3):
        person.post("/account/confirm/", {"password": "Machigatta-Aikotoba-1", "next": "/number/"})
    assert len(events(EventKind.REAUTHENTICATION_REFUSED)) == 3
    assert person.get("/number/").status_code == 403
    assert person.get("/number/")["Location"].startswith("/sign-in/")


def test_tokens_are_bound_to_account_and_kind(published: list[Access], signed_in: SignedIn) -> None:
    one, other = signed_in(), signed_in()
    token = tokens.token_for(kind="person", key="100012345", account_id=one.account_id)
    assert "100012345" not in token
    assert one.get(f"/person/{token}/").content == b"100012345"
    assert other.get(f"/person/{token}/").status_code == 404
    foreign = tokens.token_for(kind="case", key="100012345", account_id=one.account_id)
    for made_up in (foreign, token[:-1], token + "A", token.swapcase(), "1", "100012345", "%00", "あ"):
        assert one.get(f"/person/{made_up}/").status_code == 404, made_up


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("refused", 409, ("済んでいます。", "一覧を見てください。")),
        ("input", 400, ("日付ではありません。", "令和8年4月1日のように")),
        ("missing", 404, ("ページが見つかりません", "ホームのメニューから")),
    ],
)
def test_anticipated_errors_have_pages(
    published: list[Access], signed_in: SignedIn, kind: str, status: int, words: tuple[str, ...]
) -> None:
    answer = signed_in().get(f"/wrong/{kind}/")
    assert answer.status_code == status
    page = answer.content.decode()
    assert all(word in page for word in words)
    assert "501" not in page


def test_failure_shows_number_that_the_log_has_and_nothing_else(
    published: list[Access], signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    person = signed_in()
    person.client.raise_request_exception = False
    caplog.clear()
    answer = person.get("/wrong/bug/")
    assert answer.status_code == 500
    page = answer.content.decode()
    [line] = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    number = line.split()[1]
    assert number in page
    assert "RuntimeError" in line
    assert "港北" not in page + line
    assert "Traceback" not in page
