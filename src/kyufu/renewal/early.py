"""Losses whose reason began before the day that a renewal judges for: the real day, from the same facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.child import judge
from kyufu.law.child.codec import facts_from_json
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Outcome
from kyufu.law.parameters.overlay import Overlay
from kyufu.platform.db import copy_rows
from kyufu.renewal.models import Renewal
from kyufu.renewal.queries import fetch
from kyufu.renewal.states import RenewalKind, Sorted

CHUNK, LAST_OF_EVERY_MONTH = 4_000, 28
COLUMNS = ("renewal_id", "child_id", "application_id", "ward_code", "reason_code", "judged_for", "began_on")
# The other kinds are judged for the day that somebody chose because of the reason.
KINDS = frozenset({RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE})
_LOST = """
SELECT r.id, r.child_id, r.application_id, r.ward_code, r.reason_code, r.judged_for, r.facts FROM renewal_result r
 WHERE r.renewal_id = %(id)s AND r.sorted = %(lost)s AND r.id > %(after)s ORDER BY r.id LIMIT %(limit)s
"""


def date_losses(renewal: Renewal, *, overlay: Overlay) -> None:
    """Write down whose reason began before, in the caller's transaction; the facts are those of the judgement."""
    if renewal.kind not in KINDS:
        return
    after = 0
    values = {"id": renewal.pk, "lost": str(Sorted.LOST), "limit": CHUNK}
    while rows := fetch(_LOST, values | {"after": after}):
        copy_rows(
            table="renewal_early_loss", columns=COLUMNS,
            rows=list(_rows(rows, renewal=renewal, overlay=overlay)),
        )  # fmt: skip
        after = rows[-1][0]


def began_on(facts: ChildFacts, *, municipality: str, judged_for: date, overlay: Overlay) -> date | None:
    """The first day of a loss that is judged for a day, where it lies before; None where it does not.

    It reaches back to the beginning of the certificate year at most: what was before another decision answers for.
    """
    reach = date(judged_for.year - 1, judged_for.month, min(judged_for.day, LAST_OF_EVERY_MONTH))
    day = judged_for
    while day > reach:
        before = judge(facts, municipality=municipality, on=day - ONE_DAY, overlay=overlay)
        if before.outcome is not Outcome.NOT_ELIGIBLE:
            break
        day = min(before.period.start if before.period else day, day - ONE_DAY)
    return None if day == judged_for else max(day, reach)


def _rows(rows: Sequence[tuple[Any, ...]], *, renewal: Renewal, overlay: Overlay) -> Iterator[Sequence[Any]]:
    for _, child_id, application_id, ward_code, reason_code, judged_for, facts in rows:
        began = began_on(
            facts_from_json(facts), municipality=renewal.municipality, judged_for=judged_for, overlay=overlay
        )
        if began is not None:
            yield renewal.pk, child_id, application_id, ward_code, reason_code, judged_for, began
