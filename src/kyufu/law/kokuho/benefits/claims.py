"""The claims of a month, gathered as the law counts them: per person, facility, in- or out-patient, dental or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TENTHS = 10


class Setting(StrEnum):
    """入院 or 外来."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"


class Department(StrEnum):
    """医科 or 歯科, counted apart at the same facility."""

    MEDICAL = "medical"
    DENTAL = "dental"


class SpecifiedDisease(StrEnum):
    """特定疾病 (長期高額疾病), with a ceiling of its own at each facility: 人工透析 or another."""

    DIALYSIS = "dialysis"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim (レセプト) or a part of one, yen, without meals and without what no insurance covers.

    `facility` is where the care was given; a pharmacy counts to the facility that prescribed. `cost` is the whole cost
    (10割) of the care under the insurance alone, `paid` what the patient paid of it at the counter (None: the share of
    the cost). `public_cost` is the cost of care shared with a public scheme (公費), `public_paid` the patient's part.
    """

    person: str
    facility: str
    setting: Setting
    cost: int
    paid: int | None = None
    department: Department = Department.MEDICAL
    public_cost: int = 0
    public_paid: int = 0
    specified_disease: SpecifiedDisease | None = None

    def fault(self) -> tuple[str, str] | None:
        """Amounts that cannot be."""
        for name in ("cost", "paid", "public_cost", "public_paid"):
            if (getattr(self, name) or 0) < 0:
                return name, "負の額は使えません"
        if self.paid is not None and self.paid > self.cost:
            return "paid", "窓口で支払った額が医療費（10割）を超えています"
        return ("public_paid", "公費の医療費を超えています") if self.public_paid > self.public_cost else None


class Item(NamedTuple):
    """What counts as one: its cost, the patient's burden, the burden that is held against 21,000 yen, what was paid."""

    person: str
    facility: str
    setting: Setting
    department: Department
    cost: int
    burden: int
    tested: int
    paid: int
    is_public: bool
    specified_disease: SpecifiedDisease | None = None


_Key = tuple[str, str, Setting, Department, str]


def gather(claims: Iterable[Claim], *, tenths: Mapping[str, int]) -> tuple[Item, ...]:
    """Claims as items in a fixed order; how a claim is split or ordered changes nothing.

    The burden is the person's share of the summed cost (`tenths`), less than a yen dropped. The part shared with a
    public scheme is an item of its own: the patient bears `public_paid`, but the insurance's share is tested.
    """
    groups: dict[_Key, list[Claim]] = {}
    for claim in claims:
        disease = claim.specified_disease or ""
        key = (claim.person, claim.facility, claim.setting, claim.department, disease)
        groups.setdefault(key, []).append(claim)
    items: list[Item] = []
    for key in sorted(groups):
        items += _items_of(key, claims=groups[key], tenths=tenths[key[0]])
    return tuple(items)


def _items_of(key: _Key, *, claims: list[Claim], tenths: int) -> Iterable[Item]:
    disease = claims[0].specified_disease
    cost = sum(claim.cost for claim in claims)
    if cost:
        burden = cost * tenths // TENTHS
        unpaid = sum(claim.cost for claim in claims if claim.paid is None)
        paid = sum(claim.paid or 0 for claim in claims) + unpaid * tenths // TENTHS
        yield Item(*key[:4], cost, burden, burden, paid, False, disease)
    public_cost = sum(claim.public_cost for claim in claims)
    if public_cost:
        borne = sum(claim.public_paid for claim in claims)
        tested = public_cost * tenths // TENTHS
        yield Item(*key[:4], public_cost, borne, tested, borne, True)
