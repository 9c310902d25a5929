"""Figures and requests in a parent's words."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.documents.requests import REQUESTS, points_for
from kyufu.documents.wording import FIGURES, figure_lines, written_value
from kyufu.law.child import judge, quantities
from kyufu.law.decision import Quantity, Reason, Step
from kyufu.law.income import selection
from kyufu.platform.errors import Refused
from tests.law import yokohama as reasons
from tests.law.casefile import read_facts

YEN = Quantity("city_income_limit", "市の所得限度額", "円")


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("円", 6_080_000, "6,080,000円"),
        ("円", 0, "0円"),
        ("歳", 15, "15歳"),
        ("日付", date(2019, 5, 1), "令和元年5月1日"),
        ("有無", True, "はい"),
        ("有無", False, "いいえ"),
        ("区分", "あり", "あり"),
        ("円", None, "確認できていません"),
    ],
)
def test_values_are_written_by_kind_and_unit(
    unit: str, value: int | str | bool | date | None, written: str
) -> None:
    assert written_value(Step(Quantity("any", "何か", unit), value)) == written


def test_figures_keep_the_order_of_the_trace_and_leave_out_what_was_not_found() -> None:
    age, city = (
        Quantity("age", "基準日の満年齢", "歳"),
        Quantity("resident_from", "市内に住所を有した日", "日付"),
    )
    lines = figure_lines([Step(city, date(2020, 4, 1)), Step(age, None), Step(YEN, 6_080_000)])
    assert [line.label for line in lines] == ["市内に住所を有した日", "市の所得限度額"]


def test_a_rejection_shows_since_when_another_scheme_holds() -> None:
    born = date(2018, 5, 5)
    excluded = read_facts({"born": born, "schemes": [["single_parent", date(2026, 4, 1)]]})
    decision = judge(excluded, municipality="yokohama", on=date(2026, 6, 1))
    lines = {line.label: line.value for line in figure_lines(decision.steps)}
    assert lines["ひとり親家庭等の医療費助成の始まった日"] == "令和8年4月1日"
    assert not [label for label in lines if "最後の日" in label or "生活保護" in label]


@pytest.mark.parametrize(
    "hidden", ["guardian_total_income", "judged_guardian", "prefecture_income_limit", "school_grade"]
)
def test_what_the_addressee_must_not_see_is_no_figure(hidden: str) -> None:
    assert figure_lines([Step(Quantity(hidden, "隠す", "円"), 1)]) == ()


def test_every_figure_is_one_that_the_law_knows() -> None:
    known = {
        quantity.name
        for group in vars(quantities).values()
        if isinstance(group, tuple)
        for quantity in group
        if isinstance(quantity, Quantity)
    }
    assert set(FIGURES) <= known


def test_every_gap_that_a_guardian_can_fill_has_its_paper() -> None:
    """Every code with which the law says «cannot decide», bar the one that only the office can do anything about."""
    codes = {reason.code for reason in vars(reasons).values() if isinstance(reason, Reason)}
    gaps = {code for code in codes if code.startswith("missing.")} | {
        selection.MISSING_YEAR, selection.UNDECLARED, selection.DECLARATION_UNKNOWN, selection.CONTRADICTORY,
    }  # fmt: skip
    assert gaps - {reasons.RULES_UNKNOWN.code} == set(REQUESTS)


def test_papers_are_asked_for_in_the_order_of_the_reasons_and_once() -> None:
    asked = points_for(
        [
            reasons.NO_GUARDIAN,
            reasons.LEVY_UNKNOWN,
            Reason("income.missing_year", "…"),
            reasons.INSURANCE_UNKNOWN,
        ]
    )
    assert asked == (
        REQUESTS["missing.guardian"], REQUESTS["missing.levy"], REQUESTS["missing.insurance"],
    )  # fmt: skip


def test_nothing_to_ask_for_is_refused() -> None:
    with pytest.raises(Refused):
        points_for([reasons.RULES_UNKNOWN])
