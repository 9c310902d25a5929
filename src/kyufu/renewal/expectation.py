"""What a judged renewal gave beside what was expected of it: compared once, at the end of the judgement, and kept."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from kyufu.law.child.cities import city_of
from kyufu.law.child.renewing import expectation_rules
from kyufu.law.parameters.overlay import Overlay
from kyufu.renewal.models import Renewal
from kyufu.renewal.queries import fetch
from kyufu.renewal.states import BY_CONDITION, Measure, RenewalKind

PERMILLE = 1_000
A_PERCENT = 10
# What changed since differs from run to run as it likes; of a replay nothing takes effect.
WITHOUT_SHARES = frozenset({RenewalKind.CHANGED, RenewalKind.REPLAY})
INSIDE, OUTSIDE, NO_FORMER = "範囲内", "範囲外", "前回がなく比べられない"
_COUNTED = """
SELECT CASE sorted WHEN 'broken' THEN 'undecided' ELSE sorted END AS measure, count(DISTINCT child_id) AS children
  FROM renewal_result WHERE renewal_id = {renewal} GROUP BY 1
"""
_COMPARE = f"""
WITH this AS (SELECT * FROM renewal_renewal WHERE id = %(id)s),
former AS (
  SELECT f.id, f.in_count FROM renewal_renewal f JOIN this w ON f.kind = w.kind AND f."on" < w."on"
   WHERE NOT f.is_trial AND f.effected_count IS NOT NULL ORDER BY f."on" DESC, f.id DESC LIMIT 1),
found AS ({_COUNTED.format(renewal="%(id)s")}),
before AS ({_COUNTED.format(renewal="(SELECT id FROM former)")}),
outside AS (
  SELECT count(*) AS children FROM renewal_member
   WHERE renewal_id = %(id)s AND left_out IS NOT NULL AND left_out <> ALL(%(by_condition)s))
INSERT INTO renewal_expectation (renewal_id, measure, former_id, found, reference, allowed)
SELECT w.id, m.measure, f.id, coalesce(n.children, 0) * {PERMILLE} / greatest(w.in_count, 1),
       CASE WHEN f.id IS NOT NULL THEN coalesce(b.children, 0) * {PERMILLE} / greatest(f.in_count, 1) END, m.allowed
  FROM this w CROSS JOIN unnest(%(measures)s::text[], %(allowed)s::int[]) AS m (measure, allowed)
  LEFT JOIN former f ON true LEFT JOIN found n ON n.measure = m.measure
  LEFT JOIN before b ON b.measure = m.measure
UNION ALL
SELECT w.id, '{Measure.LEFT_OUT}', NULL, o.children * {PERMILLE} / greatest(w.base_count, 1), 0, %(left_out)s
  FROM this w CROSS JOIN outside o
"""


class ExpectationSeen(NamedTuple):
    """A measure beside its expectation, in tenths of a percent; `reference` None: there was no last time."""

    measure: Measure
    found: int
    reference: int | None
    allowed: int
    is_outside: bool

    @property
    def verdict(self) -> str:
        """Inside or outside of what was expected, in words."""
        if self.reference is None:
            return NO_FORMER
        return OUTSIDE if self.is_outside else INSIDE

    @property
    def found_text(self) -> str:
        """The share found."""
        return _percent(self.found)

    @property
    def expected_text(self) -> str:
        """What was expected, in words."""
        if self.measure is Measure.LEFT_OUT:
            return f"{_percent(self.allowed)}以下"
        if self.reference is None:
            return f"前回との差が{_points(self.allowed)}以内"
        return f"前回{_percent(self.reference)}との差が{_points(self.allowed)}以内"

    @property
    def difference_text(self) -> str:
        """By how much it differs from the last time, signed; empty where that is not asked."""
        if self.measure is Measure.LEFT_OUT or self.reference is None:
            return ""
        difference = self.found - self.reference
        sign = "＋" if difference > 0 else "－" if difference < 0 else "±"
        return f"{sign}{_points(abs(difference))}"


def compare_with_expectation(renewal: Renewal, *, overlay: Overlay) -> None:
    """Write down how a renewal stands beside what was expected, in the caller's transaction; of a replay nothing."""
    if renewal.kind == RenewalKind.REPLAY:
        return
    rules = expectation_rules(city_of(renewal.municipality), on=renewal.on, overlay=overlay)
    allowed = {
        Measure.RENEWED: rules.renewed_points,
        Measure.CHANGED: rules.changed_points,
        Measure.LOST: rules.lost_points,
        Measure.UNDECIDED: rules.undecided_points,
    }
    asked = {} if renewal.kind in WITHOUT_SHARES else allowed
    with connection.cursor() as cursor:
        cursor.execute(
            _COMPARE,
            {
                "id": renewal.pk,
                "by_condition": sorted(map(str, BY_CONDITION)),
                "measures": list(map(str, asked)),
                "allowed": [points * A_PERCENT for points in asked.values()],
                "left_out": rules.left_out_percent * A_PERCENT,
            },
        )


def expectations_of(renewal_id: int) -> tuple[ExpectationSeen, ...]:
    """How a renewal stands beside what was expected; empty before it is judged, and of a replay."""
    rows = fetch(
        """SELECT measure, found, reference, allowed, is_outside FROM renewal_expectation
            WHERE renewal_id = %(id)s ORDER BY id""",
        {"id": renewal_id},
    )
    return tuple(ExpectationSeen(Measure(row[0]), *row[1:]) for row in rows)


def is_outside(renewal_id: int) -> bool:
    """Is a renewal outside of what was expected in any measure?"""
    return any(one.is_outside for one in expectations_of(renewal_id))


def _percent(permille: int) -> str:
    return f"{permille // A_PERCENT}.{permille % A_PERCENT}％"


def _points(permille: int) -> str:
    return f"{permille // A_PERCENT}.{permille % A_PERCENT}ポイント"
