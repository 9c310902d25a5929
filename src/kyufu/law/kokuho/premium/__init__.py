"""The premium of national health insurance (国民健康保険料・国民健康保険税): assessment, instalments, collection.

The door of the package: `assess` answers for one household and fiscal year, any municipality of which rates are kept.
"""

from kyufu.law.kokuho.premium.assessment import assess
from kyufu.law.kokuho.premium.facts import (
    Companion,
    Household,
    Maternity,
    Member,
    Unemployment,
)
from kyufu.law.kokuho.premium.rules import municipalities, rules_of
from kyufu.law.kokuho.premium.value import PartPremium, Premium

__all__ = [
    "Companion",
    "Household",
    "Maternity",
    "Member",
    "PartPremium",
    "Premium",
    "Unemployment",
    "assess",
    "municipalities",
    "rules_of",
]
