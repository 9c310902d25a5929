"""The basic four items (氏名・生年月日・性別・住所) as given with a number: kept sealed, compared, never shown.

So a protected address (支援措置) does not come out of the vault by any way: the answer is which items differ.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from kyufu.mynumber import database as db
from kyufu.mynumber.crypto import row_context, seal, unseal
from kyufu.mynumber.keyring import DATA, active_key, live_key
from kyufu.mynumber.links import BusinessNumber, require_root, unified_no_of
from kyufu.mynumber.recording import recorded
from kyufu.notation.text import search_key
from kyufu.platform.actors import Actor

BASICS = "mynumber_basics"
_SEALED = f"""
SELECT p.unified_no, b.version, b.sealed, k.id, k.kek, k.wrapped
  FROM {BASICS} b JOIN mynumber_person p ON p.id = b.person_id JOIN mynumber_key k ON k.id = b.key_id
 WHERE p.id = %s AND upper_inf(b.recorded)
"""


class BasicItems(NamedTuple):
    """Name, birth date (None where unknown), sex (1 male, 2 female, 0 unknown) and address of a person."""

    name: str
    birth_date: date | None
    sex: str
    address: str

    def __repr__(self) -> str:
        return "BasicItems(…)"


_LABELS = {"name": "氏名", "birth_date": "生年月日", "sex": "性別", "address": "住所"}


def record_basics(
    *, person: BusinessNumber, items: BasicItems, subject: int, by: Actor, reason: str, at: datetime
) -> None:
    """Keep the four items as given now; what was given before stays with its end. The same again changes nothing."""
    with recorded("基本4情報の登録", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        db.lock_shared(db.KEYS)
        root = require_root(person)
        if _items_of(root) == items:
            return
        db.end_rows(BASICS, where="person_id = %s", values=(root,), by=by, reason=reason, at=at)
        key = active_key(DATA)
        version = (
            1 + db.rows(f"SELECT coalesce(max(version), 0) FROM {BASICS} WHERE person_id = %s", root)[0][0]
        )
        context = row_context(
            table=BASICS, unified_no=unified_no_of(root), key_id=key.number, version=version
        )
        db.change(
            f"INSERT INTO {BASICS} (person_id, version, key_id, sealed, recorded, by, reason) "
            "VALUES (%s, %s, %s, %s, tstzrange(%s, NULL), %s, %s)",
            root, version, key.number, seal(_as_bytes(items), key=key.secret, context=context), at,
            db.signature(by), reason,
        )  # fmt: skip


def compare_basics(*, person: BusinessNumber, items: BasicItems) -> tuple[str, ...] | None:
    """The Japanese names of the items that differ from those kept; empty where all agree, None where none are kept.

    Names and addresses are compared by their search keys. Source: 評価書 横浜市 L1650, L1618-1620.
    """
    with db.in_vault():
        kept = _items_of(require_root(person))
    if kept is None:
        return None
    pairs = zip(_LABELS.values(), _comparable(kept), _comparable(items), strict=True)
    return tuple(label for label, one, other in pairs if one != other)


def _items_of(root: int) -> BasicItems | None:
    found = db.rows(_SEALED, root)
    return _opened(found[0]) if found else None


def _opened(row: Sequence[object]) -> BasicItems:
    key = live_key(row[3:6], purpose=DATA)
    context = row_context(table=BASICS, unified_no=str(row[0]), key_id=key.number, version=int(str(row[1])))
    sealed = bytes(row[2])  # type: ignore[call-overload]
    name, born, sex, address = json.loads(unseal(sealed, key=key.secret, context=context))
    return BasicItems(name, date.fromisoformat(born) if born else None, sex, address)


def _as_bytes(items: BasicItems) -> bytes:
    born = items.birth_date.isoformat() if items.birth_date else ""
    return json.dumps([items.name, born, items.sex, items.address], ensure_ascii=False).encode()


def _comparable(items: BasicItems) -> tuple[object, ...]:
    return (search_key(items.name), items.birth_date, items.sex, search_key(items.address))
