"""Facts and decisions as JSON: round trips, canonical text, and each way a facts file can be wrong."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import judge
from kyufu.law.child.codec import (
    FactsError,
    decision_from_json,
    decision_to_json,
    facts_from_json,
    facts_to_json,
)
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
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from tests.law.casefile import Check, read_checks, read_facts

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
YEN = st.integers(-(10**9), 10**9)
NOT_NEGATIVE = st.integers(0, 10**9)
FEW = st.integers(0, 9)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    return Period(start, draw(st.none() | st.dates(date(start.year + 1, 1, 1), date(2050, 1, 1))))


INCOME_EVIDENCE = st.builds(
    IncomeEvidence,
    tax_year=st.integers(1990, 2040),
    covers=periods(),
    declared=st.sampled_from(Declared),
    source=st.sampled_from(IncomeSource),
    obtained_on=DAYS,
    incomes=st.builds(Incomes, *[YEN] * len(Incomes._fields)),
    deductions=st.builds(Deductions, *[NOT_NEGATIVE] * 5, *[st.booleans()] * 3),
    dependants=st.builds(
        Dependants,
        total=st.integers(10, 19),
        elderly=FEW,
        specified=FEW,
        under_sixteen=FEW,
        elderly_spouse=st.booleans(),
    ),
    income_levy=st.none() | NOT_NEGATIVE,
    per_capita_levy=st.none() | NOT_NEGATIVE,
)
GUARDIANS = st.lists(
    st.builds(
        Guardian,
        ref=st.text(max_size=6),
        relation=st.sampled_from(["father", "mother", "other"]),
        incomes=st.lists(INCOME_EVIDENCE, max_size=3).map(tuple),
    ),
    max_size=2,
    unique_by=lambda guardian: guardian.ref,
)
FACTS = st.builds(
    ChildFacts,
    birth_date=st.none() | DAYS,
    residences=st.lists(
        st.builds(Residence, municipality=st.sampled_from(["141003", "131016"]), period=periods()), max_size=3
    ).map(tuple),
    insurances=st.lists(
        st.builds(InsuranceCoverage, insurer_no=st.sampled_from(["06140012", "140012"]), period=periods()),
        max_size=2,
    ).map(tuple),
    public_assistance=st.lists(periods(), max_size=2).map(tuple),
    other_schemes=st.lists(
        st.builds(OtherScheme, kind=st.sampled_from(OtherSchemeKind), period=periods()), max_size=2
    ).map(tuple),
    guardians=GUARDIANS.map(tuple),
    applied_on=st.none() | DAYS,
    died_on=st.none() | DAYS,
)
ORDINARY = read_facts({"born": date(2020, 5, 5)})


@settings(deadline=None)
@given(FACTS)
def test_facts_come_back_the_same(facts: ChildFacts) -> None:
    text = facts_to_json(facts)
    assert facts_from_json(text) == facts
    assert facts_to_json(facts_from_json(text)) == text


@settings(deadline=None, max_examples=200)
@given(FACTS, st.dates(date(2016, 1, 1), date(2030, 12, 31)))
def test_any_facts_are_judged_and_the_decision_comes_back_the_same(facts: ChildFacts, on: date) -> None:
    decision = judge(facts, municipality="yokohama", on=on)
    text = decision_to_json(decision)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert decision_from_json(text) == decision
    assert decision.reasons
    assert decision.period is None or on in decision.period


@pytest.mark.parametrize("check", read_checks()[::7], ids=lambda check: check.id)
def test_the_decision_of_a_case_comes_back_the_same_with_its_types(check: Check) -> None:
    decision = judge(check.facts, municipality="yokohama", on=check.on)
    back = decision_from_json(decision_to_json(decision))
    assert back == decision
    assert [type(step.value) for step in back.steps] == [type(step.value) for step in decision.steps]


def test_the_text_is_canonical() -> None:
    text = facts_to_json(ORDINARY)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    shuffled = json.dumps(dict(reversed(json.loads(text).items())), indent=2)
    assert facts_to_json(facts_from_json(shuffled)) == text


def test_no_death_is_the_one_fact_that_may_be_left_out() -> None:
    assert facts_from_json(with_change(["died_on"], ...)) == ORDINARY
    assert facts_from_json(with_change(["died_on"], "2026-02-01")).died_on == date(2026, 2, 1)


def with_change(path: list[str | int], value: object) -> str:
    """Ordinary facts with one place replaced, or removed where the value is Ellipsis."""
    content: Any = json.loads(facts_to_json(ORDINARY))
    place = content
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(content)


INCOME: list[str | int] = ["guardians", 0, "incomes", 1]


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        (["birth_date"], "2020-5-5", "$.birth_date", "日付（YYYY-MM-DD）ではありません"),
        (["birth_date"], "2021-02-29", "$.birth_date", "暦にない日付です"),
        (["birth_date"], "9995-05-10", "$.birth_date", "年が範囲（1868年から2199年まで）の外です"),
        (["applied_on"], "9999-12-31", "$.applied_on", "年が範囲"),
        (["birth_date"], "0001-01-01", "$.birth_date", "年が範囲"),
        (["birth_date"], 20200505, "$.birth_date", "日付"),
        (["birth_date"], ..., "$.birth_date", "項目がありません"),
        (["died_on"], "2026-02-30", "$.died_on", "暦にない日付です"),
        (["nickname"], "x", "$.nickname", "知らない項目です"),
        (["guardians"], {}, "$.guardians", "配列ではありません"),
        (["guardians", 0], [], "$.guardians[0]", "オブジェクト"),
        (["guardians", 0, "relation"], "uncle", "$.guardians[0].relation", "father、mother、other"),
        (["residences", 0, "municipality"], "14100", "$.residences[0].municipality", "6桁"),
        (["residences", 0, "municipality"], 141003, "$.residences[0].municipality", "文字列"),
        (["residences", 0, "period", "end"], "2020-05-05", "$.residences[0].period.end", "後ではありません"),
        (["insurances", 0, "insurer_no"], "1234567", "$.insurances[0].insurer_no", "保険者番号"),
        ([*INCOME, "tax_year"], "2016", "$.guardians[0].incomes[1].tax_year", "整数ではありません"),
        ([*INCOME, "tax_year"], True, "$.guardians[0].incomes[1].tax_year", "整数ではありません"),
        ([*INCOME, "tax_year"], 16, "$.guardians[0].incomes[1].tax_year", "賦課年度"),
        ([*INCOME, "declared"], "perhaps", "$.guardians[0].incomes[1].declared", "yes、no、unknown"),
        ([*INCOME, "declared"], None, "$.guardians[0].incomes[1].declared", "いずれでもありません"),
        ([*INCOME, "incomes", "salary"], 1.5, "$.guardians[0].incomes[1].incomes.salary", "整数"),
        ([*INCOME, "incomes", "salary"], 10**16, "$.guardians[0].incomes[1].incomes.salary", "桁"),
        ([*INCOME, "incomes", "lottery"], 1, "$.guardians[0].incomes[1].incomes.lottery", "知らない"),
        ([*INCOME, "deductions", "medical"], -1, "$.guardians[0].incomes[1].deductions.medical", "負の数"),
        ([*INCOME, "deductions", "widow"], 1, "$.guardians[0].incomes[1].deductions.widow", "true"),
        ([*INCOME, "dependants", "elderly"], 1, "$.guardians[0].incomes[1].dependants.total", "少なく"),
        ([*INCOME, "income_levy"], -1, "$.guardians[0].incomes[1].income_levy", "負の額"),
    ],
)
def test_a_wrong_file_is_refused_with_path_and_reason(
    path: list[str | int], value: object, where: str, says: str
) -> None:
    with pytest.raises(FactsError, match=re.escape(says)) as refused:
        facts_from_json(with_change(path, value))
    assert refused.value.path == where


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "JSONとして読めません（1行1文字目）"),
        ('{"a": 1,}', "JSONとして読めません（1行"),
        ("[]", "オブジェクト"),
        ('{"applied_on": null, "applied_on": null}', "同じ項目が二度あります：applied_on"),
        ("[" * 100_000, "深すぎます"),
    ],
)
def test_what_is_not_a_facts_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(FactsError, match=re.escape(says)) as refused:
        facts_from_json(text)
    assert refused.value.path == "$"


def test_two_guardians_of_the_same_ref_are_refused() -> None:
    facts = ORDINARY._replace(guardians=ORDINARY.guardians * 2)
    with pytest.raises(FactsError, match="同じ ref"):
        facts_from_json(facts_to_json(facts))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"steps":[', '"stairs":[', "$.steps"),
        ('"value":', '"worth":', "$.steps[0]"),
        ('"value":"2026-06-01"', '"value":"today"', "$.steps[0].value"),
        ('"value":6,', '"value":[6],', ""),
        ('"outcome":"eligible"', '"outcome":"perhaps"', "$"),
    ],
)
def test_a_changed_decision_is_refused(old: str, new: str, where: str) -> None:
    text = decision_to_json(judge(ORDINARY, municipality="yokohama", on=date(2026, 6, 1)))
    with pytest.raises(FactsError) as refused:
        decision_from_json(text.replace(old, new) if old in text else text[:-2])
    assert refused.value.path.startswith(where)
