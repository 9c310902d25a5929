"""The rules of 判定所得 and of evidence, one by one, with figures that are not today's parameters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child.answers import GuardianIncome
from kyufu.law.child.day import DayRules
from kyufu.law.child.facts import Guardian
from kyufu.law.child.guardians import is_tax_exempt, judge_guardians
from kyufu.law.child.prefecture import find_prefecture_subsidy
from kyufu.law.decision import Outcome, Reason
from kyufu.law.income.evidence import (
    Declared,
    Deductions,
    Dependants,
    IncomeEvidence,
    Incomes,
    IncomeSource,
)
from kyufu.law.income.judged import (
    income_limit,
    is_under_limit,
    judge_income,
    salary_or_pension_deduction,
    total_income,
)
from kyufu.law.income.parameters import EvidenceRules, IncomeRules, LimitRules
from kyufu.law.income.selection import select_income_evidence
from kyufu.law.parameters.overlay import NOTHING
from tests.law.yokohama import rulebook

BOOK = rulebook(NOTHING)
life_of, rules_on = BOOK.life_of, BOOK.rules_on
RULES = IncomeRules(
    uniform_deduction=1_000,
    salary_or_pension_deduction=500,
    disabled_person=10,
    specially_disabled_person=20,
    widow=30,
    single_parent=40,
    working_student=50,
)
RANKS = EvidenceRules(rank_tax_ledger=1, rank_network=2, rank_certificate=3, tax_year_after_start=0)
EVIDENCE = IncomeEvidence(
    tax_year=2025,
    covers=calendar_year(2024),
    declared=Declared.YES,
    source=IncomeSource.TAX_LEDGER,
    obtained_on=date(2025, 6, 10),
    incomes=Incomes(salary=100_000),
    deductions=Deductions(),
    dependants=Dependants(),
    income_levy=1,
    per_capita_levy=1,
)
YEN = st.integers(-(10**8), 10**8)


def rules_of_2026() -> DayRules:
    rules = rules_on(date(2026, 6, 1))
    assert rules is not None
    return rules


def select(*evidences: IncomeEvidence) -> IncomeEvidence | Reason:
    return select_income_evidence(evidences, covers=calendar_year(2024), tax_year=2025, rules=RANKS)


@given(st.builds(Incomes, *[YEN] * len(Incomes._fields)))
def test_the_total_is_the_sum_of_every_kind(incomes: Incomes) -> None:
    assert total_income(incomes) == sum(incomes._asdict().values())


@pytest.mark.parametrize(
    ("salary", "pension", "deducted"),
    [(0, 0, 0), (499, 0, 499), (500, 0, 500), (501, 0, 500), (0, 200, 200), (300, 300, 500), (-10, 0, 0)],
)
def test_the_deduction_for_salary_and_pension_is_no_more_than_they_are(
    salary: int, pension: int, deducted: int
) -> None:
    incomes = Incomes(salary=salary, public_pension=pension, business=10_000)
    assert salary_or_pension_deduction(incomes, rules=RULES) == deducted


@pytest.mark.requirement("YOK-019")
@pytest.mark.parametrize(
    ("deductions", "taken"),
    [
        (Deductions(casualty_loss=7), 7),
        (Deductions(medical=7), 7),
        (Deductions(small_enterprise_mutual_aid=7), 7),
        (Deductions(disabled_persons=3), 30),
        (Deductions(specially_disabled_persons=3), 60),
        (Deductions(widow=True), 30),
        (Deductions(single_parent=True), 40),
        (Deductions(working_student=True), 50),
        (Deductions(1, 2, 3, 1, 1, True, True, True), 156),
    ],
)
def test_each_deduction_is_taken_by_its_figure(deductions: Deductions, taken: int) -> None:
    judged = judge_income(EVIDENCE._replace(deductions=deductions), rules=RULES)
    assert judged.amount == 100_000 - 1_000 - 500 - taken
    quantities, values = judged.block
    assert len(quantities) == len(values)
    assert values[0] == 100_000
    assert values[-1] == judged.amount


@given(st.builds(Incomes, *[YEN] * len(Incomes._fields)), st.integers(0, 10**8))
def test_the_figures_of_the_trace_lead_to_the_result(incomes: Incomes, medical: int) -> None:
    evidence = EVIDENCE._replace(incomes=incomes, deductions=Deductions(medical=medical))
    amount, (_, values) = judge_income(evidence, rules=RULES)
    total, *taken, judged = [value for value in values if isinstance(value, int)]
    assert amount == judged == max(0, total - sum(taken))


@pytest.mark.parametrize(
    ("dependants", "limit"),
    [
        (Dependants(), 5_320_000),
        (Dependants(total=1), 5_700_000),
        (Dependants(total=2), 6_080_000),
        (Dependants(total=3), 6_460_000),
        (Dependants(total=4), 6_840_000),
        (Dependants(total=5), 7_220_000),
        (Dependants(total=6), 7_600_000),
        (Dependants(total=1, elderly=1), 5_760_000),
        (Dependants(total=1, elderly_spouse=True), 5_760_000),
        (Dependants(total=3, elderly=2, elderly_spouse=True), 6_640_000),
        (Dependants(total=1, specified=1, under_sixteen=1), 5_700_000),
    ],
)
def test_the_published_limits(dependants: Dependants, limit: int) -> None:
    rules = LimitRules(base=5_320_000, per_dependant=380_000, per_elderly=60_000)
    assert income_limit(dependants, rules=rules) == limit
    assert rules_of_2026().prefecture_limit == rules


def test_the_limit_itself_is_not_under_the_limit() -> None:
    assert is_under_limit(99, limit=100)
    assert not is_under_limit(100, limit=100)
    assert not is_under_limit(101, limit=100)


def test_the_rank_of_the_source_goes_before_the_day() -> None:
    ledger = EVIDENCE._replace(obtained_on=date(2025, 1, 1))
    network = EVIDENCE._replace(source=IncomeSource.NETWORK, obtained_on=date(2025, 2, 1))
    certificate = EVIDENCE._replace(source=IncomeSource.CERTIFICATE, obtained_on=date(2025, 3, 1))
    for order in permutations((ledger, network, certificate)):
        assert select(*order) is ledger
    assert select(certificate, network) is network


def test_another_ranking_chooses_otherwise() -> None:
    certificate = EVIDENCE._replace(source=IncomeSource.CERTIFICATE)
    ranks = replace(RANKS, rank_certificate=1, rank_tax_ledger=3)
    chosen = select_income_evidence(
        (EVIDENCE, certificate), covers=calendar_year(2024), tax_year=2025, rules=ranks
    )
    assert chosen is certificate


def test_of_one_source_the_latest_counts_whatever_it_says() -> None:
    older = EVIDENCE._replace(obtained_on=date(2025, 6, 9))
    undeclared = EVIDENCE._replace(declared=Declared.NO)
    assert select(older, EVIDENCE) is EVIDENCE
    answer = select(older, undeclared)
    assert isinstance(answer, Reason)
    assert answer.code == "income.undeclared"


@pytest.mark.parametrize(
    ("evidences", "code", "says"),
    [
        ((), "income.missing_year", "令和6年中の所得（令和7年度課税）の資料がありません"),
        ((EVIDENCE._replace(covers=calendar_year(2023)),), "income.missing_year", "令和6年中"),
        ((EVIDENCE._replace(declared=Declared.NO),), "income.undeclared", "申告されていません"),
        (
            (EVIDENCE._replace(declared=Declared.UNKNOWN),),
            "income.declaration_unknown",
            "申告されているか分かりません",
        ),
        ((EVIDENCE, EVIDENCE._replace(income_levy=2)), "income.contradictory", "食い違っています"),
        ((EVIDENCE._replace(tax_year=2024),), "income.contradictory", "食い違っています"),
    ],
)
def test_evidence_that_cannot_be_used_says_why(
    evidences: tuple[IncomeEvidence, ...], code: str, says: str
) -> None:
    answer = select(*evidences)
    assert isinstance(answer, Reason)
    assert answer.code == code
    assert says in answer.text


def test_a_part_of_the_year_is_not_the_year() -> None:
    half = EVIDENCE._replace(covers=calendar_year(2024)._replace(end=date(2024, 7, 1)))
    answer = select(half)
    assert isinstance(answer, Reason)
    assert answer.code == "income.missing_year"


def test_a_contradiction_of_a_lower_rank_does_not_matter() -> None:
    one = EVIDENCE._replace(source=IncomeSource.NETWORK)
    assert select(EVIDENCE, one, one._replace(income_levy=9)) is EVIDENCE


@pytest.mark.parametrize(
    ("levies", "exempt"),
    [
        ([(0, 0)], True),
        ([(0, 5_000)], False),
        ([(1, 0)], False),
        ([(0, None)], None),
        ([(None, None)], None),
        ([(None, 5_000)], False),
        ([(0, 0), (0, 0)], True),
        ([(0, 0), (0, 1)], False),
        ([(0, None), (1, 1)], False),
    ],
)
def test_the_household_is_exempt_when_no_guardian_pays(
    levies: list[tuple[int | None, int | None]], exempt: bool | None
) -> None:
    evidences = [EVIDENCE._replace(income_levy=levy, per_capita_levy=flat) for levy, flat in levies]
    assert is_tax_exempt(evidences) is exempt


def guardian(ref: str, *, salary: int) -> Guardian:
    return Guardian(ref, "other", (EVIDENCE._replace(incomes=Incomes(salary=salary)),))


def test_the_two_limits_are_compared_apart() -> None:
    rules = rules_of_2026()._replace(
        city_limit=LimitRules(base=1_000_000, per_dependant=0, per_elderly=0),
        prefecture_limit=LimitRules(base=2_000_000, per_dependant=0, per_elderly=0),
    )
    test = judge_guardians((guardian("g", salary=1_680_000),), rules=rules)
    assert test.judged_income == 1_500_000
    assert (test.under_city_limit, test.under_prefecture_limit) == (False, True)
    ((_, city),), ((_, prefecture),) = test.city_blocks(), test.prefecture_blocks()
    assert city == (1_000_000, False, False)
    assert prefecture == (2_000_000, True)


def test_the_prefecture_goes_by_its_own_limit() -> None:
    """Today both tables are alike; a prefecture that changes its own must not follow the city's."""
    on, entitled = date(2026, 6, 1), Period(date(2025, 8, 1), date(2026, 8, 1))
    low = LimitRules(base=1_000_000, per_dependant=0, per_elderly=0)
    high = LimitRules(base=2_000_000, per_dependant=0, per_elderly=0)
    for city, prefecture, expected in ((low, high, Outcome.ELIGIBLE), (high, low, Outcome.NOT_ELIGIBLE)):
        rules = rules_of_2026()._replace(city_limit=city, prefecture_limit=prefecture)
        income = GuardianIncome((guardian("g", salary=1_680_000),), rules=rules)
        life = life_of(date(2018, 5, 5)).prefecture
        finding, _ = find_prefecture_subsidy(life, on=on, entitled=entitled, income=income)
        assert finding.outcome is expected


def test_of_equal_earners_the_one_nearest_to_the_limit_is_judged_whoever_is_named_first() -> None:
    rules = rules_of_2026()
    alone = guardian("alone", salary=5_600_000)
    (income,) = alone.incomes
    family = Guardian("family", "other", (income._replace(dependants=Dependants(total=3)),))
    deducted = Guardian("ill", "other", (income._replace(deductions=Deductions(medical=100_000)),))
    for order in permutations((family, alone, deducted)):
        test = judge_guardians(order, rules=rules)
        assert (test.judged_income, test.city_limit, test.under_city_limit) == (5_420_000, 5_320_000, False)
        assert ("alone",) in [values for _, values in test.blocks]


def test_equal_earners_in_every_figure_are_judged_by_the_first_named() -> None:
    for first, second in (("a", "b"), ("b", "a")):
        both = (guardian(first, salary=5), guardian(second, salary=5))
        blocks = judge_guardians(both, rules=rules_of_2026()).blocks
        steps = {
            each.name: value for names, values in blocks for each, value in zip(names, values, strict=True)
        }
        assert steps["judged_guardian"] == first


def test_the_same_problem_of_two_guardians_is_named_once() -> None:
    nobody = (Guardian("a", "other", ()), Guardian("b", "other", ()))
    test = judge_guardians(nobody, rules=rules_of_2026())
    assert [problem.code for problem in test.problems] == ["income.missing_year"]
    assert test.city_blocks() == test.prefecture_blocks() == ()
