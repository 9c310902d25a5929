"""The quick pattern of a whole row never takes what the check value by value would refuse."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kyufu.platform.feeds.columns import plain_row_pattern, problem_of
from kyufu.platform.feeds.layout import Column, Kind, Layout, code, day, flag, integer, text, yen

COLUMNS = (
    code("k", "区分", 2, required=True, codes=("10", "20")),
    code("c", "符号", 4),
    code("z", "郵便番号", 7, exact=True),
    integer("i", "番号", 5, required=True),
    yen("y", "金額"),
    flag("f", "有無"),
    day("d", "年月日"),
    text("t", "氏名", 5),
    Column("n", "個人番号", Kind.MY_NUMBER, 12, exact=True),
)
VALUES = st.one_of(
    st.text(max_size=8),
    st.from_regex(r"[0-9]{0,13}", fullmatch=True),
    st.from_regex(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True),
    st.sampled_from(["10", "20", "0", "1", "-5", "9999-12-31", "１", "2024-02-29", "あ\u0301"]),
)


@given(at=st.integers(0, len(COLUMNS) - 1), value=VALUES)
def test_the_plain_pattern_takes_only_what_has_no_problem(at: int, value: str) -> None:
    column = COLUMNS[at]
    pattern = plain_row_pattern(Layout("l", "試験", (column,)))
    if pattern.fullmatch(f"D,1,{value}\n") is not None and column.kind is not Kind.MY_NUMBER:
        assert problem_of(column, value=value) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_date_of_the_calendar_is_right_and_nearly_all_are_plain(one: date) -> None:
    column = COLUMNS[6]
    assert problem_of(column, value=one.isoformat()) is None
    plain = plain_row_pattern(Layout("l", "試験", (column,))).fullmatch(f"D,1,{one.isoformat()}\n")
    assert (plain is not None) or (one.month, one.day) == (2, 29)


@given(value=VALUES)
def test_a_problem_never_repeats_the_value(value: str) -> None:
    for column in COLUMNS:
        problem = problem_of(column, value=value)
        if problem is not None and len(value) > 3:
            assert value not in problem[1]


def test_amounts_may_be_negative_and_counts_not() -> None:
    assert problem_of(COLUMNS[4], value="-1200") is None
    assert problem_of(COLUMNS[3], value="-1") is not None


def test_empty_stands_unless_required() -> None:
    assert problem_of(COLUMNS[1], value="") is None
    assert problem_of(COLUMNS[0], value="") == ("required", "「区分」が空です。")
