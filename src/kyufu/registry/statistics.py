"""Counts over the register that identify nobody."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection

RESIDENT = "1"


class Population(NamedTuple):
    """Residents on a day, their households, and how many of them are foreign, protected or without birth date."""

    residents: int
    households: int
    foreign: int
    protected: int
    without_birth_date: int


def population(*, valid_on: date) -> Population:
    """Count who is registered on a day, as it is known now."""
    statement = """
        SELECT count(*), count(DISTINCT nullif(e.household_no, '')),
               count(*) FILTER (WHERE e.nationality_kind = '2'),
               count(*) FILTER (WHERE p.addressee_id IS NOT NULL),
               count(*) FILTER (WHERE e.birth_date IS NULL)
          FROM registry_person_version v
          JOIN registry_person_event e ON e.id = v.event_id
          LEFT JOIN (SELECT DISTINCT ON (addressee_id, history_no) addressee_id, cancelled, valid
                       FROM registry_protection ORDER BY addressee_id, history_no, revision DESC) p
            ON p.addressee_id = v.addressee_id AND NOT p.cancelled AND p.valid @> %(day)s::date
         WHERE upper_inf(v.recorded) AND v.valid @> %(day)s::date AND e.status = %(resident)s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": valid_on, "resident": RESIDENT})
        return Population(*cursor.fetchone())


def count_undrawable_names() -> int:
    """How many items of names and addresses the print font cannot draw, and nobody has dealt with yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_undrawable_name WHERE state = 'open'")
        return int(cursor.fetchone()[0])
