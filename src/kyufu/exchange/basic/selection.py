"""Who goes into a delivery with what: temporary tables of the session, by set-based SQL.

Who may be told of (owned decision, docs/adr/0009): everybody registered in the municipality on the day, and nobody
else. In a difference: those of whom an allowed item is not as it was told last, and those told of who are not
registered any more. A change of an item that is not on the list tells the system nothing, not even that it happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from kyufu.exchange.basic.catalogue import NUMBER, NUMBER_OWNER
from kyufu.exchange.basic.views import ItemListView, Mode
from kyufu.platform.db import copy_rows
from kyufu.registry.api import extract_residents

REGISTER, OUT, SENT = "exchange_basic_register", "exchange_basic_out", "exchange_basic_sent"
BLOCK = 10_000


class Candidate(NamedTuple):
    """A person who may go into the file: the register's items in the list's order.

    `as_told` means that nothing but an individual number that was missing brings the person here.
    """

    addressee_id: int
    addressee_no: str
    as_told: bool
    values: tuple[str, ...]


@contextmanager
def alone(system_id: int) -> Iterator[None]:
    """Deliveries of one system go one after the other; what the session holds of persons is gone at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('exchange_basic_delivery'), %s)", [system_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {REGISTER}, {OUT}, {SENT}")
            cursor.execute("SELECT pg_advisory_unlock(hashtext('exchange_basic_delivery'), %s)", [system_id])


@transaction.atomic
def select_candidates(listed: ItemListView, *, system_id: int, mode: Mode, on: date) -> None:
    """Fill the table of candidates, in order of the addressee number."""
    columns = listed.register_columns
    extract_residents(REGISTER, items=columns, on=on, today=on)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {OUT}, {SENT}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {OUT} AS "
            f"SELECT row_number() OVER (ORDER BY r.{NUMBER_OWNER}) AS row_no, r.*, "
            f"{_is_as_told(mode)} AS as_told "
            f"FROM (SELECT *, {_digest(listed)} AS digest FROM {REGISTER}) r "
            "LEFT JOIN exchange_basic_told t ON t.system_id = %s AND t.addressee_id = r.addressee_id "
            f"WHERE {_is_candidate(listed, mode=mode)}",
            [system_id],
        )
        cursor.execute(f"ALTER TABLE {OUT} ADD PRIMARY KEY (row_no)")
        cursor.execute(f"CREATE TEMPORARY TABLE {SENT} (addressee_id bigint, with_number boolean)")


def candidates(listed: ItemListView) -> Iterator[list[Candidate]]:
    """The candidates in blocks."""
    columns = ", ".join(listed.register_columns)
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT row_no, addressee_id, {NUMBER_OWNER}, as_told, {columns} FROM {OUT} "
                "WHERE row_no > %s ORDER BY row_no LIMIT %s",
                [last, BLOCK],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [Candidate(row[1], row[2], row[3], row[4:]) for row in rows]


def ended(system_id: int) -> list[tuple[int, str]]:
    """Those told of before who are not registered on the day: addressee id and number, by number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT addressee_id, addressee_no FROM exchange_basic_told t WHERE system_id = %s "
            f"AND NOT EXISTS (SELECT FROM {REGISTER} r WHERE r.addressee_id = t.addressee_id) "
            "ORDER BY addressee_no",
            [system_id],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def note_sent(sent: Sequence[tuple[int, bool]]) -> None:
    """Note whom a block told of, and whether with an individual number."""
    copy_rows(table=SENT, columns=("addressee_id", "with_number"), rows=sent)


def remember_told(system_id: int) -> None:
    """Keep what the system now knows: those sent as sent, those ended not at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM exchange_basic_told t WHERE system_id = %s "
            f"AND NOT EXISTS (SELECT FROM {REGISTER} r WHERE r.addressee_id = t.addressee_id)",
            [system_id],
        )
        cursor.execute(
            "INSERT INTO exchange_basic_told (system_id, addressee_id, addressee_no, digest, with_number) "
            f"SELECT %s, o.addressee_id, o.{NUMBER_OWNER}, o.digest, s.with_number "
            f"FROM {OUT} o JOIN {SENT} s USING (addressee_id) "
            "ON CONFLICT (system_id, addressee_id) DO UPDATE SET addressee_no = excluded.addressee_no, "
            "digest = excluded.digest, with_number = excluded.with_number",
            [system_id],
        )


def _digest(listed: ItemListView) -> str:
    """The digest of a row: which items, their values, and for users of the individual number the event behind them.

    The individual number itself is not in it, since a digest of twelve digits can be tried out; its change comes with
    an event of the register.
    """
    event = ["event_id::text"] if NUMBER in listed.columns else []
    values = [f"'{','.join(listed.columns)}'", *event, *listed.register_columns]
    return f"sha256(convert_to(jsonb_build_array({', '.join(values)})::text, 'UTF8'))"


def _is_as_told(mode: Mode) -> str:
    return "false" if mode is Mode.FULL else "t.digest IS NOT DISTINCT FROM r.digest"


def _is_candidate(listed: ItemListView, *, mode: Mode) -> str:
    if mode is Mode.FULL:
        return "true"
    changed = "t.digest IS DISTINCT FROM r.digest"
    return f"({changed} OR NOT t.with_number)" if NUMBER in listed.columns else changed
