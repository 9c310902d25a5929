"""What stands around every request: headers, forged forms, hosts, terminals, proxies, sizes, and where `next` leads."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from kyufu.audit.api import EventKind
from kyufu.platform.access import Access
from kyufu.staff import api as staff
from kyufu.web.middleware import readable_address
from tests.web.conftest import SignedIn
from tests.web.test_signin import events
from tests.web.town import WARD, Person, Town

WANTED = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ACCOUNT_PAGES = (
    "/account/",
    "/account/password/",
    "/account/app/remove/",
    "/account/keys/",
    "/account/keys/add/",
    "/account/codes/",
    "/account/codes/new/",
    "/account/confirm/",
    "/account/confirm/code/",
    "/sign-out/",
)


class Inline(HTMLParser):
    """Finds scripts and styles that stand in the page itself, and fields without a label."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.fields: set[str] = set()
        self.labels: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        named = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in named):
            self.found.append(tag)
        self.found += [name for name in named if name == "style" or name.startswith("on")]
        self.found += [tag for name in ("href", "src") if (named.get(name) or "").startswith("javascript:")]
        if tag in ("input", "select", "textarea") and named.get("type") != "hidden":
            self.fields.add(named.get("id") or "?")
        if tag == "label":
            self.labels.add(named.get("for") or "")


def looked_at(answer: Any) -> Inline:
    """The page as `Inline` saw it."""
    seen = Inline()
    seen.feed(answer.content.decode())
    return seen


def assert_is_sound(answer: Any) -> None:
    """Headers, language, one heading, no inline script or style, and a label for each field."""
    for name, value in WANTED.items():
        assert value in answer[name], name
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    page = answer.content.decode()
    seen = looked_at(answer)
    assert seen.found == []
    assert seen.fields <= seen.labels
    assert '<html lang="ja">' in page
    assert len(re.findall("<h1>", page)) == 1
    assert 'href="#content"' in page


def test_pages_before_sign_in_are_sound(newcomer: SignedIn) -> None:
    person = newcomer()
    assert_is_sound(person.get("/sign-in/"))
    assert_is_sound(person.give_password(password="Machigatta-Aikotoba-1"))
    person.give_password()
    assert_is_sound(person.get("/account/password/"))
    person.choose_password()
    assert_is_sound(person.get("/account/app/"))


def test_pages_of_account_are_sound_and_nothing_of_allauth_shows(signed_in: SignedIn) -> None:
    person = signed_in()
    for path in ACCOUNT_PAGES:
        answer = person.get(path)
        assert answer.status_code == 200, path
        assert_is_sound(answer)
        assert "site-footer" in answer.content.decode(), path
    person.sign_out()
    person.give_password()
    assert_is_sound(person.get("/sign-in/second-factor/"))


@pytest.mark.requirement("SPR-184")
def test_every_page_offers_to_sign_out(signed_in: SignedIn) -> None:
    person = signed_in()
    for path in ("/", *ACCOUNT_PAGES, "/nothing/"):
        assert 'action="/sign-out/"' in person.get(path).content.decode(), path


@pytest.mark.requirement("YOK-189")
def test_staff_are_told_that_operations_are_recorded(newcomer: SignedIn) -> None:
    assert "この画面の操作は記録されます" in newcomer().get("/sign-in/").content.decode()


def test_error_pages_are_sound(published: list[Access], signed_in: SignedIn) -> None:
    person = signed_in("rights", office="H01")
    person.client.raise_request_exception = False
    paths = ("/people/", "/nothing/", "/wrong/refused/", "/wrong/input/", "/wrong/bug/")
    answers = [person.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [403, 404, 409, 400, 500]
    for answer in answers:
        assert_is_sound(answer)


def test_form_without_token_is_refused_with_a_page(signed_in: SignedIn) -> None:
    person = signed_in()
    for path in ("/sign-out/", "/account/codes/new/", "/account/password/", "/sign-in/"):
        answer = person.client.post(path, {})
        assert answer.status_code == 403, path
        assert "画面が古くなったか" in answer.content.decode()
    assert person.get("/account/").status_code == 200


def test_form_with_foreign_token_or_origin_is_refused(signed_in: SignedIn) -> None:
    person, other = signed_in(), signed_in()
    data = {"csrfmiddlewaretoken": other.csrf()}
    assert person.client.post("/sign-out/", data).status_code == 403
    assert person.post("/sign-out/", headers={"origin": "https://evil.example"}).status_code == 403
    assert person.get("/account/").status_code == 200


def test_cookies_are_closed_to_scripts_and_other_sites(signed_in: SignedIn) -> None:
    cookies = signed_in().client.cookies
    assert set(cookies) == {"session", "csrf"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] in ("Lax", "Strict")
        assert cookie["path"] == "/"
        assert cookie["max-age"] == ""


def test_unknown_host_is_refused(town: Town) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost:80@evil.example"):
        answer = Client().get("/sign-in/", headers={"host": host})
        assert answer.status_code == 400, host
        assert "evil" not in answer.content.decode()


@pytest.mark.requirement("ATG-216")
@pytest.mark.requirement("SPR-183")
@pytest.mark.requirement("KWS-226")
def test_unregistered_terminal_opens_nothing(signed_in: SignedIn) -> None:
    person = signed_in()
    for path in ("/", "/sign-in/", "/account/"):
        answer = person.get(path, REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 403
        assert "この端末は登録されていない" in answer.content.decode()
    data = {"login": person.staff_no, "password": person.password}
    assert person.post("/sign-in/", data, REMOTE_ADDR="192.0.2.7").status_code == 403
    for nonsense in ("", "unknown", "127.0.0.1.evil"):
        assert person.get("/sign-in/", REMOTE_ADDR=nonsense).status_code == 403


@pytest.mark.requirement("ATG-216")
def test_terminal_taken_out_of_use_opens_nothing_from_that_day(town: Town) -> None:
    staff.register_terminal(
        name="旧端末", office=WARD, valid_from=town.today - timedelta(days=9), network="192.0.2.8/32"
    )
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.8").status_code == 200
    staff.close_terminal("旧端末", from_day=town.today)
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.8").status_code == 403


def test_nobody_else_is_believed_about_the_address(town: Town) -> None:
    pretended = {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "forwarded": "for=127.0.0.1"}
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.7", headers=pretended).status_code == 403


def test_named_proxy_is_believed_about_the_last_address_only(town: Town, settings: Any) -> None:
    settings.KYUFU_TRUSTED_PROXIES = ("192.0.2.1/32",)
    for chain, status in (
        ("127.0.0.1", 200),
        ("192.0.2.9, 127.0.0.1", 200),
        ("127.0.0.1, 192.0.2.9", 403),
        ("127.0.0.1, 192.0.2.9, 192.0.2.1", 403),
        ("nonsense", 403),
        ("", 403),
    ):
        answer = Client().get("/sign-in/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": chain})
        assert answer.status_code == status, chain


def test_https_is_required_and_its_mark_believed_of_a_named_proxy_only(town: Town, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.KYUFU_TRUSTED_PROXIES = ("192.0.2.1/32",)
    said = {"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https"}
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.1", headers=said).status_code == 200
    plain = Client().get("/sign-in/", REMOTE_ADDR="127.0.0.1", headers=said)
    assert plain["Location"] == "https://testserver/sign-in/"


@pytest.mark.requirement("SPR-183")
def test_certificate_is_believed_of_a_named_proxy_only(town: Town, settings: Any) -> None:
    print_of = "ab" * 32
    settings.KYUFU_TRUSTED_PROXIES = ("192.0.2.1/32",)
    settings.KYUFU_CLIENT_CERTIFICATE_HEADER = "X-Client-Cert-Sha256"
    staff.register_terminal(name="証明書端末", office=WARD, valid_from=town.today, fingerprint=print_of)
    shown = {"x-client-cert-sha256": print_of, "x-forwarded-for": "192.0.2.50"}
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.1", headers=shown).status_code == 200
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.50", headers=shown).status_code == 403
    wrong = shown | {"x-client-cert-sha256": "cd" * 32}
    assert Client().get("/sign-in/", REMOTE_ADDR="192.0.2.1", headers=wrong).status_code == 403


def test_body_over_the_limit_is_refused_unread(newcomer: SignedIn, settings: Any) -> None:
    settings.KYUFU_BODY_BYTES = 1000
    person = newcomer()
    assert person.post("/sign-in/", {"login": "a" * 100, "password": "b"}).status_code == 200
    answer = person.post("/sign-in/", {"login": "a" * 1000, "password": "b"})
    assert answer.status_code == 413
    assert "大きさを超えています" in answer.content.decode()
    assert person.get("/sign-in/", CONTENT_LENGTH="-1").status_code == 413


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "localhost/elsewhere",
        "http://testserver/account/",
    ],
)
def test_sign_in_leads_to_no_other_site(signed_in: SignedIn, target: str) -> None:
    person = signed_in()
    person.sign_out()
    data = {"login": person.staff_no, "password": person.password, "next": target}
    person.post("/sign-in/", data)
    assert person.give_code()["Location"] == "/"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    data = {"login": person.staff_no, "password": person.password, "next": "/account/keys/"}
    person.post("/sign-in/", data)
    assert person.give_code()["Location"] == "/account/keys/"


def test_attempts_of_a_terminal_are_limited(newcomer: SignedIn, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    persons = [newcomer() for _ in range(4)]
    answers = [one.give_password(password="Machigatta-Aikotoba-1").status_code for one in persons]
    assert answers == [200, 200, 200, 429]
    assert "数分待って" in persons[3].give_password().content.decode()


def test_pages_of_allauth_that_staff_do_not_need_have_no_address(signed_in: SignedIn) -> None:
    person = signed_in()
    for path in ("/signup/", "/account/signup/", "/account/email/", "/admin/", "/account/codes/download/"):
        assert person.get(path).status_code == 404, path


def test_nobody_takes_the_key_of_another(signed_in: SignedIn) -> None:
    person = signed_in()
    assert person.get("/account/keys/1/remove/").status_code == 404
    assert person.post("/account/keys/1/remove/").status_code == 404


def test_last_second_factor_stays(signed_in: SignedIn) -> None:
    person = signed_in()
    answer = person.post("/account/app/remove/")
    assert "二つ目の認証がなくなる" in answer.content.decode()
    person.sign_out()
    assert person.give_password()["Location"] == "/sign-in/second-factor/"


def test_more_fields_than_the_form_has_change_nothing(newcomer: SignedIn) -> None:
    person = newcomer()
    data = {"login": person.staff_no, "password": person.password, "state": "ended", "is_staff": "1",
            "kyufu_second_factor_at": "2099-01-01T00:00:00+00:00", "_auth_user_id": "1"}  # fmt: skip
    person.post("/sign-in/", data)
    assert person.get("/")["Location"] == "/account/password/"


@pytest.mark.parametrize(
    "typed", ["' OR '1'='1", "S00001' --", "admin\x00", "%27", "\u2028S1", "A" * 5000, "Ｓ００００１"]
)
def test_probing_the_number_field_is_only_a_wrong_number(newcomer: SignedIn, typed: str) -> None:
    person = newcomer()
    answer = person.post("/sign-in/", {"login": typed, "password": "' OR 1=1 --"})
    assert answer.status_code == 200
    assert person.get("/")["Location"] == "/sign-in/"


def test_log_lines_cannot_be_forged(newcomer: SignedIn, caplog: pytest.LogCaptureFixture) -> None:
    person = newcomer()
    forged = "x\r\n2026-04-01 00:00:00 INFO kyufu.web.access GET /forged 200"
    person.post("/sign-in/", {"login": forged, "password": forged})
    person.get(f"/{forged}/?secret={person.staff_no}", headers={"user-agent": forged})
    lines = [one.getMessage() for one in caplog.records]
    assert lines
    assert all("forged" not in line and person.staff_no not in line for line in lines)
    assert "forged" not in str(events(EventKind.SIGN_IN_REFUSED))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("", ""),
        ("10.0.0.0/8", ""),
        ("localhost", ""),
    ],
)
def test_addresses_are_read_in_one_form(written: str, read: str) -> None:
    assert readable_address(written) == read


def test_somebody_else_cannot_sign_out_a_person(signed_in: SignedIn) -> None:
    person = signed_in()
    stranger = Person(0, "S99999")
    stranger.sign_out()
    assert person.get("/account/").status_code == 200
