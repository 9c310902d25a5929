"""Rounding of premiums: named rules, of which each municipality's parameters name one.

Amounts are exact whole numbers of 1/1,200,000 yen up to here: rates are given to 1/100,000 and months to 1/12, and
the tenths, halves and quarters of the reductions divide that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple

SCALE = 1_200_000


class RoundingRule(NamedTuple):
    """A named rule: what is cut off (端数切捨て) from each part and from their sum, in yen; 0 cuts nothing off."""

    name: str
    label: str
    part_unit: int
    total_unit: int

    def part(self, exact: int) -> int:
        """A part in yen; where parts are not rounded, its whole yen are shown."""
        unit = self.part_unit or 1
        return exact // (SCALE * unit) * unit

    def total(self, exact: Sequence[int]) -> int:
        """The sum of the parts in yen."""
        if self.part_unit:
            whole = sum([self.part(each) for each in exact])
            return whole // self.total_unit * self.total_unit if self.total_unit else whole
        unit = self.total_unit or 1
        return sum(exact) // (SCALE * unit) * unit


_RULES = (
    RoundingRule("part_100", "区分ごとに100円未満切捨て", 100, 0),
    RoundingRule("part_10", "区分ごとに10円未満切捨て", 10, 0),
    RoundingRule("part_1", "区分ごとに1円未満切捨て", 1, 0),
    RoundingRule("total_100", "合計で100円未満切捨て", 0, 100),
    RoundingRule("total_10", "合計で10円未満切捨て", 0, 10),
    RoundingRule("total_1", "合計で1円未満切捨て（区分では端数処理をしない）", 0, 1),
    RoundingRule("part_1_total_100", "区分ごとに1円未満、合計で100円未満切捨て", 1, 100),
)
ROUNDING_RULES = MappingProxyType({rule.name: rule for rule in _RULES})


def whole_yen(exact: int) -> int:
    """The whole yen of an exact amount, for showing it: what is below a yen is left out (円未満切捨て)."""
    return exact // SCALE


def cut(amount: int, *, unit: int) -> int:
    """An amount in yen with what is below the unit cut off."""
    return amount // unit * unit
