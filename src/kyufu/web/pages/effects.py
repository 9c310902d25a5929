"""An estimate of effects (影響試算) as tables: how many gain and lose, by ward, age and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from kyufu.cases import api as cases
from kyufu.law.child.labels import OUTCOME_LABELS, benefit_class_label, reason_label
from kyufu.law.decision import Outcome
from kyufu.ordinance.api import EstimateSeen
from kyufu.web.charts import Chart, Series, bars
from kyufu.web.figures import FigureTable, cross
from kyufu.web.pages.wards import ward_label

BASES = {
    "with_case": "申請・資格のある児童",
    "without_case": "申請のない児童（申請すれば対象となり得る者）",
}
SAME = "same"
UNREGISTERED, BROKEN = "unregistered", "broken"
OTHER_OUTCOMES = {UNREGISTERED: "住民記録がない", BROKEN: "判定の計算ができない", "": "—"}


class BaseShown(NamedTuple):
    """One base of the estimate: its number, what becomes of it, and the tables behind."""

    title: str
    total: int
    moves: tuple[tuple[str, int], ...]
    tables: tuple[FigureTable, ...]
    chart: SafeString


def effect_shown(estimate: EstimateSeen) -> list[BaseShown]:
    """The counts of an estimate, base by base."""
    return [_base(code, counts=estimate.counts[code]) for code in BASES if code in estimate.counts]


def _base(code: str, *, counts: Mapping[str, Any]) -> BaseShown:
    moves = dict.fromkeys(cases.MOVE_LABELS, 0)
    for _, move, number in counts["wards"]:
        moves[move] += number
    tables = (
        _before_after(code, rows=counts["moves"]),
        _by(
            code,
            name="wards",
            title="区別",
            rows=[(ward_label(one), *rest) for one, *rest in counts["wards"]],
        ),
        _by(code, name="ages", title="年齢別", rows=_ages(counts["ages"])),
        _reasons(code, rows=counts["reasons"]),
    )
    return BaseShown(
        BASES[code], sum(moves.values()), tuple((cases.MOVE_LABELS[move], number) for move, number in moves.items()),
        tables, _chart(code, table=tables[2]),
    )  # fmt: skip


def _ages(rows: Sequence[Sequence[Any]]) -> list[tuple[str, str, int]]:
    ordered = sorted(rows, key=lambda row: int(row[0]) if row[0] else -1)
    return [(f"{age}歳" if age else "不明", move, number) for age, move, number in ordered]


def _before_after(code: str, *, rows: Sequence[Sequence[Any]]) -> FigureTable:
    said = tuple((_outcome(before), _outcome(after), number) for before, after, number in rows)
    return FigureTable(
        f"{code}-moves", "変更の前と後", "判定の結果ごとの人数。前の合計と後の合計はどちらも対象者の数と同じです。",
        ("変更の前", "変更の後", "人数"), said, labels=2,
    )  # fmt: skip


def _by(code: str, *, name: str, title: str, rows: Sequence[Sequence[Any]]) -> FigureTable:
    present = [move for move in cases.MOVE_LABELS if any(row[1] == move for row in rows)]
    labels = [cases.MOVE_LABELS[move] for move in present]
    said = [(row[0], cases.MOVE_LABELS[row[1]], row[2]) for row in rows]
    return FigureTable(
        f"{code}-{name}", title, "", (title, *labels, "計"),
        cross(said, rows=list(dict.fromkeys(row[0] for row in rows)), columns=labels),
    )  # fmt: skip


def _reasons(code: str, *, rows: Sequence[Sequence[Any]]) -> FigureTable:
    said = tuple(
        (cases.MOVE_LABELS[move], reason_label(before), reason_label(after), number)
        for before, after, move, number in rows
    )
    return FigureTable(
        f"{code}-reasons",
        "理由別（変わる者だけ）",
        "",
        ("変わり方", "前の理由", "後の理由", "人数"),
        said,
        labels=3,
    )


def _chart(code: str, *, table: FigureTable) -> SafeString:
    """Bars by age of those whom the change moves; nothing where it moves nobody."""
    columns = [
        at for at, name in enumerate(table.headings) if at and name not in ("計", cases.MOVE_LABELS[SAME])
    ]
    series = tuple(
        Series(table.headings[at], tuple(int(row[at]) for row in table.rows)) for at in columns[:4]
    )
    if not series:
        return SafeString("")
    told = "、".join(f"{one.name} {sum(one.values):,}人" for one in series)
    chart = Chart(f"{BASES[code]}：年齢別の影響", told, tuple(str(row[0]) for row in table.rows), series)
    return bars(chart, ident=f"effect-{code}")


def _outcome(said: str) -> str:
    outcome, _, benefit_class = said.partition(":")
    if outcome in OTHER_OUTCOMES:
        return OTHER_OUTCOMES[outcome]
    label = OUTCOME_LABELS[Outcome(outcome)]
    return f"{label}（{benefit_class_label(benefit_class)}）" if benefit_class else label
