"""The file of the income figures: whole, sourced, and refused at load where a line of a table is missing or odd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.income.parameters import (
    INCOME_FILE,
    INCOME_TABLES,
    check_income_entries,
    load_income_entries,
    tables_of,
)
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError
from kyufu.law.parameters.overlay import Change, Overlay
from tests.law.kokuho.income.people import income, tables, year_of

OFFICIAL_TABLES = {"salary_band", "pension_band", "pension_other", "basic_deduction", "leaving_reason"}


def rows(table: str) -> list[Entry]:
    return [each for each in load_income_entries() if each.table == table]


def test_every_figure_has_a_source_and_the_tables_are_official() -> None:
    entries = load_income_entries()
    assert {each.table for each in entries} == OFFICIAL_TABLES | {"income"}
    for entry in entries:
        assert entry.source.strip()
        if entry.table in OFFICIAL_TABLES:
            assert entry.certainty is Certainty.OFFICIAL, entry.key


def test_what_is_assumed_is_known_by_name() -> None:
    assumed = {each.key for each in load_income_entries() if each.certainty is Certainty.ASSUMED}
    assert assumed == {"casualty_in_judgement"}


def test_the_tables_have_as_many_lines_as_the_pages_show() -> None:
    assert len(tables(2024).salary) == 11
    assert len(tables(2025).salary) == 6
    assert len(tables(2024).pension_younger) == 5
    assert len(tables(2024).pension_elderly) == 5
    assert len(tables(2024).basic_deduction) == 4
    assert len(tables(2024).leaving_reasons) == 9


def test_the_lines_are_in_descending_order() -> None:
    starts = [band.at_least for band in tables(2024).salary]
    assert starts == sorted(starts, reverse=True)
    assert starts[-1] == 0


def test_a_label_says_what_the_line_computes() -> None:
    labels = {each.key: each.columns["label"] for each in rows("salary_band")}
    assert labels["r2_551000"] == "給与収入551,000円から：収入－550,000円"
    assert labels["r2_1628000"] == (
        "給与収入1,628,000円から：収入を4で割り千円未満を切り捨てて4倍した額の60%＋100,000円"
    )
    assert labels["r7_6600000"] == "給与収入6,600,000円から：収入の90%－1,100,000円"


def without(key: str) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [each for each in entries if each.key != key]


def changed(key: str, *, column: str, value: int | str) -> Callable[[list[Entry]], list[Entry]]:
    def change(entries: list[Entry]) -> list[Entry]:
        return [
            replace(each, columns={**each.columns, column: value}) if each.key == key else each
            for each in entries
        ]

    return change


def from_2024(entries: list[Entry]) -> list[Entry]:
    early = Period(date(2020, 1, 1), date(2024, 1, 1))
    return [replace(each, period=early) if each.key == "r2_0" else each for each in entries]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("earner_salary_over"), "値がありません：earner_salary_over"),
        (without("r2_0"), "計算表が0円から始まっていません"),
        (without("elderly_0"), "計算表が0円から始まっていません"),
        (without("younger_0"), "計算表が0円から始まっていません"),
        (without("full"), "計算表が0円から始まっていません"),
        (from_2024, "計算表の行の期間が、表の中でそろっていません"),
        (changed("r2_551000", column="form", value="twice"), "知らない計算の形です：twice"),
        (changed("half_percent", column="value", value="half"), "値の型が違います"),
        (
            lambda entries: [each for each in entries if each.table != "salary_band"],
            "所得の計算表がありません",
        ),
        (
            lambda entries: [each for each in entries if each.table != "pension_other"],
            "所得の計算表がありません",
        ),
    ],
)
def test_a_broken_file_is_refused(change: Callable[[list[Entry]], list[Entry]], reason: str) -> None:
    with pytest.raises(ParameterError) as refused:
        check_income_entries(change(list(load_income_entries())))
    assert reason in str(refused.value)


def test_the_list_of_parameters_holds_every_row_the_least_certain_first() -> None:
    listed = list_entries({INCOME_FILE: INCOME_TABLES})
    assert len(listed) == len(load_income_entries())
    assert listed[0].certainty is Certainty.ASSUMED


def test_a_decided_change_is_laid_over_the_file() -> None:
    change = Change(
        file=INCOME_FILE,
        table="income",
        key="pension_reduction",
        column="value",
        value=0,
        period=Period(date(2024, 1, 1), date(2025, 1, 1)),
        source="試し",
        certainty=Certainty.ASSUMED,
        origin="試し",
    )
    overlay = Overlay((change,))
    changed_tables = tables_of(2024, overlay=overlay)
    unchanged = tables_of(2023, overlay=overlay)
    assert changed_tables is not None
    assert unchanged is not None
    assert changed_tables.rules.pension_reduction == 0
    assert unchanged.rules.pension_reduction == 150_000


@pytest.mark.parametrize("year", range(2020, 2026))
def test_every_premium_year_from_reiwa_3_to_8_has_its_tables(year: int) -> None:
    assert income(year_of(income_year=year, salary=4_000_000)).total_income == 2_760_000
