"""What evidence says of persons, as the tuples of the law; at present, or as it was known at an instant.

Every function answers for all the ids asked, with an empty tuple where nothing is known. Of two sources that
disagree both are given: which of them counts is a rule of law. A person whose numbers were merged (名寄せ)
has the evidence of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from kyufu.evidence.columns import DEDUCTIONS, DEPENDANTS, FIGURES, INCOMES
from kyufu.evidence.insurance import InsuranceEvidence
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import (
    Declared,
    Deductions,
    Dependants,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
)
from kyufu.registry.api import merged_ids

Row = tuple[Any, ...]
T = TypeVar("T")

_DECLARED = {answer.value: answer for answer in Declared}
_SOURCES = {source.value: source for source in IncomeSource}
_SCHEMES = {kind.value: kind for kind in OtherSchemeKind}

_FIRST_INCOME = 7
_FIRST_DEDUCTION = _FIRST_INCOME + len(INCOMES)
_FIRST_DEPENDANT = _FIRST_DEDUCTION + len(DEDUCTIONS)
_FIRST_LEVY = _FIRST_DEPENDANT + len(DEPENDANTS)

_INCOME = (
    "SELECT addressee_id, tax_year, lower(covers), upper(covers), declared, source, obtained_on, "
    + ", ".join(figure.column for figure in FIGURES)
    + ", id FROM evidence_income WHERE {known} ORDER BY addressee_id, tax_year, obtained_on, source"
)
_INSURANCE = (
    "SELECT addressee_id, insurer_no, lower(valid), upper(valid) FROM evidence_insurance "
    "WHERE {known} ORDER BY addressee_id, lower(valid), insurer_no, id"
)
_INSURANCE_DETAILS = (
    "SELECT addressee_id, insurer_no, symbol, number, branch, relation, lower(valid), upper(valid), source, "
    "obtained_on, id FROM evidence_insurance WHERE {known} ORDER BY addressee_id, lower(valid), insurer_no, id"
)
_PUBLIC_ASSISTANCE = (
    "SELECT addressee_id, lower(valid), upper(valid) FROM evidence_public_assistance "
    "WHERE {known} ORDER BY addressee_id, lower(valid), id"
)
_OTHER_SCHEMES = (
    "SELECT addressee_id, kind, lower(valid), upper(valid) FROM evidence_other_scheme "
    "WHERE {known} ORDER BY addressee_id, lower(valid), kind, id"
)
_DOUBTFUL = (
    "SELECT id, addressee_id, insurer_no FROM evidence_insurance "
    "WHERE NOT check_digit_agrees AND NOT cancelled AND upper_inf(recorded) AND id > %(after)s "
    "ORDER BY id LIMIT %(limit)s"
)
_KNOWN_NOW = "addressee_id = ANY(%(ids)s) AND upper_inf(recorded) AND NOT cancelled"
_KNOWN_AT = "addressee_id = ANY(%(ids)s) AND recorded @> %(known_at)s AND NOT cancelled"


# All but income in one answer: the columns of insurance, and of the two others the period alone.
_HELD = f"""
SELECT addressee_id, 'insurance', insurer_no, symbol, number, branch, relation, lower(valid), upper(valid), source,
       obtained_on, id
  FROM evidence_insurance WHERE {_KNOWN_NOW}
UNION ALL
SELECT addressee_id, 'assistance', '', '', '', '', '', lower(valid), upper(valid), '', NULL, id
  FROM evidence_public_assistance WHERE {_KNOWN_NOW}
UNION ALL
SELECT addressee_id, kind, '', '', '', '', '', lower(valid), upper(valid), '', NULL, id
  FROM evidence_other_scheme WHERE {_KNOWN_NOW}
 ORDER BY 1, 8, 2, 12"""


class EvidenceHeld(NamedTuple):
    """All that evidence says of one person now, each oldest first."""

    incomes: tuple[IncomeEvidence, ...]
    insurances: tuple[InsuranceEvidence, ...]
    assistances: tuple[Period, ...]
    other_schemes: tuple[OtherScheme, ...]


class InquiryNeeded(NamedTuple):
    """A guardian whose income has to be inquired for (所得照会が必要な保護者), and why, in Japanese."""

    addressee_id: int
    tax_year: int
    why: str


class DoubtfulInsurer(NamedTuple):
    """Insurance taken in although the check digit of its insurer number does not agree, to be confirmed."""

    insurance_id: int
    addressee_id: int
    insurer_no: str


def income_of(
    ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, tuple[IncomeEvidence, ...]]:
    """The income evidence of each person, all tax years and sources, oldest tax year first."""
    return _answers(ids, query=_INCOME, make=_income, known_at=known_at)


def insurance_of(
    ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, tuple[InsuranceCoverage, ...]]:
    """When each person was covered by which health insurer, oldest first."""
    return _answers(ids, query=_INSURANCE, make=_coverage, known_at=known_at)


def insurance_details_of(
    ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, tuple[InsuranceEvidence, ...]]:
    """The same with all that is shown to a clerk: symbol, number, branch, and from where and when obtained."""
    return _answers(ids, query=_INSURANCE_DETAILS, make=_details, known_at=known_at)


def income_rows(ids: Collection[int]) -> dict[int, tuple[tuple[int, IncomeEvidence], ...]]:
    """The income evidence of each person that is held true now, each with the id of its record."""
    return _answers(ids, query=_INCOME, make=lambda row: (int(row[-1]), _income(row)), known_at=None)


def insurance_rows(ids: Collection[int]) -> dict[int, tuple[tuple[int, InsuranceEvidence], ...]]:
    """The insurance of each person that is held true now, each with the id of its record."""
    return _answers(
        ids, query=_INSURANCE_DETAILS, make=lambda row: (int(row[-1]), _details(row)), known_at=None
    )


def public_assistance_of(
    ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, tuple[Period, ...]]:
    """When each person was under public assistance or the support benefit, oldest first."""
    return _answers(ids, query=_PUBLIC_ASSISTANCE, make=_period, known_at=known_at)


def other_schemes_of(
    ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, tuple[OtherScheme, ...]]:
    """When each person was entitled under a scheme that comes before, oldest first."""
    return _answers(ids, query=_OTHER_SCHEMES, make=_scheme, known_at=known_at)


def evidence_held(ids: Collection[int]) -> dict[int, EvidenceHeld]:
    """Income, insurance, public assistance and other schemes of each person, in three round trips for all."""
    same = merged_ids(ids)
    values = {"ids": sorted({*ids, *(alias for aliases in same.values() for alias in aliases)})}
    incomes: dict[int, list[IncomeEvidence]] = {}
    others: dict[int, list[Row]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_INCOME.format(known=_KNOWN_NOW), values)
        for row in cursor:
            incomes.setdefault(row[0], []).append(_income(row))
        cursor.execute(_HELD, values)
        for row in cursor:
            others.setdefault(row[0], []).append(row)
    return {
        person: _held(
            _all_of(person, found=incomes, same=same), rows=_all_of(person, found=others, same=same)
        )
        for person in ids
    }


def addressees_without_income(ids: Collection[int], *, tax_year: int) -> tuple[int, ...]:
    """The persons who have no entry in the city's tax ledger (課税台帳) for the tax year, in order."""
    ledger = _sources_by_person(ids, tax_year=tax_year)
    return tuple(person for person in ids if IncomeSource.TAX_LEDGER not in ledger[person])


def inquiries_needed(ids: Collection[int], *, tax_year: int) -> tuple[InquiryNeeded, ...]:
    """The guardians whose income must be inquired for: not in the ledger, not yet obtained elsewhere."""
    sources = _sources_by_person(ids, tax_year=tax_year)
    why = (
        f"{tax_year}年度の所得が市の課税台帳にありません。"
        "情報連携による照会、または課税証明書の提出が必要です。"
    )
    return tuple(InquiryNeeded(person, tax_year, why) for person in ids if not sources[person])


def doubtful_insurers(*, limit: int, after: int) -> tuple[DoubtfulInsurer, ...]:
    """Insurance whose insurer number has a wrong check digit, in order, those after a given insurance id."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTFUL, {"after": after, "limit": limit})
        return tuple(DoubtfulInsurer(*row) for row in cursor.fetchall())


def _sources_by_person(ids: Collection[int], *, tax_year: int) -> dict[int, frozenset[IncomeSource]]:
    return {
        person: frozenset(evidence.source for evidence in incomes if evidence.tax_year == tax_year)
        for person, incomes in income_of(ids).items()
    }


def _answers(
    ids: Collection[int], *, query: str, make: Callable[[Row], T], known_at: datetime | None
) -> dict[int, tuple[T, ...]]:
    same = merged_ids(ids, known_at=known_at)
    wanted = {*ids, *(alias for aliases in same.values() for alias in aliases)}
    found: dict[int, list[T]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(known=_KNOWN_NOW if known_at is None else _KNOWN_AT),
            {"ids": list(wanted), "known_at": known_at},
        )
        for row in cursor:
            found.setdefault(row[0], []).append(make(row))
    return {person: _all_of(person, found=found, same=same) for person in ids}


def _all_of(
    person: int, *, found: Mapping[int, list[T]], same: Mapping[int, tuple[int, ...]]
) -> tuple[T, ...]:
    if person not in same:
        return tuple(found.get(person, ()))
    return tuple(fact for alias in same[person] for fact in found.get(alias, ()))


def _held(incomes: tuple[IncomeEvidence, ...], *, rows: tuple[Row, ...]) -> EvidenceHeld:
    told = [(row[1], Period(row[7], row[8]), row) for row in rows]
    return EvidenceHeld(
        incomes=incomes,
        insurances=tuple(
            InsuranceEvidence._make((*row[2:7], period, row[9], row[10]))
            for what, period, row in told
            if what == "insurance"
        ),
        assistances=tuple(period for what, period, _ in told if what == "assistance"),
        other_schemes=tuple(
            OtherScheme(_SCHEMES[what], period) for what, period, _ in told if what in _SCHEMES
        ),
    )


def _income(row: Row) -> IncomeEvidence:
    return IncomeEvidence(
        row[1],
        Period(row[2], row[3]),
        _DECLARED[row[4]],
        _SOURCES[row[5]],
        row[6],
        Incomes._make(row[_FIRST_INCOME:_FIRST_DEDUCTION]),
        Deductions._make(row[_FIRST_DEDUCTION:_FIRST_DEPENDANT]),
        Dependants._make(row[_FIRST_DEPENDANT:_FIRST_LEVY]),
        row[_FIRST_LEVY],
        row[_FIRST_LEVY + 1],
    )


def _coverage(row: Row) -> InsuranceCoverage:
    return InsuranceCoverage(row[1], Period(row[2], row[3]))


def _details(row: Row) -> InsuranceEvidence:
    _, insurer_no, symbol, number, branch, relation, start, end, source, obtained_on, _ = row
    period = Period(start, end)
    return InsuranceEvidence(insurer_no, symbol, number, branch, relation, period, source, obtained_on)


def _period(row: Row) -> Period:
    return Period(row[1], row[2])


def _scheme(row: Row) -> OtherScheme:
    return OtherScheme(_SCHEMES[row[1]], Period(row[2], row[3]))
