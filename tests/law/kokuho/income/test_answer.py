"""The answer on an income: never zero where it is not declared, traced, explained, and read from a file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cli.main import main
from kyufu.law.calendar.months import YearMonth
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.income.facts import Declaration, IncomeFacts, Leaving, Salary, Separate
from kyufu.law.kokuho.income.judgement import RULE, judge_income, member_income
from kyufu.law.kokuho.reading import FactsError, answer_to_json, facts_from_json, facts_from_plain, to_json
from tests.law.kokuho.income.people import OLD, found, income, year_of

APRIL = YearMonth(2025, 4)
PLAIN: dict[str, Any] = {
    "ref": "p1",
    "birth_date": "1980-06-15",
    "income_year": 2024,
    "declaration": "declared",
}


@pytest.mark.parametrize(
    ("facts", "code", "missing"),
    [
        (
            year_of(declaration=Declaration.UNDECLARED, salary=3_000_000),
            "income.undeclared",
            "令和6年中の所得の申告",
        ),
        (
            year_of(declaration=Declaration.UNKNOWN),
            "income.declaration_unknown",
            "令和6年中の所得の資料",
        ),
        (year_of(income_year=2019), "income.no_table", "令和元年分の所得の計算表"),
        (year_of(income_year=2026), "income.no_table", "令和8年分の所得の計算表"),
        (year_of(born=None), "income.birth_date_unknown", "生年月日"),
        (
            year_of(declaration=Declaration.DEPENDANT, salary=1),
            "income.contradictory",
            "扶養の申告と収入の資料の突合せ",
        ),
        (
            year_of(declaration=Declaration.DEPENDANT, pension=1),
            "income.contradictory",
            "扶養の申告と収入の資料の突合せ",
        ),
        (
            year_of(declaration=Declaration.DEPENDANT, separate=Separate(futures=1)),
            "income.contradictory",
            "扶養の申告と収入の資料の突合せ",
        ),
    ],
)
def test_what_is_not_known_is_said_and_never_taken_for_zero(
    facts: IncomeFacts, code: str, missing: str
) -> None:
    answer = judge_income(facts)
    assert not answer.decided
    assert answer.value == CannotDecide((missing,))
    assert [reason.code for reason in answer.reasons] == [code]
    member = member_income(facts, month=APRIL)
    assert (member.total_income, member.reduction_income, member.base_income) == (None, None, None)
    assert member.declared is not Declared.YES
    assert not member.counts_as_earner


@pytest.mark.parametrize(
    ("declaration", "declared"),
    [(Declaration.UNDECLARED, Declared.NO), (Declaration.UNKNOWN, Declared.UNKNOWN)],
)
def test_the_premium_learns_whether_it_was_not_declared(declaration: Declaration, declared: Declared) -> None:
    assert member_income(year_of(declaration=declaration), month=APRIL).declared is declared


def test_a_dependant_without_income_has_none() -> None:
    member = income(year_of(declaration=Declaration.DEPENDANT))
    assert (member.total_income, member.base_income, member.declared) == (0, 0, Declared.YES)


def test_who_declared_nothing_earned_has_none() -> None:
    assert income(year_of()).total_income == 0


def test_the_premium_takes_what_the_answer_says() -> None:
    facts = year_of(salary=3_000_000)
    assert member_income(facts, month=APRIL) == income(facts)


def test_the_trace_ends_with_the_figures_of_the_answer() -> None:
    answer = judge_income(year_of(salary=2_800_000, pension=3_000_000, born=OLD))
    steps = {step.quantity.name: step.value for step in answer.steps}
    assert steps["premium_year"] == 2025
    assert steps["total_income"] == 3_680_000
    assert steps["base_income"] == 3_250_000
    assert steps["reduction_income"] == 3_530_000
    assert steps["counts_as_earner"] is True


def test_the_trace_tells_the_figures_with_relief_after_those_without() -> None:
    answer = judge_income(year_of(salary=2_000_000, leaving=Leaving(date(2025, 3, 31), "11")))
    told = [step.value for step in answer.steps if step.quantity.name == "salary_income"]
    assert told == [1_320_000, 396_000]
    months = [step.value for step in answer.steps if step.quantity.name == "relief_months"]
    assert months == [12]


def test_the_answer_is_told_in_japanese() -> None:
    text = explain(
        judge_income(year_of(salary=4_000_000, leaving=Leaving(date(2025, 3, 31), "11"))), title="所得"
    )
    lines = text.splitlines()
    assert lines[0] == "【所得】"
    assert lines[1].startswith(
        "総所得金額等 2,760,000円、旧ただし書所得 2,330,000円、軽減判定所得 2,760,000円です。"
    )
    assert lines[2].startswith(
        "非自発的失業者のため、令和7年4月から令和8年3月まで給与所得を100分の30とみなし、"
        "旧ただし書所得 398,000円、軽減判定所得 828,000円とします。"
    )
    assert "  2. この所得を使う賦課年度：令和7年度" in lines
    assert "・所得税法 第28条・第35条、別表第五" in lines


def test_an_undeclared_income_is_told_in_japanese() -> None:
    text = explain(judge_income(year_of(declaration=Declaration.UNDECLARED)), title="所得")
    assert text.splitlines()[:3] == [
        "【所得】判定できません",
        "足りないもの：令和6年中の所得の申告",
        "令和6年中の所得が申告されていません。"
        "（国民健康保険法施行令 第29条の7第2項第4号（総所得金額等・基礎控除）〔二次資料〕）",
    ]


def test_the_answer_is_the_same_for_the_same_facts_and_another_for_others() -> None:
    facts = year_of(salary=3_000_000)
    assert judge_income(facts) == judge_income(facts_from_json(to_json(facts), into=IncomeFacts))
    assert judge_income(facts).facts_hash != judge_income(facts._replace(ref="p2")).facts_hash
    assert judge_income(facts).rule == RULE


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 12_000_000),
    st.integers(0, 5_000_000),
    st.integers(-4_000_000, 9_000_000),
    st.sampled_from(Declaration),
)
def test_every_answer_is_whole_and_travels_as_json(
    salary: int, pension: int, business: int, declaration: Declaration
) -> None:
    facts = year_of(salary=salary, pension=pension, business=business, declaration=declaration)
    answer = judge_income(facts)
    content = json.loads(answer_to_json(answer))
    assert content["decided"] is answer.decided
    assert answer.reasons
    assert all(reason.text.endswith("。") for reason in answer.reasons)
    assert facts_from_json(to_json(facts), into=IncomeFacts) == facts
    if answer.decided:
        assert content["value"]["income"]["base_income"] == found(facts).income.base_income
        assert len(content["steps"]) == 27


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"salary": {"revenue": -1}}, "$.salary.revenue"),
        ({"salary": {"revenue": 5, "from_family": 6}}, "$.salary.from_family"),
        ({"salary": {"revenue": 5, "from_family": -1}}, "$.salary.from_family"),
        ({"salary": {"revenue": 5, "income": -1}}, "$.salary.income"),
        ({"pension_revenue": -1}, "$.pension_revenue"),
        ({"family_salaries_paid": -1}, "$.family_salaries_paid"),
        ({"comprehensive": {"interest": -1}}, "$.comprehensive.interest"),
        ({"comprehensive": {"dividend": -1}}, "$.comprehensive.dividend"),
        ({"comprehensive": {"miscellaneous": -1}}, "$.comprehensive.miscellaneous"),
        ({"comprehensive": {"temporary": -1}}, "$.comprehensive.temporary"),
        ({"separate": {"land_long": -1}}, "$.separate.land_long"),
        ({"separate": {"retirement": -1}}, "$.separate.retirement"),
        ({"losses": {"casualty": -1}}, "$.losses.casualty"),
        ({"declaration": "zero"}, "$.declaration"),
        ({"income_year": "2024"}, "$.income_year"),
        ({"leaving": {"left_on": "2024-02-30", "reason_code": "11"}}, "$.leaving.left_on"),
        ({"wages": 1}, "$.wages"),
    ],
)
def test_facts_that_cannot_be_are_refused_by_their_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**PLAIN, **change}, into=IncomeFacts)
    assert refused.value.path == path


@pytest.mark.parametrize("kind", ["business", "real_estate", "capital_gain_short", "capital_gain_long"])
def test_losses_that_may_be_set_off_are_read(kind: str) -> None:
    facts = facts_from_plain({**PLAIN, "comprehensive": {kind: -5}}, into=IncomeFacts)
    assert getattr(facts.comprehensive, kind) == -5


@pytest.mark.parametrize("name", ["ref", "birth_date", "income_year", "declaration"])
def test_nothing_that_matters_has_a_default(name: str) -> None:
    with pytest.raises(FactsError) as refused:
        facts_from_plain({key: value for key, value in PLAIN.items() if key != name}, into=IncomeFacts)
    assert refused.value.path == f"$.{name}"


def test_a_salary_that_is_left_out_is_none() -> None:
    assert facts_from_plain(PLAIN, into=IncomeFacts).salary == Salary(0, 0, None, False)


def test_the_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**PLAIN, "salary": {"revenue": 4_000_000}}), encoding="utf-8")
    assert main(["judge", "kokuho-income", str(file)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["value"]["income"]["base_income"] == 2_330_000
    assert main(["judge", "kokuho-income", "--explain", str(file)]) == 0
    assert "【国民健康保険 所得】" in capsys.readouterr().out
