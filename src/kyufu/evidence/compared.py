"""What evidence tells otherwise of the insurance of persons than it did at an instant: that it changed, never what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from kyufu.registry.api import FactChange, merged_ids

_ROWS = """
SELECT addressee_id, lower(recorded), upper(recorded), source, history_no, insurer_no, symbol || ' ' || number,
       lower(valid), upper(valid)
  FROM evidence_insurance WHERE addressee_id = ANY(%(ids)s) AND NOT cancelled
 ORDER BY addressee_id, lower(valid), id
"""


class Moment(NamedTuple):
    """A person, and the moment at which the facts were last told and looked at."""

    addressee_id: int
    known_at: datetime


class InsuranceCompared(NamedTuple):
    """What changed since the moment, None where it did not: another insurance, or an end of it without another."""

    changed: FactChange | None = None
    ended: FactChange | None = None


class Covered(NamedTuple):
    """A coverage, as far as it is compared; `recorded_to` None: held true now."""

    recorded_from: datetime
    recorded_to: datetime | None
    source: str
    history_no: int
    insurer_no: str
    number: str
    since: date
    until: date | None


def insurance_compared(moments: Sequence[Moment]) -> tuple[InsuranceCompared, ...]:
    """What evidence tells otherwise of the insurance of each person than at the moment, in the order asked."""
    ids = sorted({one.addressee_id for one in moments})
    same = merged_ids(ids)
    found = _rows(sorted({*ids, *(alias for aliases in same.values() for alias in aliases)}))
    return tuple(
        compare(
            [
                row
                for alias in same.get(one.addressee_id, (one.addressee_id,))
                for row in found.get(alias, [])
            ],
            known_at=one.known_at,
        )
        for one in moments
    )


def compare(rows: Sequence[Covered], *, known_at: datetime) -> InsuranceCompared:
    """The same of the coverages of one person: the one that began last counts, then and now."""
    then = _last([one for one in rows if _was_known(one, at=known_at)])
    now = _last([one for one in rows if one.recorded_to is None])
    if then is None or now is None:
        return InsuranceCompared()
    if _is_another(now, then=then):
        return InsuranceCompared(changed=FactChange(f"{now.source}:{now.history_no}", now.since))
    if now.until is not None and now.until != then.until:
        return InsuranceCompared(ended=FactChange(f"{now.source}:{now.history_no}", now.until))
    return InsuranceCompared()


def _was_known(one: Covered, *, at: datetime) -> bool:
    return one.recorded_from <= at and (one.recorded_to is None or at < one.recorded_to)


def _is_another(now: Covered, *, then: Covered) -> bool:
    # Two sources write symbol and number in their own way; within one of them another number is another insurance.
    return now.insurer_no != then.insurer_no or (now.source == then.source and now.number != then.number)


def _last(rows: Sequence[Covered]) -> Covered | None:
    return max(rows, key=lambda one: (one.since, one.source, one.history_no), default=None)


def _rows(ids: Sequence[int]) -> dict[int, list[Covered]]:
    found: dict[int, list[Covered]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"ids": list(ids)})
        for addressee_id, *covered in cursor.fetchall():
            found.setdefault(addressee_id, []).append(Covered(*covered))
    return found
