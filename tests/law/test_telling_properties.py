"""What is told of every decision, whatever the facts: all of it, once, in order, and nothing that was not decided."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import HealthCheck, given, settings

from kyufu.law.child.codec import decision_from_json, decision_to_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.labels import OUTCOME_LABELS
from kyufu.law.child.telling import DOUBTS, doubtful, say_in_one, tell, tell_steps
from kyufu.law.decision import Outcome
from tests.law.independent import ON, any_facts, judged

WIDE = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
COMPARED = re.compile(r"判定所得 (-?[\d,]+)円 ([＜≧]) 限度額 (-?[\d,]+)円（(?:県の)?限度額(未満|以上)）")


def yen(text: str) -> int:
    """An amount with its commas."""
    return int(text.replace(",", ""))


@WIDE
@given(any_facts(), ON)
def test_every_step_is_told_once_in_its_order_and_none_is_invented(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    told = tell(decision)
    steps = [step for one in told.sections for step in one.steps]
    assert [step.number for step in steps] == list(range(1, len(decision.steps) + 1))
    assert [step.name for step in steps] == [step.quantity.name for step in decision.steps]
    assert steps == list(tell_steps(decision))
    for step in steps:
        assert step.label and step.figure, step
        assert step.doubt in set(DOUBTS.values())


@WIDE
@given(any_facts(), ON)
def test_no_step_is_left_over_for_the_section_of_what_belongs_nowhere(facts: ChildFacts, on: date) -> None:
    for section in tell(judged(facts, on=on)).sections:
        assert section.code != "other", [step.name for step in section.steps]
        assert section.title and section.citation and section.steps


@WIDE
@given(any_facts(), ON)
def test_a_comparison_says_the_sign_that_its_figures_have(facts: ChildFacts, on: date) -> None:
    for section in tell(judged(facts, on=on)).sections:
        found = COMPARED.fullmatch(section.result)
        if section.holds is None:
            assert found is None
            continue
        assert found is not None, section
        is_under = yen(found[1]) < yen(found[3])
        assert section.holds is is_under
        assert (found[2], found[4]) == (("＜", "未満") if is_under else ("≧", "以上"))


@WIDE
@given(any_facts(), ON)
def test_the_sentence_is_the_answer_with_its_first_reason(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    said = say_in_one(decision)
    assert said.startswith(f"{OUTCOME_LABELS[decision.outcome]}：{decision.reasons[0].text.rstrip('。')}")
    assert said.endswith("。") and not said.endswith("。。") and "\n" not in said
    assert tell(decision).sentence == said


@WIDE
@given(any_facts(), ON)
def test_reasons_findings_and_articles_are_those_of_the_decision(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    told = tell(decision)
    assert [(one.code, one.text) for one in told.reasons] == [
        (one.code, one.text) for one in decision.reasons
    ]
    assert [bool(one.citation) for one in told.reasons] == [
        one.citation is not None for one in decision.reasons
    ]
    assert len(told.findings) == len(decision.findings)
    assert len(told.citations) == len(decision.citations)
    assert (told.benefit_class == "") is (decision.outcome is not Outcome.ELIGIBLE)
    assert (told.period == "") is (decision.period is None)
    assert (told.rule, told.parameter_version, told.facts_hash) == (
        decision.rule, decision.parameter_version, decision.facts_hash,
    )  # fmt: skip


@WIDE
@given(any_facts(), ON)
def test_a_decision_read_back_from_the_record_is_told_alike(facts: ChildFacts, on: date) -> None:
    """What is stored is text: the page tells tomorrow what it tells today."""
    decision = judged(facts, on=on)
    assert tell(decision_from_json(decision_to_json(decision))) == tell(decision)


@WIDE
@given(any_facts(), ON)
def test_under_other_values_no_figure_is_called_sure_or_unsure(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)._replace(parameter_version="f" * 12)
    assert doubtful(tell(decision).sections) == ()
    assert {step.doubt for step in tell_steps(decision)} <= {""}


@WIDE
@given(any_facts(), ON)
def test_the_text_of_the_letter_tells_the_same_steps(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    text = explain(decision)
    for step in tell_steps(decision):
        assert f"{step.number:>3}. {step.label}：{step.figure}" in text
