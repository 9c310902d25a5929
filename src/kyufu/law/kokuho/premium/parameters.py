"""The shape of the dated parameters of the premium: of the country, and of each municipality."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from kyufu.law.parameters.entries import Table, value_table

NATIONAL_FILE = "kokuho_premium.toml"
RATES_FOLDER = "kokuho_rates"
NATIONAL_TABLES = (
    value_table("premium"),
    Table("ceiling", "part", {"part": str, "label": str, "value": int, "unit": str}),
    value_table("collection"),
)
RATES_TABLES = (
    value_table("municipality"),
    Table(
        "rates",
        "part",
        {
            "part": str,
            "label": str,
            "income_rate": str,
            "asset_rate": str,
            "per_person": int,
            "adult_per_person": int,
            "per_household": int,
            "ceiling": int,
        },
        optional=frozenset({"asset_rate", "adult_per_person", "ceiling"}),
    ),
)
LEVIES = MappingProxyType({"premium": "保険料", "tax": "保険税"})
REMAINDERS = MappingProxyType({"first": "最初の納期", "last": "最後の納期"})


@dataclass(frozen=True, slots=True)
class NationalRules:
    """What the Order (国民健康保険法施行令) and the notices fix for everybody: yen, tenths, quarters, months, ages."""

    reduction_base: int
    reduction_per_earner: int
    five_per_person: int
    two_per_person: int
    highest_tenths: int
    middle_tenths: int
    lowest_tenths: int
    preschool_tenths: int
    preschool_age: int
    minor_age: int
    care_from_age: int
    care_until_age: int
    late_elderly_age: int
    specified_months: int
    special_quarters: int
    continuing_months: int
    continued_quarters: int
    maternity_since: str
    maternity_before: int
    maternity_before_multiple: int
    maternity_after: int
    former_dependant_age: int
    former_dependant_months: int
    former_dependant_tenths: int
    former_dependant_income_exempt: bool
    unemployed_age: int


@dataclass(frozen=True, slots=True)
class CollectionRules:
    """How it is collected and until when it may be decided: yen, tenths, ages, times a year, years."""

    pension_least: int
    pension_share_tenths: int
    youngest_age: int
    oldest_age: int
    special_unit: int
    special_times: int
    premium_time_bar_years: int
    premium_reduction_time_bar_years: int
    tax_time_bar_years: int
    tax_reduction_time_bar_years: int


class Ages(NamedTuple):
    """The ages that decide who owes for what."""

    preschool: int
    minor: int
    care_from: int
    care_until: int
    elderly: int


@dataclass(frozen=True, slots=True)
class MunicipalRules:
    """What does not change with the rates: name, form of levy, rounding and instalments (months by number)."""

    label: str
    code: str
    levy: str
    rounding: str
    instalments: int
    first_instalment_month: int
    instalment_unit: int
    remainder: str
