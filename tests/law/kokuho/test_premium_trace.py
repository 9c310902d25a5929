"""The trace of a premium: whoever adds its figures up again comes to the amounts, and it tells itself in Japanese."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.decision import Step
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.explain import explain, say_value
from kyufu.law.kokuho.premium import Premium, assess, municipalities, rules_of
from kyufu.law.kokuho.premium.value import PART_LABELS, Part
from kyufu.law.kokuho.reading import answer_to_json, facts_from_plain
from tests.law.kokuho.premiums import household, premium_of, steps

YEARS = {
    name: year for name in municipalities() for year in range(2022, 2027) if rules_of(name, fiscal_year=year)
}
INCOMES = st.integers(0, 12_000_000)
FAMILY: list[dict[str, Any]] = [
    {"age": 45, "total": 2_345_678, "earner": True, "asset_tax": 54_321},
    {"age": 33, "total": 0, "asset_tax": 0, "birth": (2026, 10)},
    {"age": 4, "asset_tax": 0},
]


def answer(
    town: str, *members: dict[str, Any], companions: list[dict[str, Any]] | None = None
) -> Answer[Premium]:
    facts = household(YEARS[town], *(members or tuple(FAMILY)), companions=companions)
    return assess(facts, municipality=town)


def value(found: dict[str, Step], name: str) -> int:
    """A figure of the trace, 0 where the town has no such item."""
    step = found.get(name)
    if step is None:
        return 0
    assert isinstance(step.value, int), name
    return step.value


def rate(found: dict[str, Step], name: str) -> int:
    """A rate of the trace in 1/100,000, read as it is written."""
    step = found.get(name)
    if step is None:
        return 0
    whole, _, rest = str(step.value).removesuffix("%").partition(".")
    return int(whole) * 1_000 + int((rest + "000")[:3])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(YEARS)), st.lists(INCOMES, min_size=1, max_size=3))
def test_the_figures_of_each_part_add_up_to_its_amount(town: str, incomes: list[int]) -> None:
    members = [{"age": 30 + 20 * n, "total": income, "asset_tax": 12_345} for n, income in enumerate(incomes)]
    given_answer = answer(town, *members)
    found, premium = steps(given_answer), premium_of(given_answer)
    for part in premium.parts:
        name = part.part.value
        items = [
            value(found, f"{name}.{item}") for item in ("income", "asset", "per_person", "per_household")
        ]
        left, over = value(found, f"{name}.sum"), value(found, f"{name}.over_ceiling")
        assert abs(sum(items) - value(found, f"{name}.reduction") - left) <= 4
        assert 0 <= left - over - value(found, f"{name}.amount") <= 101
        assert value(found, f"{name}.amount") == part.amount
        assert value(found, f"{name}.months") == part.months
        if over:
            assert abs(left - over - value(found, f"{name}.ceiling_rate") * part.months // 12) <= 1
    assert value(found, "total") == premium.total


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(YEARS)), INCOMES, INCOMES)
def test_the_items_are_the_rates_of_the_trace_times_what_it_says_they_fall_on(
    town: str, one: int, two: int
) -> None:
    given_answer = answer(
        town, {"age": 50, "total": one, "asset_tax": 0}, {"age": 30, "total": two, "asset_tax": 0}
    )
    found = steps(given_answer)
    for part in ("medical", "support"):
        base = sum(value(found, f"member{n}.base_income") for n in (1, 2))
        assert value(found, f"{part}.base") == base
        assert value(found, f"{part}.income") == base * rate(found, f"{part}.income_rate") // 100_000
        assert value(found, f"{part}.per_person") == 2 * value(found, f"{part}.per_person_rate")
        assert value(found, f"{part}.per_household") == value(found, f"{part}.per_household_rate")
    assert value(found, "care.base") == value(found, "member1.base_income")
    assert value(found, "care.per_person") == value(found, "care.per_person_rate")


@pytest.mark.parametrize("town", sorted(YEARS))
def test_every_step_has_a_japanese_label_and_a_name_of_its_own(town: str) -> None:
    given_answer = answer(town)
    names = [step.quantity.name for step in given_answer.steps]
    assert len(set(names)) == len(names)
    for step in given_answer.steps:
        assert any("\u3040" <= letter <= "\u9fff" for letter in step.quantity.label), step.quantity
        assert step.value is not None
        assert say_value(step)
        if step.quantity.unit == "円":
            assert isinstance(step.value, int)


def test_what_a_town_does_not_levy_is_not_told() -> None:
    isesaki, toin, yokohama = steps(answer("isesaki")), steps(answer("toin")), steps(answer("yokohama"))
    assert "medical.asset_rate" not in isesaki
    assert "medical.asset_rate" in toin
    assert "child.adult_per_person_rate" in yokohama
    assert "medical.adult_per_person_rate" not in yokohama


def test_what_eases_a_premium_is_told_only_where_there_is_any() -> None:
    plain = steps(answer("yokohama", {"age": 50, "total": 3_000_000}))
    assert not [name for name in plain if name.startswith(("household.special", "maternity"))]
    assert "member1.preschool" not in plain
    family = steps(answer("yokohama"))
    assert family["member2.maternity_months"].value == 4
    assert family["member3.preschool"].value is True
    assert value(family, "maternity_exempted") == premium_of(answer("yokohama")).maternity_exempted
    special = steps(answer("yokohama", {"age": 72}, companions=[{"head": True, "moved": date(2024, 5, 5)}]))
    assert special["household.special_months"].value == 12


def test_each_stretch_of_a_year_with_a_loss_of_work_is_told_with_its_months() -> None:
    worker = {"age": 50, "total": 3_000_000, "eased": 900_000, "left_on": date(2026, 6, 30), "earner": True}
    given_answer = answer("yokohama", worker)
    months = [step.value for step in given_answer.steps if step.quantity.name == "reduction.months"]
    incomes = [step.value for step in given_answer.steps if step.quantity.name == "reduction.income"]
    assert (months, incomes) == ([3, 9], [3_000_000, 900_000])
    told = explain(given_answer, title="賦課")
    assert "3か月について、軽減判定所得が2割軽減の基準額を超えるため、軽減はありません" in told
    assert "9か月について、軽減判定所得が2割軽減の基準額以下のため、均等割と平等割を2割軽減しました" in told
    assert "p1 の給与所得を、非自発的失業により 9か月は100分の30とみました" in told


def test_the_explanation_tells_every_step_in_order_with_its_number() -> None:
    given_answer = answer("atsugi", {"age": 45, "total": 2_020_000, "earner": True})
    lines = explain(given_answer, title="賦課").splitlines()
    start = lines.index("【計算の過程】") + 1
    told = lines[start : start + len(given_answer.steps)]
    for number, (line, step) in enumerate(zip(told, given_answer.steps, strict=True), start=1):
        assert line == f"{number:>3}. {step.quantity.label}：{say_value(step)}"
    assert lines[start + len(given_answer.steps)] == ""
    assert "  3. 端数の処理：区分ごとに100円未満切捨て" in lines
    assert "旧ただし書所得：1,590,000円" in "\n".join(lines)


def test_an_answer_is_written_whole_and_a_premium_read_back_from_it() -> None:
    given_answer = answer("yokohama")
    written = json.loads(answer_to_json(given_answer))
    assert facts_from_plain(written["value"], into=Premium) == given_answer.value
    assert len(written["steps"]) == len(given_answer.steps)
    assert written["municipality"] == "yokohama"
    assert {each["code"] for each in written["reasons"]} == {each.code for each in given_answer.reasons}
    assert list(written) == sorted(written)


def test_an_answer_travels_between_processes() -> None:
    given_answer = answer("yokohama")
    assert pickle.loads(pickle.dumps(given_answer)) == given_answer


def test_the_parts_have_words_in_the_order_of_a_notice() -> None:
    assert [part.label for part in Part] == ["医療分", "支援金分", "介護分", "子ども分"]
    assert PART_LABELS.keys() == set(Part)
    assert [part.part for part in premium_of(answer("yokohama")).parts] == list(Part)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"total": 50_000_000}, "ceiling.medical"),
        ({"total": 430_000}, "reduction"),
        ({"total": 3_000_000}, "reduction.none"),
        ({"total": 0, "declared": "no"}, "reduction.undeclared"),
        ({"total": 3_000_000, "birth": (2026, 9)}, "maternity"),
        ({"age": 68, "former_dependant_since": date(2026, 4, 1)}, "former_dependant"),
    ],
)
def test_each_reason_is_told_with_its_code_and_the_result_comes_first(
    change: dict[str, Any], code: str
) -> None:
    given_answer = answer("yokohama", {"age": 50, **change})
    codes = [reason.code for reason in given_answer.reasons]
    assert codes[0] == "premium"
    assert code in codes
    assert all(reason.text for reason in given_answer.reasons)


def test_the_version_and_the_hash_change_with_what_they_stand_for() -> None:
    one, other = answer("yokohama"), answer("yokohama", {"age": 45, "total": 1})
    assert one.parameter_version == other.parameter_version
    assert one.facts_hash != other.facts_hash
    assert answer("isesaki").parameter_version != one.parameter_version
    again = answer("yokohama")
    assert (again.facts_hash, again.parameter_version) == (one.facts_hash, one.parameter_version)
