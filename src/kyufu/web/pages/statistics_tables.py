"""The statistics as tables in words: children by ward and age and class, months by event, outcome, kind and card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.labels import FINDING_OUTCOME_LABELS, OUTCOME_LABELS, benefit_class_label, reason_label
from kyufu.law.decision import Outcome
from kyufu.notation.municipalities import wards_of
from kyufu.web.charts import Chart, Series
from kyufu.web.figures import SUM, Cell, FigureTable, cross
from kyufu.web.pages.wards import city_here, subsidy_name, ward_label

UNKNOWN_AGE = "年齢不明"
AGE_GROUPS = ((0, 0, "0歳"), (1, 2, "1～2歳"), (3, 5, "3～5歳"), (6, 11, "6～11歳"), (12, 14, "12～14歳"),
              (15, 18, "15～18歳"), (19, 200, "19歳以上"))  # fmt: skip
NOT_ASKED_LABEL = "判定がない月"
FINDING_ORDER = (*FINDING_OUTCOME_LABELS.values(), NOT_ASKED_LABEL)


class Month(NamedTuple):
    """A month as tables name it."""

    first: date
    label: str


def months_between(since: date, *, on: date) -> tuple[Month, ...]:
    """Every month from that of `since` to that of the day."""
    found: list[Month] = []
    year, month = since.year, since.month
    while (year, month) <= (on.year, on.month):
        first = date(year, month, 1)
        found.append(Month(first, month_label(first)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def month_label(first: date) -> str:
    """A month by era: 令和8年4月."""
    return format_wareki(first).partition("月")[0] + "月"


def age_group(age: int | None) -> str:
    """The group of an age; its own words where it is not known."""
    if age is None:
        return UNKNOWN_AGE
    return next(label for first, last, label in AGE_GROUPS if first <= age <= last)


def statistics_tables(found: cases.Tallies) -> tuple[FigureTable, ...]:
    """All tables of the statistics."""
    months = months_between(found.first_day, on=found.on)
    return (
        _by_ward_and_age(found.entitled),
        _by_age(found.entitled),
        _by_class(found.entitled),
        _changes(found.changes, months=months),
        _change_reasons(found.changes),
        _outcomes(found.decisions, months=months),
        _reasons(found.decisions, months=months),
        _applications(found.applications, months=months),
        _channels(found.applications, months=months),
        _certificates(found.certificates, months=months),
    )


def _by_ward_and_age(rows: Iterable[cases.Entitled]) -> FigureTable:
    counts = [(ward_label(row.ward_code), age_group(row.age), row.children) for row in rows]
    columns = _present([*(label for *_, label in AGE_GROUPS), UNKNOWN_AGE], among=[one[1] for one in counts])
    table = FigureTable(
        "entitled", "資格のある児童（区・年齢別）",
        "基準日に資格のある児童。支援措置の対象者とその世帯は、どの区にも数えません。",
        ("区", *columns, SUM), cross(counts, rows=_wards([one[0] for one in counts]), columns=columns),
    )  # fmt: skip
    return _charted(table, columns=[len(table.headings) - 1])


def _by_age(rows: Iterable[cases.Entitled]) -> FigureTable:
    held = list(rows)
    ages = sorted({row.age for row in held if row.age is not None})
    counts = [(UNKNOWN_AGE if row.age is None else f"{row.age}歳", "児童", row.children) for row in held]
    labels = [f"{age}歳" for age in ages] + ([UNKNOWN_AGE] if any(row.age is None for row in held) else [])
    table = FigureTable(
        "ages", "資格のある児童（年齢別）", "基準日の満年齢。", ("年齢", "児童"),
        tuple(row[:2] for row in cross(counts, rows=labels, columns=["児童"])),
        groups=tuple([age_group(age) for age in ages] + [UNKNOWN_AGE] * (len(labels) - len(ages))),
    )  # fmt: skip
    return _charted(table, columns=[1])


def _by_class(rows: Iterable[cases.Entitled]) -> FigureTable:
    counts = [(benefit_class_label(row.benefit_class), "児童", row.children) for row in rows]
    labels = list(dict.fromkeys(one[0] for one in counts))
    return FigureTable(
        "classes", "資格のある児童（助成の区分別）", "基準日の区分。", ("助成の区分", "児童"),
        tuple(row[:2] for row in cross(counts, rows=labels, columns=["児童"])),
    )  # fmt: skip


def _changes(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    words = [cases.japanese(one) for one in cases.EntitlementEvent]
    counts = [
        (month_label(row.month), cases.japanese(cases.EntitlementEvent(row.kind)), row.number) for row in rows
    ]
    table = FigureTable(
        "changes", "資格の異動（月別）", "異動の日の属する月で数えます。", ("月", *words, SUM),
        cross(counts, rows=[one.label for one in months], columns=words), kind="line", unit="件",
    )  # fmt: skip
    return _charted(table, columns=[1, 2, 3])


def _change_reasons(rows: Iterable[cases.Monthly]) -> FigureTable:
    words = [cases.japanese(one) for one in cases.EntitlementEvent]
    counts = [
        (reason_label(row.detail), cases.japanese(cases.EntitlementEvent(row.kind)), row.number)
        for row in rows
    ]
    labels = sorted({one[0] for one in counts})
    return FigureTable(
        "change_reasons", "資格の異動（理由別）", "期間の全体。", ("理由", *words, SUM),
        cross(counts, rows=labels, columns=words), unit="件",
    )  # fmt: skip


def _outcomes(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    words = list(OUTCOME_LABELS.values())
    counts = [(month_label(row.month), OUTCOME_LABELS[Outcome(row.kind)], row.number) for row in rows]
    table = FigureTable(
        "outcomes", "判定（結果・月別）", "判定した日の属する月。判定し直したものも1件と数えます。",
        ("月", *words, SUM), cross(counts, rows=[one.label for one in months], columns=words), unit="件",
    )  # fmt: skip
    return _charted(table, columns=[1, 2, 3])


def _reasons(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    held = list(rows)
    by_reason: dict[tuple[str, str], list[int]] = {}
    places = {month.first: at for at, month in enumerate(months)}
    for row in held:
        key = OUTCOME_LABELS[Outcome(row.kind)], reason_label(row.detail)
        numbers = by_reason.setdefault(key, [0] * len(months))
        numbers[places[row.month]] += row.number
    said: tuple[tuple[Cell, ...], ...] = tuple(
        (*key, *numbers, sum(numbers)) for key, numbers in sorted(by_reason.items())
    )
    headings = ("結果", "理由", *(one.label for one in months), SUM)
    return FigureTable(
        "reasons",
        "判定（結果・理由・月別）",
        "理由は最初のもの。",
        headings,
        said,
        labels=2,
        unit="件",
        groups=tuple(str(row[0]) for row in said),
    )


def _applications(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    words = [cases.japanese(one) for one in cases.Kind]
    counts = [(month_label(row.month), cases.japanese(cases.Kind(row.kind)), row.number) for row in rows]
    table = FigureTable(
        "applications", "申請・届出（種類・月別）", "受付日の属する月。", ("月", *words, SUM),
        cross(counts, rows=[one.label for one in months], columns=words), kind="line", unit="件",
    )  # fmt: skip
    return _charted(table, columns=[1, 2, 3, 4])


def _channels(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    words = [cases.japanese(one) for one in cases.Channel]
    counts = [(month_label(row.month), cases.japanese(cases.Channel(row.detail)), row.number) for row in rows]
    return FigureTable(
        "channels", "申請・届出（受付経路・月別）", "受付日の属する月。", ("月", *words, SUM),
        cross(counts, rows=[one.label for one in months], columns=words), unit="件",
    )  # fmt: skip


def _certificates(rows: Iterable[cases.Monthly], *, months: Sequence[Month]) -> FigureTable:
    words = {"issued": "交付", "voided": "無効", "recovered": "回収", "replaced": "再交付で無効"}
    counts = [(month_label(row.month), words[row.kind], row.number) for row in rows]
    columns = list(words.values())
    table = FigureTable(
        "certificates", "医療証（月別）", "交付は交付日、ほかは処理した日の属する月。", ("月", *columns),
        tuple(row[:-1] for row in cross(counts, rows=[one.label for one in months], columns=columns)), unit="件",
    )  # fmt: skip
    return _charted(table, columns=[1, 2, 3, 4])


def subsidy_tables(
    rows: Iterable[cases.SubsidyMonth], *, months: Sequence[Month], day: int
) -> tuple[FigureTable, ...]:
    """The report for the prefecture: months of children under its conditions on a day, by month, ward and age."""
    held = list(rows)
    labels: Mapping[str, str] = {
        **{str(outcome): label for outcome, label in FINDING_OUTCOME_LABELS.items()}, cases.NOT_ASKED: NOT_ASKED_LABEL,
    }  # fmt: skip
    by_month = [(month_label(row.month), labels[row.finding], row.children) for row in held]
    covered = [row for row in held if row.finding == Outcome.ELIGIBLE]
    monthly = FigureTable(
        "subsidy_months", f"{subsidy_name()}の対象（月別）",
        f"毎月{day}日に市の資格のある児童を、{subsidy_name()}の判定の結果で分けたもの。",
        ("月", *FINDING_ORDER, SUM), cross(by_month, rows=[one.label for one in months], columns=FINDING_ORDER),
    )  # fmt: skip
    return (
        _charted(monthly, columns=[1, 2, 3, 4]),
        _subsidy_by_ward(covered, months=months),
        _subsidy_by_age(covered, months=months, day=day),
    )


def _subsidy_by_ward(rows: Sequence[cases.SubsidyMonth], *, months: Sequence[Month]) -> FigureTable:
    columns = [one.label for one in months]
    counts = [(ward_label(row.ward_code), month_label(row.month), row.children) for row in rows]
    return FigureTable(
        "subsidy_wards", f"{subsidy_name()}の対象（区・月別）", "計は延べ月数。", ("区", *columns, SUM),
        cross(counts, rows=_wards([one[0] for one in counts]), columns=columns), unit="人月",
    )  # fmt: skip


def _subsidy_by_age(rows: Sequence[cases.SubsidyMonth], *, months: Sequence[Month], day: int) -> FigureTable:
    columns = [one.label for one in months]
    counts = [(age_group(row.age), month_label(row.month), row.children) for row in rows]
    labels = _present([*(label for *_, label in AGE_GROUPS), UNKNOWN_AGE], among=[one[0] for one in counts])
    return FigureTable(
        "subsidy_ages", f"{subsidy_name()}の対象（年齢・月別）", f"年齢は各月の{day}日の満年齢。計は延べ月数。",
        ("年齢", *columns, SUM), cross(counts, rows=labels, columns=columns), unit="人月",
    )  # fmt: skip


def _present(labels: Sequence[str], *, among: Iterable[str]) -> list[str]:
    held = set(among)
    return [label for label in labels if label in held]


def _wards(present: Sequence[str]) -> list[str]:
    """The wards in the order of their codes, those of no ward last."""
    ordered = [ward_label(ward.code) for ward in wards_of(city_here().code)]
    held = set(present)
    return [one for one in ordered if one in held] + [
        one for one in dict.fromkeys(present) if one not in ordered
    ]


def _charted(table: FigureTable, *, columns: Sequence[int]) -> FigureTable:
    """The table with a chart of some of its columns, where it has rows."""
    if not table.rows:
        return table
    series = tuple(
        Series(table.headings[at], tuple(_number(row[at]) for row in table.rows)) for at in columns
    )
    told = "、".join(f"{one.name}は合計{sum(one.values):,}{table.unit}" for one in series)
    categories = tuple(str(row[0]) for row in table.rows)
    return table._replace(
        chart=Chart(table.title, f"{told}。値は下の表と同じです。", categories, series, table.unit)
    )


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
