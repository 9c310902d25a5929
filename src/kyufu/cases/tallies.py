"""Statistics over the ledger that identify nobody (統計): counted by the database in sets, as known now.

Wards: children whose address is protected (支援措置), and their households, are counted for the whole city only, under
no ward. Whoever sees single wards alone does not see them at all; so neither a ward's figure nor a difference between
figures tells where they live.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from kyufu.cases.queries import fetch
from kyufu.registry import api as registry

CHILDREN, SHELTERED = "cases_tally_children", "cases_tally_sheltered"
# Far more than any band reaches; who is older is counted without an age.
OLDEST = timedelta(days=366 * 25)
EVERY_CHILD = "SELECT DISTINCT child_id FROM cases_application"

WARD_OF_CASE = f"""CASE WHEN EXISTS (SELECT 1 FROM {SHELTERED} s WHERE s.addressee_id = a.child_id)
                        THEN '' ELSE a.ward_code END"""
IN_SCOPE = f"(%(wards)s::text[] IS NULL OR {WARD_OF_CASE} = ANY(%(wards)s))"
IN_JAPAN = "({} AT TIME ZONE 'Asia/Tokyo')::date"
WITHIN = "{} BETWEEN %(first_day)s::date AND %(on)s::date"
MONTH = "date_trunc('month', {})::date"


class Entitled(NamedTuple):
    """Children entitled on the day, of a ward (empty: not told), an age (None: not registered) and a class."""

    ward_code: str
    age: int | None
    benefit_class: str
    children: int


class Monthly(NamedTuple):
    """How many in a month (its first day), of a kind and a second code."""

    month: date
    kind: str
    detail: str
    number: int


class SubsidyMonth(NamedTuple):
    """Children entitled on the counting day of a month, by ward and age, and what was found of the prefecture's part.

    `finding` is an outcome; `not_asked` where no decision speaks of that month.
    """

    month: date
    ward_code: str
    age: int | None
    finding: str
    children: int


class Tallies(NamedTuple):
    """All tables of the statistics; the monthly ones go from `first_day` to the day."""

    on: date
    first_day: date
    entitled: tuple[Entitled, ...]
    changes: tuple[Monthly, ...]
    decisions: tuple[Monthly, ...]
    applications: tuple[Monthly, ...]
    certificates: tuple[Monthly, ...]


NOT_ASKED = "not_asked"
_ENTITLED = f"""
SELECT coalesce(c.ward_code, ''), extract(year FROM age(%(on)s::date, c.birth_date))::int, e.benefit_class, count(*)
  FROM cases_entitlement e LEFT JOIN {CHILDREN} c ON c.addressee_id = e.child_id
 WHERE e.superseded_at IS NULL AND e.valid @> %(on)s::date
   AND (%(wards)s::text[] IS NULL OR c.ward_code = ANY(%(wards)s))
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_CHANGES = f"""
SELECT {MONTH.format("e.effective_on")}, e.event, e.reason_code, count(*)
  FROM cases_entitlement_change e JOIN cases_decision d ON d.id = e.decision_id
       JOIN cases_application a ON a.id = d.application_id
 WHERE {WITHIN.format("e.effective_on")} AND {IN_SCOPE} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# An application is judged in stretches and again and again: the answer that it stood on in each judgement is counted.
_DECISIONS = f"""
SELECT {MONTH.format(IN_JAPAN.format("d.judged_at"))}, d.outcome, coalesce(d.reason_codes[1], ''), count(*)
  FROM cases_decision d JOIN cases_application a ON a.id = d.application_id
 WHERE d.principal_id IS NULL AND {WITHIN.format(IN_JAPAN.format("d.judged_at"))} AND {IN_SCOPE}
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_APPLICATIONS = f"""
SELECT {MONTH.format("a.received_on")}, a.kind, a.channel, count(*)
  FROM cases_application a WHERE {WITHIN.format("a.received_on")} AND {IN_SCOPE}
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_CERTIFICATES = f"""
SELECT happened.month, happened.state, '', count(*) FROM (
    SELECT {MONTH.format("c.issued_on")} AS month, 'issued' AS state, c.application_id
      FROM cases_certificate c WHERE {WITHIN.format("c.issued_on")}
    UNION ALL
    SELECT {MONTH.format(IN_JAPAN.format("t.at"))}, t.to_state, c.application_id
      FROM cases_certificate_transition t JOIN cases_certificate c ON c.id = t.subject_id
     WHERE t.from_state IS NOT NULL AND {WITHIN.format(IN_JAPAN.format("t.at"))}) AS happened
  JOIN cases_application a ON a.id = happened.application_id
 WHERE {IN_SCOPE} GROUP BY 1, 2 ORDER BY 1, 2
"""
# The finding is read once for each entitlement, and only then laid against the months.
_SUBSIDY = f"""
WITH held AS MATERIALIZED (
    SELECT e.child_id, e.valid,
           jsonb_path_query_first(k.content::jsonb, '$.findings[*] ? (@.name == "prefecture")') AS finding
      FROM cases_entitlement e JOIN cases_decision_content k ON k.decision_id = e.decision_id
     WHERE e.superseded_at IS NULL AND e.valid && daterange(%(first_day)s, %(on)s, '[]')),
told AS MATERIALIZED (
    SELECT child_id, valid, finding->>'outcome' AS outcome,
           daterange((finding->'period'->>'start')::date, (finding->'period'->>'end')::date) AS speaks_of,
           finding->'period' = 'null'::jsonb OR finding->'period' IS NULL AS is_silent FROM held)
SELECT m.month, coalesce(c.ward_code, ''), extract(year FROM age(m.counted, c.birth_date))::int,
       CASE WHEN NOT t.is_silent AND t.speaks_of @> m.counted THEN t.outcome ELSE '{NOT_ASKED}' END, count(*)
  FROM (SELECT first::date AS month, first::date + %(days)s::int AS counted
          FROM generate_series(%(first_day)s::date, %(on)s::date, interval '1 month') AS first) AS m
       JOIN told t ON t.valid @> m.counted
       LEFT JOIN {CHILDREN} c ON c.addressee_id = t.child_id
 WHERE m.counted <= %(on)s::date AND (%(wards)s::text[] IS NULL OR c.ward_code = ANY(%(wards)s))
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def tallies(*, on: date, first_day: date, wards: Collection[str] | None, today: date) -> Tallies:
    """Count the ledger on a day, and month by month from `first_day` to it; `wards` None is the whole city."""
    values = _values(on=on, first_day=first_day, wards=wards)
    with _laid_out(on=on, today=today):
        return Tallies(
            on=on,
            first_day=first_day,
            entitled=tuple(Entitled(*row) for row in fetch(_ENTITLED, values)),
            changes=_monthly(_CHANGES, values=values),
            decisions=_monthly(_DECISIONS, values=values),
            applications=_monthly(_APPLICATIONS, values=values),
            certificates=_monthly(_CERTIFICATES, values=values),
        )


def subsidy_months(
    *, on: date, first_day: date, wards: Collection[str] | None, today: date, day_of_month: int
) -> tuple[SubsidyMonth, ...]:
    """For the prefecture's subsidy (県補助): who was entitled on a day of each month (1 to 28), and what was found.

    `first_day` is the first day of a month; a month whose day is after `on` has not come yet. A month of
    which no decision of the prefecture's part speaks is counted as such, never as one or the other.
    """
    values = {**_values(on=on, first_day=first_day, wards=wards), "days": day_of_month - 1}
    with _laid_out(on=on, today=today):
        return tuple(SubsidyMonth(*row) for row in fetch(_SUBSIDY, values))


def _values(*, on: date, first_day: date, wards: Collection[str] | None) -> dict[str, Any]:
    return {"on": on, "first_day": first_day, "wards": None if wards is None else sorted(wards)}


def _monthly(statement: str, *, values: dict[str, Any]) -> tuple[Monthly, ...]:
    return tuple(Monthly(*row) for row in fetch(statement, values))


@contextmanager
def _laid_out(*, on: date, today: date) -> Iterator[None]:
    """The two tables of the session, gone again afterwards."""
    with transaction.atomic():
        registry.lay_out_children(CHILDREN, born_from=on - OLDEST, on=on, today=today)
        registry.lay_out_sheltered(SHELTERED, select=EVERY_CHILD, on=on, today=today)
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {CHILDREN}, {SHELTERED}")
