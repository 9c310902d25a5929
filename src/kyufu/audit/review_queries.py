"""What the pages of the review show: the queue, one review with its steps, the list of the public eye."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from kyufu.audit.recording import note_read
from kyufu.audit.review_states import Finding, ReviewState


class ReviewSeen(NamedTuple):
    """A review in a list: who read when, how odd, why, and where it stands; drawn ones name their `sample`."""

    review_id: int
    read_number: int
    read_at: datetime
    reader_no: str
    reader_name: str
    reader_office: str
    score: int
    reasons: tuple[str, ...]
    sample: str
    state: ReviewState
    finding: Finding | None


class ReviewStep(NamedTuple):
    """A step: to which state, by whom, when, and what was said."""

    to_state: ReviewState
    actor_no: str
    actor_name: str
    at: datetime
    why: str


class ReviewedRead(NamedTuple):
    """The reading under review, while the log still holds it."""

    screen: str
    terminal: str
    purpose: str
    case_no: str
    items: tuple[str, ...]
    subjects: tuple[int, ...]


class WatchedSeen(NamedTuple):
    """An entry of the list of the public eye; `until` is the first day that no longer counts, None while open."""

    watched_id: int
    addressee_id: int
    since: date
    until: date | None
    reason: str


_COLUMNS = (
    "id, read_id, read_at, reader_id, reader_name, reader_office, score, reasons, sample, state, finding"
)
OPEN_STATES = (ReviewState.OPEN, ReviewState.ASSIGNED, ReviewState.ANSWERED)


def review_queue(
    *, states: Collection[ReviewState] = OPEN_STATES, after: tuple[int, int] | None = None, limit: int
) -> list[ReviewSeen]:
    """The queue, the oddest first; `after` is (score, review id) of the last one seen."""
    score, number = after or (2**31 - 1, 0)
    return _reviews(
        "state = ANY(%(states)s) AND (-score, id) > (-%(score)s, %(number)s) ORDER BY -score, id LIMIT %(limit)s",
        {"states": list(map(str, states)), "score": score, "number": number, "limit": limit},
    )


def reviews_to_answer(staff_no: str) -> list[ReviewSeen]:
    """What a member of staff is asked to explain, oldest first."""
    return _reviews("reader_id = %(reader)s AND state = 'assigned' ORDER BY id", {"reader": staff_no})


def find_review(review_id: int) -> ReviewSeen | None:
    """The review of an id."""
    found = _reviews("id = %(id)s", {"id": review_id})
    return found[0] if found else None


def review_steps(review_id: int) -> list[ReviewStep]:
    """What was done and said, oldest first."""
    rows = _rows(
        "SELECT to_state, actor_id, actor_name, at, why FROM reading_review_transition "
        "WHERE subject_id = %(id)s ORDER BY id",
        {"id": review_id},
    )
    return [ReviewStep(ReviewState(row[0]), *row[1:]) for row in rows]


def reviewed_read(review_id: int) -> ReviewedRead | None:
    """What was read of whom; None when the record is past its retention. The look is itself noted."""
    rows = _rows(
        "SELECT r.screen, r.terminal, r.purpose, r.case_no, r.what, r.subjects FROM reading_review v "
        "JOIN audit_read r ON r.id = v.read_id AND r.at = v.read_at WHERE v.id = %(id)s",
        {"id": review_id},
    )
    if not rows:
        return None
    *texts, items, subjects = rows[0]
    note_read(subjects, what="閲覧の点検")
    return ReviewedRead._make((*texts, tuple(items), tuple(subjects)))


def watched_persons(*, on: date) -> list[WatchedSeen]:
    """The list of the public eye as it stands on a day or later."""
    rows = _rows(
        "SELECT id, addressee_id, lower(valid), upper(valid), reason FROM reading_watched_person "
        "WHERE upper_inf(valid) OR upper(valid) > %(on)s ORDER BY id",
        {"on": on},
    )
    note_read([row[1] for row in rows], what="閲覧を点検する人の一覧")
    return [WatchedSeen(*row) for row in rows]


def _reviews(condition: str, values: dict[str, Any]) -> list[ReviewSeen]:
    rows = _rows(f"SELECT {_COLUMNS} FROM reading_review WHERE {condition}", values)
    return [ReviewSeen._make((*row[:7], tuple(row[7]), row[8], *_stand(row[9], row[10]))) for row in rows]


def _stand(state: str, finding: str | None) -> tuple[ReviewState, Finding | None]:
    return ReviewState(state), Finding(finding) if finding else None


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
