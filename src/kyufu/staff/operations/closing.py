"""Grants, postings and sessions of people who move or leave are closed, for one person or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.transitions import record_steps
from kyufu.staff.states import GRANTS

# What is in force on the day ends with the day before. A grant that begins on the day or later stays where it was
# asked for at the new office or below it; the others end at once.
HIT = """
WITH RECURSIVE closing AS (
    SELECT * FROM unnest(%(accounts)s::bigint[], %(days)s::date[], %(offices)s::bigint[])
               AS c (account_id, from_day, new_office)),
below AS (
    SELECT c.account_id, c.new_office AS office_id FROM closing c WHERE c.new_office IS NOT NULL
    UNION SELECT b.account_id, o.id FROM below b JOIN staff_office o ON o.parent_id = b.office_id)
SELECT g.id, g.state, lower(g.valid), c.from_day
  FROM staff_grant g JOIN closing c USING (account_id)
 WHERE g.state IN ('asked', 'confirmed') AND upper(g.valid) > c.from_day
   AND NOT (lower(g.valid) >= c.from_day AND EXISTS (
            SELECT FROM below b WHERE b.account_id = g.account_id AND b.office_id = g.office_id))
 ORDER BY g.id FOR UPDATE OF g
"""
STEPS = """
SELECT id, from_state, to_state, %(why)s || '（' || to_char(from_day, 'YYYY-MM-DD') || 'から）', NULL::bigint
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(to_states)s::text[], %(from)s::date[])
       AS s (id, from_state, to_state, from_day)
"""
CUT = """
UPDATE staff_grant g SET valid = daterange(lower(g.valid), c.from_day)
  FROM unnest(%(ids)s::bigint[], %(from)s::date[]) AS c (id, from_day)
 WHERE g.id = c.id AND lower(g.valid) < c.from_day
"""
POSTINGS = """
UPDATE staff_posting p SET valid = daterange(lower(p.valid), c.from_day)
  FROM unnest(%(accounts)s::bigint[], %(days)s::date[]) AS c (account_id, from_day)
 WHERE p.account_id = c.account_id AND lower(p.valid) < c.from_day
   AND (upper_inf(p.valid) OR upper(p.valid) > c.from_day)
"""
UNBEGUN = """
DELETE FROM staff_posting p USING unnest(%(accounts)s::bigint[], %(days)s::date[]) AS c (account_id, from_day)
 WHERE p.account_id = c.account_id AND lower(p.valid) >= c.from_day
"""
SESSIONS = """
UPDATE staff_session SET ended_at = greatest(%(at)s, last_seen_at), why = 'account'
 WHERE ended_at IS NULL AND account_id = ANY(%(accounts)s)
"""


def close_everything(accounts: Sequence[int], *, from_day: date, by: Actor, at: datetime, why: str) -> None:
    """Close grants, postings and sessions of people who have no office from `from_day` on."""
    days, nowhere = [from_day] * len(accounts), [None] * len(accounts)
    close_grants(accounts, days=days, offices=nowhere, by=by, at=at, why=why)
    close_postings(accounts, days=days)
    end_sessions(accounts, at=at)


def close_grants(
    accounts: Sequence[int],
    *,
    days: Sequence[date],
    offices: Sequence[int | None],
    by: Actor,
    at: datetime,
    why: str,
) -> int:
    """Let the grants of each account end by its day, those asked for at its new office excepted; how many."""
    today = at.astimezone(JAPAN).date()
    with connection.cursor() as cursor:
        cursor.execute(HIT, {"accounts": list(accounts), "days": list(days), "offices": list(offices)})
        hit = cursor.fetchall()
        values: dict[str, Any] = {
            "ids": [row[0] for row in hit],
            "states": [row[1] for row in hit],
            "to_states": [_next_state(row[1], lower=row[2], from_day=row[3], today=today) for row in hit],
            "from": [row[3] for row in hit],
            "why": why,
        }
        cursor.execute(CUT, values)
    return record_steps(GRANTS, steps=STEPS, parameters=values, by=by, at=at)


def _next_state(state: str, *, lower: date, from_day: date, today: date) -> str:
    """What has begun and does not end today is only cut to its day; the rest takes its last step now."""
    if lower < from_day and from_day > today:
        return state
    return "lapsed" if state == "asked" else "ended"


def close_postings(accounts: Sequence[int], *, days: Sequence[date]) -> None:
    """Let the posting of each account end by its day, and take back one that would begin later."""
    values: dict[str, Any] = {"accounts": list(accounts), "days": list(days)}
    with connection.cursor() as cursor:
        cursor.execute(POSTINGS, values)
        cursor.execute(UNBEGUN, values)


def end_sessions(accounts: Sequence[int], *, at: datetime) -> None:
    """Sign people out at once."""
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS, {"accounts": list(accounts), "at": at})
