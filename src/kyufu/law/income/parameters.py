"""The dated figures of the income test: deductions of 判定所得, the limit table, and which evidence counts."""

from __future__ import annotations

from dataclasses import dataclass

from kyufu.law.income.evidence import IncomeSource


@dataclass(frozen=True, slots=True)
class IncomeRules:
    """Figures by which 判定所得 is computed (yen; per person where the field says so)."""

    uniform_deduction: int
    salary_or_pension_deduction: int
    disabled_person: int
    specially_disabled_person: int
    widow: int
    single_parent: int
    working_student: int


@dataclass(frozen=True, slots=True)
class LimitRules:
    """The income limit: for no dependant, for each dependant, and for each elderly one besides (yen)."""

    base: int
    per_dependant: int
    per_elderly: int


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """The rank of each source of income evidence, 1 counting first, and the tax year a certificate year uses."""

    rank_tax_ledger: int
    rank_network: int
    rank_certificate: int
    tax_year_after_start: int

    def rank_of(self, source: IncomeSource) -> int:
        """The rank of a source, 1 counting first."""
        if source is IncomeSource.TAX_LEDGER:
            return self.rank_tax_ledger
        return self.rank_network if source is IncomeSource.NETWORK else self.rank_certificate
