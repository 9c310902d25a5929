"""Collection that holds for every amount: nothing lost, nothing withheld twice, terms counted day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, months_of_fiscal_year
from kyufu.law.kokuho.answer import Undecidable
from kyufu.law.kokuho.premium.correction import Correction, CorrectionFacts, correct, last_day_of
from kyufu.law.kokuho.premium.instalments import Instalment, InstalmentFacts, due_months, plan
from kyufu.law.kokuho.premium.parameters import MunicipalRules
from kyufu.law.kokuho.premium.rules import YearRules, rules_of
from kyufu.law.kokuho.premium.special_collection import (
    MAIN_MONTHS,
    PROVISIONAL_MONTHS,
    SpecialCollection,
    SpecialCollectionFacts,
    Start,
    hindrances,
    withhold,
)

YEN = st.integers(0, 1_130_000)
MONTHS = st.sampled_from(months_of_fiscal_year(2025))
DAYS = st.dates(date(2024, 4, 1), date(2034, 3, 31))
FEW = settings(max_examples=80, deadline=None)


def atsugi() -> YearRules:
    found = rules_of("atsugi", fiscal_year=2025)
    assert found is not None
    return found


@st.composite
def towns(draw: st.DrawFn) -> MunicipalRules:
    """Ways of collecting by instalments, of any number and beginning."""
    return MunicipalRules(
        label="試験市",
        code="999999",
        levy="premium",
        rounding="part_100",
        instalments=draw(st.integers(1, 12)),
        first_instalment_month=draw(st.integers(4, 8)),
        instalment_unit=draw(st.sampled_from((1, 10, 100, 1_000))),
        remainder=draw(st.sampled_from(("first", "last"))),
    )


@FEW
@given(towns(), YEN, MONTHS, st.none() | MONTHS)
def test_instalments_are_the_year_and_fall_due_in_their_time(
    town: MunicipalRules, total: int, since: YearMonth, last: YearMonth | None
) -> None:
    facts = InstalmentFacts(2025, total, since, last)
    if facts.fault() is not None:
        assert last is not None
        assert last < since
        return
    found = plan(facts, rules=town)
    assert sum(each.amount for each in found.instalments) == total
    assert found.refund == 0
    regular = due_months(town, fiscal_year=2025)
    for each in found.instalments:
        assert each.due >= since
        if each.number:
            assert each.due == regular[each.number - 1]
            assert last is None or each.due <= last
        else:
            assert len(found.instalments) == 1
            assert each.due == since


@FEW
@given(towns(), st.lists(st.tuples(YEN, MONTHS), min_size=1, max_size=4))
def test_corrections_one_after_another_end_with_the_last_total(
    town: MunicipalRules, corrections: list[tuple[int, YearMonth]]
) -> None:
    """However often a year is corrected, what stands is the last total, and what was due stays as it was."""
    levied: tuple[Instalment, ...] = ()
    for total, since in sorted(corrections, key=lambda each: each[1]):
        found = plan(InstalmentFacts(2025, total, since, levied=levied), rules=town)
        assert sum(each.amount for each in found.instalments) - found.refund == total
        assert found.instalments[: sum(each.due < since for each in levied)] == tuple(
            each for each in levied if each.due < since
        )
        assert all(each.amount >= 0 for each in found.instalments)
        levied = found.instalments


@FEW
@given(towns(), YEN)
def test_instalments_after_the_one_that_takes_the_remainder_are_alike(
    town: MunicipalRules, total: int
) -> None:
    first = due_months(town, fiscal_year=2025)[0]
    amounts = [each.amount for each in plan(InstalmentFacts(2025, total, first), rules=town).instalments]
    others = amounts[1:] if town.remainder == "first" else amounts[:-1]
    assert len(set(others)) <= 1
    assert all(each % town.instalment_unit == 0 for each in others)
    assert max(amounts) - min(amounts) < town.instalment_unit * town.instalments or len(amounts) == 1


@st.composite
def seniors(draw: st.DrawFn) -> SpecialCollectionFacts:
    return SpecialCollectionFacts(
        fiscal_year=2025,
        head_is_insured=draw(st.booleans()),
        head_birth_date=draw(st.dates(date(1949, 1, 1), date(1962, 1, 1))),
        member_birth_dates=tuple(draw(st.lists(st.dates(date(1949, 1, 1), date(1962, 1, 1)), max_size=2))),
        pension=draw(st.integers(0, 3_000_000)),
        care_is_withheld=draw(st.booleans()),
        care_premium=draw(st.integers(0, 200_000)),
        total=draw(st.integers(0, 1_000_000)),
        pays_by_transfer=draw(st.booleans()),
        start=draw(st.sampled_from(Start)),
        last_february=draw(st.none() | st.integers(0, 100_000)),
        last_total=draw(st.none() | st.integers(0, 600_000)),
    )


@FEW
@given(seniors())
def test_what_is_withheld_and_collected_is_the_year(facts: SpecialCollectionFacts) -> None:
    found = withhold(facts, rules=atsugi().collection)
    if isinstance(found, Undecidable):
        needed = facts.last_february if facts.start is Start.CONTINUED else facts.last_total
        assert facts.start is not Start.OCTOBER
        assert needed is None
        return
    withheld = sum(each.amount for each in found.withheld)
    assert withheld + found.ordinary - found.refund == facts.total
    months = [each.month.month for each in found.withheld]
    assert months == [*(() if facts.start is Start.OCTOBER else PROVISIONAL_MONTHS), *MAIN_MONTHS]
    assert {each.month.fiscal_year for each in found.withheld} == {2025}
    later = [each.amount for each in found.withheld if each.month.month in (12, 2)]
    assert later[0] == later[1]
    assert later[0] % 100 == 0
    assert all(each.amount >= 0 for each in found.withheld)


@FEW
@given(seniors())
def test_a_pension_is_withheld_from_only_where_every_condition_is_met(facts: SpecialCollectionFacts) -> None:
    against = {reason.code for reason in hindrances(facts, rules=atsugi().collection)}
    assert ("head_not_insured" in against) == (not facts.head_is_insured)
    assert ("transfer" in against) == facts.pays_by_transfer
    assert ("care_not_withheld" in against) == (not facts.care_is_withheld)
    assert ("pension_small" in against) == (facts.pension < 180_000)
    assert ("over_share" in against) == (2 * (facts.total + facts.care_premium) > facts.pension)
    ages = [(date(2025, 4, 2) - born).days / 365.2425 for born in facts.member_birth_dates]
    if all(abs(age - edge) > 0.01 for age in ages for edge in (65, 75)):
        assert ("member_of_other_age" in against) == any(not 65 <= age < 75 for age in ages)
    birthday = facts.head_birth_date.month, facts.head_birth_date.day
    if birthday != (2, 29):
        fiscal = facts.head_birth_date.year + 75 - (birthday < (4, 1))
        assert ("head_turns_75" in against) == (fiscal == 2025)


def test_a_collection_of_nothing_withholds_nothing() -> None:
    facts = SpecialCollectionFacts(2025, True, date(1955, 6, 1), (), 0, True, 0, 0, False, Start.OCTOBER)
    found = withhold(facts, rules=atsugi().collection)
    assert isinstance(found, SpecialCollection)
    assert [each.amount for each in found.withheld] == [0, 0, 0]


@given(DAYS, st.integers(1, 6))
def test_a_term_of_years_ends_before_its_day_comes_round(start: date, years: int) -> None:
    last = last_day_of(start, years=years)
    after = last + timedelta(days=1)
    assert after.year - start.year == years
    if (start.month, start.day) != (2, 29):
        assert (after.month, after.day) == (start.month, start.day)
    else:
        assert (last.month, last.day) == (2, 28)


@FEW
@given(YEN, YEN, DAYS, st.none() | DAYS, DAYS)
def test_a_correction_is_allowed_up_to_its_last_day(
    before: int, after: int, due: date, leviable: date | None, decided: date
) -> None:
    facts = CorrectionFacts(2025, before, after, due, decided, leviable, is_adjustment=False)
    found = correct(facts, rules=atsugi())
    assert isinstance(found, Correction)
    later = max(due, leviable or due)
    assert found.difference == after - before
    assert later < found.last_day
    assert 728 <= (found.last_day - later).days <= 731
    assert found.allowed == (before == after or decided <= found.last_day)
