"""How sure a premium says that it is, and by which article: only what the premium rests on is doubted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.law.decision import Reason
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.premium.assessment import assess
from kyufu.law.kokuho.premium.value import Premium
from tests.law.kokuho.premiums import household


def judged(year: int, *people: dict[str, Any], town: str) -> Answer[Premium]:
    return assess(household(year, *people), municipality=town)


def reason(answer: Answer[Premium], code: str) -> Reason:
    return next(each for each in answer.reasons if each.code == code)


@pytest.mark.parametrize(
    ("year", "town", "certainty"), [(2025, "atsugi", "official"), (2026, "yokohama", "secondary")]
)
def test_the_order_is_as_sure_as_the_years_own_figures(year: int, town: str, certainty: str) -> None:
    answer = judged(year, {"age": 45, "total": 2_000_000}, town=town)
    assert answer.citations[0].certainty == certainty
    assert reason(answer, "reduction.none").citation == answer.citations[0]


def test_the_remission_of_a_former_dependant_is_the_ordinances_and_doubted_where_it_holds() -> None:
    answer = judged(2025, {"age": 70, "total": 0, "former_dependant_since": date(2024, 5, 1)}, town="atsugi")
    cited = reason(answer, "former_dependant").citation
    assert cited is not None
    assert (cited.law, cited.article, cited.certainty) == (
        "厚木市国民健康保険条例",
        "旧被扶養者の減免",
        "assumed",
    )
    assert answer.citations[0].certainty == "official"


@pytest.mark.parametrize(("until", "is_said"), [(None, False), (date(2025, 12, 10), True)])
def test_a_ceiling_for_a_part_of_the_year_is_said_to_be_assumed(until: date | None, is_said: bool) -> None:
    answer = judged(2025, {"age": 45, "total": 30_000_000, "until": until}, town="atsugi")
    said = reason(answer, "ceiling.medical")
    assert ("月割は仮定" in said.text) is is_said
    assert ("8か月分" in said.text) is is_said
    assert said.citation == answer.citations[0]


@pytest.mark.parametrize(
    ("town", "law", "article"),
    [("atsugi", "国民健康保険法施行令", "第29条の7の2"), ("natori", "地方税法", "第703条の5の2")],
)
def test_the_relief_of_the_unemployed_names_its_article(town: str, law: str, article: str) -> None:
    worker = {"age": 45, "total": 3_000_000, "eased": 900_000, "left_on": date(2025, 3, 31), "earner": True}
    answer = judged(2025, worker, town=town)
    cited = reason(answer, "unemployment").citation
    assert cited is not None
    assert (cited.law, cited.article) == (law, article)


def test_who_left_work_too_old_is_told_the_age_in_force() -> None:
    worker = {"born": date(1960, 3, 2), "total": 3_000_000, "eased": 900_000, "left_on": date(2025, 3, 31)}
    said = reason(judged(2025, worker, town="atsugi"), "unemployment.too_old")
    assert "離職の日に65歳以上のため" in said.text
