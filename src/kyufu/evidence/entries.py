"""Records of evidence as a clerk sees them at work: with their number, who entered them, and a mark of all of them.

The mark (`seen`) is handed back with what somebody enters: where another changed something meanwhile, it differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, transaction

from kyufu.evidence import queries
from kyufu.evidence.insurance import InsuranceEvidence
from kyufu.evidence.operations import (
    lock_person,
    record_income,
    record_insurance,
    withdraw_income,
    withdraw_insurance,
)
from kyufu.law.child.facts import IncomeEvidence
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.registry.api import merged_ids

Evidence = TypeVar("Evidence", IncomeEvidence, InsuranceEvidence)
INCOME_TABLE, INSURANCE_TABLE = "evidence_income", "evidence_insurance"
_LABELS = {INCOME_TABLE: "所得", INSURANCE_TABLE: "医療保険"}
_LAST = """
SELECT recorded_by, lower(recorded), cancelled, note FROM {table}
 WHERE addressee_id = ANY(%s) ORDER BY lower(recorded) DESC, id DESC LIMIT 1"""


class ChangedMeanwhile(Refused):
    """Somebody else changed the records of the person after they were shown."""


class Entry(NamedTuple, Generic[Evidence]):
    """A record in force; `recorded_by` is the staff number of who entered it, empty where it came by a feed."""

    record_id: int
    addressee_id: int
    recorded_by: str
    recorded_at: datetime
    note: str
    evidence: Evidence

    @property
    def is_by_hand(self) -> bool:
        """Was it entered by a clerk, so that a clerk may take it back?"""
        return bool(self.recorded_by)


def income_entries(ids: Collection[int]) -> dict[int, tuple[Entry[IncomeEvidence], ...]]:
    """The income records in force of each person, with their numbers, oldest tax year first."""
    return _entries(ids, table=INCOME_TABLE, of=queries.income_rows)


def insurance_entries(ids: Collection[int]) -> dict[int, tuple[Entry[InsuranceEvidence], ...]]:
    """The insurance records in force of each person, with their numbers, oldest first."""
    return _entries(ids, table=INSURANCE_TABLE, of=queries.insurance_rows)


def digest_of(entries: Sequence[Entry[Any]]) -> str:
    """The SHA-256 (hex) of which records are in force; every correction and withdrawal changes it."""
    return hashlib.sha256(
        " ".join(str(one) for one in sorted(entry.record_id for entry in entries)).encode()
    ).hexdigest()


def record_income_seen(
    evidence: IncomeEvidence, *, addressee_id: int, seen: str, by: Actor, note: str
) -> int:
    """Record income where the records are still those of `seen`; raises ChangedMeanwhile, and as `record_income`."""
    with _unchanged(addressee_id, seen=seen, table=INCOME_TABLE):
        return record_income(evidence, addressee_id=addressee_id, by=by, note=note)


def withdraw_income_seen(record_id: int, *, addressee_id: int, seen: str, by: Actor, reason: str) -> int:
    """Take income back where the records are still those of `seen`; raises as `withdraw_income`."""
    with _unchanged(addressee_id, seen=seen, table=INCOME_TABLE):
        return withdraw_income(record_id, addressee_id=addressee_id, by=by, reason=reason)


def record_insurance_seen(
    evidence: InsuranceEvidence,
    *,
    addressee_id: int,
    corrects: int | None,
    seen: str,
    by: Actor,
    note: str,
    check: CheckDigit,
) -> int:
    """Record insurance where the records are still those of `seen`; raises as `record_insurance`."""
    with _unchanged(addressee_id, seen=seen, table=INSURANCE_TABLE):
        return record_insurance(
            evidence, addressee_id=addressee_id, corrects=corrects, by=by, note=note, check=check
        )


def withdraw_insurance_seen(record_id: int, *, addressee_id: int, seen: str, by: Actor, reason: str) -> int:
    """Take insurance back where the records are still those of `seen`; raises as `withdraw_insurance`."""
    with _unchanged(addressee_id, seen=seen, table=INSURANCE_TABLE):
        return withdraw_insurance(record_id, addressee_id=addressee_id, by=by, reason=reason)


@contextmanager
def _unchanged(addressee_id: int, *, seen: str, table: str) -> Iterator[None]:
    """Hold the person, and go on only where nobody changed the records of the table since `seen`."""
    with transaction.atomic():
        lock_person(addressee_id)
        entries: Sequence[Entry[Any]] = (
            income_entries([addressee_id])[addressee_id]
            if table == INCOME_TABLE
            else insurance_entries([addressee_id])[addressee_id]
        )
        if digest_of(entries) != seen:
            raise ChangedMeanwhile(
                f"この画面を開いたあとに、{_who_changed(addressee_id, table=table)}。何も登録していません。",
                remedy="下の「登録されている記録」を確かめ、必要なときだけもう一度登録してください。",
            )
        yield


def _who_changed(addressee_id: int, *, table: str) -> str:
    numbers = merged_ids((addressee_id,)).get(addressee_id, (addressee_id,))
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(table=table), [list(numbers)])
        last = cursor.fetchone()
    if last is None:
        return f"この人の{_LABELS[table]}の記録が変わりました"
    by, at, cancelled, note = last
    who = f"職員番号{by}の職員" if by else "連携ファイルの取込み"
    why = f"、理由：{note}" if note else ""
    act = "取り消しました" if cancelled else "登録・訂正しました"
    return f"{who}が{_LABELS[table]}の記録を{act}（{at.astimezone(JAPAN):%Y-%m-%d %H:%M}{why}）"


def _entries(
    ids: Collection[int],
    *,
    table: str,
    of: Callable[[Collection[int]], dict[int, tuple[tuple[int, Evidence], ...]]],
) -> dict[int, tuple[Entry[Evidence], ...]]:
    found = of(ids)
    origins = _origins([record for rows in found.values() for record, _ in rows], table=table)
    return {
        person: tuple(
            Entry(record, *origins[record], evidence) for record, evidence in rows if record in origins
        )
        for person, rows in found.items()
    }


def _origins(record_ids: Collection[int], *, table: str) -> dict[int, tuple[int, str, datetime, str]]:
    statement = f"SELECT id, addressee_id, recorded_by, lower(recorded), note FROM {table} WHERE id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(record_ids)])
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
