"""The rights table (権限対応表): what is in force on a day, printed as CSV and compared with an approved print."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from kyufu.platform.errors import BadInput
from kyufu.staff.functions import (
    ACCOUNT_KIND_NAMES,
    FUNCTION_NAMES,
    LEVEL_NAMES,
    SCHEME_NAMES,
    AccountKind,
    Function,
    Level,
    Scheme,
)
from kyufu.staff.rights import POSTED, WORKS, values_on

HEADINGS = (
    "職員番号", "氏名", "種別", "所属", "職務", "制度", "範囲", "機能", "区分", "開始日", "最終日",
)  # fmt: skip


class RightsRow(NamedTuple):
    """One line of the table, in Japanese words: a function of a role that a person holds, where and until when."""

    staff_no: str
    name: str
    kind: str
    office: str
    role: str
    scheme: str
    scope: str
    function: str
    level: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Differences:
    """What an approved print and the rights in force do not share."""

    only_printed: tuple[RightsRow, ...]
    only_in_force: tuple[RightsRow, ...]

    @property
    def none(self) -> bool:
        """Do both say the same?"""
        return not any(astuple(self))


IN_FORCE = f"""
SELECT a.staff_no, a.name, a.kind, o.name, r.name, g.scheme, s.name, f.function, f.level, lower(g.valid),
       upper(g.valid) - 1
  FROM {POSTED}
  JOIN staff_grant g ON g.account_id = a.id AND g.state = 'confirmed' AND g.valid @> %(on)s
  JOIN staff_role r ON r.id = g.role_id
  JOIN staff_role_right f ON f.role_id = r.id AND f.valid @> %(on)s
  JOIN staff_office s ON s.id = g.office_id AND s.valid @> %(on)s
 WHERE {WORKS}
 ORDER BY a.staff_no, r.code, g.scheme, s.code, f.function, lower(g.valid)
"""


def rights_table(on: date) -> list[RightsRow]:
    """Every right in force on a day, one line for each person, role, scope and function."""
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, values_on(on))
        return [
            RightsRow(
                staff_no=row[0],
                name=row[1],
                kind=ACCOUNT_KIND_NAMES[AccountKind(row[2])],
                office=row[3],
                role=row[4],
                scheme=SCHEME_NAMES[Scheme(row[5])],
                scope=row[6],
                function=FUNCTION_NAMES[Function(row[7])],
                level=LEVEL_NAMES[Level(row[8])],
                first_day=row[9].isoformat(),
                last_day=row[10].isoformat(),
            )
            for row in cursor.fetchall()
        ]


def export_rights_table(on: date) -> str:
    """The table as CSV text with a heading line, for printing and approval."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(rights_table(on))
    return text.getvalue()


def compare_rights_table(text: str, *, source: str, on: date) -> Differences:
    """What differs between a printed, approved table (its CSV text) and the rights in force on a day.

    `source` names the file in errors. Raises BadInput naming the line where the text is no such table.
    """
    printed = _printed(text, source=source)
    in_force = rights_table(on)
    known, shown = set(in_force), set(printed)
    return Differences(
        only_printed=tuple(row for row in printed if row not in known),
        only_in_force=tuple(row for row in in_force if row not in shown),
    )


def _printed(text: str, *, source: str) -> list[RightsRow]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        raise BadInput(
            f"{source}: CSV として読めないファイルです。", remedy="出力した表を指定してください。"
        ) from None
    if not lines or tuple(lines[0]) != HEADINGS:
        raise BadInput(
            f"{source} の 1 行目: 権限対応表の見出しではありません。", remedy="出力した表を指定してください。"
        )
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(HEADINGS):
            raise BadInput(
                f"{source} の {number} 行目: 項目の数が {len(HEADINGS)} ではありません。",
                remedy="表の形を変えずに指定してください。",
            )
    return [RightsRow(*line) for line in lines[1:]]
