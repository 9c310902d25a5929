"""Versions of persons worked out from the events told about them, for many persons at once, by set-based SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from kyufu.platform.db import copy_rows

AFFECTED = "registry_affected"
_DERIVED = "registry_derived"
_HELD = "registry_held"

# The latest revision of each history number counts; a cancelled one is gone. Each event holds until the next one in
# the order of (event date, history number); one that another of the same day replaces holds for no day.
_DERIVE = f"""
CREATE TEMPORARY TABLE {_DERIVED} ON COMMIT DROP AS
WITH latest AS (
  SELECT DISTINCT ON (e.addressee_id, e.history_no) e.id, e.addressee_id, e.history_no, e.event_date, e.cancelled
    FROM registry_person_event e JOIN {AFFECTED} USING (addressee_id)
   ORDER BY e.addressee_id, e.history_no, e.revision DESC
), timeline AS (
  SELECT id, addressee_id, event_date,
         lead(event_date) OVER (PARTITION BY addressee_id ORDER BY event_date, history_no) AS until
    FROM latest WHERE NOT cancelled
)
SELECT addressee_id, id AS event_id, daterange(event_date, until) AS valid
  FROM timeline WHERE until IS NULL OR until > event_date
"""

_HOLD = f"""
CREATE TEMPORARY TABLE {_HELD} ON COMMIT DROP AS
SELECT v.id, v.addressee_id, v.event_id, v.valid, lower(v.recorded) AS recorded_from
  FROM {AFFECTED} a JOIN registry_person_version v USING (addressee_id) WHERE a.known AND upper_inf(v.recorded)
"""

# Record times only ever rise, even where the clock of the machine was set back.
_INSTANT = f"SELECT greatest(%(now)s, max(recorded_from) + interval '1 microsecond') FROM {_HELD}"

_SAME = "d.addressee_id = h.addressee_id AND d.event_id = h.event_id AND d.valid = h.valid"
_STILL_HELD = f"SELECT FROM {_HELD} h WHERE {_SAME}"
_STILL_DERIVED = f"SELECT FROM {_DERIVED} d WHERE {_SAME}"

_CLOSE = f"""
UPDATE registry_person_version v SET recorded = tstzrange(lower(v.recorded), %(at)s)
  FROM {_HELD} h WHERE v.id = h.id AND NOT EXISTS ({_STILL_DERIVED})
"""
_INSERT = f"""
INSERT INTO registry_person_version (addressee_id, event_id, valid, recorded)
SELECT d.addressee_id, d.event_id, d.valid, tstzrange(%(at)s, NULL)
  FROM {_DERIVED} d WHERE NOT EXISTS ({_STILL_HELD})
"""
_NOTE_CHANGED = f"""
UPDATE {AFFECTED} a SET changed = true FROM (
  SELECT d.addressee_id FROM {AFFECTED} k JOIN {_DERIVED} d USING (addressee_id)
   WHERE k.known AND NOT EXISTS ({_STILL_HELD})
  UNION
  SELECT h.addressee_id FROM {_HELD} h WHERE NOT EXISTS ({_STILL_DERIVED})) c
 WHERE c.addressee_id = a.addressee_id
"""


def make_affected() -> None:
    """Make the empty temporary table of affected persons: id, `known` before, `changed`."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {AFFECTED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {AFFECTED} (addressee_id bigint NOT NULL, known boolean NOT NULL, "
            "changed boolean NOT NULL DEFAULT false) ON COMMIT DROP"
        )


def derive_versions(*, at: datetime) -> None:
    """Bring the versions of the persons in the table of affected persons in line with their events.

    Versions that no longer follow from the events are closed as of `at`, new ones inserted, the others left alone;
    `changed` is set for persons known before of whom a version changed. Runs in the caller's transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_DERIVED}, {_HELD}")
        cursor.execute(f"ANALYZE {AFFECTED}")
        cursor.execute(_DERIVE)
        cursor.execute(_HOLD)
        cursor.execute(f"ANALYZE {_DERIVED} (addressee_id), {_HELD} (addressee_id)")
        cursor.execute(_INSTANT, {"now": at})
        instant = cursor.fetchone()[0]
        cursor.execute(_NOTE_CHANGED)
        cursor.execute(_CLOSE, {"at": instant})
        cursor.execute(_INSERT, {"at": instant})


def derive_versions_of(addressee_ids: Iterable[int], *, at: datetime) -> None:
    """The same for persons named by id, all taken as known before; for events recorded by hand."""
    make_affected()
    copy_rows(
        table=AFFECTED, columns=("addressee_id", "known"), rows=((one, True) for one in set(addressee_ids))
    )
    derive_versions(at=at)
