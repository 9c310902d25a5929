"""What other modules may ask of evidence and have it record."""

from __future__ import annotations

from kyufu.evidence.checks import check_income, check_insurance
from kyufu.evidence.columns import FIGURES as INCOME_FIGURES
from kyufu.evidence.columns import Figure, Unit
from kyufu.evidence.compared import InsuranceCompared, Moment
from kyufu.evidence.entries import (
    ChangedMeanwhile,
    Entry,
    digest_of,
    record_income_seen,
    record_insurance_seen,
    withdraw_income_seen,
    withdraw_insurance_seen,
)
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
    income_entries,
    income_of,
    inquiries_needed,
    insurance_compared,
    insurance_details_of,
    insurance_entries,
    insurance_of,
    other_schemes_of,
    public_assistance_of,
)

__all__ = [
    "INCOME_FIGURES",
    "ChangedMeanwhile",
    "DoubtfulInsurer",
    "Entry",
    "EvidenceHeld",
    "Figure",
    "InquiryNeeded",
    "InsuranceCompared",
    "InsuranceEvidence",
    "Moment",
    "Unit",
    "addressees_without_income",
    "check_income",
    "check_insurance",
    "digest_of",
    "doubtful_insurers",
    "evidence_feeds",
    "evidence_held",
    "income_entries",
    "income_of",
    "inquiries_needed",
    "insurance_compared",
    "insurance_details_of",
    "insurance_entries",
    "insurance_of",
    "other_schemes_of",
    "public_assistance_of",
    "record_income",
    "record_income_seen",
    "record_insurance",
    "record_insurance_seen",
    "withdraw_income",
    "withdraw_income_seen",
    "withdraw_insurance",
    "withdraw_insurance_seen",
]
