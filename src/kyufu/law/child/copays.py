"""What the family pays of one treatment (一部負担金) under a class of benefit; the subsidy is the rest.

Amounts are yen. `own_share` is what is left for the family after the insurance (2 or 3 tenths, after a high-cost
benefit and a top-up of the insurer), without meals; it is never exceeded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.child.city import City
from kyufu.law.child.parameters import BenefitClass, CopayRules, load_parameters, rows_of
from kyufu.law.parameters.binding import bind
from kyufu.law.parameters.entries import Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.wording import NOT_SUBSIDISED

WHOLE_PERCENT = 100


class Care(StrEnum):
    """The kinds of care that an own part may differ by."""

    MEDICAL = "medical"
    DENTAL = "dental"
    JUDO = "judo"
    PHARMACY = "pharmacy"
    INPATIENT = "inpatient"


class Treatment(NamedTuple):
    """One visit, or one month in hospital: its whole cost (10割) and the family's own share of it, yen.

    `paid_this_month` is what the family has paid of its own part in hospital in the same month before.
    """

    care: Care
    is_first_visit: bool
    cost: int
    own_share: int
    paid_this_month: int = 0


def own_part(treatment: Treatment, *, benefit_class: BenefitClass, rules: CopayRules | None) -> int:
    """What the family pays of a treatment, yen; the whole own share where the class does not subsidise it.

    Raises ValueError for an amount below 0.
    """
    if min(treatment.cost, treatment.own_share, treatment.paid_this_month) < 0:
        raise ValueError("an amount is below 0")
    if treatment.care is Care.INPATIENT:
        return min(treatment.own_share, _in_hospital(treatment, benefit_class=benefit_class))
    if benefit_class.outpatient_copay == NOT_SUBSIDISED:
        return treatment.own_share
    return min(treatment.own_share, _of_a_visit(treatment, benefit_class=benefit_class, rules=rules))


def subsidy(treatment: Treatment, *, benefit_class: BenefitClass, rules: CopayRules | None) -> int:
    """What the municipality pays of a treatment, yen: the family's own share without its own part."""
    return treatment.own_share - own_part(treatment, benefit_class=benefit_class, rules=rules)


def copay_rules(city: City, *, on: date, overlay: Overlay = NOTHING) -> CopayRules | None:
    """The own parts beside the classes on a day; None in a municipality that has none."""
    rows: Sequence[Entry] = rows_of(load_parameters(overlay, city=city).city, table="copay")
    return bind(rows, into=CopayRules, on=on) if rows else None


def _of_a_visit(treatment: Treatment, *, benefit_class: BenefitClass, rules: CopayRules | None) -> int:
    if treatment.care is Care.PHARMACY or (benefit_class.first_visit_only and not treatment.is_first_visit):
        return 0
    if treatment.care is Care.DENTAL and benefit_class.dental_copay is not None:
        return benefit_class.dental_copay
    if treatment.care is Care.JUDO and rules is not None:
        return rules.judo_first_visit
    return benefit_class.outpatient_copay


def _in_hospital(treatment: Treatment, *, benefit_class: BenefitClass) -> int:
    if benefit_class.inpatient_percent is None:
        is_free = benefit_class.first_visit_only and not treatment.is_first_visit
        return 0 if is_free else benefit_class.inpatient_copay
    share = treatment.cost * benefit_class.inpatient_percent // WHOLE_PERCENT
    if benefit_class.inpatient_ceiling is None:
        return share
    return min(share, max(0, benefit_class.inpatient_ceiling - treatment.paid_this_month))
