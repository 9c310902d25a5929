"""State machines whose every step is a row: who, when, why; the database applies it or refuses it.

A step is made by inserting it into the history table. A trigger compares and sets the subject's state in
the same statement, and refuses any change of the state that comes another way: no step goes unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.models import Q

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

MOVED_MEANWHILE = "KY409"
STATE_NOT_BY_HISTORY = "KY403"


# A mapping does not vary with its key type, so a table keyed by a StrEnum needs a name of its own.
State = TypeVar("State", bound=str)
Pairs = Mapping[State, frozenset[State]]


@dataclass(frozen=True, slots=True)
class Machine:
    """A table with a `state` column, its history table, the states to start in and the steps to take."""

    subject_table: str
    history_table: str
    start: frozenset[str]
    pairs: Mapping[str, frozenset[str]]

    def allows(self, *, from_state: str, to_state: str) -> bool:
        """Is the step in the table?"""
        return to_state in self.pairs.get(from_state, frozenset())


class Transition(models.Model):
    """The columns of a history row; `from_state` is NULL on the row that records the beginning."""

    id = models.BigAutoField(primary_key=True)
    from_state = models.CharField(max_length=16, null=True)
    to_state = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=20)
    actor_name = models.CharField(max_length=100)
    actor_office = models.CharField(max_length=100)
    at = models.DateTimeField()
    why = models.TextField()
    decision_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


def states_constraint(pairs: Pairs[State], *, name: str) -> models.CheckConstraint:
    """Refuse a `state` that the table of transitions does not know."""
    return models.CheckConstraint(name=name, condition=Q(state__in=sorted(map(str, pairs))))


def pairs_constraint(pairs: Pairs[State], *, start: Iterable[str], name: str) -> models.CheckConstraint:
    """Refuse a history row whose step is not in the table."""
    allowed = Q(from_state__isnull=True, to_state__in=sorted(map(str, start)))
    for from_state in sorted(pairs):
        if pairs[from_state]:
            # A CHECK passes on NULL: without the first condition every step of a beginning would pass.
            allowed |= Q(
                from_state__isnull=False,
                from_state=str(from_state),
                to_state__in=sorted(map(str, pairs[from_state])),
            )
    return models.CheckConstraint(name=name, condition=allowed)


def guard_statements(machine: Machine) -> str:
    """The triggers of one machine, and that a subject begins once, as SQL for its migration."""
    subject, history = machine.subject_table, machine.history_table
    starts = ", ".join(f"'{state}'" for state in sorted(map(str, machine.start)))
    return f"""
CREATE UNIQUE INDEX {history}_begins_once ON {history} (subject_id) WHERE from_state IS NULL;

CREATE FUNCTION {history}_apply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted bigint; moved bigint;
BEGIN
  SELECT count(*) INTO wanted FROM added WHERE from_state IS NOT NULL;
  UPDATE {subject} AS s SET state = a.to_state FROM added AS a
   WHERE s.id = a.subject_id AND a.from_state IS NOT NULL AND s.state = a.from_state;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> wanted THEN
    RAISE EXCEPTION '{subject}: state changed meanwhile' USING ERRCODE = '{MOVED_MEANWHILE}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {history}_apply AFTER INSERT ON {history} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {history}_apply();

CREATE FUNCTION {subject}_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '{subject}: state moves by {history} only' USING ERRCODE = '{STATE_NOT_BY_HISTORY}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {subject}_guard_state BEFORE UPDATE OF state ON {subject} FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION {subject}_guard_state();

CREATE FUNCTION {subject}_guard_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added WHERE state NOT IN ({starts})) THEN
    RAISE EXCEPTION '{subject}: must begin in a start state' USING ERRCODE = '{STATE_NOT_BY_HISTORY}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {subject}_guard_start AFTER INSERT ON {subject} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {subject}_guard_start();
"""


def unguard_statements(machine: Machine) -> str:
    """The SQL that takes the triggers of `guard_statements` away again."""
    subject, history = machine.subject_table, machine.history_table
    names = (f"{history}_apply", f"{subject}_guard_state", f"{subject}_guard_start")
    functions = "".join(f"DROP FUNCTION IF EXISTS {name}() CASCADE;\n" for name in names)
    return f"{functions}DROP INDEX IF EXISTS {history}_begins_once;\n"


def append_only_statements(tables: Sequence[str], *, function: str) -> str:
    """SQL that makes tables append-only: UPDATE and DELETE are refused for everyone."""
    triggers = "".join(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
        for table in tables
    )
    return f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: rows stand as written', TG_TABLE_NAME USING ERRCODE = '{STATE_NOT_BY_HISTORY}';
END $$;
{triggers}"""


def record_steps(
    machine: Machine,
    *,
    steps: str,
    parameters: Mapping[str, Any],
    by: Actor,
    at: datetime,
    using: str = DEFAULT_DB_ALIAS,
) -> int:
    """Take the steps that an SQL query of (subject_id, from_state, to_state, why, decision_id) names.

    Returns how many; raises Refused when a subject is no longer in the state that its step starts from.
    """
    statement = (
        f"INSERT INTO {machine.history_table} "
        "(subject_id, from_state, to_state, why, decision_id, actor_id, actor_name, actor_office, at) "
        "SELECT q.*, %(actor_id)s, %(actor_name)s, %(actor_office)s, %(at)s FROM "
        f"({steps}) AS q(subject_id, from_state, to_state, why, decision_id)"
    )
    actor: dict[str, Any] = {
        "actor_id": by.staff_id,
        "actor_name": by.name,
        "actor_office": by.office,
        "at": at,
    }
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(statement, {**parameters, **actor})
            return int(cursor.rowcount)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != MOVED_MEANWHILE:
            raise
        raise Refused(
            "ほかの操作が先に状態を変えたため、処理を取りやめました。",
            remedy="最新の状態を確かめてからやり直してください。",
        ) from None


def begin(
    machine: Machine,
    *,
    subject_id: int,
    state: str,
    by: Actor,
    at: datetime,
    why: str,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Record the state that a new subject starts in."""
    _one(
        machine,
        subject_id=subject_id,
        from_state=None,
        to_state=state,
        by=by,
        at=at,
        why=why,
        decision_id=None,
        using=using,
    )


def move(
    machine: Machine,
    *,
    subject_id: int,
    from_state: str,
    to_state: str,
    by: Actor,
    at: datetime,
    why: str,
    decision_id: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Take one step; raises Refused when the table does not allow it or the subject has moved meanwhile."""
    if not machine.allows(from_state=from_state, to_state=to_state):
        raise Refused("いまの状態ではこの処理はできません。", remedy="状態を確かめてください。")
    _one(
        machine,
        subject_id=subject_id,
        from_state=from_state,
        to_state=to_state,
        by=by,
        at=at,
        why=why,
        decision_id=decision_id,
        using=using,
    )


def _one(
    machine: Machine,
    *,
    subject_id: int,
    from_state: str | None,
    to_state: str,
    by: Actor,
    at: datetime,
    why: str,
    decision_id: int | None,
    using: str,
) -> None:
    record_steps(
        machine,
        steps="SELECT %(subject_id)s::bigint, %(from_state)s::text, %(to_state)s::text, %(why)s::text,"
        " %(decision_id)s::bigint",
        parameters={
            "subject_id": subject_id,
            "from_state": from_state,
            "to_state": to_state,
            "why": why,
            "decision_id": decision_id,
        },
        by=by,
        at=at,
        using=using,
    )
