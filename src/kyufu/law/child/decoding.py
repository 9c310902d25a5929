"""What is read of a child's facts beyond the kinds of their values, with the JSON path of what is wrong."""

from __future__ import annotations

import re
from typing import Any

from kyufu.law import strict_json
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import SENSIBLE_YEARS, is_sensible
from kyufu.law.child.facts import ChildFacts, Guardian, InsuranceCoverage, Residence
from kyufu.law.income.evidence import Deductions, Dependants, IncomeEvidence
from kyufu.law.strict_json import SCALARS, Check, FactsError, Grammar, Kind, check_period

_MUNICIPALITY = re.compile(r"\d{6}", re.ASCII)
_INSURER = re.compile(r"\d{6}|\d{8}", re.ASCII)
_RELATIONS = ("father", "mother", "other")


def decode(content: object, *, into: type[Kind], path: str = "$") -> Kind:
    """Read a plain JSON value as a type of the child's law; raises FactsError with the path of what is wrong."""
    return strict_json.decode(content, into=into, grammar=_GRAMMAR, path=path)


def _check_residence(residence: Residence, *, path: str) -> None:
    if not _MUNICIPALITY.fullmatch(residence.municipality):
        raise FactsError(f"{path}.municipality", "全国地方公共団体コード（6桁の数字）ではありません")


def _check_insurance(insurance: InsuranceCoverage, *, path: str) -> None:
    if not _INSURER.fullmatch(insurance.insurer_no):
        raise FactsError(f"{path}.insurer_no", "保険者番号（6桁又は8桁の数字）ではありません")


def _check_guardian(guardian: Guardian, *, path: str) -> None:
    if guardian.relation not in _RELATIONS:
        raise FactsError(f"{path}.relation", f"{'、'.join(_RELATIONS)} のいずれでもありません")


def _check_income(income: IncomeEvidence, *, path: str) -> None:
    if not 1950 <= income.tax_year <= 9998:
        raise FactsError(f"{path}.tax_year", "賦課年度（西暦4桁）ではありません")
    for name in ("income_levy", "per_capita_levy"):
        levy = getattr(income, name)
        if levy is not None and levy < 0:
            raise FactsError(f"{path}.{name}", "負の額は使えません")


def _check_not_negative(record: Deductions | Dependants, *, path: str) -> None:
    for name, value in record._asdict().items():
        if value < 0:
            raise FactsError(f"{path}.{name}", "負の数は使えません")


def _check_dependants(dependants: Dependants, *, path: str) -> None:
    _check_not_negative(dependants, path=path)
    if dependants.total < dependants.elderly + dependants.elderly_spouse:
        raise FactsError(f"{path}.total", "老人扶養親族等の数より少なくなっています")


def _check_child(facts: ChildFacts, *, path: str) -> None:
    for name in ("birth_date", "applied_on"):
        day = getattr(facts, name)
        if day is not None and not is_sensible(day):
            span = f"{SENSIBLE_YEARS.start}年から{SENSIBLE_YEARS[-1]}年まで"
            raise FactsError(f"{path}.{name}", f"年が範囲（{span}）の外です")
    refs = [guardian.ref for guardian in facts.guardians]
    if len(set(refs)) != len(refs):
        raise FactsError(f"{path}.guardians", "同じ ref の保護者が二人います")


_CHECKS: dict[Any, Check] = {
    ChildFacts: _check_child,
    Deductions: _check_not_negative,
    Dependants: _check_dependants,
    Guardian: _check_guardian,
    IncomeEvidence: _check_income,
    InsuranceCoverage: _check_insurance,
    Period: check_period,
    Residence: _check_residence,
}


def _check(record: object, *, path: str) -> None:
    check = _CHECKS.get(type(record))
    if check is not None:
        check(record, path=path)


_GRAMMAR = Grammar(SCALARS, _check)
