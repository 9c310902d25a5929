"""Questions about accounts, offices, grants and terminals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.staff.functions import AccountKind, OfficeKind, Scheme
from kyufu.staff.rights import POSTED, WORKS, values_on
from kyufu.staff.roles import RIGHTS_ADMINISTRATOR
from kyufu.staff.states import AccountState, GrantState


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account as listed: who, of which kind, where posted on the day asked, its state and its days."""

    account_id: int
    staff_no: str
    personnel_no: str
    name: str
    kana: str
    kind: AccountKind
    office_code: str
    office_name: str
    state: AccountState
    works: bool
    usable_from: date
    expires_on: date
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """An office as listed, `parent` being the code of the one above, empty at the top."""

    code: str
    name: str
    kind: OfficeKind
    parent: str
    ward_code: str
    valid_from: date
    last_day_before: date | None


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """A grant as listed: whose, which role where, from when to before when, and who asked and confirmed."""

    grant_id: int
    staff_no: str
    name: str
    role: str
    role_name: str
    office_code: str
    office_name: str
    scheme: Scheme
    valid_from: date
    ends_before: date
    state: GrantState
    why: str
    asked_by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class TerminalSeen:
    """A registered terminal that a request came from."""

    id: int
    name: str
    office_code: str


@dataclass(frozen=True, slots=True)
class TerminalListed:
    """A registered terminal as listed: its mark (network or fingerprint), office, and from when to before when."""

    name: str
    network: str
    fingerprint: str
    office_name: str
    valid_from: date
    ends_before: date | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of the register of accounts (ID管理簿): what was done to which account, by whom, when and why."""

    staff_no: str
    name: str
    from_state: str
    to_state: str
    why: str
    by: Actor
    at: datetime


ACCOUNTS_LISTED = f"""
SELECT a.id, a.staff_no, a.personnel_no, a.name, a.kana, a.kind, coalesce(o.code, ''), coalesce(o.name, ''),
       a.state, {WORKS}, a.usable_from, a.expires_on, a.last_used_on
  FROM {POSTED}
"""
GRANTS_LISTED = """
SELECT g.id, a.staff_no, a.name, r.code, r.name, o.code, o.name, g.scheme, lower(g.valid), upper(g.valid), g.state,
       g.why, g.asked_by_name, g.confirmed_by_name
  FROM staff_grant g JOIN staff_account a ON a.id = g.account_id
  JOIN staff_role r ON r.id = g.role_id JOIN staff_office o ON o.id = g.office_id
"""


def find_account(staff_no: str, *, on: date) -> AccountSeen | None:
    """The account of a login name, as it stands on a day."""
    found = _accounts("a.staff_no = %(staff_no)s", on=on, staff_no=staff_no)
    return found[0] if found else None


def account_by_id(account_id: int, *, on: date) -> AccountSeen | None:
    """The account of an id, as it stands on a day."""
    found = _accounts("a.id = %(id)s", on=on, id=account_id)
    return found[0] if found else None


def list_accounts(*, on: date, limit: int, after: str = "") -> list[AccountSeen]:
    """Accounts in the order of their login name, those after `after`."""
    return _accounts("a.staff_no > %(after)s", on=on, after=after, limit=limit)


def accounts_not_renewed(*, on: date) -> list[AccountSeen]:
    """Accounts that have not ended and whose term is over on the day (更新されていないID; 横浜市 L2354)."""
    return _accounts("a.state <> 'ended' AND a.expires_on < %(on)s", on=on)


def actor_of(account_id: int, *, on: date) -> Actor:
    """Who the account is, with the office on the day; raises Refused where it does not work."""
    found = account_by_id(account_id, on=on)
    if found is None or not found.works:
        raise Refused("使えるアカウントがありません。", remedy="職員番号を確かめてください。")
    return Actor(found.staff_no, found.name, found.office_name)


def has_administrator(on: date) -> bool:
    """Does anybody hold the role of the rights administrator on a day?"""
    found = _rows(
        "SELECT EXISTS (SELECT FROM staff_grant g JOIN staff_role r ON r.id = g.role_id "
        "WHERE r.code = %(role)s AND g.state = 'confirmed' AND g.valid @> %(on)s)",
        {"role": RIGHTS_ADMINISTRATOR, "on": on},
    )
    return bool(found[0][0])


def list_offices(*, on: date) -> list[OfficeSeen]:
    """The offices that exist on a day, by code."""
    rows = _rows(
        "SELECT o.code, o.name, o.kind, coalesce(p.code, ''), o.ward_code, lower(o.valid), upper(o.valid) "
        "FROM staff_office o LEFT JOIN staff_office p ON p.id = o.parent_id WHERE o.valid @> %(on)s ORDER BY o.code",
        {"on": on},
    )
    return [OfficeSeen(**_named(OfficeSeen, row, kind=OfficeKind)) for row in rows]


def list_terminals(*, on: date) -> list[TerminalListed]:
    """The terminals in use on a day or later, by name."""
    rows = _rows(
        "SELECT t.name, coalesce(t.network::text, ''), coalesce(t.fingerprint, ''), o.name, lower(t.valid), "
        "upper(t.valid) FROM staff_terminal t JOIN staff_office o ON o.id = t.office_id "
        "WHERE upper_inf(t.valid) OR upper(t.valid) > %(on)s ORDER BY t.name",
        {"on": on},
    )
    return [TerminalListed(*row) for row in rows]


def grants_waiting() -> list[GrantSeen]:
    """Grants that were asked for and wait for the second person, oldest first."""
    return _grants("g.state = 'asked'", {})


def current_grants(account_id: int, *, on: date) -> list[GrantSeen]:
    """The grants of an account that are asked for or confirmed and not over on a day, those to come included."""
    return _grants(
        "g.account_id = %(account)s AND g.state IN ('asked', 'confirmed') AND upper(g.valid) > %(on)s",
        {"account": account_id, "on": on},
    )


def grants_of(account_id: int) -> list[GrantSeen]:
    """All grants that an account ever had or was refused, oldest first."""
    return _grants("g.account_id = %(account)s", {"account": account_id})


def find_grant(grant_id: int) -> GrantSeen | None:
    """The grant of an id."""
    found = _grants("g.id = %(id)s", {"id": grant_id})
    return found[0] if found else None


def roles_on(on: date) -> list[tuple[str, str]]:
    """Code and Japanese name of the roles that open something on a day."""
    rows = _rows(
        "SELECT r.code, r.name FROM staff_role r WHERE EXISTS (SELECT FROM staff_role_right f "
        "WHERE f.role_id = r.id AND f.valid @> %(on)s) ORDER BY r.id",
        {"on": on},
    )
    return [(row[0], row[1]) for row in rows]


def terminal_of(*, address: str, fingerprint: str, on: date) -> TerminalSeen | None:
    """The registered terminal of a request, by the certificate where one was shown, else by the network address.

    The narrowest network counts. An empty address or fingerprint is none; None where no registered terminal fits.
    """
    rows = _rows(
        "SELECT t.id, t.name, o.code FROM staff_terminal t JOIN staff_office o ON o.id = t.office_id "
        "WHERE t.valid @> %(on)s AND (t.fingerprint = nullif(lower(%(print)s), '') "
        "OR t.network >>= nullif(%(address)s, '')::inet) "
        "ORDER BY t.fingerprint NULLS LAST, masklen(t.network) DESC LIMIT 1",
        {"on": on, "print": fingerprint, "address": address},
    )
    return TerminalSeen(*rows[0]) if rows else None


def addressees_of_staff(account_id: int) -> list[tuple[str, str]]:
    """The addressee numbers of the person and their family, with "self" or "family"."""
    rows = _rows(
        "SELECT addressee_no, relation FROM staff_relation WHERE account_id = %(account)s ORDER BY addressee_no",
        {"account": account_id},
    )
    return [(row[0], row[1]) for row in rows]


def staff_relations() -> list[tuple[str, str, str]]:
    """Login name, addressee number and "self" or "family" of every relation: for the review of readings."""
    rows = _rows(
        "SELECT a.staff_no, r.addressee_no, r.relation FROM staff_relation r "
        "JOIN staff_account a ON a.id = r.account_id ORDER BY a.staff_no, r.addressee_no",
        {},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def account_register(*, since: datetime) -> list[RegisterEntry]:
    """The register of accounts (ID管理簿): every step since an instant, in its order."""
    rows = _rows(
        "SELECT a.staff_no, a.name, coalesce(t.from_state, ''), t.to_state, t.why, t.actor_id, t.actor_name, "
        "t.actor_office, t.at FROM staff_account_transition t JOIN staff_account a ON a.id = t.subject_id "
        "WHERE t.at >= %(since)s ORDER BY t.id",
        {"since": since},
    )
    return [
        RegisterEntry(row[0], row[1], row[2], row[3], row[4], Actor(row[5], row[6], row[7]), row[8])
        for row in rows
    ]


def _accounts(condition: str, *, on: date, **values: object) -> list[AccountSeen]:
    limit = "LIMIT %(limit)s" if "limit" in values else ""
    rows = _rows(f"{ACCOUNTS_LISTED} WHERE {condition} ORDER BY a.staff_no {limit}", values_on(on) | values)
    return [AccountSeen(**_named(AccountSeen, row, kind=AccountKind, state=AccountState)) for row in rows]


def _grants(condition: str, values: dict[str, Any]) -> list[GrantSeen]:
    rows = _rows(f"{GRANTS_LISTED} WHERE {condition} ORDER BY g.id", values)
    return [GrantSeen(**_named(GrantSeen, row, scheme=Scheme, state=GrantState)) for row in rows]


def _named(shape: type, row: tuple[Any, ...], **enums: type[StrEnum]) -> dict[str, Any]:
    """The columns of a row by the field names of the shape, codes turned into their enumerations."""
    named = dict(zip((field.name for field in fields(shape)), row, strict=True))
    return named | {name: enum(named[name]) for name, enum in enums.items()}


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
