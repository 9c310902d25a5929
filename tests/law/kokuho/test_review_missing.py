"""What lacks is said, what contradicts is refused: collection, benefits and the counter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.law.kokuho.conftest import Counter

ATSUGI = ("--municipality", "atsugi")
CORRECTION: dict[str, Any] = {
    "fiscal_year": 2025,
    "before": 130_000,
    "after": 100_000,
    "first_due_on": "2025-06-30",
    "decided_on": "2027-07-01",
}
SPECIAL: dict[str, Any] = {
    "fiscal_year": 2025,
    "head_is_insured": True,
    "head_birth_date": "1955-06-01",
    "member_birth_dates": ["1955-06-01"],
    "pension": 1_200_000,
    "care_is_withheld": True,
    "care_premium": 60_000,
    "total": 90_500,
    "pays_by_transfer": False,
    "start": "continued",
    "last_february": 14_000,
}
DUE: dict[str, Any] = {"fiscal_year": 2025, "total": 123_400, "first_due": "2025-06"}
BIRTH: dict[str, Any] = {
    "born_on": "2025-05-05",
    "applied_on": "2025-06-01",
    "is_insured": True,
    "pregnancy_days": 280,
    "has_compensation": True,
}
STAY: dict[str, Any] = {
    "days": [{"day": "2025-05-02", "meals": 3}],
    "under_70": "o",
    "reduced_from": "2025-05-01",
    "long_stay_from": "2025-05-02",
}
BRACE: dict[str, Any] = {
    "why": "orthotic",
    "birth_date": "1980-05-01",
    "treated_on": "2025-05-10",
    "paid_on": "2025-05-10",
    "applied_on": "2025-05-10",
    "paid": 30_000,
    "standard_cost": 28_000,
    "is_accepted": True,
}
RIDE: dict[str, Any] = {
    "moved_on": "2025-05-10",
    "paid_on": "2025-05-20",
    "applied_on": "2025-05-20",
    "paid": 60_000,
    "standard_cost": 50_000,
    "is_for_proper_care": True,
    "is_hardly_movable": True,
    "is_urgent": True,
}
FUNERAL: dict[str, Any] = {
    "died_on": "2025-05-05",
    "applied_on": "2025-05-08",
    "is_insured": True,
    "held_on": "2025-05-08",
}
RECEIPT: dict[str, Any] = {"month": "2025-05", "setting": "inpatient", "cost": 950_000}
HIGH_COST: dict[str, Any] = {
    "month": "2024-10",
    "under_70": "u",
    "members": [{"name": "夫", "birth_date": "1970-01-05", "head": True}],
}
CLAIM: dict[str, Any] = {"person": "夫", "facility": "A", "setting": "inpatient", "cost": 1_000_000}


@pytest.mark.parametrize(
    ("rule", "facts", "options", "place"),
    [
        ("correction", {**CORRECTION, "first_due_on": "2025-03-31"}, ATSUGI, "$.first_due_on"),
        ("correction", {**CORRECTION, "decided_on": "2025-03-31"}, ATSUGI, "$.decided_on"),
        ("special-collection", {**SPECIAL, "member_birth_dates": []}, ATSUGI, "$.member_birth_dates"),
        (
            "special-collection",
            {**SPECIAL, "member_birth_dates": ["1955-06-02"]},
            ATSUGI,
            "$.member_birth_dates",
        ),
        ("instalments", {**DUE, "first_due": "2025-03"}, ATSUGI, "$.first_due"),
        (
            "instalments",
            {**DUE, "first_due": "2025-08", "levied": [{"number": 1, "due": "2025-06", "amount": 1}] * 2},
            ATSUGI,
            "$.levied",
        ),
        ("medical-expenses", {**BRACE, "applied_on": "2025-05-09"}, (), "$.applied_on"),
        ("transport", {**RIDE, "applied_on": "2025-05-19"}, (), "$.applied_on"),
        ("funeral", {**FUNERAL, "applied_on": "2025-05-04"}, ("--municipality", "tanabe"), "$.applied_on"),
    ],
)
def test_days_and_persons_that_do_not_fit_are_refused(
    counter: Counter, rule: str, facts: dict[str, Any], options: tuple[str, ...], place: str
) -> None:
    code, told = counter.ask(rule, facts, *options)
    assert code == 2
    assert f"facts.json {place}: " in told


@pytest.mark.parametrize(
    ("rule", "facts", "options", "said"),
    [
        ("correction", {**CORRECTION, "decided_on": "2025-04-01"}, ATSUGI, "30,000円 減額する更正ができます"),
        ("special-collection", SPECIAL, ATSUGI, "仮徴収（令和7年4月）：14,000円"),
        ("instalments", {**DUE, "first_due": "2025-04"}, ATSUGI, "第1期（令和7年6月）：12,700円"),
        ("medical-expenses", BRACE, (), "19,600円を支給します。"),
        ("transport", RIDE, (), "50,000円を支給します。"),
        ("funeral", FUNERAL, ("--municipality", "tanabe"), "葬祭費30,000円を支給します。"),
    ],
)
def test_days_that_just_fit_are_judged(
    counter: Counter, rule: str, facts: dict[str, Any], options: tuple[str, ...], said: str
) -> None:
    assert said in counter.ask(rule, facts, *options)[1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "足りないもの：被保険者の責めによらない被用者保険との調整による減額かどうか"),
        ({"is_adjustment": False}, "令和9年6月30日を過ぎたため、賦課決定（更正）はできません"),
        ({"is_adjustment": True}, "年額を 30,000円 減額する更正ができます"),
        ({"is_adjustment": True, "decided_on": "2030-06-30"}, "減額する更正ができます"),
        ({"decided_on": "2030-07-01"}, "令和9年6月30日を過ぎたため"),
        ({"decided_on": "2027-06-30"}, "減額する更正ができます"),
        ({"after": 130_001}, "令和9年6月30日を過ぎたため"),
    ],
)
def test_a_premium_is_lowered_late_only_for_an_overlap_without_fault(
    counter: Counter, changes: dict[str, Any], said: str
) -> None:
    told = counter.ask("correction", {**CORRECTION, **changes}, *ATSUGI)[1]
    assert said in told
    assert "国民健康保険法 第110条の2" in told
    assert "第29条の7" not in told


def test_a_rule_of_collection_names_its_own_articles(counter: Counter) -> None:
    withheld = counter.ask("special-collection", SPECIAL, *ATSUGI)[1]
    assert "国民健康保険法 第76条の3・第76条の4〔仮定（要確認）〕" in withheld
    assert "合計の上限（年金の年額の2分の1）：600,000円" in withheld
    due = counter.ask("instalments", DUE, *ATSUGI)[1]
    assert "厚木市国民健康保険条例 納期（回数・月・端数）〔仮定（要確認）〕" in due
    assert "第29条の7" not in withheld + due


def test_a_year_without_rates_names_the_municipality_and_the_years_there_are(counter: Counter) -> None:
    told = counter.ask("correction", {**CORRECTION, "fiscal_year": 2024}, *ATSUGI)[1]
    assert "足りないもの：厚木市の令和6年度の料率（全区分）" in told
    assert "（登録のある年度：令和7年度）" in told


def test_what_an_institution_receives_of_a_birth_is_not_taken_for_nothing(counter: Counter) -> None:
    told = counter.ask("childbirth", BIRTH)[1]
    assert "足りないもの：直接支払制度・受取代理制度による額（使っていないときは0）" in told
    assert "世帯主への支給は500,000円" in counter.ask("childbirth", {**BIRTH, "paid_to_institution": 0})[1]


def test_the_days_of_a_long_stay_are_not_taken_for_none(counter: Counter) -> None:
    told = counter.ask("meals", STAY)[1]
    assert "足りないもの：減額を受けて入院した、この入院より前12か月の日数" in told
    for days, yen in ((89, 720), (90, 570)):
        assert f"食事の自己負担は{yen}円です" in counter.ask("meals", {**STAY, "days_before": days})[1]


@pytest.mark.parametrize(
    ("changes", "is_judged"),
    [
        ({"under_70": "a", "tenths": 3}, True),
        ({"under_70": "a", "tenths": 2}, True),
        ({"under_70": "a", "tenths": 1}, False),
        ({"under_70": "a", "tenths": 7}, False),
        ({"from_70": "general", "tenths": 2}, True),
        ({"from_70": "general", "tenths": 3}, False),
        ({"from_70": "active_1", "tenths": 3}, True),
        ({"from_70": "active_1", "tenths": 2}, False),
    ],
)
def test_the_share_of_cost_fits_the_class(counter: Counter, changes: dict[str, Any], is_judged: bool) -> None:
    told = counter.ask("receipt", {**RECEIPT, **changes})[1]
    assert ("足りないもの：負担割合か所得区分の確認" not in told) is is_judged
    assert ("窓口での負担は" in told) is is_judged


@pytest.mark.parametrize(("paid", "is_said"), [(None, True), (300_000, False)])
def test_what_was_paid_at_the_counter_is_not_taken_silently(
    counter: Counter, paid: int | None, is_said: bool
) -> None:
    told = counter.ask("highcost", {**HIGH_COST, "claims": [{**CLAIM, "paid": paid}]})[1]
    assert "このうち支給する額は212,570円" in told
    assert ("一部負担金の全額を支払ったとみて計算しました" in told) is is_said


def test_a_class_cites_only_what_was_asked(counter: Counter) -> None:
    person = {"name": "夫", "birth_date": "1975-05-01", "head": True}
    income = {"income_year": 2024, "declared": "yes", "tax": "taxed", "base_income": 2_100_001}
    told = counter.ask("class", {"month": "2025-09", "members": [{**person, "incomes": [income]}]})[1]
    assert "所得区分の基準 （区分アとなる旧ただし書所得の世帯合計（超））" in told
    assert "低所得者Ⅰ" not in told
    assert "現役並み" not in told


HEAD: dict[str, Any] = {
    "name": "夫",
    "birth_date": "1975-05-01",
    "head": True,
    "incomes": [{"income_year": 2024, "declared": "yes", "tax": "taxed", "base_income": 2_100_001}],
}


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2025-01-01", "70歳未満（世帯全体）の所得区分は「区分ウ」です。"),
        ("2024-12-31", "足りないもの：子の令和6年中の所得"),
        ("2025-10-01", "facts.json $.members: 診療月にまだ生まれていない人がいます"),
    ],
)
def test_a_child_born_after_the_year_lacks_no_income(counter: Counter, born: str, said: str) -> None:
    child = {"name": "子", "birth_date": born}
    assert said in counter.ask("class", {"month": "2025-09", "members": [HEAD, child]})[1]


def test_two_of_one_name_have_no_class(counter: Counter) -> None:
    told = counter.ask("class", {"month": "2025-09", "members": [HEAD, {**HEAD, "head": False}]})[1]
    assert "$.members: 同じ名前の人が二人います" in told


@pytest.mark.parametrize("option", [("--on", "2026-01-01"), ("--municipality", "atsugi")])
def test_an_option_that_a_rule_does_not_read_is_refused(
    counter: Counter, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        counter.ask("highcost", {**HIGH_COST, "claims": [CLAIM]}, *option)
    assert option[0] in capsys.readouterr().err
