"""What an account may do on a day: the one answer that pages, commands and operations ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.staff.functions import (
    FUNCTION_NAMES,
    LEVEL_NAMES,
    AccountKind,
    Function,
    Level,
    Scheme,
)
from kyufu.staff.policy import sign_in_policy


class Forbidden(Refused):
    """A person without the right asked for something."""


@dataclass(frozen=True, slots=True)
class HeldRight:
    """One function at one level in one scheme at one office (code; offices below stand in rows of their own)."""

    function: Function
    level: Level
    scheme: Scheme
    office: str
    ward_code: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What one account may do on one day; without rows, nothing."""

    account_id: int
    staff_no: str
    name: str
    office_code: str
    office_name: str
    kind: AccountKind
    on: date
    held: frozenset[HeldRight]

    def actor(self) -> Actor:
        """The person as records keep them."""
        return Actor(self.staff_no, self.name, self.office_name)

    def may(
        self,
        function: Function,
        *,
        level: Level,
        scheme: Scheme = Scheme.COMMON,
        office: str | None = None,
    ) -> bool:
        """May the person do it at the office (code; None: at some office)?

        What belongs to no single scheme (COMMON) is open to the function's holders in any scheme; a scheme's own
        matters are open only to those who were granted that scheme.
        """
        return any(
            right.function == function
            and right.level >= level
            and scheme in (Scheme.COMMON, right.scheme)
            and office in (None, right.office)
            for right in self.held
        )

    def offices(self, function: Function, *, level: Level = Level.READ) -> frozenset[str]:
        """The codes of the offices at which the person may do it."""
        return frozenset(right.office for right in self.held if _covers(right, function, level))

    def wards(self, function: Function, *, level: Level = Level.READ) -> frozenset[str]:
        """The municipality codes of the wards at which the person may do it."""
        return frozenset(
            right.ward_code for right in self.held if right.ward_code and _covers(right, function, level)
        )

    def functions(self) -> frozenset[Function]:
        """Every function of which the person may at least read something: what a menu shows."""
        return frozenset(right.function for right in self.held)


def _covers(right: HeldRight, function: Function, level: Level) -> bool:
    return right.function == function and right.level >= level


# An account that has ended, is locked, expired, left unused, or posted nowhere has no rights, whatever was granted.
WORKS = """(a.state = 'active' AND a.usable_from <= %(on)s AND a.expires_on >= %(on)s
       AND (a.leaves_on IS NULL OR a.leaves_on > %(on)s)
       AND greatest(a.last_used_on, a.awake_from) + %(unused)s > %(on)s AND o.id IS NOT NULL)"""
POSTED = """staff_account a
  LEFT JOIN staff_posting p ON p.account_id = a.id AND p.valid @> %(on)s
  LEFT JOIN staff_office o ON o.id = p.office_id AND o.valid @> %(on)s"""
WHO = f"""
SELECT a.id, a.staff_no, a.name, coalesce(o.code, ''), coalesce(o.name, ''), a.kind, {WORKS}
  FROM {POSTED} WHERE a.id = %(account)s
"""
HELD = f"""
WITH RECURSIVE who (id, staff_no, name, office_code, office_name, kind, works) AS ({WHO}),
granted AS (
    SELECT r.function, r.level, g.scheme, g.office_id
      FROM staff_grant g JOIN staff_role_right r ON r.role_id = g.role_id AND r.valid @> %(on)s
     WHERE g.account_id = %(account)s AND g.state = 'confirmed' AND g.valid @> %(on)s),
covered AS (
    SELECT g.function, g.level, g.scheme, o.id, o.code, o.ward_code
      FROM granted g JOIN staff_office o ON o.id = g.office_id AND o.valid @> %(on)s
    UNION
    SELECT c.function, c.level, c.scheme, o.id, o.code, o.ward_code
      FROM covered c JOIN staff_office o ON o.parent_id = c.id AND o.valid @> %(on)s)
SELECT w.id, w.staff_no, w.name, w.office_code, w.office_name, w.kind, c.function, c.level, c.scheme, c.code,
       c.ward_code
  FROM who w LEFT JOIN covered c ON w.works
"""


def rights_of(account_id: int, *, on: date) -> Rights:
    """What the account may do on a day; raises Forbidden for an account that does not exist."""
    values = values_on(on) | {"account": account_id}
    with connection.cursor() as cursor:
        cursor.execute(HELD, values)
        rows = cursor.fetchall()
    if not rows:
        raise Forbidden("アカウントがありません。", remedy="権限管理者に確かめてください。")
    who = rows[0]
    return Rights(
        account_id=who[0],
        staff_no=who[1],
        name=who[2],
        office_code=who[3],
        office_name=who[4],
        kind=AccountKind(who[5]),
        on=on,
        held=frozenset(
            HeldRight(Function(function), Level(level), Scheme(scheme), office, ward_code)
            for *_, function, level, scheme, office, ward_code in rows
            if function is not None
        ),
    )


def works_on(account_id: int, *, on: date) -> bool:
    """Does the account work on the day: active, in its term, used lately, of a person in office?"""
    with connection.cursor() as cursor:
        cursor.execute(WHO, values_on(on) | {"account": account_id})
        row = cursor.fetchone()
    return bool(row and row[6])


def values_on(on: date) -> dict[str, Any]:
    """The parameters of WORKS and POSTED for a day."""
    return {"on": on, "unused": sign_in_policy(on).unused_account_days}


def require(
    rights: Rights,
    function: Function,
    *,
    level: Level,
    scheme: Scheme = Scheme.COMMON,
    office: str | None = None,
) -> None:
    """Raise Forbidden, naming the function and the level, where `Rights.may` says no."""
    if not rights.may(function, level=level, scheme=scheme, office=office):
        raise Forbidden(
            f"「{FUNCTION_NAMES[function]}」（{LEVEL_NAMES[level]}）の権限がありません。",
            remedy="必要な場合は、所属から権限管理者に権限の付与を申請してください。",
        )
