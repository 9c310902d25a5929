"""Synthetic offices and people of a city, made by the operations that a city would use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.staff import api as staff
from kyufu.staff.api import AccountKind, OfficeKind, Rights, Scheme

TODAY = date(2026, 7, 6)
BEGUN = date(2026, 4, 1)
YEAR_END = date(2027, 3, 31)
PASSWORD = "correct-horse-9-battery"
SETTER = Actor("S000", "設定　花子", "情報システム課")


def at(day: date, *, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a day in Japan."""
    return datetime.combine(day, time(hour, minute), JAPAN).astimezone(UTC)


NOW = at(TODAY)


def rows(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    """What an SQL statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def hire(
    number: str,
    *,
    name: str,
    office: str = "TSU",
    kind: AccountKind = AccountKind.EMPLOYEE,
    usable_from: date = BEGUN,
    expires_on: date = YEAR_END,
    personnel_no: str = "",
) -> int:
    """Make an account that was asked for on paper, used lately."""
    account = staff.add_account(
        staff_no=number, personnel_no=personnel_no or f"P{number}", name=name, kana="ミホン", kind=kind,
        office=office, usable_from=usable_from, expires_on=expires_on, password=PASSWORD, by=SETTER,
        at=at(usable_from), why="申請第1号",
    )  # fmt: skip
    rows("UPDATE staff_account SET last_used_on = %s WHERE id = %s", [max(TODAY, usable_from), account])
    return account


@dataclass(frozen=True)
class Town:
    """The account ids of the people of the town."""

    admin: int
    second_admin: int
    clerk: int
    worker: int

    def rights(self, account: int, *, on: date = TODAY) -> Rights:
        """What somebody may do on a day."""
        return staff.rights_of(account, on=on)

    def ask(
        self,
        account: int,
        *,
        role: str = "counter",
        office: str = "TSU",
        scheme: Scheme = Scheme.CHILD,
        valid_from: date = TODAY,
        last_day: date = YEAR_END,
    ) -> int:
        """The first administrator asks for a grant."""
        return staff.ask_for_grant(
            account, role=role, office=office, scheme=scheme, valid_from=valid_from, last_day=last_day,
            by=self.rights(self.admin).actor(), at=NOW, why="小児医療の窓口",
        )  # fmt: skip

    def grant(self, account: int, **asked: Any) -> int:
        """The first administrator asks and the second confirms."""
        grant_id = self.ask(account, **asked)
        staff.confirm_grant(grant_id, rights=self.rights(self.second_admin), at=NOW)
        return grant_id


def build_town() -> Town:
    """Two wards below head office, a contractor, two administrators, a clerk and a contractor's worker."""
    for code, name, kind, parent, ward in (
        ("HQ", "医療援助課", OfficeKind.HEAD, "", ""),
        ("HQ1", "医療援助課 給付係", OfficeKind.HEAD, "HQ", ""),
        ("TSU", "鶴見区保険年金課", OfficeKind.WARD, "HQ", "141011"),
        ("TSU1", "鶴見区保険年金課 窓口", OfficeKind.WARD, "TSU", "141011"),
        ("KAN", "神奈川区保険年金課", OfficeKind.WARD, "HQ", "141020"),
        ("CON", "受託見本株式会社", OfficeKind.CONTRACTOR, "", ""),
    ):
        staff.add_office(
            code=code, name=name, kind=kind, parent=parent, ward_code=ward, valid_from=date(2020, 4, 1)
        )
    admin = hire("A001", name="管理　一郎", office="HQ")
    second = hire("A002", name="管理　二郎", office="HQ")
    clerk = hire("C001", name="見本　花子")
    worker = hire("X001", name="委託　三郎", office="CON", kind=AccountKind.CONTRACTOR)
    staff.appoint_first_administrators(admin, second_id=second, office="HQ", at=NOW)
    return Town(admin, second, clerk, worker)


def days(count: int) -> timedelta:
    """A number of days."""
    return timedelta(days=count)
