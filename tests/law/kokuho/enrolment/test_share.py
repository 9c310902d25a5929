"""The share of cost: by age, and from 70 by taxable income, base income and revenue, on both sides of each line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cli.main import main
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.enrolment.share import (
    AgeClass,
    Share,
    ShareFacts,
    ShareMember,
    age_class_on,
    judge_share,
    tax_year_on,
)
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.reading import FactsError, facts_from_plain, to_json
from tests.law.kokuho.enrolment.people import ages, day, share_rules

ELDER = "1952-03-03"
YEN = st.integers(0, 12_000_000)


def one(
    ref: str = "a",
    *,
    born: str | None = ELDER,
    taxable: int | None = 0,
    base: int | None = 9_000_000,
    revenue: int | None = None,
    gross: int | None = 0,
    salary: int = 0,
    year: int = 2026,
) -> ShareMember:
    """A member; the base income is over its line where a test does not say otherwise."""
    return ShareMember(ref, born and day(born), year, taxable, base, gross, salary, revenue)  # type: ignore[arg-type]


def household(
    *members: ShareMember,
    who: str = "a",
    head: str | None = None,
    former: tuple[int, ...] = (),
    applied: str | None = None,
) -> ShareFacts:
    return ShareFacts(who, head, members, former, None if applied is None else day(applied))


def answered(facts: ShareFacts, *, on: str = "2026-09-01") -> Answer[Share]:
    return judge_share(facts, on=day(on))


def tenths(facts: ShareFacts, *, on: str = "2026-09-01") -> int:
    value = answered(facts, on=on).value
    assert isinstance(value, Share)
    return value.tenths


def codes(facts: ShareFacts, *, on: str = "2026-09-01") -> list[str]:
    return [reason.code for reason in answered(facts, on=on).reasons]


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        # 出雲市条例第4条: until the first 31 March on or after the day on which 6 is reached.
        ("2020-04-01", "2026-03-31", 2),
        ("2020-04-01", "2026-04-01", 3),
        ("2020-04-02", "2026-04-01", 2),
        ("2020-04-02", "2027-03-31", 2),
        ("2020-04-02", "2027-04-01", 3),
        ("2026-09-01", "2026-09-01", 2),
        ("1980-06-15", "2026-09-01", 3),
        # The month in which 70 is reached is still of the old share; born on the 1st, a month earlier.
        ("1956-08-31", "2026-08-31", 3),
        ("1956-08-31", "2026-09-01", 2),
        ("1956-09-01", "2026-08-31", 3),
        ("1956-09-01", "2026-09-01", 2),
        ("1956-09-02", "2026-09-30", 3),
        ("1951-09-02", "2026-09-01", 2),
    ],
)
def test_the_share_by_age(born: str, on: str, expected: int) -> None:
    assert tenths(household(one(born=born)), on=on) == expected


@pytest.mark.parametrize(
    ("born", "on"),
    [("1951-09-01", "2026-09-01"), ("1951-08-31", "2026-09-01"), ("2026-09-02", "2026-09-01")],
)
def test_nobody_before_birth_or_from_75_on_has_a_share(born: str, on: str) -> None:
    assert codes(household(one(born=born)), on=on) == ["share.not_insured"]


@pytest.mark.parametrize(("taxable", "expected"), [(0, 2), (1_449_999, 2), (1_450_000, 3), (9_000_000, 3)])
def test_taxable_income_from_1_450_000_on(taxable: int, expected: int) -> None:
    """宇治市・堺市: 課税所得145万円以上。"""
    assert tenths(household(one(taxable=taxable))) == expected


def test_the_highest_in_the_household_decides_for_all_from_70_on() -> None:
    """宇治市: 世帯内の70歳以上の国保加入者のうち最も高い人の金額。"""
    facts = household(one("a", taxable=0), one("b", taxable=1_450_000))
    assert tenths(facts) == 3
    assert codes(facts) == ["share.found", "share.revenue_unknown"]


def test_the_income_of_younger_members_does_not_count() -> None:
    assert tenths(household(one("a"), one("b", born="1970-01-01", taxable=9_000_000))) == 2


def test_the_income_of_who_has_turned_75_does_not_count() -> None:
    assert tenths(household(one("a"), one("b", born="1951-08-31", taxable=9_000_000))) == 2


@pytest.mark.parametrize(("base", "expected"), [(2_100_000, 2), (2_100_001, 3), (0, 2)])
def test_base_income_of_all_from_70_on_up_to_2_100_000(base: int, expected: int) -> None:
    """堺市・日高市: 旧ただし書所得の合計210万円。"""
    assert tenths(household(one(taxable=1_450_000, base=base))) == expected


def test_base_incomes_are_added() -> None:
    under = household(one("a", taxable=1_450_000, base=1_100_000), one("b", base=1_000_000))
    over = household(one("a", taxable=1_450_000, base=1_100_000), one("b", base=1_000_001))
    assert (tenths(under), tenths(over)) == (2, 3)
    assert codes(under)[1] == "share.base_income_under"


@pytest.mark.parametrize(
    ("revenue", "expected", "code"),
    [
        (3_829_999, 2, "share.revenue_under"),
        (3_830_000, 3, "share.revenue_over"),
        (None, 3, "share.revenue_unknown"),
    ],
)
def test_revenue_of_one_alone_under_3_830_000(revenue: int | None, expected: int, code: str) -> None:
    facts = household(one(taxable=1_450_000, revenue=revenue))
    assert tenths(facts) == expected
    assert codes(facts)[1] == code


@pytest.mark.parametrize(("other", "expected"), [(1_199_999, 2), (1_200_000, 3), (None, 3)])
def test_revenue_of_two_under_5_200_000(other: int | None, expected: int) -> None:
    facts = household(one("a", taxable=1_450_000, revenue=4_000_000), one("b", revenue=other))
    assert tenths(facts) == expected


def test_two_are_not_judged_by_the_line_of_one() -> None:
    facts = household(one("a", taxable=1_450_000, revenue=3_000_000), one("b", revenue=1_000_000))
    assert tenths(facts) == 2


@pytest.mark.parametrize(
    ("own", "former", "expected"),
    [
        (4_000_000, (), 3),
        (4_000_000, (1_199_999,), 2),
        (4_000_000, (1_200_000,), 3),
        (4_000_000, (600_000, 599_999), 2),
        (3_829_999, (9_000_000,), 2),
    ],
)
def test_one_with_somebody_who_went_to_the_late_elderly(
    own: int, former: tuple[int, ...], expected: int
) -> None:
    """埼玉県国保連: 移られた人との合計収入額が520万円未満。"""
    assert tenths(household(one(taxable=1_450_000, revenue=own), former=former)) == expected


def test_who_went_to_the_late_elderly_does_not_help_two() -> None:
    facts = household(
        one("a", taxable=1_450_000, revenue=4_000_000), one("b", revenue=1_200_000), former=(0,)
    )
    assert tenths(facts) == 3
    sums = [step.value for step in answered(facts).steps if step.quantity.name == "revenue_sum"]
    assert sums == [5_200_000]


@pytest.mark.parametrize(
    ("on", "applied", "expected"),
    [
        ("2021-12-31", None, 3),
        ("2021-12-31", "2021-12-01", 2),
        ("2022-01-01", None, 2),
        ("2022-01-01", "2021-12-01", 2),
    ],
)
def test_no_application_is_needed_from_2022_on_where_the_revenue_is_known(
    on: str, applied: str | None, expected: int
) -> None:
    """日高市: 令和4年1月1日より申請不要。"""
    facts = household(
        one(born="1948-03-03", taxable=1_450_000, revenue=3_000_000, year=2021), applied=applied
    )
    assert tenths(facts, on=on) == expected
    assert ("share.no_application" in codes(facts, on=on)) is (expected == 3)


# ---- 19歳未満の被保険者 ----


@pytest.mark.parametrize(
    ("born", "off"),
    [
        # 31 December 2025: under 16 are born from 2 January 2010 on; from 16 under 19 from 2 January 2007 on.
        ("2010-01-02", 330_000),
        ("2010-01-01", 120_000),
        ("2007-01-02", 120_000),
        ("2007-01-01", 0),
        ("2025-12-31", 330_000),
        ("2026-01-01", 0),
    ],
)
def test_insured_minors_lower_the_taxable_income_of_the_head(born: str, off: int) -> None:
    """堺市: 前年12月31日現在, 16歳未満33万円, 16歳以上19歳未満12万円。"""
    at_the_line = household(one(taxable=1_450_000 + off - 1), one("b", born=born), head="a")
    over_it = household(one(taxable=1_450_000 + off), one("b", born=born), head="a")
    assert (tenths(at_the_line), tenths(over_it)) == (2, 3)


def test_minors_do_not_lower_the_income_of_who_is_not_head() -> None:
    assert tenths(household(one(taxable=1_450_000), one("b", born="2015-01-01"), head="x")) == 3
    assert tenths(household(one(taxable=1_450_000), one("b", born="2015-01-01"), head=None)) == 3


@pytest.mark.parametrize(
    ("gross", "salary", "expected"),
    [
        (380_000, 0, 2),
        (380_001, 0, 3),
        (480_000, 100_000, 2),
        (480_000, 480_000, 2),
        (480_001, 480_001, 3),
        (430_000, 40_000, 3),
    ],
)
def test_minors_count_with_little_income(gross: int, salary: int, expected: int) -> None:
    """堺市: 合計所得38万円以下, 給与所得については10万円を控除。"""
    minor = one("b", born="2009-01-01", gross=gross, salary=salary)
    assert tenths(household(one(taxable=1_569_999), minor, head="a")) == expected


def test_a_minor_whose_income_is_not_known_is_not_decided() -> None:
    facts = household(one(taxable=1_450_000), one("b", born="2015-01-01", gross=None), head="a")
    assert codes(facts) == ["share.minor_income_unknown"]


# ---- what lacks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "on", "code"),
    [
        (household(one(born=None)), "2026-09-01", "share.birth_date_unknown"),
        (household(one(), one("b", born=None)), "2026-09-01", "share.birth_date_unknown"),
        (household(one(taxable=None)), "2026-09-01", "share.income_unknown"),
        (household(one(), one("b", taxable=None)), "2026-09-01", "share.income_unknown"),
        (household(one(taxable=1_450_000, base=None)), "2026-09-01", "share.base_income_unknown"),
        (household(one(year=2025)), "2026-09-01", "share.other_year"),
        (household(one(year=2026)), "2026-07-31", "share.other_year"),
        (household(one(), one("b", year=2025)), "2026-09-01", "share.other_year"),
        (household(one(born="1980-01-01")), "2019-03-31", "share.before_known"),
    ],
)
def test_what_lacks_is_said(facts: ShareFacts, on: str, code: str) -> None:
    answer = answered(facts, on=on)
    assert not answer.decided
    assert [reason.code for reason in answer.reasons] == [code]
    assert answer.value.missing  # type: ignore[union-attr]


def test_the_income_of_who_is_not_70_is_never_asked_for() -> None:
    assert tenths(household(one(born="1980-01-01", taxable=None, base=None, year=1999))) == 3


@pytest.mark.parametrize(
    ("on", "year"),
    [
        ("2026-01-01", 2025),
        ("2026-07-31", 2025),
        ("2026-08-01", 2026),
        ("2026-12-31", 2026),
        ("2027-01-01", 2026),
    ],
)
def test_the_year_of_the_tax_changes_in_august(on: str, year: int) -> None:
    """西宮市・堺市: 1月から7月は前々年中、8月から12月は前年中の所得。"""
    assert tax_year_on(day(on), rules=share_rules()) == year


# ---- the answer ------------------------------------------------------------------------------------------------------


def test_the_trace_tells_every_figure() -> None:
    facts = household(one("a", taxable=1_500_000, revenue=4_000_000), one("b", revenue=1_000_000), head="a")
    steps = {step.quantity.name: step.value for step in answered(facts).steps}
    assert steps["recipient_from"] == day("2022-04-01")
    assert steps["tax_year"] == 2026
    assert steps["base_income_sum"] == 18_000_000
    assert steps["revenue_sum"] == 5_000_000
    assert steps["revenue_limit"] == 5_200_000
    assert steps["tenths"] == 2


def test_the_answer_is_told_in_japanese() -> None:
    text = explain(answered(household(one(taxable=1_450_000, revenue=3_830_000))), title="一部負担金の割合")
    assert "一部負担金の割合は3割です（70歳以上で現役並み所得者に当たるため）。" in text
    assert "課税所得が1,450,000円以上です。収入額の合計3,830,000円が3,830,000円以上です。" in text
    assert "国民健康保険法 第42条第1項" in text


@pytest.mark.parametrize(
    ("born", "why"),
    [
        ("2024-01-01", "6歳に達する日以後の最初の3月31日までにあるため"),
        ("1980-01-01", "就学後、70歳に達する日の属する月までにあるため"),
    ],
)
def test_the_age_is_told_in_japanese(born: str, why: str) -> None:
    assert why in explain(answered(household(one(born=born))), title="")


@settings(max_examples=80, deadline=None)
@given(YEN, YEN, st.none() | YEN, YEN)
def test_more_income_never_lowers_the_share(taxable: int, base: int, revenue: int | None, more: int) -> None:
    low = household(one(taxable=taxable, base=base, revenue=revenue))
    high = household(
        one(
            taxable=taxable + more,
            base=base + more,
            revenue=None if revenue is None else revenue + more,
        )
    )
    assert tenths(low) <= tenths(high)


@settings(max_examples=80, deadline=None)
@given(st.dates(date(1951, 10, 1), date(2026, 9, 1)), st.integers(0, 400))
def test_the_classes_of_age_follow_each_other(born: date, later: int) -> None:
    """Before school, between, from 70: each day is of one class, and the classes never go back."""
    order = list(AgeClass)
    first = date.fromordinal(max(born.toordinal(), date(2026, 9, 1).toordinal()))
    then = date.fromordinal(first.toordinal() + later)
    now, after = (age_class_on(born, on=on, rules=ages()) for on in (first, then))
    assert order.index(now) <= order.index(after)


@pytest.mark.parametrize(
    ("change", "path"),
    [({"person": "x"}, "$.person"), ({"members": 2}, "$.members"), ({"persons": "a"}, "$.persons")],
)
def test_facts_that_cannot_be_are_refused(change: dict[str, Any], path: str) -> None:
    plain: dict[str, Any] = json.loads(to_json(household(one())))
    if "members" in change:
        change = {"members": plain["members"] * 2}
    with pytest.raises(FactsError) as refused:
        facts_from_plain({**plain, **change}, into=ShareFacts)
    assert refused.value.path == path


def test_the_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(to_json(household(one(taxable=1_450_000))), encoding="utf-8")
    assert main(["judge", "kokuho-share", "--on", "2026-09-01", str(file)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["value"] == {"age_class": "recipient", "high_income": True, "tenths": 3}
