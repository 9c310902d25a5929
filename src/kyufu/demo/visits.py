"""Sign-in to the running web application as a person does it: page, password, second factor, page; over real HTTP."""

from __future__ import annotations

import html
import re
from datetime import datetime
from http.cookiejar import CookieJar
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from kyufu.demo.staff import Credentials
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError

SIGN_IN, SIGN_OUT = "/sign-in/", "/sign-out/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_MENU = re.compile(r'<nav[^>]*aria-label="メニュー"[^>]*>(.*?)</nav>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class Page(NamedTuple):
    """An answer: where it came from in the end, its status and its text."""

    path: str
    status: int
    text: str

    @property
    def menu(self) -> int:
        """How many pages its menu offers."""
        found = _MENU.search(self.text)
        return found.group(1).count("<li>") if found else 0

    @property
    def heading(self) -> str:
        """The words of its first heading."""
        found = _HEADING.search(self.text)
        return html.unescape(_TAG.sub("", found.group(1))).strip() if found else ""


class Visitor:
    """A browser without a window: it keeps cookies, follows redirects and sends the form's own token."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._answer(Request(f"{self._origin}{path}"))  # noqa: S310 - our own server

    def submit(self, page: Page, *, to: str = "", **fields: str) -> Page:
        """Send a form of the page, to its own address where no other is given."""
        token = _TOKEN.search(page.text)
        body = urlencode({**fields, "csrfmiddlewaretoken": token.group(1) if token else ""})
        return self._answer(
            Request(  # noqa: S310 - our own server
                f"{self._origin}{to or page.path}",
                data=body.encode(),
                headers={"Referer": f"{self._origin}{page.path}", "Origin": self._origin},
            )
        )

    def _answer(self, request: Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=30)
        except HTTPError as refusal:
            answer = refusal
        with answer:
            path = str(answer.url).removeprefix(self._origin)
            return Page(path, int(answer.status), answer.read().decode())


def one_time_code(secret: str, *, at: datetime) -> str:
    """The six digits that an authenticator app shows at an instant (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // app_settings.TOTP_PERIOD))


def sign_in(visitor: Visitor, *, staff_no: str, credentials: Credentials) -> Page:
    """Sign in with both factors and return the home page; raises KyufuError where the page is another."""
    first = visitor.get(SIGN_IN)
    second = visitor.submit(first, login=staff_no, password=credentials.password)
    code = one_time_code(credentials.totp_secret, at=clock.current_instant())
    home = visitor.submit(second, code=code)
    if home.status != 200 or home.path.startswith(SIGN_IN):
        raise KyufuError(
            f"見本の職員 {staff_no} がサインインできません（{home.status} {home.heading}）。",
            remedy="同じ職員でサインイン中でないか確かめ、しばらくしてからやり直してください。",
        )
    return home


def sign_out(visitor: Visitor, *, page: Page) -> Page:
    """End the session, so that the person may sign in elsewhere."""
    return visitor.submit(page, to=SIGN_OUT)
