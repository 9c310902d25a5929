"""Insurance as a clerk records it, with all that stands on the paper."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import Period

# The insurers' feed, the information network, or the paper a citizen shows; the last two are entered by hand.
SOURCES = ("insurer", "network", "certificate")
BY_HAND = SOURCES[1:]
RELATIONS = ("insured", "family")


class InsuranceEvidence(NamedTuple):
    """One coverage (医療保険資格): of the insured person (本人) or of family (家族), with its source."""

    insurer_no: str
    symbol: str
    number: str
    branch: str
    relation: str
    valid: Period
    source: str
    obtained_on: date
