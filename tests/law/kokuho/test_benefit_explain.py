"""What a clerk reads: the whole explanation of each benefit, line by line, and what each refusal says."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.explain import explain
from kyufu.law.parameters.entries import Certainty
from tests.law.kokuho.benefit_cases import answer_to, read_cases


def told(rule: str, facts: dict[str, Any], *, municipality: str = "") -> list[str]:
    """The explanation without its last line, which holds the version and the hash."""
    answer = answer_to(rule, facts=facts, municipality=municipality)
    return explain(answer, title="給付").splitlines()[:-1]


def test_a_class_from_70_on() -> None:
    income = {
        "income_year": 2024,
        "declared": "yes",
        "tax": "taxed",
        "base_income": 2_500_000,
        "taxable_income": 1_500_000,
        "gross_income": 3_800_000,
    }
    people = [{"name": "本人", "birth_date": "1953-05-01", "head": True, "incomes": [income]}]
    lines = told("class", {"month": "2025-09", "members": people, "income_test_applied": True})
    assert lines[:8] == [
        "【給付】",
        "70歳以上75歳未満の所得区分は「一般」です。（国民健康保険法施行令 第29条の3〔仮定（要確認）〕）",
        "",
        "【計算の過程】",
        "  1. 判定に使う所得の年：令和6年",
        "  2. 70歳以上の被保険者の課税所得の最高額：1,500,000円",
        "  3. 70歳以上の被保険者の旧ただし書所得の合計：2,500,000円",
        "  4. 70歳以上の被保険者の収入の合計：3,800,000円",
    ]


def test_a_month_of_a_mixed_household() -> None:
    facts = {
        "month": "2025-05",
        "under_70": "u",
        "from_70": "general",
        "members": [
            {"name": "子", "birth_date": "1980-01-05", "head": True},
            {"name": "母", "birth_date": "1952-05-05"},
        ],
        "claims": [
            {"person": "子", "facility": "A病院", "setting": "inpatient", "cost": 500_000},
            {"person": "母", "facility": "B医院", "setting": "outpatient", "cost": 150_000},
            {"person": "母", "facility": "A病院", "setting": "inpatient", "cost": 400_000},
        ],
    }
    lines = told("highcost", facts)
    assert lines[1].startswith("高額療養費は172,070円、このうち支給する額は172,070円です。")
    steps = [line.partition(". ")[2] for line in lines if ". " in line]
    assert steps == [
        "診療月：令和7年5月",
        "70歳未満（世帯全体）の所得区分：区分ウ",
        "限度額の出典：東郷町 town.aichi-togo.lg.jp 3179（2023-04-18）、三島市 city.mishima.shizuoka.jp 2122",
        "70歳以上の所得区分：一般",
        "限度額の出典：山形市、横手市、本別町 town.honbetsu.hokkaido.jp post_70、江戸川区 kyuuhu18（外来年間合算）",
        "直近12か月（当月を除く）の支給月数：0か月",
        "子 A病院 入院：医療費（10割）：500,000円",
        "子 A病院 入院：一部負担金：150,000円",
        "母 A病院 入院：医療費（10割）：400,000円",
        "母 A病院 入院：一部負担金：80,000円",
        "母 B医院 外来：医療費（10割）：150,000円",
        "母 B医院 外来：一部負担金：30,000円",
        "母：外来の一部負担金：30,000円",
        "母：外来の限度額：18,000円",
        "母：外来の高額療養費：12,000円",
        "70歳以上の世帯：合算する一部負担金：98,000円",
        "70歳以上の世帯：合算する医療費（10割）：550,000円",
        "70歳以上の世帯：自己負担限度額：57,600円",
        "70歳以上の世帯：高額療養費：40,400円",
        "世帯全体：合算する一部負担金：207,600円",
        "世帯全体：合算する医療費（10割）：1,050,000円",
        "世帯全体：自己負担限度額：87,930円",
        "世帯全体：高額療養費：119,670円",
        "高額療養費の額：172,070円",
        "窓口で支払った額の合計：260,000円",
        "支給する額（窓口での現物給付を除く）：172,070円",
    ]
    cited = lines[lines.index("【根拠】") + 1 :]
    assert cited == [
        "・国民健康保険法 第57条の2〔仮定（要確認）〕",
        "・国民健康保険法施行令 第29条の2（支給の要件と額）〔仮定（要確認）〕",
        "・国民健康保険法施行令 第29条の3（自己負担限度額：区分ウ）",
        "・国民健康保険法施行令 第29条の3（自己負担限度額：一般）",
    ]


def test_several_times_and_the_half_month_stand_beside_the_ceiling() -> None:
    facts = {
        "month": "2025-05",
        "from_70": "general",
        "earlier_months": ["2025-02", "2025-03", "2025-04"],
        "members": [{"name": "夫", "birth_date": "1950-05-10", "head": True}],
        "claims": [
            {"person": "夫", "facility": "A", "setting": "inpatient", "cost": 400_000},
            {
                "person": "夫",
                "facility": "A",
                "setting": "outpatient",
                "cost": 100_000,
                "public_cost": 50_000,
                "public_paid": 2_500,
            },
        ],
    }
    lines = "\n".join(told("highcost", facts))
    assert "夫：外来の限度額（75歳到達月の2分の1）：9,000円" in lines
    assert "夫（75歳到達月）：自己負担限度額（多数回該当）（75歳到達月の2分の1）：22,200円" in lines
    assert "夫 A 外来（公費併用分）：一部負担金：2,500円" in lines
    assert "直近12か月（当月を除く）の支給月数：3か月" in lines


def test_figures_at_second_hand_say_so() -> None:
    facts = {
        "month": "2026-08",
        "under_70": "u",
        "members": [{"name": "本人", "birth_date": "1980-05-01", "head": True}],
        "claims": [{"person": "本人", "facility": "A", "setting": "inpatient", "cost": 1_000_000}],
    }
    lines = told("highcost", facts)
    assert "・国民健康保険法施行令 第29条の3（自己負担限度額：区分ウ）〔二次資料〕" in lines


def test_meals_of_a_long_stay() -> None:
    facts = {
        "days": [{"day": "2025-05-01", "meals": 2}, {"day": "2025-05-02", "meals": 3}],
        "under_70": "o",
        "reduced_from": "2025-05-01",
        "days_before": 89,
        "long_stay_from": "2025-05-01",
    }
    assert told("meals", facts) == [
        "【給付】",
        "食事の自己負担は1,050円です（高額療養費の対象になりません）。（国民健康保険法 第52条〔仮定（要確認）〕）",
        "",
        "【計算の過程】",
        "  1. 1食の標準負担額（食事療養 住民税非課税・低所得者Ⅱ（90日まで））：240円",
        "  2. 食数：2食",
        "  3. 1食の標準負担額（食事療養 住民税非課税・低所得者Ⅱ（90日を超える入院））：190円",
        "  4. 食数：3食",
        "  5. 食事の自己負担：1,050円",
        "",
        "【根拠】",
        "・国民健康保険法 第52条〔仮定（要確認）〕",
        "・標準負担額（食事療養 住民税非課税・低所得者Ⅱ（90日まで）） 1食240円",
        "・標準負担額（食事療養 住民税非課税・低所得者Ⅱ（90日を超える入院）） 1食190円",
    ]


def test_a_birth_with_its_time_bar() -> None:
    facts = {
        "born_on": "2025-05-05",
        "applied_on": "2025-06-01",
        "is_insured": True,
        "pregnancy_days": 280,
        "has_compensation": True,
        "paid_to_institution": 470_000,
    }
    lines = told("childbirth", facts)
    assert lines[1].startswith("出産育児一時金は500,000円（世帯主への支給は30,000円）です。")
    assert lines[2].startswith("令和9年5月5日まで申請できます。")
    for line in (
        "出産の日：令和7年5月5日",
        "在胎週数：40週",
        "産科医療補償制度の加算：12,000円",
        "医療機関等へ直接支払う額：470,000円",
        "時効の起算日：令和7年5月6日",
        "時効により申請できないか：いいえ",
    ):
        assert any(each.endswith(line) for each in lines), line


def test_a_funeral_names_the_ordinance_of_the_municipality() -> None:
    facts = {
        "died_on": "2025-05-05",
        "applied_on": "2025-06-01",
        "is_insured": True,
        "held_on": "2025-05-08",
    }
    lines = told("funeral", facts, municipality="tanabe")
    assert lines[1].startswith("葬祭を行った方に葬祭費30,000円を支給します。")
    assert "・田辺市国民健康保険条例 （葬祭費）" in lines
    assert any(line.endswith("田辺市 葬祭費：30,000円") for line in lines)


def test_a_late_application_says_until_when_it_was_possible() -> None:
    facts = {"benefit": "high_cost", "applied_on": "2026-05-01", "treated": "2024-04"}
    lines = told("time-bar", facts)
    assert lines[1].startswith("申請できる期間（令和8年4月30日まで）を過ぎているため、支給できません。")
    assert "・時効の起算日 （国保組合・健保組合・区市町村の公表による）〔二次資料〕" in lines


def test_the_two_insurances_are_told_apart() -> None:
    facts = {
        "year": 2024,
        "from_70": "general",
        "people": [
            {"name": "夫", "is_from_70": True, "medical": 300_000, "care": 0},
            {"name": "妻", "is_from_70": True, "medical": 0, "care": 440_000},
        ],
    }
    lines = told("combined", facts)
    assert lines[1].startswith("高額介護合算療養費は180,000円（医療72,973円、介護107,027円）です。")
    for line in (
        "70歳以上：医療の自己負担：300,000円",
        "70歳以上：介護の自己負担：440,000円",
        "70歳以上：限度額（高額介護合算 一般）：560,000円",
        "70歳以上：限度額を超える額：180,000円",
        "70歳以上：支給する額（500円以下は支給しない）：180,000円",
    ):
        assert any(each.endswith(line) for each in lines), line


def test_expenses_and_carrying() -> None:
    facts = {
        "why": "orthotic",
        "birth_date": "1980-05-01",
        "treated_on": "2025-05-10",
        "paid_on": "2025-05-10",
        "applied_on": "2025-06-01",
        "paid": 30_000,
        "standard_cost": 28_000,
        "is_accepted": True,
    }
    lines = told("medical-expenses", facts)
    assert lines[1].startswith("19,600円を支給します。")
    assert any(line.endswith("療養費の種類：治療用装具") for line in lines)
    assert any(line.endswith("支給の基礎となる額：28,000円") for line in lines)
    assert any(line.endswith("一部負担金の割合：3割") for line in lines)
    moved = {
        "moved_on": "2025-05-10",
        "paid_on": "2025-05-20",
        "applied_on": "2025-06-01",
        "paid": 60_000,
        "standard_cost": 50_000,
        "is_for_proper_care": True,
        "is_hardly_movable": False,
        "is_urgent": False,
    }
    lines = told("transport", moved)
    assert lines[1].startswith(
        "次の要件を満たさないため、支給できません：病気やけがにより移動が困難であったこと、緊急その他やむを得なかったこと。"
    )


def undecided() -> list[Any]:
    return [
        pytest.param(case, id=case.id)
        for case in read_cases()
        if isinstance(case.answer().value, CannotDecide)
    ]


@pytest.mark.parametrize("case", undecided())
def test_what_cannot_be_decided_says_what_lacks_and_why(case: Any) -> None:
    answer = case.answer()
    lines = explain(answer, title="給付").splitlines()
    assert lines[0] == "【給付】判定できません"
    for each in answer.value.missing:
        assert f"足りないもの：{each}" in lines
    assert len(answer.reasons) == 1
    assert answer.reasons[0].code.startswith("missing.")
    assert answer.reasons[0].text.endswith("。")


def test_no_article_that_nobody_read_is_called_official() -> None:
    """The articles of the Act and its order come from general knowledge: they are to be confirmed."""
    for case in read_cases():
        for citation in case.answer().citations:
            if (
                citation.law in ("国民健康保険法", "国民健康保険法施行令")
                and "（自己負担限度額" not in citation.article
            ):
                if "外来の年間上限" in citation.article:
                    continue
                assert citation.certainty != Certainty.OFFICIAL, citation
