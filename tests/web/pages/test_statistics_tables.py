"""The tables of the statistics made from counts: each says all of them once, in words, and their sums agree."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cases import api as cases
from kyufu.law.child.labels import FINDING_OUTCOME_LABELS, OUTCOME_LABELS
from kyufu.law.decision import Outcome
from kyufu.web.figures import HIDDEN_TOTAL, FigureTable, without_small
from kyufu.web.pages.figure_rules import figure_entries, figure_rules, first_figure_day
from kyufu.web.pages.statistics_tables import (
    NOT_ASKED_LABEL,
    UNKNOWN_AGE,
    age_group,
    months_between,
    statistics_tables,
    subsidy_tables,
)
from kyufu.web.pages.wards import UNTOLD, ward_label

SINCE, ON = date(2026, 4, 1), date(2026, 11, 24)
MONTHS = [date(2026, number, 1) for number in range(4, 12)]
WARDS = ["", "141011", "141020", "141038"]
FEW = settings(max_examples=25, deadline=None)
SOME = st.integers(0, 300)

entitled = st.lists(
    st.builds(
        cases.Entitled, st.sampled_from(WARDS), st.none() | st.integers(0, 22),
        st.sampled_from(["free", "visit_500"]), SOME,
    ),
    max_size=12,
)  # fmt: skip


def monthly(kinds: list[str], details: list[str]) -> st.SearchStrategy[list[cases.Monthly]]:
    row = st.builds(
        cases.Monthly, st.sampled_from(MONTHS), st.sampled_from(kinds), st.sampled_from(details), SOME
    )
    return st.lists(row, max_size=12)


changes = monthly([str(one) for one in cases.EntitlementEvent], ["not_resident", "too_old", "eligible"])
decisions = monthly([str(one) for one in Outcome], ["too_old", "not_resident", "eligible", ""])
applications = monthly([str(one) for one in cases.Kind], [str(one) for one in cases.Channel])
certificates = monthly(["issued", "voided", "recovered", "replaced"], [""])


@st.composite
def tallies(draw: st.DrawFn) -> cases.Tallies:
    return cases.Tallies(
        ON, SINCE, *(tuple(draw(one)) for one in (entitled, changes, decisions, applications, certificates))
    )


def by_code(tables: tuple[FigureTable, ...]) -> dict[str, FigureTable]:
    found = {table.code: table for table in tables}
    assert len(found) == len(tables)
    return found


def total(table: FigureTable) -> int:
    """The sum of the numbers that are no sums themselves."""
    return sum(
        cell
        for row in table.rows
        for column, cell in enumerate(row)
        if column >= table.labels and table.headings[column] != "計" and isinstance(cell, int)
    )


@FEW
@given(found=tallies())
def test_every_table_counts_everything_once(found: cases.Tallies) -> None:
    tables = by_code(statistics_tables(found))
    children = sum(row.children for row in found.entitled)
    assert {total(tables[code]) for code in ("entitled", "ages", "classes")} == {children}
    for codes, rows in (
        (("changes", "change_reasons"), found.changes),
        (("outcomes", "reasons"), found.decisions),
        (("applications", "channels"), found.applications),
        (("certificates",), found.certificates),
    ):
        assert {total(tables[code]) for code in codes} == {sum(row.number for row in rows)}


@FEW
@given(found=tallies())
def test_the_sums_of_a_table_are_those_of_its_rows_and_columns(found: cases.Tallies) -> None:
    for table in statistics_tables(found):
        for row in table.rows:
            assert len(row) == len(table.headings)
            if table.headings[-1] == "計":
                assert row[-1] == sum(cell for cell in row[table.labels : -1] if isinstance(cell, int))
        if table.rows:
            bottom = table.totals()
            for column in range(table.labels, len(table.headings)):
                assert bottom[column] == sum(int(row[column]) for row in table.rows)


@FEW
@given(found=tallies())
def test_two_tables_of_the_same_months_agree_month_by_month(found: cases.Tallies) -> None:
    tables = by_code(statistics_tables(found))
    kinds, channels = tables["applications"], tables["channels"]
    assert [(row[0], row[-1]) for row in kinds.rows] == [(row[0], row[-1]) for row in channels.rows]
    outcomes, reasons = tables["outcomes"], tables["reasons"]
    for at, month in enumerate(outcomes.rows, start=2):
        for column, outcome in enumerate(OUTCOME_LABELS.values(), start=1):
            told = sum(int(row[at]) for row in reasons.rows if row[0] == outcome)
            assert told == month[column]


@FEW
@given(found=tallies())
def test_ages_make_up_their_groups(found: cases.Tallies) -> None:
    tables = by_code(statistics_tables(found))
    ages, wards = tables["ages"], tables["entitled"]
    assert len(ages.groups) == len(ages.rows)
    told: Counter[str] = Counter()
    for group, row in zip(ages.groups, ages.rows, strict=True):
        told[group] += int(row[1])
    sums = dict(zip(wards.headings, wards.totals(), strict=False))
    assert all(sums[group] == number for group, number in told.items())


@FEW
@given(found=tallies(), below=st.integers(2, 12))
def test_what_leaves_the_house_cannot_be_reckoned_back_from_the_other_tables(
    found: cases.Tallies, below: int
) -> None:
    """Each sum that one table tells is, in another, a sum over no hidden cell or over several."""
    shown = by_code(tuple(without_small(one, below=below) for one in statistics_tables(found)))
    for code in ("ages", "change_reasons", "reasons", "channels", "entitled"):
        table = shown[code]
        for column in range(table.labels, len(table.headings)):
            if table.headings[column] == "計":
                continue
            for group in {*(table.groups or ("",))}:
                members = [
                    row[column]
                    for at, row in enumerate(table.rows)
                    if not table.groups or table.groups[at] == group
                ]
                hidden = [cell for cell in members if not isinstance(cell, int)]
                assert len(hidden) != 1 or len(members) == 1, (code, table.headings[column])
        if any(not isinstance(row[-1], int) for row in table.rows):
            assert table.totals()[-1] == HIDDEN_TOTAL


@FEW
@given(found=tallies())
def test_no_code_stands_where_a_clerk_reads(found: cases.Tallies) -> None:
    codes = (
        "141",
        "eligible",
        "too_old",
        "not_resident",
        "free",
        "visit",
        "new",
        "issued",
        "counter",
        "granted",
    )
    for table in statistics_tables(found):
        words = [*table.headings, table.title, table.note, *(str(row[0]) for row in table.rows)]
        assert not [word for word in words for code in codes if word.startswith(code)], words


@FEW
@given(found=tallies())
def test_a_chart_says_what_its_table_says(found: cases.Tallies) -> None:
    for table in statistics_tables(found):
        if table.chart is None:
            continue
        assert table.chart.categories == tuple(row[0] for row in table.rows)
        for series in table.chart.series:
            column = table.headings.index(series.name)
            assert series.values == tuple(row[column] for row in table.rows)
            assert f"{series.name}は合計{sum(series.values):,}{table.unit}" in table.chart.description


def test_wards_stand_in_their_order_and_those_of_no_ward_last() -> None:
    rows = [cases.Entitled(ward, 3, "free", 1) for ward in ("", "141038", "141011", "149999")]
    table = by_code(statistics_tables(cases.Tallies(ON, SINCE, tuple(rows), (), (), (), ())))["entitled"]
    assert [row[0] for row in table.rows] == ["鶴見区", ward_label("141038"), UNTOLD, "149999"]


def test_every_month_has_a_row_even_where_nothing_happened() -> None:
    tables = by_code(statistics_tables(cases.Tallies(ON, SINCE, (), (), (), (), ())))
    for code in ("changes", "outcomes", "applications", "channels", "certificates"):
        assert [row[0] for row in tables[code].rows][:1] == ["令和8年4月"]
        assert len(tables[code].rows) == 8 and total(tables[code]) == 0
    for code in ("entitled", "ages", "classes", "change_reasons", "reasons"):
        assert tables[code].rows == () == tables[code].totals() and tables[code].chart is None


@pytest.mark.parametrize(
    ("since", "on", "labels"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), ["令和8年4月"]),
        (date(2018, 12, 1), date(2019, 5, 31), ["平成30年12月", "平成31年1月", "平成31年2月", "平成31年3月",
                                                "平成31年4月", "令和元年5月"]),
        (date(2026, 4, 1), date(2026, 3, 31), []),
    ],
)  # fmt: skip
def test_months_are_said_by_era_from_the_first_to_that_of_the_day(
    since: date, on: date, labels: list[str]
) -> None:
    assert [one.label for one in months_between(since, on=on)] == labels


@pytest.mark.parametrize(
    ("age", "group"),
    [(None, UNKNOWN_AGE), (0, "0歳"), (1, "1～2歳"), (2, "1～2歳"), (3, "3～5歳"), (11, "6～11歳"), (14, "12～14歳"),
     (15, "15～18歳"), (18, "15～18歳"), (19, "19歳以上"), (120, "19歳以上")],
)  # fmt: skip
def test_every_age_has_one_group(age: int | None, group: str) -> None:
    assert age_group(age) == group


subsidies = st.lists(
    st.builds(
        cases.SubsidyMonth, st.sampled_from(MONTHS), st.sampled_from(WARDS), st.none() | st.integers(0, 20),
        st.sampled_from([*map(str, Outcome), cases.NOT_ASKED]), SOME,
    ),
    max_size=15,
)  # fmt: skip


@FEW
@given(rows=subsidies, day=st.integers(1, 28))
def test_the_report_counts_every_month_under_one_finding_and_the_covered_again(
    rows: list[cases.SubsidyMonth], day: int
) -> None:
    tables = by_code(subsidy_tables(rows, months=months_between(SINCE, on=ON), day=day))
    assert total(tables["subsidy_months"]) == sum(row.children for row in rows)
    covered = sum(row.children for row in rows if row.finding == Outcome.ELIGIBLE)
    assert total(tables["subsidy_wards"]) == total(tables["subsidy_ages"]) == covered
    monthly_table = tables["subsidy_months"]
    column = monthly_table.headings.index(FINDING_OUTCOME_LABELS[Outcome.ELIGIBLE])
    by_month = [row[column] for row in monthly_table.rows]
    for code in ("subsidy_wards", "subsidy_ages"):
        if tables[code].rows:
            assert list(tables[code].totals()[1:-1]) == by_month
    assert NOT_ASKED_LABEL in monthly_table.headings
    assert f"毎月{day}日に" in monthly_table.note and f"各月の{day}日の" in tables["subsidy_ages"].note


def test_the_rules_speak_from_a_day_on_and_of_a_day_that_every_month_has() -> None:
    assert first_figure_day() == date(2016, 4, 1)
    rules = figure_rules(first_figure_day())
    assert rules.small_cell > 1 and 1 <= rules.subsidy_day <= 28
    assert {entry.key for entry in figure_entries()} == {"small_cell", "subsidy_day"}
    with pytest.raises(ValueError, match="値がありません"):
        figure_rules(date(2016, 3, 31))
