"""What a bulk renewal (更新) needs to know of cases: who is entitled until when, and the facts as of a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Executor, Future
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from django.db import connection

from kyufu.audit.api import note_read, reading_as
from kyufu.cases.gathering import APPLIED_ON, Case, GuardianOnCase, known_questions, steady_view
from kyufu.cases.judging import CHUNK, Question, Series, Unanswered, answer_chunk
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import IS_STALE
from kyufu.law.child.codec import facts_from_json
from kyufu.law.parameters.overlay import Overlay
from kyufu.registry import api as registry

FACTS = "更新の判定に用いる事実（住民記録・医療保険・生活保護・他制度・所得）"
REPLAYED = "再点検する決定の事実"
# The last period that a child holds of those that touch the window from the day before its first day on.
_LAID_OUT = """
CREATE TEMPORARY TABLE {table} AS
WITH held AS (
  SELECT DISTINCT ON (e.child_id) e.child_id, e.decision_id, d.application_id, upper(e.valid) AS until,
         e.benefit_class
    FROM cases_entitlement e JOIN cases_decision d ON d.id = e.decision_id
   WHERE e.superseded_at IS NULL AND (upper_inf(e.valid) OR upper(e.valid) >= %(on)s)
     AND lower(e.valid) < %(until)s
   ORDER BY e.child_id, lower(e.valid) DESC),
latest AS (
  SELECT DISTINCT ON (a.child_id) a.child_id, a.id FROM cases_application a
   WHERE a.state <> 'withdrawn' AND a.kind <> 'withdrawal' ORDER BY a.child_id, a.id DESC)
SELECT l.child_id, a.id AS application_id, a.state, a.ward_code, h.decision_id, h.until, h.benefit_class,
       h.child_id IS NOT NULL AS is_entitled, EXISTS (
         SELECT 1 FROM cases_entitlement_change x WHERE x.child_id = h.child_id AND x.event = 'lost'
            AND x.effective_on = h.until AND x.decision_id > h.decision_id) AS has_lost,
       {stale} AS is_stale, {replayed} AS has_decided
  FROM latest l LEFT JOIN held h ON h.child_id = l.child_id
  JOIN cases_application a ON a.id = coalesce(h.application_id, l.id)
"""
_STALE = f"""EXISTS (SELECT 1 FROM cases_decision d WHERE d.id = h.decision_id AND {IS_STALE})"""
# The decisions that are held true now: those behind entitlements, and approved refusals that applications stand on.
_DECIDED = """
SELECT e.decision_id FROM cases_entitlement e
 WHERE e.superseded_at IS NULL AND e.valid && daterange(%(on)s, NULL) AND e.child_id = {child}
UNION
SELECT d.id FROM cases_application r JOIN cases_decision d ON d.id = r.decision_id
       JOIN cases_approval p ON p.decision_id = d.id
 WHERE r.child_id = {child} AND d.outcome = 'not_eligible' AND (d.valid IS NULL OR d.valid && daterange(%(on)s, NULL))
   AND NOT EXISTS (SELECT 1 FROM cases_certificate c WHERE c.application_id = r.id)
"""
_CASES = f"""
SELECT a.id, a.number, a.kind, a.state, a.child_id, {APPLIED_ON}, m.judged_for,
       (SELECT array_agg(g.addressee_id ORDER BY g.position) FROM cases_application_guardian g
         WHERE g.application_id = a.id),
       (SELECT array_agg(g.relation ORDER BY g.position) FROM cases_application_guardian g
         WHERE g.application_id = a.id)
  FROM cases_application a JOIN unnest(%(ids)s::bigint[], %(days)s::date[]) AS m (id, judged_for) ON m.id = a.id
 ORDER BY a.child_id
"""


class Due(NamedTuple):
    """A case of a bulk renewal and the day that it is judged for."""

    application_id: int
    judged_for: date


class RenewalFacts(NamedTuple):
    """The children in order with their questions, and those of whom the register knew nothing at the moment."""

    children: tuple[int, ...]
    questions: tuple[Question, ...]
    unregistered: tuple[int, ...]


class Replayed(NamedTuple):
    """An approved decision that is judged again on its own facts: what it said, and for which day."""

    decision_id: int
    child_id: int
    application_id: int
    outcome: str
    benefit_class: str | None
    first_day: date
    question: Question


def lay_out_cases(
    table: str, *, on: date, until: date, with_changes: bool = False, with_decided: bool = False
) -> None:
    """Make the session's table of every child with a case and what it holds in a window from `on` to before `until`.

    Columns: child_id, application_id, state, ward_code, decision_id, until, benefit_class (of the period that
    ends last), is_entitled, has_lost (its end is recorded as a loss), is_stale (a fact changed since; asked for
    `with_changes`) and has_decided (has an approved decision for days from `on` on; asked for `with_decided`).
    """
    decided = f"EXISTS ({_DECIDED.format(child='l.child_id')})"
    statement = _LAID_OUT.format(
        table=table,
        stale=_STALE if with_changes else "false",
        replayed=decided if with_decided else "false",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(statement, {"on": on, "until": until})
        cursor.execute(f"CREATE UNIQUE INDEX ON {table} (child_id)")
        cursor.execute(f"ANALYZE {table}")


def commonest_end(*, after: date) -> date | None:
    """The first day without entitlement that most children have next, after a day; None where nobody has one."""
    rows = fetch(
        """SELECT upper(valid) FROM cases_entitlement WHERE superseded_at IS NULL AND upper(valid) > %(after)s
            GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
        {"after": after},
    )
    return rows[0][0] if rows else None


def gather_renewals(due: Sequence[Due], *, known_at: datetime) -> RenewalFacts:
    """The questions of a block of renewals, each for its day, from the facts as they were known at a moment."""
    with steady_view(), reading_as(FACTS):
        rows = fetch(
            _CASES, {"ids": [one.application_id for one in due], "days": [one.judged_for for one in due]}
        )
        found = [
            Case._make((*row[:7], tuple(map(GuardianOnCase._make, zip(row[7], row[8], strict=True)))))
            for row in rows
        ]
        persons = registry.person_facts([case.child_id for case in found], known_at=known_at)
        cases = [case for case in found if case.child_id in persons]
        asked = known_questions(cases, persons=persons, known_at=known_at)
    return RenewalFacts(
        children=tuple(case.child_id for case in cases),
        questions=tuple(question._replace(from_first_day=False) for question in asked),
        unregistered=tuple(case.child_id for case in found if case.child_id not in persons),
    )


def gather_replays(children: Collection[int], *, on: date) -> tuple[Replayed, ...]:
    """The approved decisions of children for days from `on` on that are held true, each with its own facts."""
    rows = fetch(
        f"""SELECT d.id, d.child_id, d.application_id, d.outcome, d.benefit_class,
                   coalesce(lower(d.valid), d.judged_for), d.judged_for, k.facts
              FROM unnest(%(ids)s::bigint[]) AS c (id)
              CROSS JOIN LATERAL ({_DECIDED.format(child="c.id")}) AS h (decision_id)
              JOIN cases_decision d ON d.id = h.decision_id
              JOIN cases_decision_content k ON k.decision_id = d.id ORDER BY d.child_id, d.id""",
        {"ids": list(children), "on": on},
    )
    note_read({row[1] for row in rows}, what=REPLAYED)
    return tuple(Replayed._make((*row[:6], Question(facts_from_json(row[7]), row[6]))) for row in rows)


def submit_questions(
    questions: Sequence[Question], *, municipality: str, overlay: Overlay, pool: Executor
) -> list[Future[list[Series | Unanswered]]]:
    """Hand questions to the pool in chunks and go on; the answers come in the order asked."""
    work = partial(answer_chunk, municipality=municipality, overlay=overlay)
    return [pool.submit(work, questions[at : at + CHUNK]) for at in range(0, len(questions), CHUNK)]
