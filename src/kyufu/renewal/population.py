"""Freeze the base of a renewal (対象者の確定): everybody in it, each in the run or left out with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection

from kyufu.cases import api as cases
from kyufu.law.child import is_of_age
from kyufu.law.parameters.overlay import Overlay
from kyufu.registry import api as registry
from kyufu.renewal.queries import fetch
from kyufu.renewal.states import LeftOut, RenewalKind
from kyufu.renewal.windows import is_age_event

CASES, CHILDREN, OF_AGE, BY_AGE = "renewal_cases", "renewal_children", "renewal_of_age", "renewal_by_age"
BLOCK = 4_000
# Nobody older is of age in any band that the rules could name (the 18th year of life and the school year after it).
OLDEST = timedelta(days=366 * 20)

_ENDS_IN_WINDOW = "c.is_entitled AND c.until >= %(on)s AND c.until < %(until)s"
_OPEN = "c.state NOT IN ('issued', 'closed', 'rejected')"
# Why somebody of the base is left out, the first that holds; NULL: in the run.
_BY_KIND = {
    RenewalKind.YEARLY: f"WHEN NOT ({_ENDS_IN_WINDOW}) THEN '{LeftOut.NOT_DUE}'",
    RenewalKind.MONTHLY: f"WHEN NOT ({_ENDS_IN_WINDOW}) THEN '{LeftOut.NOT_DUE}'",
    RenewalKind.AGE: f"""WHEN NOT ({_ENDS_IN_WINDOW}) THEN '{LeftOut.NOT_DUE}'
        WHEN NOT EXISTS (SELECT 1 FROM {BY_AGE} b WHERE b.birth_date = r.birth_date AND b.until = c.until)
        THEN '{LeftOut.OTHER_EVENT}'""",
    RenewalKind.CHANGED: f"WHEN NOT c.is_stale THEN '{LeftOut.UNCHANGED}'",
}
_LEFT_OUT = f"""CASE WHEN c.child_id IS NULL THEN '{LeftOut.NOT_APPLIED}'
     WHEN {_OPEN} THEN '{LeftOut.IN_PROGRESS}'
     WHEN NOT c.is_entitled AND c.state = 'rejected' THEN '{LeftOut.REJECTED}'
     WHEN NOT c.is_entitled OR c.has_lost THEN '{LeftOut.ENDED}'
     {{by_kind}} END"""
_LEFT_OUT_OF_REPLAY = f"""CASE WHEN c.child_id IS NULL THEN '{LeftOut.NOT_APPLIED}'
     WHEN NOT c.has_decided THEN '{LeftOut.NO_DECISION}' END"""
_FREEZE = f"""
INSERT INTO renewal_member (renewal_id, child_id, application_id, decision_id, ward_code, is_entitled, is_resident,
       has_applied, judged_for, was_class, was_until, left_out, block)
SELECT %(id)s, child_id, application_id, decision_id, ward_code, is_entitled, is_resident, has_applied,
       CASE WHEN left_out IS NULL THEN judged_for END, benefit_class, until, left_out,
       CASE WHEN left_out IS NULL
            THEN (row_number() OVER (PARTITION BY left_out IS NULL ORDER BY child_id) - 1) / %(size)s END
  FROM (SELECT coalesce(c.child_id, r.addressee_id) AS child_id, c.application_id, c.decision_id,
               coalesce(c.ward_code, r.ward_code) AS ward_code, coalesce(c.is_entitled, false) AS is_entitled,
               o.birth_date IS NOT NULL AS is_resident, c.child_id IS NOT NULL AS has_applied,
               {{judged_for}} AS judged_for, c.benefit_class, c.until, {{left_out}} AS left_out
          FROM {CASES} c FULL JOIN {CHILDREN} r ON r.addressee_id = c.child_id
          LEFT JOIN {OF_AGE} o ON o.birth_date = r.birth_date
         WHERE c.is_entitled OR o.birth_date IS NOT NULL OR c.has_decided) AS base
 ORDER BY child_id
"""
# What makes the base what it is, in one order: who, by which case and decision, for which day, or why not.
_HASH = """
SELECT count(*), count(*) FILTER (WHERE left_out IS NULL), count(left_out),
       encode(sha256(convert_to(coalesce(string_agg(concat_ws(':', child_id, application_id, coalesce(decision_id, 0),
              coalesce(judged_for::text, ''), coalesce(left_out, '')), ';' ORDER BY child_id), ''), 'UTF8')), 'hex')
  FROM renewal_member WHERE renewal_id = %(id)s
"""
_BLOCKS = """
INSERT INTO renewal_block (renewal_id, number, members)
SELECT %(id)s, block, count(*) FROM renewal_member WHERE renewal_id = %(id)s AND block IS NOT NULL GROUP BY block
"""


def freeze_members(
    renewal_id: int,
    *,
    kind: RenewalKind,
    municipality: str,
    on: date,
    until: date,
    today: date,
    overlay: Overlay,
) -> tuple[int, int, int, str]:
    """Write down the base in the caller's transaction; gives base, in the run, left out, and the hash."""
    values: dict[str, Any] = {"id": renewal_id, "on": on, "until": until, "size": BLOCK}
    with (
        _laid_out(kind, municipality=municipality, on=on, until=until, today=today, overlay=overlay),
        connection.cursor() as cursor,
    ):
        cursor.execute(_statement(kind), values)
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, values)
        cursor.execute("ANALYZE renewal_member")
    base, inside, outside, digest = fetch(_HASH, values)[0]
    return base, inside, outside, digest


def _statement(kind: RenewalKind) -> str:
    if kind is RenewalKind.REPLAY:
        return _FREEZE.format(left_out=_LEFT_OUT_OF_REPLAY, judged_for="%(on)s")
    judged_for = "%(on)s::date" if kind is RenewalKind.CHANGED else "c.until"
    return _FREEZE.format(left_out=_LEFT_OUT.format(by_kind=_BY_KIND[kind]), judged_for=judged_for)


@contextmanager
def _laid_out(
    kind: RenewalKind, *, municipality: str, on: date, until: date, today: date, overlay: Overlay
) -> Iterator[None]:
    """The session's tables, gone again afterwards: cases, registered children, and the birth dates that are of age."""
    cases.lay_out_cases(
        CASES, on=on, until=until,
        with_changes=kind is RenewalKind.CHANGED, with_decided=kind is RenewalKind.REPLAY,
    )  # fmt: skip
    registry.lay_out_children(CHILDREN, born_from=on - OLDEST, on=on, today=today)
    born = [row[0] for row in fetch(f"SELECT DISTINCT birth_date FROM {CHILDREN}", {})]
    of_age = [day for day in born if is_of_age(day, municipality=municipality, on=on, overlay=overlay)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {OF_AGE} ON COMMIT DROP AS SELECT unnest(%(days)s::date[]) AS birth_date",
            {"days": of_age},
        )
    if kind is RenewalKind.AGE:
        _lay_out_age_events(on=on, until=until)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {CASES}, {CHILDREN}, {OF_AGE}, {BY_AGE}")


def _lay_out_age_events(*, on: date, until: date) -> None:
    """The pairs of birth date and end of a period that age explains."""
    pairs = fetch(
        f"""SELECT DISTINCT r.birth_date, c.until FROM {CASES} c JOIN {CHILDREN} r ON r.addressee_id = c.child_id
             WHERE c.is_entitled AND c.until >= %(on)s AND c.until < %(until)s""",
        {"on": on, "until": until},
    )
    found = [(born, ends) for born, ends in pairs if is_age_event(born, ends_on=ends)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TEMPORARY TABLE {BY_AGE} ON COMMIT DROP AS
                SELECT * FROM unnest(%(born)s::date[], %(ends)s::date[]) AS b (birth_date, until)""",
            {"born": [born for born, _ in found], "ends": [ends for _, ends in found]},
        )
