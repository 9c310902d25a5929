"""The review of readings (閲覧の点検): odd ones and drawn ones are opened, assigned, answered and closed.

The reader answers; somebody else closes. Both are held by the database as well (migration 0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from kyufu.audit.oddness import FactsSupplier, OddRead, RecordedRead, Yardstick, odd_reads
from kyufu.audit.parameters import holidays, limits, weights
from kyufu.audit.review_states import REVIEWS, Finding, ReviewState
from kyufu.platform.access import Channel
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import move, record_steps

READS_A_RUN = 5_000
_READS = """
SELECT r.id, r.at, r.reference, r.actor_id, r.actor_name, r.actor_office, r.case_no, r.subjects
  FROM audit_read r
 WHERE r.at >= %(since)s AND r.at < %(until)s AND r.channel = ANY(%(channels)s) AND cardinality(r.subjects) > 0
   AND (r.at, r.id) > (%(at)s, %(number)s) ORDER BY r.at, r.id LIMIT %(limit)s
"""
# What a batch reads is reviewed as the batch, not person by person.
_BY_PERSONS = [str(Channel.SCREEN), str(Channel.API), str(Channel.COMMAND)]


def open_odd_reads(
    *, since: datetime, until: datetime, on: date, facts: FactsSupplier, by: Actor, at: datetime
) -> int:
    """Open a review of each odd reading of a period that has none yet; returns how many were opened.

    What counts as many in a short time is looked at within the readings of one run of records in their order.
    """
    yardstick = Yardstick(weights(on=on), limits(on=on), holidays(), _public_eye(on=on))
    opened = 0
    for reads in _reads_in_runs(since=since, until=until):
        odd = odd_reads(reads, facts=facts, yardstick=yardstick)
        opened += _open(odd, sample="", by=by, at=at, why="基準の点数に達したため")
    return opened


def draw_sample(*, seed: str, size: int, since: datetime, until: datetime, by: Actor, at: datetime) -> int:
    """Open a review of `size` readings of a period drawn by lot; the same seed draws the same ones again."""
    if not seed.strip() or size < 1:
        raise BadInput(
            "抽出の条件が足りません。", remedy="抽出の種（任意の文字）と1以上の件数を指定してください。"
        )
    lots = [
        (sha256(f"{seed}:{read.number}".encode()).digest(), read)
        for reads in _reads_in_runs(since=since, until=until)
        for read in reads
    ]
    chosen = [read for _, read in sorted(lots, key=lambda lot: lot[0])[:size]]
    drawn = [OddRead(read, 0, (), ("無作為に抽出しました",)) for read in chosen]
    return _open(drawn, sample=seed[:40], by=by, at=at, why="無作為抽出のため")


def assign_review(review_id: int, *, question: str, by: Actor, at: datetime) -> None:
    """Ask the reader to explain; raises Refused where the reader asks themselves."""
    reader, state = _reader_and_state(review_id)
    _refuse_reader(by, reader=reader)
    _step(review_id, from_state=state, to_state=ReviewState.ASSIGNED, why=question, by=by, at=at)


def answer_review(review_id: int, *, explanation: str, by: Actor, at: datetime) -> None:
    """The reader explains why they read; raises Refused for anybody else."""
    reader, state = _reader_and_state(review_id)
    if by.staff_id != reader:
        raise Refused(
            "閲覧した本人だけが回答できます。", remedy="閲覧した職員がサインインして回答してください。"
        )
    _step(review_id, from_state=state, to_state=ReviewState.ANSWERED, why=explanation, by=by, at=at)


@transaction.atomic
def close_review(review_id: int, *, finding: Finding, why: str, by: Actor, at: datetime) -> None:
    """Close with a finding; raises Refused for the reader."""
    reader, state = _reader_and_state(review_id)
    _refuse_reader(by, reader=reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reading_review SET finding = %s WHERE id = %s AND state <> 'closed'",
            [str(finding), review_id],
        )
    _step(review_id, from_state=state, to_state=ReviewState.CLOSED, why=why, by=by, at=at)


def watch_person(
    addressee_id: int, *, since: date, until: date | None, reason: str, by: Actor, at: datetime
) -> None:
    """Put a person on the list of the public eye (著名人など); raises Refused where they stand on it for those days."""
    _refuse_empty(reason)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM reading_watched_person WHERE addressee_id = %(id)s "
            "AND valid && daterange(%(since)s, %(until)s))",
            {"id": addressee_id, "since": since, "until": until},
        )
        if cursor.fetchone()[0]:
            raise Refused("この期間はすでに一覧に載っています。", remedy="一覧の期間を確かめてください。")
        cursor.execute(
            "INSERT INTO reading_watched_person (addressee_id, valid, reason, recorded_by, recorded_at) "
            "VALUES (%s, daterange(%s, %s), %s, %s, %s)",
            [addressee_id, since, until, reason, by.staff_id, at],
        )


def unwatch_person(watched_id: int, *, until: date) -> None:
    """End an entry of the list on a day; raises Refused where it had not begun or has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reading_watched_person SET valid = daterange(lower(valid), %(until)s) "
            "WHERE id = %(id)s AND lower(valid) < %(until)s AND (upper_inf(valid) OR upper(valid) > %(until)s)",
            {"id": watched_id, "until": until},
        )
        if cursor.rowcount == 0:
            raise Refused("この日では終えられません。", remedy="載せている期間の途中の日を指定してください。")


def _reads_in_runs(*, since: datetime, until: datetime) -> Iterable[Sequence[RecordedRead]]:
    at, number = since, -1
    while True:
        values = {
            "since": since, "until": until, "channels": _BY_PERSONS, "at": at, "number": number, "limit": READS_A_RUN,
        }  # fmt: skip
        rows = _rows(_READS, values)
        if not rows:
            return
        reads = [RecordedRead._make((*row[:7], tuple(row[7]))) for row in rows]
        yield reads
        at, number = reads[-1].at, reads[-1].number


def _public_eye(*, on: date) -> frozenset[int]:
    rows = _rows("SELECT addressee_id FROM reading_watched_person WHERE valid @> %(on)s::date", {"on": on})
    return frozenset(row[0] for row in rows)


@transaction.atomic
def _open(odd: Sequence[OddRead], *, sample: str, by: Actor, at: datetime, why: str) -> int:
    ids = []
    with connection.cursor() as cursor:
        for one in odd:
            read = one.read
            cursor.execute(
                "INSERT INTO reading_review (read_id, read_at, reference, reader_id, reader_name, reader_office, "
                "score, signals, reasons, sample) VALUES (%s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s) "
                "ON CONFLICT (read_id, read_at) DO NOTHING RETURNING id",
                [
                    read.number, read.at, read.reference, read.staff_no, read.name, read.office, one.score,
                    list(map(str, one.signals)), list(one.reasons), sample,
                ],
            )  # fmt: skip
            ids += [row[0] for row in cursor.fetchall()]
    steps = "SELECT q.id, NULL::text, 'open', %(why)s, NULL::bigint FROM unnest(%(ids)s::bigint[]) AS q(id)"
    return record_steps(REVIEWS, steps=steps, parameters={"ids": ids, "why": why}, by=by, at=at)


def _reader_and_state(review_id: int) -> tuple[str, str]:
    rows = _rows("SELECT reader_id, state FROM reading_review WHERE id = %(id)s", {"id": review_id})
    if not rows:
        raise Refused("この点検は見つかりません。", remedy="一覧から選び直してください。")
    return rows[0][0], rows[0][1]


def _step(review_id: int, *, from_state: str, to_state: str, why: str, by: Actor, at: datetime) -> None:
    _refuse_empty(why)
    move(REVIEWS, subject_id=review_id, from_state=from_state, to_state=str(to_state), by=by, at=at, why=why)


def _refuse_reader(by: Actor, *, reader: str) -> None:
    if by.staff_id == reader:
        raise Refused("閲覧した本人は点検できません。", remedy="点検を担当するほかの職員が操作してください。")


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise BadInput("理由が入力されていません。", remedy="理由を入力してください。")


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
