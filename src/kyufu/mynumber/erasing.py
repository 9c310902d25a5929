"""Erasing what no number-using work of the municipality needs any more; the unified number itself stays given."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kyufu.audit.api import EventKind, record_event
from kyufu.mynumber import database as db
from kyufu.mynumber.basics import BASICS
from kyufu.mynumber.links import BusinessNumber, require_root
from kyufu.mynumber.writing import NUMBERS
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

_NEEDED = """
SELECT FROM mynumber_link l JOIN mynumber_person p ON p.id = l.person_id
 WHERE p.root_id = %s AND upper_inf(l.recorded) LIMIT 1
"""


def erase_person(*, person: BusinessNumber, by: Actor, reason: str, at: datetime) -> None:
    """Erase a person's individual numbers and basic items, every version, when no business names the person any more.

    What is left says that there was a number, until when, and who erased it and why. Raises Refused while a business
    number still names the person. Source: 評価書 横浜市 L2039-2040.
    """
    db.require_reason(reason)
    with transaction.atomic(durable=True):
        detail = {"操作": "消去", "理由": reason, person.business: person.number}
        record_event(EventKind.NUMBER_CHANGED, detail=detail)
    with db.in_vault():
        db.lock(db.PERSONS)
        db.lock_shared(db.KEYS)
        root = require_root(person)
        if db.rows(_NEEDED, root):
            raise Refused(
                "この人の番号を使う業務が残っているため、消去できません。",
                remedy="業務ごとの番号（業務固有番号）の登録を終えてから消去してください。",
            )
        for table in (NUMBERS, BASICS):
            db.end_rows(table, where=db.OF_ROOT, values=(root,), by=by, reason=reason, at=at)
            db.change(f"UPDATE {table} SET key_id = NULL, sealed = '' WHERE {db.OF_ROOT}", root)
        db.change(f"UPDATE {NUMBERS} SET blind = '' WHERE {db.OF_ROOT}", root)
