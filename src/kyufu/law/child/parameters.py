"""The dated parameters of a municipality's child subsidy and of its prefecture's subsidy, loaded once and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from kyufu.law.calendar.period import Period
from kyufu.law.child.answer import Answer
from kyufu.law.child.bands import check_bands
from kyufu.law.child.city import City, JudgingRules
from kyufu.law.child.quantities import CITY_BAND_QUANTITIES, prefecture_quantities
from kyufu.law.child.reasons import Reasons, reasons_of
from kyufu.law.decision import Outcome, Reason
from kyufu.law.income.parameters import EvidenceRules, IncomeRules, LimitRules
from kyufu.law.parameters.binding import check_binding
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry, ParameterError, Table, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps
from kyufu.law.tracing import Block

_PERIODIC = {"code": str, "label": str}
_COPAYS = {"first_visit_only": bool, "dental_copay": int, "inpatient_percent": int, "inpatient_ceiling": int}
_BAND = {**_PERIODIC, "starts": str, "ends": str, "income_limited": bool}
CITY_TABLES = (
    value_table("certificate"),
    value_table("evidence"),
    value_table("limit"),
    Table(
        "benefit_class",
        "code",
        {**_PERIODIC, "outpatient_copay": int, "inpatient_copay": int, **_COPAYS},
        optional=frozenset(_COPAYS),
    ),
    Table("kind", "code", {**_PERIODIC, "certificate": bool}),
    Table(
        "band",
        "code",
        {**_BAND, "kind": str, "class": str, "class_exempt": str, "class_over": str, "crosses_years": bool},
        optional=frozenset({"class_exempt", "class_over", "crosses_years"}),
        changeable=frozenset({"starts", "ends", "income_limited", "class", "class_exempt", "class_over"}),
        in_eras=True,
    ),
)
PREFECTURE_TABLES = (
    value_table("income"),
    value_table("limit"),
    Table(
        "band",
        "code",
        {**_BAND, "outpatient": bool, "copay_visit": int, "copay_day": int, "copay_rule": str},
        optional=frozenset({"copay_visit", "copay_day", "copay_rule"}),
        changeable=frozenset({"starts", "ends", "income_limited", "outpatient", "copay_visit", "copay_day"}),
        in_eras=True,
    ),
)
# What is printed on a certificate and decides nothing: listed with the rest, no part of a decision's version.
PRINTED_TABLES = (value_table("certificate"),)
# What is expected of renewals and when they are planned: decides nothing about a child either.
RENEWAL_TABLES = (
    value_table("expectation"),
    Table(
        "schedule",
        "code",
        {**_PERIODIC, "month": int, "day": int, "lead_days": int, "issue_days": int, "judges": bool},
        optional=frozenset({"month"}),
    ),
)
AGE_STEPS = ("first_of_next_month",)
MONTHS = range(1, 13)
JUDGING_CHOICES = MappingProxyType(
    {
        "judged_guardian": ("higher_earner",),
        "exempt_levy": ("every_levy", "income_levy"),
        "exempt_guardians": ("every_guardian", "judged_guardian"),
    }
)


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """When a certificate year begins, how an age steps, and how far back an application reaches (days)."""

    first_month: int
    age_step: str
    backdating_days: int


@dataclass(frozen=True, slots=True)
class CopayRules:
    """Own parts that no class of benefit holds: the first visit to a judo therapist (柔道整復), yen."""

    judo_first_visit: int


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """Months from that of the treatment until one can apply for what was paid, and for how many years one can."""

    claim_from_months: int
    claim_years: int


@dataclass(frozen=True, slots=True)
class BenefitClass:
    """What is paid: the guardian's own part a visit and in hospital (yen), -1 where it is not subsidised.

    Beyond that, where a class has it: that only the first visit of an illness costs, another sum at the dentist's
    (yen), and in hospital a share of the whole cost (percent) up to a sum a month (yen).
    """

    code: str
    label: str
    outpatient_copay: int
    inpatient_copay: int
    first_visit_only: bool = False
    dental_copay: int | None = None
    inpatient_percent: int | None = None
    inpatient_ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class ParallelRules:
    """The school grades in which a disability subsidy for a mental disability goes beside this one (併給)."""

    disability_first_grade: int
    disability_last_grade: int


# The tables that a municipality's file may have beyond the common ones, and what their rows are bound to.
OWN_TABLES: Mapping[str, type[Any]] = MappingProxyType(
    {"judging": JudgingRules, "copay": CopayRules, "claim": ClaimRules, "parallel": ParallelRules}
)


@dataclass(frozen=True, slots=True)
class CityBand:
    """An age band of one era: who is limited by income, and the class of benefit that follows from it.

    The certificate of a band that `crosses_years` is valid for the whole band, whatever the certificate year.
    """

    era: Period
    code: str
    label: str
    starts: str
    ends: str
    income_limited: bool
    answer: Answer
    class_exempt: str | None
    class_over: str | None
    block: Block
    asks_for_income: bool
    crosses_years: bool


@dataclass(frozen=True, slots=True)
class PrefectureBand:
    """An age band of the prefecture's subsidy: what it covers and the own part it presumes (yen)."""

    era: Period
    code: str
    label: str
    starts: str
    ends: str
    income_limited: bool
    outpatient: bool
    covered: tuple[Reason, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that is dated, by table; `city` and `prefecture` hold the rows of single values."""

    of: City
    city: tuple[Entry, ...]
    prefecture: tuple[Entry, ...]
    bands: tuple[CityBand, ...]
    prefecture_bands: tuple[PrefectureBand, ...]
    benefit_classes: tuple[BenefitClass, ...]

    @property
    def known(self) -> Period:
        """The days for which there are bands."""
        return Period(min(band.era.start for band in self.bands), None)


def tables_of(city: City) -> dict[str, tuple[Table, ...]]:
    """The tables of each parameter file of a municipality."""
    files = city.files
    return {
        files.city: (*CITY_TABLES, *city.tables),
        files.prefecture: PREFECTURE_TABLES,
        files.printed: PRINTED_TABLES,
        files.renewal: RENEWAL_TABLES,
    }


@lru_cache(maxsize=24)
def load_parameters(overlay: Overlay = NOTHING, *, city: City) -> Parameters:
    """Read and check the deciding files with an overlay, once in a process.

    Raises ParameterError naming file and line.
    """
    tables = tables_of(city)
    of_city, of_prefecture = (
        load_entries(name, tables=tables[name], overlay=overlay) for name in city.files.deciding
    )
    return parameters_from(city=of_city, prefecture=of_prefecture, of=city)


def parameters_from(*, city: tuple[Entry, ...], prefecture: tuple[Entry, ...], of: City) -> Parameters:
    """Check the rows of both files of a municipality against each other and make the bands."""
    of_city: dict[str, type[Any]] = {
        "certificate": CertificateRules,
        "evidence": EvidenceRules,
        "limit": LimitRules,
    }
    of_city |= {table.name: OWN_TABLES[table.name] for table in of.tables}
    _check_values(city, bound=of_city, file=of.files.city)
    _check_values(prefecture, bound={"income": IncomeRules, "limit": LimitRules}, file=of.files.prefecture)
    _check_bands(city, file=of.files.city)
    _check_bands(prefecture, file=of.files.prefecture)
    coded = [entry for entry in city if entry.table in ("benefit_class", "kind")]
    refuse_overlaps_and_gaps(coded)
    kinds = {entry.key: entry for entry in coded if entry.table == "kind"}
    classes = {entry.key: _benefit_class(entry) for entry in coded if entry.table == "benefit_class"}
    reasons = reasons_of(of)
    return Parameters(
        of=of,
        city=city,
        prefecture=prefecture,
        bands=tuple(
            _city_band(row, kinds=kinds, classes=classes, reasons=reasons)
            for row in rows_of(city, table="band")
        ),
        prefecture_bands=tuple(
            _prefecture_band(row, reasons=reasons) for row in rows_of(prefecture, table="band")
        ),
        benefit_classes=tuple(classes.values()),
    )


def rows_of(entries: Iterable[Entry], *, table: str) -> tuple[Entry, ...]:
    """The rows of one table."""
    return tuple(entry for entry in entries if entry.table == table)


def _check_values(entries: Sequence[Entry], *, bound: dict[str, type[Any]], file: str) -> None:
    for table, into in bound.items():
        check_binding(rows_of(entries, table=table), into=into, file=file)
    for entry in entries:
        value = entry.columns.get("value")
        if entry.key == "age_step" and value not in AGE_STEPS:
            raise entry.refused(f"知らない切替日の決め方です：{value}")
        if entry.key == "first_month" and value not in MONTHS:
            raise entry.refused(f"月は1から12までです：{value}")
        if entry.key in JUDGING_CHOICES and value not in JUDGING_CHOICES[entry.key]:
            raise entry.refused(f"知らない決め方です：{value}")
        if isinstance(value, int) and value < 0:
            raise entry.refused("負の値は使えません")


def _check_bands(entries: Sequence[Entry], *, file: str) -> None:
    bands = rows_of(entries, table="band")
    if not bands:
        raise ParameterError("対象年齢の区分（band）がありません", file=file, line=1)
    check_bands(bands)


def _benefit_class(row: Entry) -> BenefitClass:
    columns: dict[str, Any] = dict(row.columns)
    return BenefitClass(**columns)


def _city_band(
    row: Entry, *, kinds: dict[str, Entry], classes: dict[str, BenefitClass], reasons: Reasons
) -> CityBand:
    columns: dict[str, Any] = dict(row.columns)
    named = [columns[name] for name in ("class", "class_exempt", "class_over") if name in columns]
    unknown = [name for name in named if name not in classes]
    if unknown or columns["kind"] not in kinds:
        raise row.refused(f"知らない区分です：{(unknown or [columns['kind']])[0]}")
    return CityBand(
        era=row.period,
        code=columns["code"],
        label=columns["label"],
        starts=columns["starts"],
        ends=columns["ends"],
        income_limited=columns["income_limited"],
        answer=Answer(Outcome.ELIGIBLE, columns["class"], (reasons.say_eligible(columns["label"]),)),
        class_exempt=columns.get("class_exempt"),
        class_over=columns.get("class_over"),
        block=_city_band_block(columns, kind=kinds[columns["kind"]]),
        crosses_years=columns.get("crosses_years", False),
        asks_for_income=columns["income_limited"] or "class_exempt" in columns,
    )


def _prefecture_band(row: Entry, *, reasons: Reasons) -> PrefectureBand:
    columns: dict[str, Any] = dict(row.columns)
    covered = reasons.say_prefecture_covers(
        band_label=columns["label"], income_limited=columns["income_limited"]
    )
    return PrefectureBand(
        era=row.period,
        covered=(covered,),
        block=_prefecture_band_block(columns, word=reasons.prefecture_word),
        **{name: value for name, value in columns.items() if not name.startswith("copay_")},
    )


def _city_band_block(columns: dict[str, Any], *, kind: Entry) -> Block:
    limited = "あり" if columns["income_limited"] else "なし"
    return CITY_BAND_QUANTITIES, (
        columns["label"],
        kind.columns["label"],
        kind.columns["certificate"],
        limited,
    )


def _prefecture_band_block(columns: dict[str, Any], *, word: str) -> Block:
    names = prefecture_quantities(word)
    scope = "通院・入院" if columns["outpatient"] else "入院のみ"
    values = (columns["label"], scope, "あり" if columns["income_limited"] else "なし")
    if "copay_rule" in columns:
        return (*names.band, *names.copay_rule), (*values, columns["copay_rule"])
    visit = columns.get("copay_visit") if columns["outpatient"] else None
    return (*names.band, *names.copay), (*values, visit, columns.get("copay_day"))
