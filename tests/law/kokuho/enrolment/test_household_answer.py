"""The answer on a household: told, explained, read from a file, and undecided where a member's enrolment is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kyufu.cli.main import main
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.enrolment.facts import PersonFacts
from kyufu.law.kokuho.enrolment.household import Change, Head, HeadKind, HouseholdKind
from kyufu.law.kokuho.enrolment.household_judgement import (
    HouseholdFacts,
    HouseholdFound,
    HouseholdMember,
    judge_household,
)
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.reading import FactsError, facts_from_plain, to_json
from tests.law.kokuho.enrolment.people import ATSUGI, day, period, person
from tests.law.kokuho.enrolment.test_household import HERE, OLD, SINCE, WIFE, WORKER, dependant, headed


def household(
    *members: tuple[str, PersonFacts], headship: str = "a", asked: Change | None = None
) -> HouseholdFacts:
    return HouseholdFacts(
        ATSUGI,
        tuple(HouseholdMember(ref, period(SINCE), facts) for ref, facts in members),
        headed(headship),
        asked,
    )


def answered(facts: HouseholdFacts, *, on: str = "2025-10-01") -> Answer[HouseholdFound]:
    return judge_household(facts, on=day(on))


def test_a_couple_of_whom_one_turned_75_is_a_specified_household() -> None:
    value = answered(household(("a", OLD), ("b", WIFE))).value
    assert isinstance(value, HouseholdFound)
    assert value.head == Head("a", HeadKind.PSEUDO)
    assert value.insured == ("b",)
    assert [tuple(each) for each in value.specified] == [("a", day("2025-04-16"), day("2025-04-15"))]
    assert value.kind is HouseholdKind.SPECIFIED
    assert value.former_dependants == ()


def test_before_the_birthday_it_is_an_ordinary_one() -> None:
    value = answered(household(("a", OLD), ("b", WIFE)), on="2025-04-15").value
    assert isinstance(value, HouseholdFound)
    assert value.head == Head("a", HeadKind.INSURED)
    assert value.insured == ("a", "b")
    assert value.kind is HouseholdKind.ORDINARY


def test_a_former_dependant_is_told() -> None:
    facts = HouseholdFacts(
        ATSUGI,
        (HouseholdMember("b", period(SINCE), dependant(), day("2025-04-15")),),
        headed("b"),
    )
    answer = answered(facts)
    value = answer.value
    assert isinstance(value, HouseholdFound)
    assert [each.ref for each in value.former_dependants] == ["b"]
    text = explain(answer, title="世帯")
    assert (
        "bは旧被扶養者に当たります（均等割の減免は令和7年4月から令和9年4月の前月まで。申請が必要です）。"
        in text
    )


def test_the_answer_is_told_in_japanese() -> None:
    text = explain(answered(household(("a", OLD), ("b", WIFE))), title="世帯")
    assert "令和7年10月1日の世帯主はa（擬制世帯主）、被保険者は1人です。" in text
    assert "世帯主は被保険者ではありませんが、届出と納付の義務を負います（擬制世帯）。" in text
    assert "特定世帯に当たります（特定月は令和7年4月）。" in text
    assert "特定同一世帯所属者：a" in text


def test_a_member_whose_enrolment_is_not_known_leaves_the_household_undecided() -> None:
    unknown = person(residences=HERE, insurances=None)
    answer = answered(household(("a", OLD), ("b", unknown)))
    assert not answer.decided
    assert "他の医療保険の加入・喪失の資料（b）" in explain(answer, title="世帯")


def test_a_household_of_none_insured_is_undecided() -> None:
    assert [each.code for each in answered(household(("a", WORKER))).reasons] == ["household.no_insured"]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"municipality": "14212"}, "$.municipality"),
        ({"members": [0, 0]}, "$.members"),
        ({"headships": [{"head": "a"}]}, "$.headships[0].period"),
    ],
)
def test_facts_that_cannot_be_are_refused(content: dict[str, Any], path: str) -> None:
    plain: dict[str, Any] = json.loads(to_json(household(("a", OLD))))
    if "members" in content:
        content = {"members": plain["members"] * 2}
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**plain, **content}, into=HouseholdFacts)
    assert refused.value.path == path


def test_the_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(to_json(household(("a", OLD), ("b", WIFE))), encoding="utf-8")
    assert main(["judge", "kokuho-household", "--on", "2025-10-01", str(file)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["value"]["kind"] == "specified"
    assert content["value"]["head"] == {"kind": "pseudo", "ref": "a"}
