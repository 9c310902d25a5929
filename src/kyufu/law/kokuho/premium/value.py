"""What a premium consists of: the value of its answer. All yen."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """The parts of a premium: 基礎（医療）, 後期高齢者支援金等, 介護納付金, 子ども・子育て支援納付金."""

    MEDICAL = "medical"
    SUPPORT = "support"
    CARE = "care"
    CHILD = "child"

    @property
    def label(self) -> str:
        """The word on a notice."""
        return PART_LABELS[self.value]


PART_LABELS = {"medical": "医療分", "support": "支援金分", "care": "介護分", "child": "子ども分"}


class PartPremium(NamedTuple):
    """One part of the year's premium, by months.

    The items are before the reductions, for the months each member is liable; `reduction` is taken from the
    per-person and per-household items (7・5・2割, 未就学児, 18歳未満, 旧被扶養者, 特定世帯 is within the item already);
    the items show whole yen and are added up unrounded. `over_ceiling` is cut off; `amount` is owed.
    """

    part: Part
    months: int
    income: int
    asset: int
    per_person: int
    per_household: int
    reduction: int
    over_ceiling: int
    amount: int


class Premium(NamedTuple):
    """The premium of one household for one fiscal year.

    `reduction_tenths` is 7, 5, 2 or 0 (of the first stretch of the year where a loss of work changes it);
    `maternity_exempted` is what the months of a birth took off, before ceilings and rounding.
    """

    fiscal_year: int
    total: int
    months: int
    reduction_tenths: int
    parts: tuple[PartPremium, ...]
    maternity_exempted: int
