"""What other modules may ask of evidence and have it record."""

from __future__ import annotations

from kyufu.evidence.feeds import evidence_feeds
from kyufu.evidence.insurance import InsuranceEvidence
from kyufu.evidence.operations import (
    record_income,
    record_insurance,
    withdraw_income,
    withdraw_insurance,
)
from kyufu.evidence.queries import DoubtfulInsurer, EvidenceHeld, InquiryNeeded
from kyufu.evidence.reads import (
    addressees_without_income,
    doubtful_insurers,
    evidence_held,
    income_of,
    inquiries_needed,
    insurance_details_of,
    insurance_of,
    other_schemes_of,
    public_assistance_of,
)

__all__ = [
    "DoubtfulInsurer",
    "EvidenceHeld",
    "InquiryNeeded",
    "InsuranceEvidence",
    "addressees_without_income",
    "doubtful_insurers",
    "evidence_feeds",
    "evidence_held",
    "income_of",
    "inquiries_needed",
    "insurance_details_of",
    "insurance_of",
    "other_schemes_of",
    "public_assistance_of",
    "record_income",
    "record_insurance",
    "withdraw_income",
    "withdraw_insurance",
]
