"""The glossary is complete and says each thing in one way."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"
HEADING = ("Japanese", "Reading", "English", "Identifier", "Law or source")
# What the design names (its section «Words»): a term that is missing here has no agreed name in the code.
OF_THE_DESIGN = """
addressee_no unified_no my_number linkage_code business_no resident non_resident protection no_automatic_reply
non_disclosure beneficiary guardian supporter application change_report identity_check judge approval decision
acquired rejected lost changed entitlement certificate reissue renewal age_event in_kind reimbursement
medical_claim high_cost_benefit insurer_top_up overpayment recovery third_party_act transfer copy_record inquiry
provision federation payment_fund premium assessment receipt reconciliation reminder dunning arrears write_off
"""
KANA = re.compile("[ぁ-ゖァ-ヺー・]+")
IDENTIFIER = re.compile("`[a-z][a-z_]*`")


def rows() -> list[tuple[str, ...]]:
    """The rows of every table, without headings and rules."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines if line.startswith("|")]
    return [row for row in cells if row != HEADING and set("".join(row)) != {"-"}]


def test_no_cell_is_empty_and_no_row_is_short() -> None:
    assert len(rows()) >= 90
    assert [row for row in rows() if len(row) != len(HEADING) or not all(row)] == []


@pytest.mark.parametrize("column", ["Japanese", "English", "Identifier"])
def test_no_term_stands_twice(column: str) -> None:
    counts = Counter(row[HEADING.index(column)] for row in rows())
    assert [term for term, count in counts.items() if count > 1] == []


def test_readings_are_kana_and_identifiers_are_names_of_python() -> None:
    assert [row[1] for row in rows() if KANA.fullmatch(row[1]) is None] == []
    assert [row[3] for row in rows() if IDENTIFIER.fullmatch(row[3]) is None] == []


def test_every_term_of_the_design_is_there() -> None:
    assert set(OF_THE_DESIGN.split()) - {row[3].strip("`") for row in rows()} == set()
