"""Requests that no page of ours sends: forged, spoofed, oversized or broken; and what every answer carries with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.attacks.crawl import Page, Site, screens
from tests.attacks.digests import digest_of_tables
from tests.attacks.hall import Hall
from tests.attacks.payloads import BETRAYALS
from tests.attacks.sending import targets
from tests.attacks.undoing import undone
from tests.web.town import Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
STRANGER = "203.0.113.9"
JAPANESE = re.compile(r"[ぁ-んァ-ン一-龥]")


def _closed(answer: Any) -> bool:
    return bool(answer.status_code == 403 and "受け付けませんでした" in answer.content.decode())


@pytest.mark.parametrize("token", [None, "", "A" * 64, "A" * 32, "あ" * 32])
def test_no_form_is_taken_without_its_token(hall: Hall, site: Site, token: str | None) -> None:
    before = digest_of_tables()
    for code, form in targets(site):
        if form.method == "post":
            data = form.filled() | ({} if token is None else {"csrfmiddlewaretoken": token})
            assert _closed(hall.almighty.client.post(form.path, data)), code
    assert digest_of_tables() == before


def test_no_form_is_taken_with_the_token_of_another_browser(hall: Hall, site: Site) -> None:
    foreign = Person(0, "").csrf()
    for code, form in targets(site):
        if form.method == "post":
            data = form.filled() | {"csrfmiddlewaretoken": foreign}
            assert _closed(hall.almighty.client.post(form.path, data)), code


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "https://testserver"]
)
def test_no_form_is_taken_from_another_site(hall: Hall, site: Site, origin: str) -> None:
    for code, form in targets(site):
        if form.method == "post":
            assert _closed(hall.almighty.post(form.path, form.filled(), HTTP_ORIGIN=origin)), code


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-in/second-factor/", "/sign-out/", "/account/password/", "/account/confirm/"]
)
def test_the_forms_of_sign_in_ask_for_their_token_too(hall: Hall, path: str) -> None:
    assert _closed(hall.almighty.client.post(path, {"login": "S1", "password": "x"}))
    assert hall.almighty.get("/").status_code == 200


@pytest.mark.parametrize(
    "header",
    ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP", "HTTP_TRUE_CLIENT_IP",
     "HTTP_X_CLIENT_IP", "HTTP_CF_CONNECTING_IP", "HTTP_X_ORIGINATING_IP", "HTTP_X_CLUSTER_CLIENT_IP"],
)  # fmt: skip
@pytest.mark.parametrize(
    "claimed", ["127.0.0.1", "127.0.0.1, 203.0.113.9", "for=127.0.0.1", "::1", "localhost"]
)
def test_an_unregistered_terminal_cannot_talk_itself_in(hall: Hall, header: str, claimed: str) -> None:
    for path in ("/sign-in/", "/"):
        answer = hall.almighty.get(path, REMOTE_ADDR=STRANGER, **{header: claimed})
        assert answer.status_code == 403
        assert "この端末は登録されていない" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1.evil", "127.1", "0x7f.1", "2130706433", "127.0.0.2", "::ffff:203.0.113.9"]
)
def test_an_address_in_other_clothes_is_no_registered_terminal(hall: Hall, address: str) -> None:
    assert hall.almighty.get("/", REMOTE_ADDR=address).status_code == 403


def test_a_stolen_cookie_opens_nothing_from_an_unregistered_terminal(hall: Hall) -> None:
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = hall.almighty.client.cookies[
        settings.SESSION_COOKIE_NAME
    ].value
    assert thief.get("/", REMOTE_ADDR=STRANGER).status_code == 403
    assert thief.get("/people/", REMOTE_ADDR=STRANGER).status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example:80",
        "a b",
        "[::1",
        "ｌocalhost",
    ],
)
def test_another_host_is_refused_and_not_repeated(hall: Hall, host: str) -> None:
    answer = hall.almighty.get("/sign-in/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(hall: Hall) -> None:
    answer = Client().get("/people/", HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https")
    assert answer["Location"].startswith("/sign-in/")
    page = hall.almighty.get("/", HTTP_X_FORWARDED_HOST="evil.example").content.decode()
    assert "evil.example" not in page


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "javascript:alert(1)",
     "https:evil.example", "http:///evil.example", "/%09/evil.example", "\t//evil.example", "///evil.example",
     "/\t/evil.example", "data:text/html,x"],
)  # fmt: skip
def test_sign_in_leads_to_no_other_site(hall: Hall, target: str) -> None:
    person = hall.person("counter")
    person.sign_out()
    first = person.post("/sign-in/", {"login": person.staff_no, "password": person.password, "next": target})
    assert first["Location"].startswith("/sign-in/second-factor/")
    last = person.post("/sign-in/second-factor/", {"code": person.code(), "next": target})
    # The second is an address of our own: a tab that stays written out is part of the path.
    assert last["Location"] in ("/", "/%09/evil.example")


def test_every_page_forbids_frames_caches_sniffing_and_scripts_of_others(hall: Hall, site: Site) -> None:
    for here in screens():
        answer = hall.almighty.get(site.places[here.code][0].path(hall.almighty))
        policy = answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"], here.code
        assert answer["X-Frame-Options"] == "DENY", here.code
        assert answer["X-Content-Type-Options"] == "nosniff", here.code
        assert answer["Referrer-Policy"] in ("no-referrer", "same-origin"), here.code
        assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy, here.code
        # The browser's own viewer of a PDF styles itself; the file is closed off in a sandbox.
        assert "unsafe" not in policy or here.code == "attachment_show", here.code
        assert "*" not in policy and "unsafe-eval" not in policy, here.code


def test_no_page_runs_anything_that_stands_in_it(site: Site) -> None:
    running = {path: Page(text).running for path, text in site.pages.items()}
    assert {path: found for path, found in running.items() if found} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/people/AAAA/",
        "/static/../settings.py",
        "/static/kyufu/../../settings.py",
        "/.env",
        "/admin/",
        "/__debug__/",
    ],
)
def test_an_error_page_is_japanese_and_tells_nothing(hall: Hall, path: str) -> None:
    answer = hall.almighty.get(path)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert not any(word in text for word in BETRAYALS)
    assert JAPANESE.search(text)


def test_a_failure_of_our_own_tells_a_number_and_nothing_else(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kyufu.registry import api as registry

    def fail(*_: object, **__: object) -> None:
        raise ValueError("窓口　花子 1234 SELECT * FROM registry_addressee")

    monkeypatch.setattr(registry, "find_people", fail)
    hall.almighty.client.raise_request_exception = False
    try:
        answer = hall.almighty.post("/people/", {"text": "窓口", "purpose": "application", "case_no": "R8-1"})
    finally:
        hall.almighty.client.raise_request_exception = True
    text = answer.content.decode()
    assert answer.status_code == 500
    assert not any(word in text for word in (*BETRAYALS, "花子", "ValueError"))
    assert "no-store" in answer["Cache-Control"]


def _refused_in_japanese(answer: Any, *, code: str) -> None:
    assert 400 <= answer.status_code < 500, (code, answer.status_code)
    assert JAPANESE.search(answer.content.decode()), code


def test_oversized_and_broken_bodies_are_refused_in_japanese_and_store_nothing(
    hall: Hall, site: Site
) -> None:
    before, person = digest_of_tables(), hall.almighty
    token = {"HTTP_X_CSRFTOKEN": person.csrf()}
    urlencoded, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
    bodies = {
        "many fields": (urlencoded, b"&".join(b"f%d=1" % one for one in range(3_000))),
        "long field": (urlencoded, b"text=" + b"A" * 2_000_000),
        "invalid utf-8": (urlencoded, b"text=%ff%fe%80&purpose=%c0%af"),
        "json": ("application/json", b'{"text": {"$ne": null}}'),
        "broken json": ("application/json", b"{" * 5_000),
        "no boundary": ("multipart/form-data", b"x"),
        "open part": (multipart, b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nA'),
        "nameless part": (multipart, b"--x\r\n\r\nA\r\n--x--\r\n"),
        "deep part": (multipart, b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n" * 50),
        "many parts": (
            multipart,
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 3_000 + b"--x--",
        ),
        "xml": ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    }
    paths = ["/people/", "/log/", "/accounts/new/", "/grants/new/"]
    for name, (kind, body) in bodies.items():
        for path in paths:
            _refused_in_japanese(
                person.client.generic("POST", path, body, content_type=kind, **token), code=f"{name} {path}"
            )
    assert digest_of_tables() == before
    assert site.codes


@pytest.mark.parametrize("length", ["999999999999", "-1", "1e3", "abc", "１２", "0x10"])
def test_a_length_that_is_too_large_or_none_is_refused_before_reading(hall: Hall, length: str) -> None:
    answer = hall.almighty.client.generic("POST", "/people/", b"", CONTENT_LENGTH=length)
    _refused_in_japanese(answer, code=length)


def test_a_file_that_is_no_table_is_refused(hall: Hall) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for body in (
        b"\x00\x01\x02",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"=1+1," * 100,
        b'"' * 5_000,
        b"," * 100_000,
        b"a\rb\rc",
    ):
        with undone():
            answer = hall.almighty.client.post(
                "/rights-table/compare/", {
                    "table": SimpleUploadedFile("../../x.csv", body), "csrfmiddlewaretoken": hall.almighty.csrf(),
                },
            )  # fmt: skip
        _refused_in_japanese(answer, code=repr(body[:9]))
