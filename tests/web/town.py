"""A small town hall of synthetic staff, and people who sign in through the real pages."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.staff import api as staff
from kyufu.staff.api import AccountKind, OfficeKind, Scheme

HEAD, WARD, OTHER_WARD, CONTRACTOR = "H01", "W01", "W02", "C01"
WARD_CODE, OTHER_WARD_CODE = "141011", "141020"
TEMPORARY = "Hatsukaino-Aikotoba-7"
CHOSEN = "Asagao-to-Kingyo-29-ban"
MAKER = Actor("maker", "登録 担当", "情報システム課")

_NUMBERS = count(1)


@dataclass
class Town:
    """Offices, a registered terminal, and two rights administrators who grant what the tests ask for."""

    today: date
    administrators: list[int] = field(default_factory=list)

    def account(self, *, office: str = WARD, name: str = "戸塚 桜子") -> tuple[int, str]:
        """A new account with its temporary password; returns its id and staff number."""
        number = next(_NUMBERS)
        staff_no = f"S{number:05}"
        kind = AccountKind.CONTRACTOR if office == CONTRACTOR else AccountKind.EMPLOYEE
        account_id = staff.add_account(
            staff_no=staff_no,
            personnel_no=f"P{number:05}",
            name=name,
            kana="トツカ サクラコ",
            kind=kind,
            office=office,
            usable_from=self.today,
            expires_on=self.last_day,
            password=TEMPORARY,
            by=MAKER,
            at=clock.current_instant(),
            why="申請 1 号",
        )
        return account_id, staff_no

    def grant(self, account_id: int, *, role: str, office: str = WARD, scheme: Scheme = Scheme.CHILD) -> None:
        """Grant a role: asked for by one administrator and confirmed by the other."""
        first, second = (staff.rights_of(one, on=self.today) for one in self.administrators)
        at = clock.current_instant()
        asked = staff.ask_for_grant(
            account_id,
            role=role,
            office=office,
            scheme=scheme,
            valid_from=self.today,
            last_day=self.last_day,
            by=first.actor(),
            at=at,
            why="担当事務のため",
        )
        staff.confirm_grant(asked, rights=second, at=at)

    @property
    def last_day(self) -> date:
        """The end of the present fiscal year."""
        return date(self.today.year + (self.today.month > 3), 3, 31)


def build_town() -> Town:
    """Make the offices, the terminal of this machine and the two administrators; nobody has tried to sign in yet."""
    cache.clear()
    today = clock.current_date_in_japan()
    staff.seed_roles()
    first_day = date(2020, 4, 1)
    staff.add_office(code=HEAD, name="こども医療課", kind=OfficeKind.HEAD, valid_from=first_day)
    for code, name, ward in (
        (WARD, "戸塚区保険係", WARD_CODE),
        (OTHER_WARD, "港北区保険係", OTHER_WARD_CODE),
    ):
        staff.add_office(
            code=code, name=name, kind=OfficeKind.WARD, valid_from=first_day, parent=HEAD, ward_code=ward
        )
    staff.add_office(code=CONTRACTOR, name="受託センター", kind=OfficeKind.CONTRACTOR, valid_from=first_day)
    staff.register_terminal(name="窓口1", office=WARD, valid_from=first_day, network="127.0.0.1/32")
    staff.register_terminal(name="窓口2", office=WARD, valid_from=first_day, network="::1/128")
    town = Town(today)
    town.administrators = [town.account(office=HEAD, name=name)[0] for name in ("管野 一郎", "管野 二葉")]
    staff.appoint_first_administrators(
        town.administrators[0], second_id=town.administrators[1], office=HEAD, at=clock.current_instant()
    )
    return town


@dataclass
class Person:
    """Somebody at a terminal: a browser, a staff number, a password, and the secret of their authenticator app."""

    account_id: int
    staff_no: str
    password: str = TEMPORARY
    secret: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    used: list[int] = field(default_factory=list)

    def get(self, path: str, **extra: Any) -> Any:
        """Open an address."""
        return self.client.get(path, **extra)

    def post(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        """Send a form with the token that the browser holds, as every page of ours gives it."""
        return self.client.post(path, {**(data or {}), "csrfmiddlewaretoken": self.csrf()}, **extra)

    def csrf(self) -> str:
        """The token of a form: that of the last page with one, or of the sign-in page."""
        if "csrf" not in self.client.cookies:
            self.client.get("/sign-in/")
        return str(self.client.cookies["csrf"].value)

    def code(self) -> str:
        """A code of the authenticator app that was not used yet."""
        step = int(time.time()) // 30  # noqa: TID251 - the app's clock is the real one, as allauth's is
        fresh = next(one for one in (step, step + 1, step - 1) if one not in self.used)
        self.used.append(fresh)
        return format_hotp_value(hotp_value(self.secret, fresh))

    def give_password(self, *, path: str = "/sign-in/", password: str | None = None) -> Any:
        """Send staff number and password."""
        return self.post(path, {"login": self.staff_no, "password": password or self.password})

    def give_code(self, code: str = "") -> Any:
        """Send the second factor."""
        return self.post("/sign-in/second-factor/", {"code": code or self.code()})

    def choose_password(self, new: str = CHOSEN) -> Any:
        """Change the password."""
        data = {"oldpassword": self.password, "password1": new, "password2": new}
        answer = self.post("/account/password/", data)
        if answer.status_code == 302:
            self.password = new
        return answer

    def enrol_app(self) -> Any:
        """Register an authenticator app from what the page shows."""
        page = self.get("/account/app/").content.decode()
        found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
        assert found is not None
        self.secret = found[1]
        return self.post("/account/app/", {"code": self.code()})

    def begin(self) -> Person:
        """The first sign-in: temporary password, own password, authenticator app."""
        assert self.give_password().status_code == 302
        assert self.choose_password().status_code == 302
        assert self.enrol_app().status_code == 302
        return self

    def sign_in(self) -> Any:
        """A later sign-in with both factors; returns the last answer."""
        answer = self.give_password()
        assert urlsplit(answer["Location"]).path == "/sign-in/second-factor/"
        return self.give_code()

    def sign_out(self) -> Any:
        """Sign out."""
        return self.post("/sign-out/")

    def at_another_browser(self) -> Person:
        """The same person with another browser, who has to sign in there."""
        return Person(self.account_id, self.staff_no, self.password, self.secret, used=self.used)
