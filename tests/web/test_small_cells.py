"""What leaves the house tells no small number, whatever another table tells of rows, columns and groups."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.web.charts import Chart
from kyufu.web.figures import HIDDEN_TOTAL, SUM, Cell, FigureTable, cross, without_small

BELOW = 10
FEW = settings(max_examples=80, deadline=None)
NUMBERS = st.one_of(st.integers(0, 15), st.integers(0, 200))
CHART = Chart("表題", "", (), ())


@st.composite
def tables(draw: st.DrawFn) -> FigureTable:
    """A table of one to five rows and columns, with its sums, and rows in up to three groups."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    rows: list[tuple[Cell, ...]] = []
    for at in range(height):
        numbers = draw(st.lists(NUMBERS, min_size=width, max_size=width))
        rows.append((f"行{at}", *numbers, sum(numbers)))
    groups = tuple(draw(st.sampled_from("甲乙丙")) for _ in range(height)) if draw(st.booleans()) else ()
    headings = ("行", *(f"列{at}" for at in range(width)), SUM)
    return FigureTable("t", "表", "", headings, tuple(rows), chart=CHART, groups=groups)


def hidden_of(shown: FigureTable) -> set[tuple[int, int]]:
    """The cells that count and are not told."""
    return {
        (at, column)
        for at, row in enumerate(shown.rows)
        for column, cell in enumerate(row)
        if column and shown.headings[column] != SUM and not isinstance(cell, int)
    }


@FEW
@given(table=tables())
def test_a_number_told_is_true_and_not_small(table: FigureTable) -> None:
    shown = without_small(table, below=BELOW)
    for told, true in zip(shown.rows, table.rows, strict=True):
        assert told[0] == true[0]
        for cell, number in zip(told[1:-1], true[1:-1], strict=True):
            assert cell == number or cell in (f"{BELOW}未満", HIDDEN_TOTAL)
            assert not (isinstance(cell, int) and 0 < cell < BELOW)
            if cell == f"{BELOW}未満":
                assert isinstance(number, int) and 0 < number < BELOW


@FEW
@given(table=tables())
def test_no_row_column_or_group_hides_one_alone(table: FigureTable) -> None:
    """Its sum may stand in another table: one hidden cell would follow by subtraction."""
    hidden = hidden_of(without_small(table, below=BELOW))
    height, width = len(table.rows), len(table.headings) - 2
    for at in range(height):
        assert len({one for one in hidden if one[0] == at}) != 1 or width == 1
    for column in range(1, width + 1):
        assert len({one for one in hidden if one[1] == column}) != 1 or height == 1
        for group in set(table.groups):
            members = [at for at, name in enumerate(table.groups) if name == group]
            found = [one for one in hidden if one[1] == column and one[0] in members]
            assert len(found) != 1 or len(members) == 1


@FEW
@given(table=tables())
def test_a_sum_stands_only_where_all_its_parts_do(table: FigureTable) -> None:
    shown = without_small(table, below=BELOW)
    hidden = hidden_of(shown)
    for at, row in enumerate(shown.rows):
        assert (row[-1] == HIDDEN_TOTAL) == any(one[0] == at for one in hidden) or not hidden
    totals = shown.totals()
    for column in range(1, len(shown.headings)):
        parts = [row[column] for row in shown.rows]
        told = all(isinstance(one, int) for one in parts)
        assert (totals[column] == HIDDEN_TOTAL) != told
    assert (shown.chart is None) == bool(hidden)


@FEW
@given(table=tables())
def test_nothing_is_hidden_where_nothing_is_small(table: FigureTable) -> None:
    small = any(isinstance(cell, int) and 0 < cell < BELOW for row in table.rows for cell in row[1:-1])
    assert (without_small(table, below=BELOW) is table) == (not small)


@settings(max_examples=40, deadline=None)
@given(table=tables(), below=st.integers(2, 30))
def test_hiding_again_hides_no_more(table: FigureTable, below: int) -> None:
    once = without_small(table, below=below)
    again = without_small(once, below=below)
    assert again.rows == once.rows


def test_what_follows_from_two_tables_that_share_their_columns() -> None:
    """Months by event and reasons by event have the same sums: each hides two in a column, none follows."""
    months = FigureTable(
        "m", "月別", "", ("月", "取得", "喪失", SUM), (("4月", 30, 12, 42), ("5月", 25, 14, 39))
    )
    reasons = FigureTable(
        "r", "理由別", "", ("理由", "取得", "喪失", SUM),
        (("転入", 55, 0, 55), ("転出", 0, 23, 23), ("死亡", 0, 3, 3)),
    )  # fmt: skip
    told, shown = (without_small(one, below=BELOW) for one in (months, reasons))
    assert told.totals() == ("合計", 55, 26, 81)
    lost = [row[2] for row in shown.rows]
    assert lost[2] == f"{BELOW}未満" and lost[1] == HIDDEN_TOTAL and shown.totals()[2] == HIDDEN_TOTAL
    possible = {(out, died) for out, died in product(range(27), range(1, BELOW)) if out + died == 26}
    assert len(possible) == 9, "any number below ten is as likely as the true one"


def test_what_follows_from_a_table_of_groups() -> None:
    """1 and 2 years are one group in the table by ward: the fellow of a small age is of its own group."""
    ages = FigureTable(
        "ages", "年齢別", "", ("年齢", "児童"), (("1歳", 22), ("2歳", 3), ("3歳", 11), ("4歳", 12)),
        groups=("1～2歳", "1～2歳", "3～5歳", "3～5歳"),
    )  # fmt: skip
    shown = without_small(ages, below=BELOW)
    assert [row[1] for row in shown.rows] == [HIDDEN_TOTAL, f"{BELOW}未満", 11, 12]
    assert shown.totals() == ("合計", HIDDEN_TOTAL)
    without_groups = without_small(ages._replace(groups=()), below=BELOW)
    assert [row[1] for row in without_groups.rows] == [22, f"{BELOW}未満", HIDDEN_TOTAL, 12]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((3, 0, 0), (f"{BELOW}未満", HIDDEN_TOTAL, 0)),
        ((0, 9, 50), (0, f"{BELOW}未満", HIDDEN_TOTAL)),
        ((3, 4, 50), (f"{BELOW}未満", f"{BELOW}未満", 50)),
        ((10, 0, 50), (10, 0, 50)),
    ],
)
def test_the_fellow_is_the_smallest_number_and_a_zero_only_at_last(
    numbers: tuple[int, ...], told: tuple[Cell, ...]
) -> None:
    rows = (("行", *numbers),)
    shown = without_small(FigureTable("t", "", "", ("行", "甲", "乙", "丙"), rows), below=BELOW)
    assert shown.rows[0][1:] == told


def test_one_cell_alone_has_no_fellow() -> None:
    shown = without_small(FigureTable("t", "", "", ("行", "数"), (("行", 3),)), below=BELOW)
    assert shown.rows == (("行", f"{BELOW}未満"),)
    assert shown.totals() == ("合計", HIDDEN_TOTAL)


def test_words_before_the_numbers_are_never_hidden() -> None:
    table = FigureTable(
        "t", "", "", ("結果", "理由", "4月", SUM), (("却下", "3", 3, 3), ("対象", "転入", 40, 40)), labels=2
    )
    shown = without_small(table, below=BELOW)
    assert [row[:2] for row in shown.rows] == [("却下", "3"), ("対象", "転入")]
    assert shown.totals()[:2] == ("合計", "")


@FEW
@given(
    counts=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 99)), max_size=20
    ),
    rows=st.permutations("abc"),
    columns=st.permutations("xyz"),
)
def test_a_cross_table_counts_everybody_once(
    counts: list[tuple[str, str, int]], rows: list[str], columns: list[str]
) -> None:
    made = cross(counts, rows=rows, columns=columns)
    assert [row[0] for row in made] == rows
    assert sum(int(row[-1]) for row in made) == sum(number for *_, number in counts)
    for row in made:
        assert sum(int(cell) for cell in row[1:-1]) == row[-1]
        for at, column in enumerate(columns, start=1):
            assert row[at] == sum(
                number for label, name, number in counts if (label, name) == (row[0], column)
            )
