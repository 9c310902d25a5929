"""Searches of the log: by member of staff, person, screen and period; newest first, in pages by key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from kyufu.audit.events import EventKind
from kyufu.audit.recording import note_read, record_event
from kyufu.audit.tables import logged_tables
from kyufu.platform.access import Channel

OPERATIONS = {"INSERT": "登録", "UPDATE": "変更", "DELETE": "削除", "TRUNCATE": "全件削除"}
CHANNELS = {
    str(Channel.SCREEN): "画面",
    str(Channel.API): "他システム",
    str(Channel.BATCH): "一括処理",
    str(Channel.COMMAND): "運用コマンド",
    "sql": "データベースへの直接接続",
}


class Stream(StrEnum):
    """Which part of the log."""

    READS = "audit_read"
    WRITES = "audit_write"
    EVENTS = "audit_event"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return {"audit_read": "閲覧", "audit_write": "更新", "audit_event": "操作"}[self.value]


class LogQuery(NamedTuple):
    """What is looked for: a period, and whose acts, of whom, on which screen (each empty for all).

    `before` is the key of the last record seen, for the next page; `also` are further numbers of the same person.
    """

    since: datetime
    until: datetime
    staff_no: str = ""
    addressee_id: int | None = None
    screen: str = ""
    before: tuple[datetime, int] | None = None
    also: tuple[int, ...] = ()

    @property
    def subjects(self) -> tuple[int, ...]:
        """Every addressee id of the person asked about."""
        return () if self.addressee_id is None else (self.addressee_id, *self.also)


class LogRecord(NamedTuple):
    """A record as people read it: when, who, from where, for what, and what it was (Japanese).

    `subjects` are the first persons of it, `extent` is how many persons or rows it is about; `reference` is the same
    in all that one request or job did.
    """

    stream: Stream
    number: int
    at: datetime
    staff_no: str
    name: str
    office: str
    terminal: str
    channel: str
    screen: str
    purpose: str
    case_no: str
    what: tuple[str, ...]
    subjects: tuple[int, ...]
    extent: int
    reference: str

    @property
    def key(self) -> tuple[datetime, int]:
        """Where the next page goes on."""
        return self.at, self.number


# Few records of bulk writes hold ranges, and a partial index finds them.
_OWN = {
    Stream.READS: ("r.what", "r.subjects", "cardinality(r.subjects)", ""),
    Stream.WRITES: (
        "ARRAY[r.table_name, r.operation] || coalesce(r.changed, '{}')", "coalesce(r.subjects, '{}')",
        "r.row_count", " OR r.subject_ranges @> %(subject)s::bigint",
    ),
    Stream.EVENTS: (
        "ARRAY[r.kind] || (SELECT coalesce(array_agg(d.key || '：' || d.value), '{}') "
        "FROM jsonb_each_text(r.detail) d)", "r.subjects", "cardinality(r.subjects)", "",
    ),
}  # fmt: skip
_SHOWN_SUBJECTS = 20


def search_log(stream: Stream, *, query: LogQuery, limit: int) -> list[LogRecord]:
    """Up to `limit` records, newest first; the search is itself recorded, with the person it asked about."""
    _record_search(stream, query=query)
    what, subjects, count, in_ranges = _OWN[stream]
    conditions = ["r.at >= %(since)s", "r.at < %(until)s"]
    conditions += ["r.actor_id = %(staff_no)s"] if query.staff_no else []
    conditions += ["r.screen = %(screen)s"] if query.screen else []
    if query.addressee_id is not None:
        conditions.append(f"(r.subjects && %(subjects)s::bigint[]{in_ranges})")
    conditions += ["(r.at, r.id) < (%(at)s, %(number)s)"] if query.before else []
    at, number = query.before or (None, None)
    rows = _rows(
        f"SELECT r.id, r.at, r.actor_id, r.actor_name, r.actor_office, r.terminal, r.channel, r.screen, r.purpose, "
        f"r.case_no, {what}, ({subjects})[1:{_SHOWN_SUBJECTS}], {count}, r.reference FROM {stream} r "
        f"WHERE {' AND '.join(conditions)} ORDER BY r.at DESC, r.id DESC LIMIT %(limit)s",
        {
            **query._asdict(),
            "subject": query.addressee_id,
            "subjects": list(query.subjects),
            "at": at,
            "number": number,
            "limit": limit,
        },
    )
    return [_record(stream, row) for row in rows]


class Reader(NamedTuple):
    """Somebody who read a person's data within a period: how many times, and first and last when."""

    staff_no: str
    name: str
    office: str
    times: int
    first_at: datetime
    last_at: datetime


# Of one number the names may have changed; the latest is shown. What a request read in several records is one time.
_READERS = """
SELECT r.actor_id, (array_agg(r.actor_name ORDER BY r.at DESC))[1], (array_agg(r.actor_office ORDER BY r.at DESC))[1],
       count(DISTINCT coalesce(r.reference::text, r.id::text)), min(r.at), max(r.at)
  FROM audit_read r WHERE r.subjects && %(subjects)s::bigint[] AND r.at >= %(since)s AND r.at < %(until)s
 GROUP BY r.actor_id ORDER BY 4 DESC, 6 DESC LIMIT %(limit)s"""


def readers_of(
    addressee_ids: Collection[int], *, since: datetime, until: datetime, limit: int
) -> list[Reader]:
    """Who read the data of a person (all numbers of the one) within a period, the most frequent first."""
    note_read(addressee_ids, what="閲覧・更新の記録")
    values = {"subjects": list(addressee_ids), "since": since, "until": until, "limit": limit}
    return [Reader(*row) for row in _rows(_READERS, values)]


def _record(stream: Stream, row: tuple[Any, ...]) -> LogRecord:
    channel = CHANNELS.get(row[6], row[6])
    items, subjects, extent = _items(stream, row[10]), tuple(row[11]), row[12] or 0
    reference = "" if row[13] is None else str(row[13])
    return LogRecord._make((stream, *row[:6], channel, *row[7:10], items, subjects, extent, reference))


def _items(stream: Stream, what: list[str]) -> tuple[str, ...]:
    """What was read, written or done, in Japanese; columns by their names in the database."""
    if stream is Stream.READS:
        return tuple(what)
    if stream is Stream.EVENTS:
        return (EventKind(what[0]).label if what[0] in set(EventKind) else what[0], *what[1:])
    table = logged_tables().get(what[0])
    return (table.label if table else what[0], OPERATIONS[what[1]], *what[2:])


def _record_search(stream: Stream, *, query: LogQuery) -> None:
    detail = {
        "記録": stream.label,
        "期間": f"{query.since:%Y-%m-%d %H:%M}～{query.until:%Y-%m-%d %H:%M}",
        "職員番号": query.staff_no,
        "画面": query.screen,
    }
    subjects = query.subjects
    record_event(EventKind.LOG_SEARCHED, detail=detail, subjects=subjects)
    note_read(subjects, what="閲覧・更新の記録")


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
