"""What a family pays of a treatment: both sides of each sum, in the words of the cities' pages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.child.cities import city_of
from kyufu.law.child.copays import Care, Treatment, copay_rules, own_part, subsidy
from kyufu.law.child.labels import benefit_classes
from kyufu.law.child.parameters import CopayRules

ON = date(2026, 8, 1)
CLASSES = {
    (city, code): each
    for city in ("yokohama", "kawasaki", "sapporo")
    for code, each in benefit_classes(city).items()
}
JUDO = CopayRules(270)


def pays(
    city: str, code: str, care: Care, *, own_share: int, cost: int = 0, first: bool = True, paid: int = 0
) -> int:
    """The own part under a class of a city, yen."""
    rules = copay_rules(city_of(city), on=ON)
    treatment = Treatment(care, first, cost or own_share * 10 // 3, own_share, paid)
    return own_part(treatment, benefit_class=CLASSES[city, code], rules=rules)


@pytest.mark.parametrize(("own_share", "part"), [(0, 0), (499, 499), (500, 500), (501, 500), (9_000, 500)])
@pytest.mark.parametrize("city", ["yokohama", "kawasaki"])
def test_a_visit_costs_500_yen_or_what_it_costs_where_that_is_less(
    city: str, own_share: int, part: int
) -> None:
    """https://www.city.kawasaki.jp/450/page/0000066095.html: 500円に満たない場合は、その額."""
    assert pays(city, "visit_500", Care.MEDICAL, own_share=own_share) == part
    assert pays(city, "visit_500", Care.DENTAL, own_share=own_share, first=False) == part
    assert pays(city, "visit_500", Care.PHARMACY, own_share=own_share) == 0
    assert pays(city, "visit_500", Care.INPATIENT, own_share=own_share) == 0
    assert pays(city, "free", Care.MEDICAL, own_share=own_share) == 0


def test_a_visit_that_is_not_subsidised_costs_the_whole_share() -> None:
    assert pays("kawasaki", "inpatient_only", Care.MEDICAL, own_share=9_000) == 9_000
    assert pays("kawasaki", "inpatient_only", Care.PHARMACY, own_share=9_000) == 9_000
    assert pays("kawasaki", "inpatient_only", Care.INPATIENT, own_share=90_000) == 0


@pytest.mark.parametrize(
    ("care", "first", "part"),
    [
        (Care.MEDICAL, True, 580),
        (Care.MEDICAL, False, 0),
        (Care.DENTAL, True, 510),
        (Care.DENTAL, False, 0),
        (Care.JUDO, True, 270),
        (Care.JUDO, False, 0),
        (Care.PHARMACY, True, 0),
        (Care.INPATIENT, True, 580),
        (Care.INPATIENT, False, 0),
    ],
)
def test_in_sapporo_the_first_visit_costs(care: Care, first: bool, part: int) -> None:
    """EX-404, https://www.city.sapporo.jp/hoken-iryo/iryojosei/kakudai.html; the judo therapist's sum is assumed."""
    assert pays("sapporo", "first_visit", care, own_share=3_000, first=first) == part
    assert pays("sapporo", "first_visit", care, own_share=min(part, 200), first=first) == min(part, 200)


@pytest.mark.requirement("SPR-052")
@pytest.mark.parametrize(
    ("cost", "paid", "part"),
    [
        (100_000, 0, 10_000),
        (575_990, 0, 57_599),
        (576_000, 0, 57_600),
        (576_010, 0, 57_600),
        (5_000_000, 0, 57_600),
        (100_000, 50_000, 7_600),
        (100_000, 57_600, 0),
        (100_000, 90_000, 0),
    ],
)
@pytest.mark.parametrize("code", ["first_visit_tenth", "inpatient_tenth"])
def test_in_sapporo_hospital_cost_a_tenth_up_to_the_ceiling_until_2024_03(
    code: str, cost: int, paid: int, part: int
) -> None:
    """EX-404: 総医療費の1割（限度額57,600円/月）."""
    assert pays("sapporo", code, Care.INPATIENT, own_share=cost * 3 // 10, cost=cost, paid=paid) == part


def test_a_tenth_is_never_more_than_the_own_share_that_is_left() -> None:
    """A high-cost benefit may leave less than a tenth of the whole cost."""
    assert pays("sapporo", "inpatient_tenth", Care.INPATIENT, own_share=24_600, cost=500_000) == 24_600


def test_no_other_city_has_own_parts_beside_its_classes() -> None:
    assert copay_rules(city_of("sapporo"), on=ON) == JUDO
    assert copay_rules(city_of("kawasaki"), on=ON) is None
    assert copay_rules(city_of("yokohama"), on=ON) is None


@pytest.mark.parametrize("wrong", [{"cost": -1}, {"own_share": -1}, {"paid_this_month": -1}])
def test_an_amount_below_0_is_refused(wrong: dict[str, int]) -> None:
    treatment = Treatment(Care.MEDICAL, True, 1_000, 300)._replace(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="below 0"):
        own_part(treatment, benefit_class=CLASSES["kawasaki", "free"], rules=None)


YEN = st.integers(0, 3_000_000)
TREATMENTS = st.builds(Treatment, st.sampled_from(Care), st.booleans(), YEN, YEN, YEN)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(CLASSES)), TREATMENTS)
def test_family_and_municipality_share_what_there_is(key: tuple[str, str], treatment: Treatment) -> None:
    part = own_part(treatment, benefit_class=CLASSES[key], rules=JUDO)
    assert 0 <= part <= treatment.own_share
    assert part + subsidy(treatment, benefit_class=CLASSES[key], rules=JUDO) == treatment.own_share
    more = treatment._replace(own_share=treatment.own_share + 1_000, cost=treatment.cost + 1_000)
    assert own_part(more, benefit_class=CLASSES[key], rules=JUDO) >= part
