"""Recording: who acts, what was read, what happened. Where it cannot be written down, the answer is not given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction

from kyufu.audit.events import EventKind
from kyufu.audit.reading import READING, Reading
from kyufu.audit.session import tell_sessions
from kyufu.platform.access import ACCESS, Access, NoAccess, current_access
from kyufu.platform.errors import Refused

_WHO = "reference, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no"


class NotRecorded(Refused):
    """The log could not be written; what was read must not be shown."""


@contextmanager
def acting(access: Access) -> Iterator[None]:
    """Run a request or a job as somebody; at its end what was read is written to the log in one statement.

    The caller gives its answer after the block: NotRecorded is raised where the log could not be written, and the
    answer must not be released. Raises RuntimeError inside a transaction, whose roll-back would take the log along.
    """
    _refuse_inside_transaction()
    before = ACCESS.get()
    access_token, reading_token = ACCESS.set(access), READING.set(Reading())
    try:
        tell_sessions(access)
        try:
            yield
        finally:
            write_reads()
    finally:
        READING.reset(reading_token)
        ACCESS.reset(access_token)
        tell_sessions(before)


def note_read(subjects: Iterable[int], *, what: str) -> None:
    """Note that the present access reads `what` (such as 氏名・住所) of persons, given as addressee ids.

    Raises NoAccess where nobody is known to read. Large readings are written after the commit of the block.
    """
    current_access()
    reading = READING.get()
    if reading is None:
        raise NoAccess(
            "閲覧の記録を残せないため、個人の情報を読み出せません。",
            remedy="サインインした画面、または担当者を示した命令から実行してください。",
        )
    reading.note(subjects, what=what)
    if reading.is_large:
        transaction.on_commit(_write_large)


def _write_large() -> None:
    reading = READING.get()
    if reading is not None and reading.is_large and ACCESS.get() is not None:
        write_reads()


def write_reads() -> None:
    """Write what was noted so far; raises NotRecorded where the database refuses."""
    access, reading = current_access(), READING.get()
    records = reading.take_records() if reading is not None else []
    if not records:
        return
    values = ", ".join([f"({', '.join(['%s'] * 9)}, %s::text[], %s::bigint[])"] * len(records))
    parameters: list[Any] = []
    for what, subjects in records:
        parameters += [*_who(access), what, subjects]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO audit_read ({_WHO}, what, subjects) VALUES {values}", parameters)
    except DatabaseError as error:
        raise NotRecorded(
            "閲覧の記録を残せなかったため、表示を取りやめました。",
            remedy="もう一度操作し、続くときはシステムの担当へ連絡してください。",
        ) from error


def record_event(
    kind: EventKind,
    *,
    detail: Mapping[str, str],
    subjects: Iterable[int] = (),
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Write down an event in the present transaction; without an access (a failed sign-in) nobody stands as actor."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_event ({_WHO}, kind, detail, subjects) "
            f"VALUES ({', '.join(['%s'] * 9)}, %s, %s::jsonb, %s::bigint[])",
            [*_who(ACCESS.get()), str(kind), json.dumps(dict(detail), ensure_ascii=False), list(subjects)],
        )


def _who(access: Access | None) -> tuple[Any, ...]:
    if access is None:
        return (None, "", "", "", "", "", "", "", "")
    actor = access.actor
    return (
        access.reference, actor.staff_id, actor.name, actor.office, access.terminal, str(access.channel),
        access.screen, access.purpose, access.case_no,
    )  # fmt: skip


def _refuse_inside_transaction() -> None:
    """A test's own transaction is let pass: nothing outlives it."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("acting() begins before the transaction: a roll-back must not take the log along")
