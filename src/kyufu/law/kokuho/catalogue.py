"""What a municipality must confirm of national health insurance: its rates, and the national figures of every topic.

A topic takes part with one line in NATIONAL_FILES; the benefits give theirs themselves, as some are of the
municipality.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kyufu.law.kokuho.benefits.parameters import list_benefits
from kyufu.law.kokuho.common import COMMON_FILE, COMMON_TABLES
from kyufu.law.kokuho.enrolment.parameters import ENROLMENT_FILE, ENROLMENT_TABLES
from kyufu.law.kokuho.income.parameters import INCOME_FILE, INCOME_TABLES
from kyufu.law.kokuho.premium.rules import list_rates
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Certainty, Entry, Table

NATIONAL_FILES: Mapping[str, Sequence[Table]] = MappingProxyType(
    {
        COMMON_FILE: COMMON_TABLES,
        ENROLMENT_FILE: ENROLMENT_TABLES,
        INCOME_FILE: INCOME_TABLES,
    }
)
_ORDER = tuple(Certainty)


def list_kokuho(municipality: str) -> tuple[Entry, ...]:
    """Every dated figure, the least certain first; raises UnknownMunicipality where no rates are kept."""
    entries = [*list_rates(municipality), *list_entries(NATIONAL_FILES), *list_benefits(municipality)]
    return tuple(sorted(entries, key=lambda entry: _ORDER.index(entry.certainty)))
