"""The dated parameters of Yokohama's child subsidy and of the prefecture's subsidy, loaded once and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kyufu.law.calendar.period import Period
from kyufu.law.child.bands import check_bands
from kyufu.law.child.quantities import CITY_BAND_QUANTITIES, PREFECTURE_BAND_QUANTITIES
from kyufu.law.child.reasons import say_eligible, say_prefecture_covers
from kyufu.law.child.yokohama.answer import Answer
from kyufu.law.decision import Outcome, Reason
from kyufu.law.income.parameters import EvidenceRules, IncomeRules, LimitRules
from kyufu.law.parameters.binding import check_binding
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry, ParameterError, Table, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps
from kyufu.law.tracing import Block

CITY_FILE = "yokohama_child.toml"
PREFECTURE_FILE = "kanagawa_child.toml"

_PERIODIC = {"code": str, "label": str}
_BAND = {**_PERIODIC, "starts": str, "ends": str, "income_limited": bool}
CITY_TABLES = (
    value_table("certificate"),
    value_table("evidence"),
    value_table("limit"),
    Table("benefit_class", "code", {**_PERIODIC, "outpatient_copay": int, "inpatient_copay": int}),
    Table("kind", "code", {**_PERIODIC, "certificate": bool}),
    Table(
        "band",
        "code",
        {**_BAND, "kind": str, "class": str, "class_exempt": str, "class_over": str},
        optional=frozenset({"class_exempt", "class_over"}),
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
        {**_BAND, "outpatient": bool, "copay_visit": int, "copay_day": int},
        changeable=frozenset({"starts", "ends", "income_limited", "outpatient", "copay_visit", "copay_day"}),
        in_eras=True,
    ),
)
# What is printed on a certificate and decides nothing: listed with the rest, no part of a decision's version.
PRINTED_FILE = "yokohama_certificate.toml"
PRINTED_TABLES = (value_table("certificate"),)
AGE_STEPS = ("first_of_next_month",)
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """When a certificate year begins, how an age steps, and how far back an application reaches (days)."""

    first_month: int
    age_step: str
    backdating_days: int


@dataclass(frozen=True, slots=True)
class BenefitClass:
    """What is paid: the guardian's own part a visit and in hospital (yen), -1 where it is not subsidised."""

    code: str
    label: str
    outpatient_copay: int
    inpatient_copay: int


@dataclass(frozen=True, slots=True)
class CityBand:
    """An age band of one era: who is limited by income, and the class of benefit that follows from it."""

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
    copay_visit: int
    copay_day: int
    covered: tuple[Reason, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that is dated, by table; `city` and `prefecture` hold the rows of single values."""

    city: tuple[Entry, ...]
    prefecture: tuple[Entry, ...]
    bands: tuple[CityBand, ...]
    prefecture_bands: tuple[PrefectureBand, ...]
    benefit_classes: tuple[BenefitClass, ...]

    @property
    def known(self) -> Period:
        """The days for which there are bands."""
        return Period(min(band.era.start for band in self.bands), None)


@lru_cache(maxsize=8)
def load_parameters(overlay: Overlay = NOTHING) -> Parameters:
    """Read and check both files with an overlay, once in a process; raises ParameterError naming file and line."""
    return parameters_from(
        city=load_entries(CITY_FILE, tables=CITY_TABLES, overlay=overlay),
        prefecture=load_entries(PREFECTURE_FILE, tables=PREFECTURE_TABLES, overlay=overlay),
    )


def parameters_from(*, city: tuple[Entry, ...], prefecture: tuple[Entry, ...]) -> Parameters:
    """Check the rows of both files against each other and make the bands."""
    of_city: dict[str, type[Any]] = {
        "certificate": CertificateRules,
        "evidence": EvidenceRules,
        "limit": LimitRules,
    }
    _check_values(city, bound=of_city, file=CITY_FILE)
    _check_values(prefecture, bound={"income": IncomeRules, "limit": LimitRules}, file=PREFECTURE_FILE)
    _check_bands(city, file=CITY_FILE)
    _check_bands(prefecture, file=PREFECTURE_FILE)
    coded = [entry for entry in city if entry.table in ("benefit_class", "kind")]
    refuse_overlaps_and_gaps(coded)
    kinds = {entry.key: entry for entry in coded if entry.table == "kind"}
    classes = {entry.key: _benefit_class(entry) for entry in coded if entry.table == "benefit_class"}
    return Parameters(
        city=city,
        prefecture=prefecture,
        bands=tuple(_city_band(row, kinds=kinds, classes=classes) for row in rows_of(city, table="band")),
        prefecture_bands=tuple(_prefecture_band(row) for row in rows_of(prefecture, table="band")),
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


def _city_band(row: Entry, *, kinds: dict[str, Entry], classes: dict[str, BenefitClass]) -> CityBand:
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
        answer=Answer(Outcome.ELIGIBLE, columns["class"], (say_eligible(columns["label"]),)),
        class_exempt=columns.get("class_exempt"),
        class_over=columns.get("class_over"),
        block=_city_band_block(columns, kind=kinds[columns["kind"]]),
    )


def _prefecture_band(row: Entry) -> PrefectureBand:
    columns: dict[str, Any] = dict(row.columns)
    covered = say_prefecture_covers(band_label=columns["label"], income_limited=columns["income_limited"])
    return PrefectureBand(
        era=row.period, covered=(covered,), block=_prefecture_band_block(columns), **columns
    )


def _city_band_block(columns: dict[str, Any], *, kind: Entry) -> Block:
    limited = "あり" if columns["income_limited"] else "なし"
    return CITY_BAND_QUANTITIES, (
        columns["label"],
        kind.columns["label"],
        kind.columns["certificate"],
        limited,
    )


def _prefecture_band_block(columns: dict[str, Any]) -> Block:
    scope = "通院・入院" if columns["outpatient"] else "入院のみ"
    limited = "あり" if columns["income_limited"] else "なし"
    copay_visit = columns["copay_visit"] if columns["outpatient"] else None
    return PREFECTURE_BAND_QUANTITIES, (columns["label"], scope, limited, copay_visit, columns["copay_day"])
