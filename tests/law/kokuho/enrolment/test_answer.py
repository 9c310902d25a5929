"""The answer on an enrolment: what lacks is said, notices and time bars are told, facts are read and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cli.main import main
from kyufu.law.kokuho.answer import Answer, CannotDecide
from kyufu.law.kokuho.enrolment.facts import (
    EnrolmentFacts,
    FirstDue,
    InstitutionKind,
    LevyKind,
    PersonFacts,
)
from kyufu.law.kokuho.enrolment.judgement import RULE, EnrolmentFound, judge_enrolment
from kyufu.law.kokuho.enrolment.places import Ground
from kyufu.law.kokuho.enrolment.spans import Cause
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.reading import FactsError, answer_to_json, facts_from_json, facts_from_plain, to_json
from tests.law.kokuho.enrolment.people import ATSUGI, EBINA, TOKYO, day, found, insured, lived, person

HERE = lived((ATSUGI, "2010-04-01", None))
LEFT_WORK = person(
    residences=HERE,
    insurances=insured(("employees", "2009-04-01", "2024-04-01")),
    notified=(("2024-04-01", "2024-05-20"),),
)
AWAY = lived((ATSUGI, "2005-06-01", "2024-04-01"), (TOKYO, "2024-04-01", None))


def answered(facts: PersonFacts, *, on: str = "2026-05-01", code: str = ATSUGI) -> Answer[EnrolmentFound]:
    return judge_enrolment(EnrolmentFacts(code, facts), on=day(on))


def codes(facts: PersonFacts, *, on: str = "2026-05-01", code: str = ATSUGI) -> list[str]:
    return [reason.code for reason in answered(facts, on=on, code=code).reasons]


@pytest.mark.parametrize(
    ("facts", "on", "code", "missing"),
    [
        (person(born=None), "2026-05-01", "enrolment.birth_date_unknown", "生年月日"),
        (
            person(residences=HERE, insurances=None),
            "2026-05-01",
            "enrolment.insurance_unknown",
            "他の医療保険の加入・喪失の資料",
        ),
        (
            person(residences=HERE),
            "2018-03-31",
            "enrolment.before_known",
            "平成30年4月1日より前の基準値",
        ),
        (
            person(
                born=day("1960-06-02"),
                residences=HERE,
                insurances=insured(("late_elderly", "2025-05-31", None)),
            ),
            "2026-05-01",
            "enrolment.contradictory",
            "障害認定の日の確認",
        ),
    ],
)
def test_what_lacks_is_said(facts: PersonFacts, on: str, code: str, missing: str) -> None:
    answer = answered(facts, on=on)
    assert answer.value == CannotDecide((missing,))
    assert [reason.code for reason in answer.reasons] == [code]


def test_a_disability_recognised_on_the_day_of_65_is_no_contradiction() -> None:
    facts = person(
        born=day("1960-06-02"), residences=HERE, insurances=insured(("late_elderly", "2025-06-01", None))
    )
    assert answered(facts).decided


def test_nobody_without_an_address_is_insured() -> None:
    value = found(person(residences=()), on="2026-05-01")
    assert not value.insured
    assert value.enrolments == ()
    assert value.charged_months == ()
    assert value.ground is None


@pytest.mark.parametrize(
    ("on", "insured_then"), [("2024-03-31", False), ("2024-04-01", True), ("2026-05-01", True)]
)
def test_whether_insured_is_told_for_the_day(on: str, insured_then: bool) -> None:
    assert found(LEFT_WORK, on=on).insured is insured_then
    first = codes(LEFT_WORK, on=on)[0]
    assert first == ("enrolment.insured" if insured_then else "enrolment.not_insured")


def test_a_late_notification_is_told_and_changes_no_day() -> None:
    (enrolled,) = found(LEFT_WORK, on="2026-05-01").enrolments
    assert enrolled.span.acquired_on == day("2024-04-01")
    assert enrolled.acquisition.days_late == 35
    assert "enrolment.late_notice" in codes(LEFT_WORK)
    text = explain(answered(LEFT_WORK), title="資格")
    assert (
        "令和6年4月1日の届出は期限（令和6年4月15日）から35日遅れましたが、資格はその日にさかのぼります。"
        in text
    )


@pytest.mark.parametrize(("notified_on", "late"), [("2024-04-15", False), ("2024-04-16", True)])
def test_14_days_are_in_time(notified_on: str, late: bool) -> None:
    facts = LEFT_WORK._replace(notifications=())
    facts = person(
        residences=facts.residences,
        insurances=facts.other_insurances,
        notified=(("2024-04-01", notified_on),),
    )
    assert ("enrolment.late_notice" in codes(facts)) is late


def test_no_notification_is_told() -> None:
    facts = LEFT_WORK._replace(notifications=())
    assert "enrolment.no_notice" in codes(facts)


def test_a_loss_is_notified_from_the_day_of_the_event() -> None:
    facts = person(
        residences=HERE,
        insurances=insured(("employees", "2025-09-30", None)),
        notified=(("2010-04-01", "2010-04-01"), ("2025-09-30", "2025-10-15")),
    )
    (enrolled,) = found(facts, on="2026-05-01").enrolments
    assert enrolled.span.lost_on == day("2025-10-01")
    assert enrolled.loss is not None
    assert (enrolled.loss.about, enrolled.loss.due_on) == (day("2025-09-30"), day("2025-10-14"))
    assert enrolled.loss.days_late == 1


@pytest.mark.parametrize(
    ("kind", "start", "until"),
    [
        ("employees", "2025-09-30", "2025-09-30"),
        ("employees", "2025-09-10", "2025-09-10"),
        ("guild", "2025-09-10", "2025-09-10"),
    ],
)
def test_the_premium_counts_until_the_day_on_which_another_insurance_begins(
    kind: str, start: str, until: str
) -> None:
    facts = person(residences=HERE, insurances=insured((kind, start, None)))
    (enrolled,) = found(facts, on="2026-05-01").enrolments
    assert enrolled.charged.end == day(until)


def test_the_premium_counts_until_the_loss_otherwise() -> None:
    facts = person(residences=HERE, died="2025-09-30")
    (enrolled,) = found(facts, on="2026-05-01").enrolments
    assert enrolled.charged.end == day("2025-10-01")
    assert enrolled.charged.start == day("2010-04-01")


@pytest.mark.parametrize("born", ["1950-05-01", "1951-01-01"])
def test_75_asks_for_no_notification(born: str) -> None:
    """神戸市: 申請等の手続きは必要ありません。"""
    (enrolled,) = found(person(born=day(born), residences=HERE), on="2026-05-01").enrolments
    assert enrolled.span.lost_by is Cause.LATE_ELDERLY_AGE
    assert enrolled.loss is None


def test_a_move_within_the_prefecture_tells_the_qualification() -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", "2025-09-10"), (EBINA, "2025-09-10", None)))
    (here,) = found(facts, on="2026-05-01", code=EBINA).enrolments
    assert here.span.acquired_on == day("2025-09-10")
    assert here.qualified_from == day("2010-04-01")
    (there,) = found(facts, on="2026-05-01").enrolments
    assert there.span.lost_on == day("2025-09-10")
    assert there.qualified_until == day("2055-06-16")


@pytest.mark.parametrize(
    ("facts", "code", "ground", "reason"),
    [
        (person(residences=AWAY), TOKYO, Ground.ADDRESS, None),
        (
            person(residences=AWAY, studies=((ATSUGI, "2024-04-01", None),)),
            ATSUGI,
            Ground.STUDY,
            "enrolment.study",
        ),
        (
            person(residences=AWAY, studies=((ATSUGI, "2024-04-01", None),)),
            TOKYO,
            None,
            "enrolment.elsewhere",
        ),
        (
            person(residences=AWAY, stays=((TOKYO, "2024-04-01", None),)),
            ATSUGI,
            Ground.INSTITUTION,
            "enrolment.institution",
        ),
        (
            person(residences=AWAY, stays=((TOKYO, "2024-04-01", None),)),
            TOKYO,
            None,
            "enrolment.elsewhere",
        ),
    ],
)
def test_why_a_municipality_is_that_of_the_person_is_told(
    facts: PersonFacts, code: str, ground: Ground | None, reason: str | None
) -> None:
    value = found(facts, on="2026-05-01", code=code)
    assert value.ground is ground
    assert value.insured is (ground is not None)
    special = {"enrolment.study", "enrolment.institution", "enrolment.elsewhere"}
    assert special & set(codes(facts, code=code)) == ({reason} if reason else set())


DUE = (
    FirstDue(2023, day("2023-06-30")),
    FirstDue(2024, day("2024-07-01")),
    FirstDue(2025, day("2025-06-30")),
)


@pytest.mark.parametrize(
    ("levy", "on", "expected"),
    [
        (LevyKind.PREMIUM, "2025-06-30", (2023, 2024, 2025)),
        (LevyKind.PREMIUM, "2025-07-01", (2024, 2025)),
        (LevyKind.TAX, "2025-07-01", (2023, 2024, 2025)),
        (None, "2025-07-01", None),
    ],
)
def test_the_years_that_can_be_levied_are_told_where_asked(
    levy: LevyKind | None, on: str, expected: tuple[int, ...] | None
) -> None:
    facts = EnrolmentFacts(ATSUGI, LEFT_WORK, levy, DUE)
    answer = judge_enrolment(facts, on=day(on))
    assert isinstance(answer.value, EnrolmentFound)
    assert answer.value.levyable == expected
    told = [reason.text for reason in answer.reasons if reason.code == "enrolment.levyable"]
    assert len(told) == (expected is not None)


def test_that_no_year_can_be_levied_is_said() -> None:
    facts = EnrolmentFacts(ATSUGI, LEFT_WORK, LevyKind.PREMIUM, DUE[:1])
    text = explain(judge_enrolment(facts, on=day("2026-05-01")), title="資格")
    assert "この日に賦課を決定できる年度は（なし）です。" in text


def test_the_trace_tells_days_and_months() -> None:
    steps = {step.quantity.name: step.value for step in answered(LEFT_WORK).steps}
    assert steps["acquired_on"] == day("2024-04-01")
    assert steps["acquired_by"] == "被用者保険離脱"
    assert steps["lost_by"] == "後期高齢者医療（75歳到達）"
    assert steps["reaches_care_from"] == day("2020-06-14")
    assert steps["recipient_from"] == day("2050-07-01")
    assert steps["late_elderly_on"] == day("2055-06-15")
    assert (steps["fiscal_year"], steps["charged_months"], steps["care_months"]) == (2026, 12, 12)
    assert steps["age"] == 45


def test_somebody_not_yet_born_has_no_age() -> None:
    facts = person(born=day("2026-06-01"), residences=lived((ATSUGI, "2026-06-01", None)))
    steps = {step.quantity.name: step.value for step in answered(facts).steps}
    assert steps["age"] is None
    assert not found(facts, on="2026-05-01").insured


def test_the_answer_is_told_in_japanese() -> None:
    lines = explain(answered(LEFT_WORK), title="資格").splitlines()
    assert lines[0] == "【資格】"
    assert lines[1] == (
        "令和8年5月1日にこの市町村の被保険者です（令和6年4月1日取得：被用者保険離脱）。"
        "（国民健康保険法 第7条（資格取得の時期））"
    )
    assert "・介護保険法 第9条第2号（40歳以上65歳未満）" in lines


def test_the_hash_tells_facts_and_day_apart() -> None:
    answer = answered(LEFT_WORK)
    again = answered(facts_from_json(to_json(LEFT_WORK), into=PersonFacts))
    assert answer == again
    assert answer.rule == RULE
    assert answer.facts_hash != answered(LEFT_WORK, on="2026-05-02").facts_hash
    assert answer.facts_hash != answered(person(residences=HERE)).facts_hash


@settings(max_examples=50, deadline=None)
@given(
    st.dates(day("1940-01-01"), day("2026-01-01")),
    st.dates(day("2018-04-01"), day("2030-12-31")),
    st.sampled_from(InstitutionKind),
)
def test_every_answer_is_whole_and_travels_as_json(born: Any, on: Any, kind: InstitutionKind) -> None:
    facts = person(born=born, stays=((EBINA, "2024-04-01", None),))
    facts = facts._replace(institutions=(facts.institutions[0]._replace(kind=kind),))
    answer = judge_enrolment(EnrolmentFacts(ATSUGI, facts), on=on)
    content = json.loads(answer_to_json(answer))
    assert content["decided"]
    assert all(reason["text"].endswith("。") for reason in content["reasons"])
    assert isinstance(answer.value, EnrolmentFound)
    assert answer.value.insured == any(on in each.span.period for each in answer.value.enrolments)
    assert facts_from_json(to_json(facts), into=PersonFacts) == facts


SINCE_2020 = {"start": "2020-01-01", "end": None}
PLAIN: dict[str, Any] = json.loads(to_json(EnrolmentFacts(ATSUGI, LEFT_WORK)))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"residences": [{"municipality": "14212", "period": SINCE_2020}]}, "residences[0].municipality"),
        (
            {
                "residences": [
                    {"municipality": ATSUGI, "period": SINCE_2020},
                    {"municipality": TOKYO, "period": {"start": "2021-01-01", "end": None}},
                ]
            },
            "residences",
        ),
        (
            {
                "residences": [
                    {"municipality": ATSUGI, "period": {"start": "2020-01-01", "end": "2021-01-02"}},
                    {"municipality": TOKYO, "period": {"start": "2021-01-01", "end": None}},
                ]
            },
            "residences",
        ),
        ({"died_on": "1980-06-14"}, "died_on"),
        ({"studies": [{"home_municipality": "x", "period": SINCE_2020}]}, "studies[0].home_municipality"),
        (
            {"institutions": [{"kind": "hotel", "municipality": ATSUGI, "period": SINCE_2020}]},
            "institutions[0].kind",
        ),
        (
            {"institutions": [{"kind": "hospital", "municipality": "", "period": SINCE_2020}]},
            "institutions[0].municipality",
        ),
        (
            {
                "other_insurances": [
                    {"kind": "employees", "period": {"start": "2020-01-01", "end": "2020-01-01"}}
                ]
            },
            "other_insurances[0].period.end",
        ),
        ({"birth": None}, "birth"),
    ],
)
def test_facts_that_cannot_be_are_refused_by_their_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**PLAIN, "person": {**PLAIN["person"], **change}}, into=EnrolmentFacts)
    assert refused.value.path == f"$.person.{path}"


@pytest.mark.parametrize("name", ["birth_date", "residences", "other_insurances"])
def test_nothing_that_matters_has_a_default(name: str) -> None:
    rest = {key: value for key, value in PLAIN["person"].items() if key != name}
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**PLAIN, "person": rest}, into=EnrolmentFacts)
    assert refused.value.path == f"$.person.{name}"


def test_a_municipality_is_a_code_of_six_digits() -> None:
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**PLAIN, "municipality": "atsugi"}, into=EnrolmentFacts)
    assert refused.value.path == "$.municipality"


def test_the_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(PLAIN), encoding="utf-8")
    assert main(["judge", "kokuho-enrolment", "--on", "2026-05-01", str(file)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["value"]["insured"] is True
    assert content["value"]["enrolments"][0]["span"]["acquired_by"] == "被用者保険離脱"
    assert main(["judge", "kokuho-enrolment", "--on", "2026-05-01", "--explain", str(file)]) == 0
    assert "【国民健康保険 資格】" in capsys.readouterr().out
