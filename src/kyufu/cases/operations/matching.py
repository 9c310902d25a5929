"""Match what was told with register and evidence (突合): note what differs, and end what agrees again.

Nothing else is written. What was told stays as it is: it changes by the report that the guardian is urged to file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from kyufu.audit.api import reading_as, write_reads
from kyufu.cases.mismatch_kinds import AGREED, MISMATCHES, MismatchFound
from kyufu.cases.mismatches import EVERYBODY, count_compared, find_mismatches
from kyufu.cases.queries import fetch
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.feeds.states import DISMISSED, OPEN, RESOLVED
from kyufu.platform.transitions import move, record_steps

# As in documents/ledger.py: any number does that nothing else locks by.
LOCK = 62824
MATCHING = "届出の内容と住民記録・医療保険の突合"
FOUND, AGAIN, OVER = (
    "突合で食い違いが見つかった",
    "突合でふたたび食い違った",
    "事実が一致した、または届出が決裁された",
)
_HOLDING = """
holding AS (SELECT * FROM unnest(%(children)s::bigint[], %(guardians)s::bigint[], %(applications)s::bigint[],
    %(kinds)s::text[], %(decisions)s::bigint[], %(marks)s::text[], %(days)s::date[])
    AS h (child_id, guardian_id, application_id, kind, decision_id, mark, since))"""
_SAME = (
    """m.child_id = h.child_id AND m.kind = h.kind AND m.decision_id = h.decision_id AND m.mark = h.mark"""
)
_NEW = f"""
WITH {_HOLDING}
INSERT INTO cases_mismatch (child_id, guardian_id, application_id, kind, decision_id, mark, since, found_at)
SELECT child_id, guardian_id, application_id, kind, decision_id, mark, since, %(at)s FROM holding
 ORDER BY child_id, kind
    ON CONFLICT (child_id, kind, decision_id, mark) DO NOTHING RETURNING id
"""
_BEGUN = "SELECT unnest(%(ids)s::bigint[]), NULL::text, %(open)s, %(why)s, NULL::bigint"
_AGAIN = f"""
WITH {_HOLDING}
SELECT m.id, m.state::text, %(open)s, %(why)s, NULL::bigint FROM cases_mismatch m JOIN holding h ON {_SAME}
 WHERE m.state = %(agreed)s
"""
_OVER = f"""
WITH {_HOLDING}
SELECT m.id, m.state::text, %(agreed)s, %(why)s, NULL::bigint FROM cases_mismatch m
 WHERE m.state = %(open)s AND m.child_id IN ({{among}}) AND NOT EXISTS (SELECT FROM holding h WHERE {_SAME})
"""
_OPEN_NOW = f"""WITH {_HOLDING}
SELECT m.id, m.child_id FROM cases_mismatch m JOIN holding h ON {_SAME} WHERE m.state = 'open'"""


class Matched(NamedTuple):
    """A matching: children compared, differences that came up, that ended, and all open ones with their child."""

    compared: int
    new: int
    over: int
    open_ones: tuple[tuple[int, int], ...]


@transaction.atomic
def match_with_register(
    *, by: Actor, at: datetime, among: str = EVERYBODY, values: dict[str, Any] | None = None
) -> Matched:
    """Match the children that an SQL select of the calling module gives (everybody by itself), in one transaction.

    What a person has closed stays closed, for it is the same difference; what ended by itself opens again.
    """
    with connection.cursor() as cursor:
        # Two at once would each find the same new ones.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))", [LOCK])
    with reading_as(MATCHING):
        found = _columns(find_mismatches(among, values=values))
        write_reads()
    ids = [row[0] for row in fetch(_NEW, {**found, "at": at})]
    words = {"open": OPEN, "agreed": AGREED}
    record_steps(MISMATCHES, steps=_BEGUN, parameters={"ids": ids, "open": OPEN, "why": FOUND}, by=by, at=at)
    record_steps(MISMATCHES, steps=_AGAIN, parameters={**found, **words, "why": AGAIN}, by=by, at=at)
    over = record_steps(
        MISMATCHES,
        steps=_OVER.format(among=among),
        parameters={**(values or {}), **found, **words, "why": OVER},
        by=by,
        at=at,
    )
    open_ones = tuple((row[0], row[1]) for row in fetch(_OPEN_NOW, found))
    return Matched(count_compared(among, values=values), len(ids), over, open_ones)


@transaction.atomic
def settle_mismatch(mismatch_id: int, *, resolved: bool, by: Actor, at: datetime, reason: str) -> None:
    """Close a difference by hand, as put right or as nothing; raises Refused without a reason or if closed."""
    if not reason.strip():
        raise Refused("理由がありません。", remedy="どう片付けたかを理由として書いてください。")
    rows = fetch("SELECT state FROM cases_mismatch WHERE id = %(id)s FOR UPDATE", {"id": mismatch_id})
    if not rows:
        raise BadInput("その食い違いはありません。", remedy="一覧から選び直してください。")
    move(
        MISMATCHES, subject_id=mismatch_id, from_state=rows[0][0], to_state=RESOLVED if resolved else DISMISSED, by=by,
        at=at, why=reason.strip(),
    )  # fmt: skip


def _columns(found: Sequence[MismatchFound]) -> dict[str, list[Any]]:
    return {
        "children": [one.child_id for one in found],
        "guardians": [one.guardian_id for one in found],
        "applications": [one.application_id for one in found],
        "kinds": [str(one.kind) for one in found],
        "decisions": [one.decision_id for one in found],
        "marks": [one.mark for one in found],
        "days": [one.since for one in found],
    }
