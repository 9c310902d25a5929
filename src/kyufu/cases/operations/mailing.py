"""Record that all cards of one bulk print were mailed, in one operation: what was counted, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from kyufu.cases.queries import fetch
from kyufu.cases.staleness import refuse_if_stale
from kyufu.cases.states import ApplicantKind, HandoverWay
from kyufu.cases.worklists import IN_WARDS
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

CHANGED = "表示したあとに、この印刷の分で郵送を待つ医療証の数が変わりました（{}件から{}件）。"
_WAITING = f"""
  FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id
 WHERE c.state = 'issued' AND {IN_WARDS}
   AND NOT EXISTS (SELECT FROM cases_handover h WHERE h.certificate_id = c.id)
"""


def count_waiting(wards: Collection[str] | None, *, batches: str) -> dict[int, int]:
    """How many cards wait to be handed over or mailed, by batch; batches without any are left out. Names nobody.

    `batches` is an SQL select of the calling module that gives certificate and batch.
    """
    statement = f"""
        SELECT b.batch, count(*) FROM ({batches}) AS b (id, batch)
          JOIN LATERAL (SELECT c.id {_WAITING} AND c.id = b.id) AS w ON TRUE GROUP BY b.batch"""
    return dict(fetch(statement, {"wards": _listed(wards)}))


@transaction.atomic
def mail_batch(
    wards: Collection[str] | None, *, batch: str, expected: int, handed_on: date, by: Actor, at: datetime
) -> int:
    """Record all cards of a batch that wait as mailed to the guardians; gives how many stayed, their decision stale.

    `batch` is an SQL select of the certificates; `expected` is how many were seen to wait. Raises Refused where that
    has changed, so that nothing is marked that nobody counted.
    """
    rows = fetch(
        f"SELECT c.id, c.decision_id {_WAITING} AND c.id IN ({batch}) ORDER BY c.id FOR UPDATE OF c",
        {"wards": _listed(wards)},
    )
    if len(rows) != expected:
        raise Refused(
            CHANGED.format(expected, len(rows)), remedy="件数と中身を確かめ、もう一度記録してください。"
        )
    stale = refuse_if_stale([row[1] for row in rows])
    mailed = [row[0] for row in rows if row[1] not in stale]
    _insert(mailed, handed_on=handed_on, by=by, at=at)
    return len(rows) - len(mailed)


def _insert(certificate_ids: list[int], *, handed_on: date, by: Actor, at: datetime) -> None:
    values: dict[str, Any] = {
        "ids": certificate_ids, "way": str(HandoverWay.MAIL), "to": str(ApplicantKind.GUARDIAN), "on": handed_on,
        "staff_id": by.staff_id, "name": by.name, "office": by.office, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_handover (certificate_id, times, way, handed_to, identity_seen, handed_on, note,
                                           staff_id, staff_name, staff_office, at)
               SELECT id, 1, %(way)s, %(to)s, '', %(on)s, '', %(staff_id)s, %(name)s, %(office)s, %(at)s
                 FROM unnest(%(ids)s::bigint[]) AS m (id)""",
            values,
        )


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)
