"""The explanation of a judgement, as a clerk and a guardian read it: every figure, in Japanese, and no code."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.codec import decision_from_json, decision_to_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import ChildFacts, Dependants
from kyufu.law.decision import Decision, Outcome, Step
from tests.law.independent import ON, OVER, UNDER, any_facts, child_of, earner, judged

# Words in Latin letters that belong there: the rule's name, the version and the hash at the foot, refs of guardians.
FOOT = re.compile(r"^判定規則 child\.yokohama\.\d+／基準値の版 [0-9a-f]{12}／事実の要約値 [0-9a-f]{32}$")
RAW = re.compile(r"[A-Za-z_]{2,}|True|False|None|\d{4}-\d{2}-\d{2}")


def said(step: Step) -> str:
    """How a clerk would write the value of a step, by its type and unit alone."""
    value, unit = step.value, step.quantity.unit
    if isinstance(value, bool):
        return {"有無": ("なし", "あり"), "真偽": ("いいえ", "はい")}[unit][value]
    if isinstance(value, date):
        return format_wareki(value)
    if unit == "円":
        return f"{value:,}円"
    if unit == "年度" and isinstance(value, int):
        return (
            f"令和{value - 2018}年度".replace("令和1年度", "令和元年度")
            if value >= 2019
            else f"平成{value - 1988}年度"
        )
    return f"{value}{unit}" if unit in ("歳", "人") else str(value)


def lines_of(decision: Decision) -> list[str]:
    return explain(decision).splitlines()


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(any_facts(), ON)
def test_every_figure_of_the_trace_is_told_in_its_order_and_no_code_is(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    lines = lines_of(decision)
    numbered = [line for line in lines if re.match(r"\s*\d+\. ", line)]
    assert len(numbered) == len(decision.steps)
    for line, step in zip(numbered, decision.steps, strict=True):
        label, _, shown = line.partition(". ")[2].partition("：")
        assert label == step.quantity.label
        if step.value is not None and step.quantity.unit != "学年":
            assert shown == said(step), step
        assert shown
    assert FOOT.match(lines[-1])
    assert not [line for line in lines[:-1] if RAW.search(line)]


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(any_facts(), ON)
def test_every_reason_and_citation_is_told_and_the_head_is_the_outcome(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    text = explain(decision)
    head = {"eligible": "資格あり", "not_eligible": "資格なし", "cannot_decide": "判定できません"}
    assert text.splitlines()[0] == f"【横浜市 小児医療費助成】{head[decision.outcome.value]}"
    reasons = [*decision.reasons, *(reason for finding in decision.findings for reason in finding.reasons)]
    for reason in reasons:
        assert reason.text in text
        if "." in reason.code or "_" in reason.code:
            assert reason.code not in text
    for citation in decision.citations:
        assert f"・{citation.law} {citation.article}" in text
    assert explain(decision_from_json(decision_to_json(decision))) == text


@pytest.mark.parametrize(
    ("on", "income", "says"),
    [
        (
            date(2022, 5, 15),
            UNDER,
            ["資格あり", "令和3年8月1日から令和4年7月31日まで", "助成の区分：自己負担なし"],
        ),
        (
            date(2022, 5, 15),
            OVER,
            [
                "資格なし",
                "判定所得が所得限度額6,080,000円以上",
                "判定所得：9,920,000円",
                "市の所得限度額未満か：いいえ",
            ],
        ),
        (
            date(2019, 5, 15),
            UNDER,
            ["平成30年8月1日から令和元年7月31日まで", "判定に使う賦課年度：平成30年度"],
        ),
        (date(2024, 5, 15), OVER, ["資格あり", "【県補助】対象外", "県補助の所得限度額6,080,000円以上"]),
        (date(2016, 5, 15), UNDER, ["判定できません", "この日の基準が登録されていません"]),
    ],
)
def test_what_a_clerk_must_find_in_it(on: date, income: int, says: list[str]) -> None:
    facts = child_of(earner(income, dependants=Dependants(total=2)), born=date(2015, 5, 5))
    text = explain(judged(facts, on=on))
    assert [words for words in says if words not in text] == []


@pytest.mark.parametrize(
    ("born", "grade"),
    [
        (date(2019, 5, 5), "就学前"),
        (date(2017, 4, 2), "小学校1年"),
        (date(2012, 4, 1), "中学校1年"),
        (date(2012, 4, 2), "小学校6年"),
        (date(2009, 4, 2), "中学校3年"),
        (date(2009, 4, 1), "高等学校相当1年"),
        (date(2006, 4, 2), "高等学校相当3年"),
        (date(2006, 4, 1), "高等学校相当の学年を過ぎている"),
    ],
)
def test_a_school_year_is_told_in_words(born: date, grade: str) -> None:
    """2024-05: 小1 are those born from 2017-04-02 on."""
    (line,) = [
        line
        for line in lines_of(judged(child_of(earner(UNDER), born=born), on=date(2024, 5, 15)))
        if "学年：" in line
    ]
    assert line.partition("：")[2].startswith(grade)


def test_a_decision_without_figures_has_no_empty_heading() -> None:
    decision = judged(child_of(earner(UNDER), born=date(2015, 5, 5)), on=date(2016, 5, 15))
    assert decision.outcome is Outcome.CANNOT_DECIDE
    lines = lines_of(decision)
    headings = [index for index, line in enumerate(lines) if line.startswith("【")]
    assert all(lines[index + 1].strip() for index in headings)


def test_the_json_says_what_the_explanation_says() -> None:
    decision = judged(child_of(earner(UNDER), born=date(2015, 5, 5)), on=date(2022, 5, 15))
    content = json.loads(decision_to_json(decision))
    assert content["period"] == {"start": "2021-08-01", "end": "2022-08-01"}
    assert content["outcome"] == "eligible"
    text = explain(decision)
    assert all(step["quantity"]["label"] in text for step in content["steps"])
