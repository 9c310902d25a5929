"""What other modules may ask of evidence and have it record."""

from __future__ import annotations

from kyufu.evidence.queries import (
    addressees_without_income,
    income_of,
    insurance_of,
    other_schemes_of,
    public_assistance_of,
)

__all__ = [
    "addressees_without_income",
    "income_of",
    "insurance_of",
    "other_schemes_of",
    "public_assistance_of",
]
