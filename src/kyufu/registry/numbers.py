"""The face of the vault: individual numbers of addressees for the counter, each act with right, reason and record.

Everything else knows a person by the addressee; only here, and only one at a time, a number comes in or out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from kyufu.audit.api import note_read
from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import DoubleRegistration, NumberSecret
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

FOUND_BY_NUMBER = "個人番号による検索の結果（宛名番号・団体内統合宛名番号）"
UNIFIED_NUMBER = "団体内統合宛名番号"
CONFLICTS = "個人番号の確認事項（二重登録の疑いなど）"

__all__ = [
    "DoubleRegistration",
    "NumberHit",
    "NumberSecret",
    "change_number",
    "disclose_number",
    "find_by_number",
    "letters_waiting",
    "number_conflicts",
    "open_vault",
    "read_number",
    "register_number",
    "settle_number_conflict",
    "take_in_numbers",
    "unified_number_of",
    "vault_is_open",
    "withdraw_number",
]


@dataclass(frozen=True, slots=True)
class NumberHit:
    """Whom an individual number names: the unified number and the addressees, never the number itself."""

    unified_no: str
    addressee_ids: tuple[int, ...]


def vault_is_open() -> bool:
    """Is there a vault with keys, so that numbers can be registered?"""
    return mynumber.can_post()


def open_vault(*, by: Actor, confirmed_by: Actor, at: datetime) -> bool:
    """Make the keys of the vault, in the presence of a second person; False where it has keys already."""
    return mynumber.init_vault(by=by, confirmed_by=confirmed_by, at=at)


def take_in_numbers(*, by: Actor, at: datetime) -> mynumber.DrainResult:
    """Register the numbers that feeds have posted to the vault, and follow merges."""
    return mynumber.drain_inbox(by=by, at=at)


def letters_waiting() -> int:
    """How many letters with numbers wait in the vault's inbox; none where there is no vault."""
    return mynumber.letters_waiting() if mynumber.can_post() else 0


def read_number(text: str) -> NumberSecret:
    """Read an individual number from a form; raises BadInput with the reason, without the number."""
    return NumberSecret.parse(text)


def register_number(*, addressee_id: int, number: NumberSecret, by: Actor, reason: str, at: datetime) -> str:
    """Register an addressee's individual number; returns the unified number (団体内統合宛名番号).

    Raises DoubleRegistration where another addressee has it, Refused where this one has another number already.
    """
    return mynumber.register_number(
        addressee_no=_no(addressee_id), number=number, subject=addressee_id, by=by, reason=reason, at=at
    )


def change_number(
    *, addressee_id: int, number: NumberSecret, changed_on: date, by: Actor, reason: str, at: datetime
) -> None:
    """Replace an addressee's individual number (個人番号の変更); the former one is kept with its time."""
    mynumber.change_number(
        addressee_no=_no(addressee_id), number=number, changed_on=changed_on, subject=addressee_id, by=by,
        reason=reason, at=at,
    )  # fmt: skip


def withdraw_number(*, addressee_id: int, by: Actor, reason: str, at: datetime) -> None:
    """Take back a number that was registered for the wrong person (誤登録の取消し)."""
    mynumber.withdraw_number(
        addressee_no=_no(addressee_id), subject=addressee_id, by=by, reason=reason, at=at
    )


def find_by_number(number: NumberSecret, *, at: datetime) -> NumberHit | None:
    """Whom one individual number names; None for nobody. Needs the opening NUMBER_SEARCH, terminal and purpose."""
    found = mynumber.search_by_number(number, at=at)
    if found is None:
        return None
    ids = _ids(found.addressee_nos)
    note_read(ids, what=FOUND_BY_NUMBER)
    return NumberHit(found.unified_no, ids)


def disclose_number(*, addressee_id: int, reason: str) -> NumberSecret:
    """An addressee's individual number, masked until `.reveal()`; needs the opening NUMBER_DISPLAY and a reason."""
    return mynumber.disclose_number(addressee_no=_no(addressee_id), subject=addressee_id, reason=reason)


def unified_number_of(addressee_id: int) -> str | None:
    """An addressee's unified number; None where the vault does not know the person. The reading is noted."""
    note_read([addressee_id], what=UNIFIED_NUMBER)
    link = mynumber.BusinessNumber(mynumber.ADDRESSEE, _no(addressee_id))
    return next(iter(mynumber.translate(link=link, business=mynumber.UNIFIED)), None)


def number_conflicts(*, after: int) -> list[mynumber.Conflict]:
    """The open points of the vault's worklist behind `after` (double registrations ...), without any number of theirs.

    The addressees that they name are noted as read.
    """
    found = mynumber.conflicts(after=after)
    note_read(_ids({no for one in found for no in (one.number, one.other)}), what=CONFLICTS)
    return found


def settle_number_conflict(conflict_id: int, *, resolved: bool, by: Actor, reason: str, at: datetime) -> None:
    """Close an open point as resolved, or set it aside where nothing was wrong; raises Refused where it is not open."""
    state = mynumber.ConflictState.RESOLVED if resolved else mynumber.ConflictState.DISMISSED
    mynumber.settle_conflict(conflict_id, state=state, by=by, reason=reason, at=at)


def _no(addressee_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT addressee_no FROM registry_addressee WHERE id = %s", [addressee_id])
        row = cursor.fetchone()
    if row is None:
        raise Refused("宛名番号の者が登録されていません。", remedy="宛名番号を確かめてください。")
    return str(row[0])


def _ids(addressee_nos: Collection[str]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM registry_addressee WHERE addressee_no = ANY(%s) ORDER BY addressee_no",
            [list(addressee_nos)],
        )
        return tuple(row[0] for row in cursor.fetchall())
