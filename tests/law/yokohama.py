"""The common law of the child subsidy under the names of one municipality, Yokohama's, for tests of its rules."""

from __future__ import annotations

from datetime import date

from kyufu.law.child import day
from kyufu.law.child import parameters as common
from kyufu.law.child.day import Rulebook
from kyufu.law.child.labels import benefit_classes as classes_of
from kyufu.law.child.parameters import BenefitClass, Parameters
from kyufu.law.child.reasons import BIRTH_DATE_UNKNOWN, reasons_of
from kyufu.law.child.yokohama import YOKOHAMA
from kyufu.law.parameters.entries import Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay

__all__ = ["BIRTH_DATE_UNKNOWN"]

CITY_FILE, PREFECTURE_FILE, PRINTED_FILE, RENEWAL_FILE = YOKOHAMA.files
FILES = YOKOHAMA.files.deciding
REASONS = reasons_of(YOKOHAMA)
DISABILITY_KIND_UNKNOWN = REASONS.disability_kind_unknown
INSURANCE_UNKNOWN = REASONS.insurance_unknown
NOT_RESIDENT = REASONS.not_resident
LEVY_UNKNOWN = REASONS.levy_unknown
NO_APPLICATION = REASONS.no_application
NO_GUARDIAN = REASONS.no_guardian
PUBLIC_ASSISTANCE = REASONS.public_assistance
TOO_OLD = REASONS.too_old
RULES_UNKNOWN = REASONS.say_rules_unknown(date(2017, 4, 1))
say_income_over = REASONS.say_income_over


def rulebook(overlay: Overlay) -> Rulebook:
    """Yokohama's rulebook."""
    return day.rulebook(overlay, city=YOKOHAMA)


def load_parameters(overlay: Overlay = NOTHING) -> Parameters:
    """Yokohama's parameters."""
    return common.load_parameters(overlay, city=YOKOHAMA)


def parameters_from(*, city: tuple[Entry, ...], prefecture: tuple[Entry, ...]) -> Parameters:
    """Yokohama's parameters from rows."""
    return common.parameters_from(city=city, prefecture=prefecture, of=YOKOHAMA)


def benefit_classes() -> dict[str, BenefitClass]:
    """Yokohama's classes of benefit by code."""
    return classes_of("yokohama")
