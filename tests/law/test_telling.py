"""A decision as records: the same steps as the text, in sections with articles, comparisons and what is unsure."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child import doubts, judge
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    Residence,
)
from kyufu.law.child.telling import DOUBTS, Told, doubtful, say_in_one, tell, tell_steps
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.entries import Certainty

CITY = "141003"
ON = date(2022, 10, 1)
SINCE = Period(date(2019, 1, 1), None)


def income(salary: int) -> IncomeEvidence:
    """The income of 2021, taxed in 2022, of somebody with one dependant."""
    return IncomeEvidence(
        2022, calendar_year(2021), Declared.YES, IncomeSource.TAX_LEDGER, date(2022, 6, 10), Incomes(salary=salary),
        Deductions(), Dependants(total=1), 200_000, 5_000,
    )  # fmt: skip


def decided(*, salary: int = 6_400_000, on: date = ON, **items: object) -> Decision:
    """A child of four whose father earns."""
    facts = ChildFacts(
        birth_date=date(2018, 5, 10),
        residences=(Residence(CITY, SINCE),),
        insurances=(InsuranceCoverage("06130488", SINCE),),
        public_assistance=(),
        other_schemes=(),
        guardians=(Guardian("guardian-1", "father", (income(salary),)),),
        applied_on=date(2022, 8, 1),
    )
    return judge(facts._replace(**items), municipality="yokohama", on=on)  # type: ignore[arg-type]


def section(told: Told, code: str) -> object:
    """The section of a code."""
    return next(one for one in told.sections if one.code == code)


def test_the_sentence_gives_the_reason_and_both_figures() -> None:
    said = say_in_one(decided())
    assert said == (
        "資格なし：判定の対象となる保護者の判定所得が所得限度額5,700,000円以上です"
        "（判定所得 6,220,000円 ≧ 限度額 5,700,000円）。"
    )


def test_other_reasons_are_said_without_figures() -> None:
    assert say_in_one(decided(birth_date=None)) == "判定できません：生年月日が分かりません。"
    assert say_in_one(decided(salary=3_000_000)).startswith("資格あり：横浜市に住所があり")


def test_an_answer_without_a_reason_is_its_label() -> None:
    assert say_in_one(decided()._replace(reasons=())) == "資格なし。"


@pytest.mark.parametrize("items", [{}, {"salary": 3_000_000}, {"birth_date": None}, {"insurances": ()}])
def test_every_step_of_the_law_is_told_once_and_in_order(items: dict[str, object]) -> None:
    decision = decided(**items)  # type: ignore[arg-type]
    told = tell(decision)
    steps = [step for one in told.sections for step in one.steps]
    assert [step.number for step in steps] == list(range(1, len(decision.steps) + 1))
    assert [step.name for step in steps] == [step.quantity.name for step in decision.steps]
    assert steps == list(tell_steps(decision))


def test_the_text_is_made_of_the_records() -> None:
    decision = decided()
    text, told = explain(decision), tell(decision)
    for one in told.sections:
        for step in one.steps:
            assert f"{step.number:>3}. {step.label}：{step.figure}" in text
    for citation in told.citations:
        assert f"・{citation}" in text


def test_a_comparison_says_figure_sign_limit_and_result() -> None:
    over = section(tell(decided()), "city_limit")
    assert over.result == "判定所得 6,220,000円 ≧ 限度額 5,700,000円（限度額以上）"  # type: ignore[attr-defined]
    assert over.holds is False  # type: ignore[attr-defined]
    under = section(tell(decided(salary=3_000_000)), "city_limit")
    assert under.result == "判定所得 2,820,000円 ＜ 限度額 5,700,000円（限度額未満）"  # type: ignore[attr-defined]
    assert under.holds is True  # type: ignore[attr-defined]


def test_the_prefecture_compares_with_its_own_limit() -> None:
    told = section(tell(decided(salary=3_000_000)), "prefecture")
    assert told.holds is not False  # type: ignore[attr-defined]


def test_every_section_names_its_article() -> None:
    for one in tell(decided()).sections:
        assert one.citation
        assert one.title
    assert "第4条" in section(tell(decided()), "city_limit").citation  # type: ignore[attr-defined]


def test_values_that_are_assumed_are_marked() -> None:
    steps = {step.name: step.doubt for step in tell_steps(decided())}
    assert steps["city_income_limit"] == "未確認の値"
    assert steps["tax_year"] == "未確認の値"
    assert steps["uniform_deduction"] == ""
    assert steps["birth_date"] == ""
    # A deduction of nothing rests on no value.
    assert steps["single_parent_deduction"] == ""
    assert "city_income_limit" in {step.name for step in doubtful(tell(decided()).sections)}


def test_certainty_is_of_the_day_judged_for() -> None:
    before = {step.name: step.doubt for step in tell_steps(decided())}
    after = {
        step.name: step.doubt
        for step in tell_steps(decided(on=date(2026, 10, 1), applied_on=date(2026, 8, 1)))
    }
    assert before["certificate_year_start"] == "未確認の値"
    assert after["certificate_year_start"] == ""


def test_nothing_is_said_of_the_certainty_of_other_values_than_those_at_hand() -> None:
    decision = decided()._replace(parameter_version="0" * 12)
    assert doubts.certainties(decision) == {}
    assert {step.doubt for step in tell_steps(decision)} == {""}


def test_every_name_that_rests_on_a_value_is_a_step() -> None:
    known = {step.quantity.name for step in decided(salary=3_000_000).steps}
    known |= {step.quantity.name for step in decided().steps}
    assert set(doubts.RESTS_ON) <= known
    assert set(DOUBTS) == set(Certainty)


def test_the_least_sure_value_decides() -> None:
    found = doubts.certainties(decided())
    assert found["city_income_limit"] is Certainty.ASSUMED
    assert found["band"] in set(Certainty)


def test_a_day_before_the_rules_is_told_without_steps() -> None:
    told = tell(decided(on=date(2010, 1, 1)))
    assert told.outcome is Outcome.CANNOT_DECIDE
    assert told.sections == ()
    assert told.period == ""
    assert "判定の過程" not in explain(decided(on=date(2010, 1, 1)))
