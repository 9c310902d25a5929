"""The judgement as a function: pure, traced, hashed, the same in other processes; and how it explains itself."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.child import UnknownMunicipality, judge
from kyufu.law.child.codec import decision_to_json, facts_to_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import Dependants
from kyufu.law.child.hashing import facts_hash
from kyufu.law.child.labels import benefit_class_label
from kyufu.law.decision import Outcome
from tests.law.casefile import Check, read_checks, read_facts

SOURCE = Path(__file__).parents[2] / "src"
FACTS = read_facts({"born": date(2018, 5, 5)})
ON = date(2026, 6, 1)
judge_yokohama = partial(judge, municipality="yokohama", on=ON)


def test_other_processes_give_the_same_decisions() -> None:
    facts = [check.facts for check in read_checks()[::5]]
    with ProcessPoolExecutor(max_workers=2) as pool:
        there = list(pool.map(judge_yokohama, facts, chunksize=8))
    assert there == [judge_yokohama(each) for each in facts]


def test_the_hash_is_the_same_in_a_process_with_another_hash_seed() -> None:
    program = (
        "import sys; from kyufu.law.child.codec import facts_from_json; "
        "from kyufu.law.child.hashing import facts_hash; print(facts_hash(facts_from_json(sys.stdin.read())))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        input=facts_to_json(FACTS).encode(),
        env={"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "12345", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode().strip() == facts_hash(FACTS)


def test_the_hash_of_these_facts_never_changes() -> None:
    """Stored decisions carry it: put together here from the documented byte form, and pinned."""
    simple = FACTS._replace(guardians=())

    def numbers(*values: int) -> bytes:
        return b"".join(value.to_bytes(8, "little", signed=True) for value in values)

    born, absent = date(2018, 5, 5).toordinal(), -(2**63)
    form = b"".join(
        (
            b"kyufu.child.facts.1",
            numbers(born, born),
            numbers(1, 6) + b"141003" + numbers(born, absent),
            numbers(1, 8) + b"06140012" + numbers(born, absent),
            numbers(0, 0, 0),
        )
    )
    assert facts_hash(simple) == blake2b(form, digest_size=16).hexdigest()
    assert facts_hash(simple) == "516f67c12de8c354d0b8b36faeed1bc1"
    died = form + numbers(date(2026, 2, 1).toordinal())
    dead = simple._replace(died_on=date(2026, 2, 1))
    assert facts_hash(dead) == blake2b(died, digest_size=16).hexdigest()


def test_every_change_of_a_fact_changes_the_hash() -> None:
    checks = read_checks()
    distinct = {facts_to_json(check.facts) for check in checks}
    assert len({facts_hash(check.facts) for check in checks}) == len(distinct)
    guardian = FACTS.guardians[0]
    income = guardian.incomes[0]
    for changed in (
        income._replace(income_levy=None),
        income._replace(income_levy=0),
        income._replace(per_capita_levy=0),
        income._replace(obtained_on=date(2030, 1, 1)),
        income._replace(dependants=Dependants(1)),
    ):
        incomes = (changed, *guardian.incomes[1:])
        other = FACTS._replace(guardians=(guardian._replace(incomes=incomes),))
        assert facts_hash(other) != facts_hash(FACTS)


def test_text_cannot_slip_from_one_field_to_the_next() -> None:
    one, other = (
        FACTS.guardians[0]._replace(ref="ab", relation="c"),
        FACTS.guardians[0]._replace(ref="a", relation="bc"),
    )
    assert facts_hash(FACTS._replace(guardians=(one,))) != facts_hash(FACTS._replace(guardians=(other,)))


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(UnknownMunicipality, match="atsugi"):
        judge(FACTS, municipality="atsugi", on=ON)


@pytest.mark.requirement("YOK-017")
def test_a_decision_says_what_it_was_made_of() -> None:
    decision = judge_yokohama(FACTS)
    assert decision.outcome is Outcome.ELIGIBLE
    assert (decision.scheme, decision.municipality, decision.judged_for) == ("child", "yokohama", ON)
    assert decision.facts_hash == facts_hash(FACTS)
    assert len(decision.parameter_version) == 12
    assert {citation.law for citation in decision.citations} >= {
        "横浜市小児の医療費助成に関する条例（平成6年9月条例第34号）"
    }
    names = [step.quantity.name for step in decision.steps]
    assert len(names) == len(set(names))


@pytest.mark.requirement("YOK-019")
def test_the_judged_income_has_its_source_and_date_in_the_trace() -> None:
    steps = {step.quantity.name: step.value for step in judge_yokohama(FACTS).steps}
    assert steps["judged_income"] == 3_000_000 - 80_000 - 100_000
    assert steps["guardian_income_source"] == "市の課税台帳"
    assert steps["guardian_income_obtained_on"] == date(2025, 6, 10)
    assert (steps["income_year_start"], steps["income_year_last_day"]) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
    )


def test_an_exclusion_names_the_ordinance_and_shows_no_end_that_is_not_known() -> None:
    decision = judge_yokohama(FACTS._replace(public_assistance=(Period(date(2026, 5, 1), None),)))
    (reason,) = decision.reasons
    assert reason.citation is not None
    assert (reason.citation.law, reason.citation.certainty) == (
        "横浜市小児の医療費助成に関する条例（平成6年9月条例第34号）",
        "assumed",
    )
    steps = {step.quantity.name: step.value for step in decision.steps}
    assert (steps["public_assistance_from"], steps["public_assistance_last_day"]) == (date(2026, 5, 1), None)
    assert "disability_from" not in steps
    assert "〔仮定（要確認）〕" in explain(decision)


def test_a_day_before_the_rules_begin_is_said_to_be_unrecorded() -> None:
    facts = read_facts({"born": date(2012, 5, 5), "applied": date(2016, 9, 1)})
    text = explain(judge_yokohama(facts))
    assert "要件を満たした日の記録（平成29年4月1日以前のため）：（なし）" in text
    assert "資格の始まる日の記録（平成29年4月1日以前のため）：（なし）" in text
    late = judge(facts._replace(applied_on=date(2020, 1, 1)), municipality="yokohama", on=date(2019, 9, 1))
    assert "要件を満たした日（平成29年4月1日以前）から30日を過ぎて" in late.reasons[0].text
    born_since = judge_yokohama(read_facts({"born": date(2018, 5, 5)}))
    assert "要件を満たした日：平成30年5月5日" in explain(born_since)


def test_no_reason_tells_a_guardians_income() -> None:
    """The letter may go to the other guardian: the limit alone is told, and the sums stay in the steps."""
    income = FACTS.guardians[0].incomes
    rich = tuple(each._replace(incomes=each.incomes._replace(salary=9_876_543)) for each in income)
    facts = FACTS._replace(guardians=(FACTS.guardians[0]._replace(incomes=rich),))
    for on in (date(2022, 6, 1), ON):
        decision = judge(facts, municipality="yokohama", on=on)
        reasons = [*decision.reasons, *(reason for each in decision.findings for reason in each.reasons)]
        text = "".join(reason.text for reason in reasons)
        assert "所得限度額5,320,000円以上" in text
        assert [sum_ for sum_ in ("9,876,543", "9,696,543", "9,796,543") if sum_ in text] == []
        assert 9_876_543 in [step.value for step in decision.steps]


@pytest.mark.requirement("YOK-018")
def test_income_changes_the_prefectures_finding_and_nothing_else() -> None:
    without = FACTS._replace(guardians=(FACTS.guardians[0]._replace(incomes=()),))
    known, unknown = judge_yokohama(FACTS), judge_yokohama(without)
    assert (known.outcome, known.period, known.benefit_class, known.reasons) == (
        unknown.outcome,
        unknown.period,
        unknown.benefit_class,
        unknown.reasons,
    )
    assert [finding.outcome for finding in (*known.findings, *unknown.findings)] == [
        Outcome.ELIGIBLE,
        Outcome.CANNOT_DECIDE,
    ]


def test_the_explanation_has_every_figure_in_a_clerks_words() -> None:
    text = explain(judge_yokohama(FACTS))
    for words in (
        "【横浜市 小児医療費助成】資格あり",
        "判定の基準日：令和8年6月1日",
        "この判定の期間：令和7年8月1日から令和8年7月31日まで",
        "助成の区分：自己負担なし",
        "【県補助】対象",
        "判定に使う賦課年度：令和7年度",
        "社会保険料相当額の控除：80,000円",
        "判定所得：2,820,000円",
        "県補助の所得限度額：5,320,000円",
        "県補助の所得限度額未満か：はい",
        "学年：小学校2年",
        "医療証の交付：あり",
        "横浜市小児の医療費助成に関する条例（平成6年9月条例第34号） 第4条",
        "〔二次資料〕",
    ):
        assert words in text, words


@pytest.mark.parametrize("check", read_checks()[::3], ids=lambda check: check.id)
def test_every_decision_explains_all_its_steps_and_reasons(check: Check) -> None:
    decision = judge(check.facts, municipality="yokohama", on=check.on)
    text = explain(decision)
    assert all(reason.text in text for reason in decision.reasons)
    assert all(step.quantity.label in text for step in decision.steps)
    assert "None" not in text
    assert "True" not in text
    assert "False" not in text
    assert decision_to_json(decision)


def test_classes_have_japanese_labels() -> None:
    assert benefit_class_label("visit_500").startswith("通院1回500円まで")
    with pytest.raises(KeyError):
        benefit_class_label("gold")
