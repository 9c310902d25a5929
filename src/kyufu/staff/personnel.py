"""The feed of staff transfers (人事異動): who moves or leaves loses what they were granted on that very day.

The layout is a decision of ours; no public one was found. Source of the control: 横浜市 L3424-L3425, L3450-L3451.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.feeds.feed import Feed, RowRule, Staged
from kyufu.platform.feeds.layout import Layout, code, day, text
from kyufu.platform.transitions import record_steps
from kyufu.staff.operations.closing import close_grants, close_postings, end_sessions
from kyufu.staff.operations.grants import LEFT_ACCOUNTS
from kyufu.staff.states import ACCOUNTS

APPOINTED, MOVED, RETIRED, ON_LEAVE, RETURNED = "10", "20", "30", "40", "50"
EVENT_NAMES = {APPOINTED: "採用", MOVED: "異動", RETIRED: "退職", ON_LEAVE: "休職", RETURNED: "復職"}
WHO = Actor("personnel", "人事異動連携", "人事")

PERSONNEL = Layout(
    "personnel",
    "人事異動",
    (
        code("ido_jiyu", "異動事由", 2, required=True, codes=tuple(EVENT_NAMES)),
        text("shokuin_bango", "職員番号", 20, required=True),
        day("koryoku_nengappi", "効力の生じる日", required=True),
        code("shozoku_kodo", "新しい所属コード", 10),
    ),
)

RULES = (
    RowRule(
        "office", "shozoku_kodo", "採用・異動・復職の行に「新しい所属コード」がありません。人事に確かめてください。",
        f"s.ido_jiyu IN ('{APPOINTED}', '{MOVED}', '{RETURNED}') AND s.shozoku_kodo = ''",
    ),
    RowRule(
        "twice", "koryoku_nengappi",
        "同じ職員の同じ日の行が二つ以上あります。どれが正しいか、人事の担当に確かめてください。",
        "EXISTS (SELECT FROM feed_staging o WHERE o.shokuin_bango = s.shokuin_bango "
        "AND o.koryoku_nengappi = s.koryoku_nengappi AND o.row_no <> s.row_no)",
    ),
    RowRule(
        "out_of_order", "koryoku_nengappi",
        "今の所属の始まりより前の異動です。順序の誤りか訂正かを、人事の担当に確かめてください。",
        "s.account_id IS NOT NULL AND EXISTS (SELECT FROM staff_posting p "
        "WHERE p.account_id = s.account_id AND lower(p.valid) > s.koryoku_nengappi)",
    ),
)  # fmt: skip

# A row that says what is already recorded changes nothing, as when a file repeats an event.
EVENTS = """
SELECT s.account_id, s.ido_jiyu, s.koryoku_nengappi, s.office_id
  FROM {table} s JOIN staff_account a ON a.id = s.account_id
 WHERE CASE WHEN s.ido_jiyu = %(retired)s THEN a.leaves_on IS DISTINCT FROM s.koryoku_nengappi
            ELSE NOT EXISTS (SELECT FROM staff_posting p WHERE p.account_id = s.account_id
                              AND lower(p.valid) = s.koryoku_nengappi AND p.office_id = s.office_id) END
 ORDER BY s.koryoku_nengappi, s.row_no
"""


class Event(NamedTuple):
    """One event of a person with an account: from `on` at `office_id` (None: at none that uses the system)."""

    account_id: int
    kind: str
    on: date
    office_id: int | None


def personnel_feed() -> Feed:
    """The feed of staff transfers."""
    return Feed(
        layout=PERSONNEL,
        apply=_apply,
        rules=RULES,
        extra=(("account_id", "bigint"), ("office_id", "bigint")),
        prepare=_prepare,
        number_owner="shokuin_bango",
    )


def _prepare(staged: Staged) -> None:
    """Find account and office; one that is not in the table is a section that does not use the system."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {staged.table} s SET account_id = a.id FROM staff_account a "
            "WHERE a.personnel_no = s.shokuin_bango AND a.kind = 'employee' AND a.state <> 'ended'"
        )
        cursor.execute(
            f"UPDATE {staged.table} s SET office_id = o.id FROM staff_office o "
            "WHERE o.code = s.shozoku_kodo AND o.valid @> s.koryoku_nengappi"
        )


def _apply(staged: Staged) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(table=staged.table), {"retired": RETIRED})
        events = [Event(*row) for row in cursor.fetchall()]
        cursor.execute(f"SELECT count(*) FROM {staged.table} WHERE account_id IS NULL")
        strangers = cursor.fetchone()[0]
    ended = sum(_take(group, staged=staged) for group in _one_of_each(events))
    counts = Counter(EVENT_NAMES[event.kind] for event in events)
    return {**counts, "終わる権限": ended, "アカウントのない職員": strangers}


def _one_of_each(events: Sequence[Event]) -> Iterator[list[Event]]:
    """The events in groups that hold a person once, so that a person's events follow each other by day."""
    left = list(events)
    while left:
        first: dict[int, Event] = {}
        for event in left:
            first.setdefault(event.account_id, event)
        yield list(first.values())
        left = [event for event in left if first[event.account_id] is not event]


def _take(events: Sequence[Event], *, staged: Staged) -> int:
    """Close what the people leave behind and open where they come to; returns how many grants end."""
    today = staged.recorded_at.astimezone(JAPAN).date()
    ended = 0
    for kind, name in EVENT_NAMES.items():
        of_kind = [event for event in events if event.kind == kind]
        ended += close_grants(
            [event.account_id for event in of_kind],
            days=[event.on for event in of_kind],
            offices=[event.office_id for event in of_kind],
            by=WHO, at=staged.recorded_at, why=f"人事異動：{name}",
        )  # fmt: skip
    close_postings([event.account_id for event in events], days=[event.on for event in events])
    _open_postings([event for event in events if event.kind in (APPOINTED, MOVED, RETURNED)])
    _wake([event for event in events if event.kind == RETURNED])
    _let_go([event for event in events if event.kind == RETIRED], today=today, staged=staged)
    end_sessions([event.account_id for event in events if event.on <= today], at=staged.recorded_at)
    return ended


def _open_postings(events: Sequence[Event]) -> None:
    _run(
        "INSERT INTO staff_posting (account_id, office_id, valid) SELECT e.account_id, e.office_id, "
        "daterange(e.on_day, NULL) FROM {events} WHERE e.office_id IS NOT NULL",
        events=events,
    )


def _wake(events: Sequence[Event]) -> None:
    """Count the days without use anew for those who come back."""
    _run(
        "UPDATE staff_account a SET awake_from = greatest(a.awake_from, e.on_day) FROM {events} "
        "WHERE a.id = e.account_id",
        events=events,
    )


def _let_go(events: Sequence[Event], *, today: date, staged: Staged) -> None:
    """Note the first day out of office; the accounts of those whose day has come end."""
    _run(
        "UPDATE staff_account a SET leaves_on = e.on_day FROM {events} WHERE a.id = e.account_id",
        events=events,
    )
    record_steps(ACCOUNTS, steps=LEFT_ACCOUNTS, parameters={"on": today}, by=WHO, at=staged.recorded_at)


def _run(statement: str, *, events: Sequence[Event]) -> None:
    source = (
        "unnest(%(accounts)s::bigint[], %(offices)s::bigint[], %(days)s::date[]) "
        "AS e (account_id, office_id, on_day)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(events=source),
            {
                "accounts": [event.account_id for event in events],
                "offices": [event.office_id for event in events],
                "days": [event.on for event in events],
            },
        )
