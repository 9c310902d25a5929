"""Households and claims that hypothesis makes up for the benefits; synthetic, of no one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth
from kyufu.law.kokuho.benefits.claims import Claim, Department, Setting
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.highcost import HighCostFacts
from kyufu.law.kokuho.benefits.household import Member

MONTH = YearMonth(2025, 9)
YOUNG = {"世帯主": date(1975, 3, 5), "妻": date(1978, 7, 20), "子": date(2005, 1, 1)}
SENIORS = {"父": date(1951, 2, 3), "母": date(1953, 12, 31)}
TURNING = {"祖母": date(1950, 9, 15)}
BIRTHS = {**YOUNG, **SENIORS, **TURNING}
PLACES = ("中央病院", "港診療所", "北医院")
LARGEST_COST = 4_000_000


@st.composite
def claims(draw: st.DrawFn, *, people: tuple[str, ...] = tuple(BIRTHS)) -> Claim:
    """A claim of one of the household, its cost in points of ten yen."""
    return Claim(
        person=draw(st.sampled_from(people)),
        facility=draw(st.sampled_from(PLACES)),
        setting=draw(st.sampled_from(Setting)),
        cost=10 * draw(st.integers(0, LARGEST_COST // 10)),
        department=draw(st.sampled_from(Department)),
    )


@st.composite
def households(draw: st.DrawFn, *, people: tuple[str, ...] = tuple(BIRTHS)) -> HighCostFacts:
    """A household of a month with certified classes and up to eight claims."""
    return HighCostFacts(
        month=MONTH,
        members=tuple(
            Member(name, birth, head=name == "世帯主") for name, birth in BIRTHS.items() if name in people
        ),
        claims=tuple(draw(st.lists(claims(people=people), max_size=8))),
        earlier_months=draw(
            st.sampled_from(((), (YearMonth(2025, 6), YearMonth(2025, 7), YearMonth(2025, 8))))
        ),
        under_70=draw(st.sampled_from(Under70)),
        from_70=draw(st.sampled_from(From70)),
    )


def with_claims(facts: HighCostFacts, *claims: Claim) -> HighCostFacts:
    """The same household with other claims."""
    return replace(facts, claims=tuple(claims))


@st.composite
def split(draw: st.DrawFn, *, claim: Claim) -> tuple[Claim, ...]:
    """A claim in parts that come to the same cost, to the yen."""
    cuts = sorted(draw(st.lists(st.integers(0, claim.cost), max_size=3)))
    ends = [0, *cuts, claim.cost]
    return tuple(replace(claim, cost=end - start) for start, end in itertools.pairwise(ends))
