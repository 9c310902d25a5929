"""What a replay finds: for each past decision the days that a corrected rule answers otherwise, and in whose favour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.law.child.differing import Held, differences, effect_of
from kyufu.law.child.labels import benefit_classes
from kyufu.law.child.parameters import BenefitClass
from kyufu.platform.db import copy_rows
from kyufu.renewal.models import Renewal
from kyufu.renewal.queries import fetch

CHUNK = 4_000
COLUMNS = (
    "renewal_id", "child_id", "application_id", "replayed_id", "ward_code", "since", "until", "was_class", "now_class",
    "effect",
)  # fmt: skip
# Of who cannot be judged under the corrected rule nothing is known.
_ANSWERED = """
SELECT id, child_id, application_id, replayed_id, ward_code, outcome, lower(valid), upper(valid), benefit_class
  FROM renewal_result
 WHERE renewal_id = %(id)s AND replayed_id IS NOT NULL AND outcome IN ('eligible', 'not_eligible') AND id > %(after)s
 ORDER BY id LIMIT %(limit)s
"""


def find_differences(renewal: Renewal) -> None:
    """Write down every stretch of days whose answer differs, in the caller's transaction."""
    classes, after = benefit_classes(renewal.municipality), 0
    while rows := fetch(_ANSWERED, {"id": renewal.pk, "after": after, "limit": CHUNK}):
        held = cases.held_periods(sorted({row[1] for row in rows}))
        found = [one for row in rows for one in _rows(row, renewal=renewal, held=held, classes=classes)]
        copy_rows(table="renewal_difference", columns=COLUMNS, rows=found)
        after = rows[-1][0]


def _rows(
    row: tuple[Any, ...],
    *,
    renewal: Renewal,
    held: Mapping[int, Sequence[cases.HeldPeriod]],
    classes: Mapping[str, BenefitClass],
) -> Iterator[Sequence[Any]]:
    _, child_id, application_id, replayed_id, ward_code, outcome, start, end, benefit_class = row
    periods = held.get(child_id, ())
    was = [Held(one.period, one.benefit_class) for one in periods if one.decision_id == replayed_id]
    others = [one.period for one in periods if one.decision_id != replayed_id]
    is_eligible = outcome == "eligible" and start is not None
    now = Held(Period(start, end), benefit_class) if is_eligible else None
    for one in differences(was, now=now, others=others, since=renewal.on):
        yield (
            renewal.pk, child_id, application_id, replayed_id, ward_code, one.period.start, one.period.end, one.was,
            one.now, str(effect_of(one, classes=classes)),
        )  # fmt: skip
