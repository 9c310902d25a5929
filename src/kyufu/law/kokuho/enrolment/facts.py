"""What enrolment is judged from: where a person lived, which other insurance they had, and what was notified.

Periods are half-open. A residence begins on the day of moving in and ends on the day of moving out (住所を有しなく
なった日); another insurance begins on its 資格取得日 and ends on its 資格喪失日 (the day after the last day of work);
public assistance ends on the day of its abolition (廃止日).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from kyufu.law.calendar.period import Period

_MUNICIPALITY = re.compile(r"\d{6}", re.ASCII)
_NOT_A_CODE = "全国地方公共団体コード（6桁の数字）ではありません"
PREFECTURE_DIGITS = 2


class InsuranceKind(StrEnum):
    """The other insurances of 国民健康保険法第6条: worker, dependant, guild (国保組合), late elderly by disability."""

    EMPLOYEES = "employees"
    DEPENDANT = "dependant"
    GUILD = "guild"
    LATE_ELDERLY = "late_elderly"


class InstitutionKind(StrEnum):
    """The institutions of 国民健康保険法第116条の2 whose residents stay with the municipality they came from."""

    HOSPITAL = "hospital"
    CHILD_WELFARE = "child_welfare"
    DISABILITY_SUPPORT = "disability_support"
    NOZOMI = "nozomi"
    ELDERLY_HOME = "elderly_home"
    SPECIFIED_FACILITY = "specified_facility"
    CARE_FACILITY = "care_facility"


class Residence(NamedTuple):
    """An address in a municipality (住所)."""

    municipality: str
    period: Period

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the code."""
        return None if _MUNICIPALITY.fullmatch(self.municipality) else ("municipality", _NOT_A_CODE)


class OtherInsurance(NamedTuple):
    """Another insurance of the person and the days of it."""

    kind: InsuranceKind
    period: Period


class StudyAway(NamedTuple):
    """Living elsewhere to study (修学): whose household the student would belong to, and where (法第116条)."""

    home_municipality: str
    period: Period

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the code."""
        return None if _MUNICIPALITY.fullmatch(self.home_municipality) else ("home_municipality", _NOT_A_CODE)


class InstitutionStay(NamedTuple):
    """A stay in a hospital or institution in a municipality, to which the address was moved (法第116条の2)."""

    kind: InstitutionKind
    municipality: str
    period: Period

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the code."""
        return None if _MUNICIPALITY.fullmatch(self.municipality) else ("municipality", _NOT_A_CODE)


class Notification(NamedTuple):
    """A notification of acquisition or loss (法第9条): the day it is about, and the day it was handed in."""

    about: date
    notified_on: date


class PersonFacts(NamedTuple):
    """One person. `other_insurances` is None where it is not known whether there is another insurance.

    `care_exempt` are stays in institutions of whose residents no care part is asked (介護保険適用除外施設).
    """

    birth_date: date | None
    residences: tuple[Residence, ...]
    other_insurances: tuple[OtherInsurance, ...] | None
    public_assistance: tuple[Period, ...] = ()
    died_on: date | None = None
    studies: tuple[StudyAway, ...] = ()
    institutions: tuple[InstitutionStay, ...] = ()
    notifications: tuple[Notification, ...] = ()
    care_exempt: tuple[Period, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the person: addresses that overlap, anything before the birth."""
        ordered = sorted(self.residences, key=lambda each: each.period.start)
        for earlier, later in pairwise(ordered):
            if earlier.period.end is None or earlier.period.end > later.period.start:
                return "residences", "住所の期間が重なっています"
        return None if self.birth_date is None else self._before(self.birth_date)

    def _before(self, birth_date: date) -> tuple[str, str] | None:
        if self.died_on is not None and self.died_on < birth_date:
            return "died_on", "死亡の日が生年月日より前です"
        if any(each.period.start < birth_date for each in self.residences):
            return "residences", "住所の始まりが生年月日より前です"
        if any(each.period.start < birth_date for each in self.other_insurances or ()):
            return "other_insurances", "他の医療保険の始まりが生年月日より前です"
        return None


class FirstDue(NamedTuple):
    """The first due date (最初の納期限) of the premium or tax of a fiscal year in the municipality."""

    fiscal_year: int
    due_on: date


class LevyKind(StrEnum):
    """Whether the municipality levies a premium (保険料) or a tax (保険税): other time bars hold."""

    PREMIUM = "premium"
    TAX = "tax"


class EnrolmentFacts(NamedTuple):
    """The question of one person's enrolment in one municipality; `levy` and `first_due` for the time bar."""

    municipality: str
    person: PersonFacts
    levy: LevyKind | None = None
    first_due: tuple[FirstDue, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the code."""
        return None if _MUNICIPALITY.fullmatch(self.municipality) else ("municipality", _NOT_A_CODE)
