"""Writing individual numbers: each version sealed under the active key and bound to its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kyufu.mynumber import database as db
from kyufu.mynumber.crypto import row_context, seal, unseal
from kyufu.mynumber.keyring import DATA, LiveKey, active_key, live_key
from kyufu.mynumber.secret import NumberSecret
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.db import copy_rows

NUMBERS = "mynumber_number"
_LAST = """
SELECT p.id, p.unified_no, coalesce(max(n.version), 0)
  FROM mynumber_person p LEFT JOIN mynumber_number n ON n.person_id = p.id WHERE p.id = ANY(%s) GROUP BY p.id
"""
COLUMNS = ("person_id", "version", "key_id", "sealed", "blind", "changed_on", "recorded", "by", "reason")
SEALED = f"""
SELECT p.unified_no, n.version, n.sealed, k.id, k.kek, k.wrapped
  FROM {NUMBERS} n JOIN mynumber_person p ON p.id = n.person_id JOIN mynumber_key k ON k.id = n.key_id
"""


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number that a person (root) has from now on, with its blind index; `changed_on` for a change of number."""

    root: int
    number: NumberSecret
    blind: bytes
    changed_on: date | None = None


def add_numbers(numbers: Sequence[NewNumber], *, by: Actor, reason: str, at: datetime) -> None:
    """Seal and write numbers of persons that have none now; the caller holds the lock of the persons."""
    db.lock_shared(db.KEYS)
    key = active_key(DATA)
    known = {row[0]: (row[1], row[2] + 1) for row in db.rows(_LAST, [new.root for new in numbers])}
    since, who = db.from_now(at), db.signature(by)

    def rows() -> Iterator[Sequence[object]]:
        for new in numbers:
            unified_no, version = known[new.root]
            sealed = _seal(new, key=key, unified_no=unified_no, version=version)
            yield (new.root, version, key.number, sealed, new.blind, new.changed_on, since, who, reason)

    copy_rows(table=NUMBERS, columns=COLUMNS, rows=rows(), using=VAULT)


def open_number(row: Sequence[object]) -> NumberSecret:
    """Open a row of the query SEALED; the key comes in the same row, so that a rotation cannot come in between.

    Raises Unreadable where the row does not hold what was sealed for it.
    """
    unified_no, version, sealed = str(row[0]), int(str(row[1])), bytes(row[2])  # type: ignore[call-overload]
    key = live_key(row[3:6], purpose=DATA)
    context = row_context(table=NUMBERS, unified_no=unified_no, key_id=key.number, version=version)
    return NumberSecret(unseal(sealed, key=key.secret, context=context).decode())


def end_number(root: int, *, by: Actor, reason: str, at: datetime) -> None:
    """Close the number that a person has now; the row stays with its end."""
    db.end_rows(NUMBERS, where=db.OF_ROOT, values=(root,), by=by, reason=reason, at=at)


def holders_of(blinds: Iterable[bytes]) -> dict[bytes, int]:
    """The persons (roots) who have, or had, the numbers behind blind indexes; one who has it now comes first."""
    found = db.rows(
        f"SELECT n.blind, p.root_id FROM {NUMBERS} n JOIN mynumber_person p ON p.id = n.person_id "
        "WHERE n.blind = ANY(%s) ORDER BY upper_inf(n.recorded)",
        list(blinds),
    )
    return {bytes(blind): root for blind, root in found}


def numbers_now(roots: Iterable[int]) -> dict[int, bytes]:
    """The blind indexes of the numbers that persons (roots) have now."""
    found = db.rows(
        f"SELECT p.root_id, n.blind FROM {NUMBERS} n JOIN mynumber_person p ON p.id = n.person_id "
        "WHERE p.root_id = ANY(%s) AND upper_inf(n.recorded)",
        list(roots),
    )
    return {root: bytes(blind) for root, blind in found}


def _seal(new: NewNumber, *, key: LiveKey, unified_no: str, version: int) -> bytes:
    context = row_context(table=NUMBERS, unified_no=unified_no, key_id=key.number, version=version)
    return seal(new.number.reveal().encode(), key=key.secret, context=context)
