"""What a citizen is shown on a request for disclosure (開示請求): who read their data, with what the law withholds.

Act on the Protection of Personal Information (個人情報の保護に関する法律) art. 78 (1): item 2 (the name of staff where
it could harm them), item 7 (an investigation that is going on). Whether names are withheld is a parameter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from kyufu.audit.events import EventKind
from kyufu.audit.parameters import limits
from kyufu.audit.queries import CHANNELS
from kyufu.audit.recording import note_read, record_event
from kyufu.platform.clock import JAPAN


class Withheld(StrEnum):
    """What is not shown of a row, and by which item of the law."""

    STAFF_NAME = "staff_name"
    UNDER_REVIEW = "under_review"

    @property
    def label(self) -> str:
        """The reason as the citizen reads it."""
        return {
            "staff_name": "職員の氏名：個人情報保護法第78条第1項第2号により不開示",
            "under_review": "調査中の内容：個人情報保護法第78条第1項第7号により不開示",
        }[self.value]


class DisclosureRow(NamedTuple):
    """One reading as the citizen is shown it; what is withheld is empty and named in `withheld`."""

    at: datetime
    office: str
    name: str
    way: str
    purpose: str
    items: tuple[str, ...]
    withheld: tuple[Withheld, ...]

    def texts(self) -> tuple[str, ...]:
        """The cells of a printed table."""
        return (
            f"{self.at.astimezone(JAPAN):%Y-%m-%d %H:%M}", self.office, self.name, self.way, self.purpose,
            "、".join(self.items), "、".join(one.label for one in self.withheld),
        )  # fmt: skip


HEADINGS = ("日時", "所属", "職員", "方法", "利用目的", "見た項目", "不開示とした部分")
# Events by which a person's data were seen or left the office.
_SEEN = tuple(
    map(str, (
        EventKind.NUMBER_SEARCHED, EventKind.NUMBER_DISPLAYED, EventKind.PROTECTED_DISPLAYED, EventKind.EXPORTED,
        EventKind.PRINTED, EventKind.DELIVERED,
    ))
)  # fmt: skip
_READS = """
SELECT r.at, r.actor_office, r.actor_name, r.channel, r.purpose, r.what,
       EXISTS (SELECT FROM reading_review v WHERE v.read_id = r.id AND v.read_at = r.at AND v.state <> 'closed')
  FROM audit_read r WHERE r.subjects && %(subjects)s::bigint[] AND r.at >= %(since)s AND r.at < %(until)s
UNION ALL
SELECT e.at, e.actor_office, e.actor_name, e.channel, e.purpose, ARRAY[e.kind], false
  FROM audit_event e WHERE e.subjects && %(subjects)s::bigint[] AND e.kind = ANY(%(kinds)s)
   AND e.at >= %(since)s AND e.at < %(until)s
ORDER BY 1
"""


def reads_of(
    addressee_ids: Collection[int], *, since: datetime, until: datetime, on: date
) -> list[DisclosureRow]:
    """Every reading of a person within a period, oldest first, with what is withheld by the rules of a day.

    `addressee_ids` are all the numbers of the one person, those merged (名寄せ) too. The look-up is itself
    recorded, as a reading of the person's log.
    """
    note_read(addressee_ids, what="閲覧の記録（開示請求）")
    without_names = limits(on=on).withhold_staff_names
    with connection.cursor() as cursor:
        cursor.execute(
            _READS, {"subjects": list(addressee_ids), "since": since, "until": until, "kinds": list(_SEEN)}
        )
        return [_row(row, without_names=without_names) for row in cursor.fetchall()]


def record_disclosure(addressee_id: int, *, request_no: str, rows: Iterable[DisclosureRow]) -> None:
    """Record that the readings were disclosed on a request (開示請求の受付番号)."""
    shown = list(rows)
    record_event(
        EventKind.DISCLOSED,
        detail={
            "受付番号": request_no,
            "件数": str(len(shown)),
            "不開示を含む件数": str(sum(bool(row.withheld) for row in shown)),
        },
        subjects=[addressee_id],
    )


def disclosure_csv(rows: Iterable[DisclosureRow]) -> str:
    """The rows as CSV for a spreadsheet; a cell that would be read as a formula is kept as text."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(HEADINGS)
    writer.writerows([_as_text(cell) for cell in row.texts()] for row in rows)
    return sheet.getvalue()


def _row(row: tuple[object, ...], *, without_names: bool) -> DisclosureRow:
    at, office, name, channel, purpose, what, under_review = row
    withheld = ((Withheld.STAFF_NAME,) if without_names and name else ()) + (
        (Withheld.UNDER_REVIEW,) if under_review else ()
    )
    items = tuple(EventKind(one).label if one in set(EventKind) else one for one in what)  # type: ignore[attr-defined]
    return DisclosureRow(
        at=at,  # type: ignore[arg-type]
        office=str(office),
        name="" if withheld else str(name),
        way=CHANNELS.get(str(channel), str(channel)),
        purpose="" if under_review else str(purpose),
        items=() if under_review else items,
        withheld=withheld,
    )


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
