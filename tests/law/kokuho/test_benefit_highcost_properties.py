"""What must hold of the high-cost benefit of every household."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.benefits.ceilings import monthly_ceiling
from kyufu.law.kokuho.benefits.claims import Claim, Setting
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.highcost import HighCost, HighCostFacts, judge_high_cost
from kyufu.law.kokuho.benefits.parameters import limit_on, rules_on
from tests.law.kokuho import benefit_oracle as oracle
from tests.law.kokuho.benefit_households import (
    MONTH,
    SENIORS,
    TURNING,
    YOUNG,
    claims,
    households,
    split,
    with_claims,
)

RULES = rules_on(MONTH.first_day)
FEW = settings(max_examples=25, deadline=None)


def high_cost(facts: HighCostFacts) -> HighCost:
    answer = judge_high_cost(facts)
    assert isinstance(answer.value, HighCost), answer.value
    return answer.value


def nominal(facts: HighCostFacts) -> int:
    """The share of cost of everything, without any ceiling: what the counter takes where nothing is known."""
    return high_cost(facts).burden + high_cost(facts).payable


def world_of(facts: HighCostFacts) -> oracle.World:
    assert facts.under_70 is not None
    assert facts.from_70 is not None
    world = oracle.World(
        under_70=facts.under_70.value,
        from_70=facts.from_70.value,
        seniors={claim.person for claim in facts.claims} - set(YOUNG),
        turning=set(TURNING),
        is_several=len(facts.earlier_months) >= 3,
    )
    senior_tenths = 3 if facts.from_70.is_active else 2
    for claim in facts.claims:
        tenths = 3 if claim.person in YOUNG else senior_tenths
        place = (claim.facility, claim.setting.value, claim.department.value)
        is_out = claim.setting is Setting.OUTPATIENT
        world.care.append(oracle.Care(claim.person, place, is_out, claim.cost, tenths))
    return world


@settings(max_examples=80, deadline=None)
@given(households())
def test_the_benefit_is_what_a_second_computation_finds(facts: HighCostFacts) -> None:
    assert high_cost(facts).benefit == oracle.benefit(world_of(facts))


@FEW
@given(households(), st.data())
def test_splitting_and_reordering_the_claims_changes_nothing(
    facts: HighCostFacts, data: st.DataObject
) -> None:
    parts = [part for claim in facts.claims for part in data.draw(split(claim=claim))]
    random.Random(data.draw(st.integers())).shuffle(parts)
    assert high_cost(with_claims(facts, *parts)) == high_cost(facts)


@FEW
@given(households(), st.data())
def test_splitting_what_was_paid_changes_nothing(facts: HighCostFacts, data: st.DataObject) -> None:
    paid = [replace(claim, paid=data.draw(st.integers(0, claim.cost * 2 // 10))) for claim in facts.claims]
    halves = [
        half
        for claim in paid
        for half in (
            replace(claim, cost=claim.cost // 2, paid=(claim.paid or 0) // 2),
            replace(
                claim, cost=claim.cost - claim.cost // 2, paid=(claim.paid or 0) - (claim.paid or 0) // 2
            ),
        )
    ]
    assert high_cost(with_claims(facts, *halves)) == high_cost(with_claims(facts, *paid))


@FEW
@given(households(), st.data())
def test_a_payment_never_exceeds_what_was_paid(facts: HighCostFacts, data: st.DataObject) -> None:
    paid = [replace(claim, paid=data.draw(st.integers(0, claim.cost * 3 // 10))) for claim in facts.claims]
    value = high_cost(with_claims(facts, *paid))
    assert 0 <= value.payable <= sum(claim.paid or 0 for claim in paid)
    assert value.burden >= 0


@FEW
@given(households())
def test_no_yen_is_lost_in_sharing(facts: HighCostFacts) -> None:
    value = high_cost(facts)
    assert sum(share.benefit for share in value.shares) == value.benefit
    assert sum(share.payable for share in value.shares) == value.payable
    assert value.benefit == sum(
        (value.specified, value.outpatient, value.turning_75, value.from_70, value.household)
    )
    assert all(share.benefit >= 0 and share.payable >= 0 for share in value.shares)


@FEW
@given(households())
def test_no_one_gets_back_more_than_their_own_burden(facts: HighCostFacts) -> None:
    value = high_cost(facts)
    for share in value.shares:
        own = with_claims(facts, *(claim for claim in facts.claims if claim.person == share.name))
        assert share.benefit <= nominal(own)


@FEW
@given(households(people=tuple(YOUNG)))
def test_under_70_the_burden_is_at_most_the_ceiling_and_what_is_left_out(facts: HighCostFacts) -> None:
    assert facts.under_70 is not None
    limit = limit_on(MONTH.first_day, table="under_70", code=facts.under_70)
    assert limit is not None
    value = high_cost(facts)
    groups: dict[tuple[str, str, str, str], int] = {}
    for claim in facts.claims:
        key = (claim.person, claim.facility, claim.setting.value, claim.department.value)
        groups[key] = groups.get(key, 0) + claim.cost
    counted = [cost for cost in groups.values() if cost * 3 // 10 >= RULES.minimum_item]
    left_out = sum(cost * 3 // 10 for cost in groups.values() if cost not in counted)
    most = monthly_ceiling(
        limit,
        cost=sum(counted),
        is_several=len(facts.earlier_months) >= RULES.several_months,
        is_half=False,
        rules=RULES,
    )
    assert value.burden <= most.amount + left_out
    if value.benefit:
        assert value.burden == most.amount + left_out


@FEW
@given(households(), st.data())
def test_more_cost_raises_the_burden_by_its_share_at_most(facts: HighCostFacts, data: st.DataObject) -> None:
    """More cost at a facility that counts already: the burden rises by the share of it or by 1 %, never falls."""
    extra = 10 * data.draw(st.integers(0, 100_000))
    base = (*facts.claims, Claim("世帯主", "大学病院", Setting.INPATIENT, 100_000))
    more = (*facts.claims, Claim("世帯主", "大学病院", Setting.INPATIENT, 100_000 + extra))
    before, after = high_cost(with_claims(facts, *base)), high_cost(with_claims(facts, *more))
    assert before.burden <= after.burden <= before.burden + extra * 3 // 10
    assert before.benefit <= after.benefit


@FEW
@given(households(), claims())
def test_another_claim_never_lowers_the_benefit(facts: HighCostFacts, more: Claim) -> None:
    before = high_cost(facts)
    after = high_cost(with_claims(facts, *facts.claims, more))
    # The 1 % of the ceiling grows with the cost of the new claim: never by more than what the claim itself adds.
    assert after.burden >= 0
    assert after.burden <= before.burden + more.cost * 3 // 10 + 1


@FEW
@given(households())
def test_the_fourth_time_is_never_dearer(facts: HighCostFacts) -> None:
    first = high_cost(replace(facts, earlier_months=()))
    fourth = high_cost(
        replace(facts, earlier_months=tuple(MONTH._replace(month=month) for month in (6, 7, 8)))
    )
    assert fourth.benefit >= first.benefit


@FEW
@given(households(people=tuple(YOUNG)))
def test_a_lower_class_under_70_never_pays_more(facts: HighCostFacts) -> None:
    order = [Under70.A, Under70.I, Under70.U, Under70.E, Under70.O]
    # Of the same cost: エ is fixed and lies under ウ, so the order of the classes is that of the burdens.
    burdens = [high_cost(replace(facts, under_70=code)).burden for code in order]
    assert burdens == sorted(burdens, reverse=True)


@FEW
@given(households(people=tuple(SENIORS)))
def test_a_lower_class_from_70_never_pays_more(facts: HighCostFacts) -> None:
    order = [From70.GENERAL, From70.LOW_2, From70.LOW_1]
    burdens = [high_cost(replace(facts, from_70=code)).burden for code in order]
    assert burdens == sorted(burdens, reverse=True)


@FEW
@given(households(people=tuple(TURNING)))
def test_the_month_of_turning_75_costs_at_most_half_the_ceiling(facts: HighCostFacts) -> None:
    assert facts.from_70 is not None
    limit = limit_on(MONTH.first_day, table="from_70", code=facts.from_70)
    assert limit is not None
    cost = sum(claim.cost for claim in facts.claims)
    most = monthly_ceiling(limit, cost=cost, is_several=bool(facts.earlier_months), is_half=True, rules=RULES)
    assert high_cost(facts).burden <= most.amount


@FEW
@given(households())
def test_the_counter_that_knows_the_result_leaves_nothing_to_pay(facts: HighCostFacts) -> None:
    """Who paid nothing is owed nothing, however large the benefit."""
    free = with_claims(facts, *(replace(claim, paid=0) for claim in facts.claims))
    value = high_cost(free)
    assert value.payable == 0
    assert value.benefit == high_cost(facts).benefit


@FEW
@given(households())
def test_the_steps_tell_the_same_sums_as_the_value(facts: HighCostFacts) -> None:
    answer = judge_high_cost(facts)
    value = high_cost(facts)
    by_name: dict[str, list[object]] = {}
    for step in answer.steps:
        by_name.setdefault(step.quantity.name, []).append(step.value)
    assert by_name["benefit"] == [value.benefit]
    assert by_name["payable"] == [value.payable]
    for stage in ("outpatient", "turning_75", "from_70", "household"):
        told = sum(int(str(each)) for each in by_name.get(f"{stage}_benefit", []))
        assert told == getattr(value, stage), stage
    assert sum(int(str(each)) for each in by_name.get("item_burden", [])) == nominal(facts)
