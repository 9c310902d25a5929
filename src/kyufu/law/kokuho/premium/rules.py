"""The parameters of the premium resolved for one municipality and fiscal year, once in a process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.years import SCHOOL_AND_FISCAL_FIRST_MONTH
from kyufu.law.decision import Citation
from kyufu.law.kokuho.answer import UnknownMunicipality
from kyufu.law.kokuho.common import COMMON_FILE, with_common
from kyufu.law.kokuho.explain import say_fiscal_year
from kyufu.law.kokuho.premium.parameters import (
    LEVIES,
    NATIONAL_FILE,
    NATIONAL_TABLES,
    RATES_FOLDER,
    RATES_TABLES,
    REMAINDERS,
    Ages,
    CollectionRules,
    MunicipalRules,
    NationalRules,
)
from kyufu.law.kokuho.premium.rounding import ROUNDING_RULES, RoundingRule
from kyufu.law.kokuho.premium.value import Part
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import (
    file_names,
    list_entries,
    load_entries,
    parameter_version,
)
from kyufu.law.parameters.entries import Certainty, Entry

RATE_DENOMINATOR = 100_000
REMISSION = (
    "former_dependant_age",
    "former_dependant_months",
    "former_dependant_tenths",
    "former_dependant_income_exempt",
)
_ORDER = tuple(Certainty)
_ARTICLES = {"premium": ("国民健康保険法施行令", "第29条の7"), "tax": ("地方税法", "第703条の4・第703条の5")}


class PartRules(NamedTuple):
    """The rates of one part in one fiscal year: rates in 1/100,000, the rest in yen."""

    part: Part
    income_rate: int
    asset_rate: int
    per_person: int
    adult_per_person: int
    per_household: int
    ceiling: int


class YearRules(NamedTuple):
    """All that one municipality's assessment of one fiscal year needs; made once in a process."""

    municipality: str
    fiscal_year: int
    levy_label: str
    rounding: RoundingRule
    national: NationalRules
    ages: Ages
    collection: CollectionRules
    municipal: MunicipalRules
    parts: tuple[PartRules, ...]
    maternity_since: YearMonth
    citations: tuple[Citation, ...]
    version: str
    levies_assets: bool
    collection_cited: Citation
    dependant_cited: Citation


@lru_cache(maxsize=1)
def municipalities() -> tuple[str, ...]:
    """The municipalities of which rates are kept, as the command names them."""
    return tuple(name.removesuffix(".toml") for name in file_names(RATES_FOLDER))


@lru_cache(maxsize=1024)
def rules_of(municipality: str, *, fiscal_year: int) -> YearRules | None:
    """The rules of a municipality in a fiscal year, None where rates of that year are not kept.

    Raises UnknownMunicipality naming those that are known, ParameterError for a file that cannot be used.
    """
    file = _file_of(municipality)
    return rules_from(
        load_entries(file, tables=RATES_TABLES),
        national=load_entries(NATIONAL_FILE, tables=NATIONAL_TABLES),
        fiscal_year=fiscal_year,
        municipality=municipality,
        version=parameter_version((NATIONAL_FILE, COMMON_FILE, file)),
    )


def list_rates(municipality: str) -> tuple[Entry, ...]:
    """Every dated value behind the premium of a municipality, least certain first; raises UnknownMunicipality."""
    file = _file_of(municipality)
    return list_entries({file: RATES_TABLES, NATIONAL_FILE: NATIONAL_TABLES})


def registered_years(municipality: str) -> tuple[str, tuple[int, ...]]:
    """The name of a municipality and the fiscal years of which rates of some part are kept; UnknownMunicipality."""
    rows = load_entries(_file_of(municipality), tables=RATES_TABLES)
    label = next(row for row in _rows(rows, table="municipality") if row.key == "label")
    years = {row.period.start.year for row in _rows(rows, table="rates")}
    return str(label.columns["value"]), tuple(sorted(years))


def _file_of(municipality: str) -> str:
    if municipality not in municipalities():
        known = "、".join(municipalities())
        raise UnknownMunicipality(
            f"料率の登録されていない自治体です：{municipality}（登録のある自治体：{known}）"
        )
    return f"{RATES_FOLDER}/{municipality}.toml"


def rules_from(
    rows: Sequence[Entry],
    *,
    national: Sequence[Entry],
    fiscal_year: int,
    municipality: str,
    version: str,
) -> YearRules | None:
    """Check the rows of both files and resolve them for a year; None where a part due in that year has no rates."""
    on = first_day_of(fiscal_year)
    of_country = with_common(_rows(national, table="premium"), into=NationalRules)
    of_town = _rows(rows, table="municipality")
    of_collection = with_common(_rows(national, table="collection"), into=CollectionRules)
    check_binding(of_country, into=NationalRules, file=NATIONAL_FILE)
    check_binding(of_collection, into=CollectionRules, file=NATIONAL_FILE)
    check_binding(of_town, into=MunicipalRules, file=municipality)
    _check_names(of_town)
    _check_years(_rows(rows, table="rates"))
    ceilings = _in_force(_rows(national, table="ceiling"), on=on)
    rates = _in_force(_rows(rows, table="rates"), on=on)
    if not ceilings or ceilings.keys() - rates.keys():
        return None
    order, town = bind(of_country, into=NationalRules, on=on), bind(of_town, into=MunicipalRules, on=on)
    parts = tuple(_part(rates[part], ceiling=ceilings[part]) for part in Part if part in ceilings)
    year, month = map(int, order.maternity_since.split("-"))
    return YearRules(
        municipality=municipality,
        fiscal_year=fiscal_year,
        levy_label=LEVIES[town.levy],
        rounding=ROUNDING_RULES[town.rounding],
        national=order,
        ages=Ages(
            order.preschool_age,
            order.minor_age,
            order.care_from_age,
            order.care_until_age,
            order.late_elderly_age,
        ),
        collection=bind(of_collection, into=CollectionRules, on=on),
        municipal=town,
        parts=parts,
        maternity_since=YearMonth(year, month),
        citations=(
            _order_cited(town.levy, rows=[*_of_the_order(of_country, on=on), *ceilings.values()]),
            *_town_cited(town, fiscal_year=fiscal_year, rates=rates.values(), rows=_in_force(of_town, on=on)),
        ),
        version=version,
        levies_assets=any(part.asset_rate for part in parts),
        dependant_cited=_dependant_cited(town, rows=_in_force(of_country, on=on)),
        collection_cited=_collection_cited(town, rows=_in_force(of_town, on=on)),
    )


def first_day_of(fiscal_year: int) -> date:
    """1 April, on which the premium of a fiscal year is levied (賦課期日)."""
    return date(fiscal_year, SCHOOL_AND_FISCAL_FIRST_MONTH, 1)


def _rows(entries: Iterable[Entry], *, table: str) -> list[Entry]:
    return [entry for entry in entries if entry.table == table]


def _in_force(rows: Iterable[Entry], *, on: date) -> dict[str, Entry]:
    return {row.key: row for row in rows if on in row.period}


def _check_names(rows: Iterable[Entry]) -> None:
    for row in rows:
        known: Collection[object] | None = {
            "levy": LEVIES,
            "rounding": ROUNDING_RULES,
            "remainder": REMAINDERS,
            "first_instalment_month": range(1, 13),
            "instalments": range(1, 13),
        }.get(row.key)
        if known is not None and row.columns["value"] not in known:
            raise row.refused(f"使えない値です：{row.columns['value']}")


def _check_years(rows: Iterable[Entry]) -> None:
    seen = set()
    for row in rows:
        start, end = row.period
        if row.key not in list(Part):
            raise row.refused("知らない区分です")
        if start != first_day_of(start.year) or end != first_day_of(start.year + 1):
            raise row.refused("料率の行は4月1日から翌年4月1日の前日までの一年度です")
        if (row.key, start) in seen:
            raise row.refused("同じ年度の行が二つあります")
        seen.add((row.key, start))


def _part(row: Entry, *, ceiling: Entry) -> PartRules:
    columns = row.columns
    return PartRules(
        part=Part(row.key),
        income_rate=_rate(row, name="income_rate"),
        asset_rate=_rate(row, name="asset_rate"),
        per_person=_yen(row, name="per_person"),
        adult_per_person=_yen(row, name="adult_per_person"),
        per_household=_yen(row, name="per_household"),
        ceiling=_yen(
            row if "ceiling" in columns else ceiling, name="ceiling" if "ceiling" in columns else "value"
        ),
    )


def _yen(row: Entry, *, name: str) -> int:
    value = row.columns.get(name, 0)
    if not isinstance(value, int) or value < 0:
        raise row.refused(f"負の額は使えません：{name}")
    return value


def _rate(row: Entry, *, name: str) -> int:
    """A rate as the ordinance writes it ("6.24%") in 1/100,000."""
    text = str(row.columns.get(name, "0%"))
    try:
        rate = Decimal(text.removesuffix("%")) / 100 * RATE_DENOMINATOR
    except InvalidOperation:
        raise row.refused(f"率ではありません：{text}") from None
    if not text.endswith("%") or rate != int(rate) or not 0 <= rate <= RATE_DENOMINATOR:
        raise row.refused(f"率は 6.24% のように書きます（小数第3位まで）：{text}")
    return int(rate)


def _of_the_order(rows: Iterable[Entry], *, on: date) -> list[Entry]:
    """The figures of the Order: the remission of former dependants is the ordinance's, and cited where it holds."""
    return [row for key, row in _in_force(rows, on=on).items() if key not in REMISSION]


def _dependant_cited(town: MunicipalRules, *, rows: Mapping[str, Entry]) -> Citation:
    return Citation(_ordinance(town), "旧被扶養者の減免", _least([rows[name] for name in REMISSION]))


def _order_cited(levy: str, *, rows: Iterable[Entry]) -> Citation:
    law, article = _ARTICLES[levy]
    return Citation(law, article, _least(rows))


def _ordinance(town: MunicipalRules) -> str:
    return f"{town.label}国民健康保険{'条例' if town.levy == 'premium' else '税条例'}"


def _collection_cited(town: MunicipalRules, *, rows: Mapping[str, Entry]) -> Citation:
    names = ("instalments", "first_instalment_month", "instalment_unit", "remainder")
    return Citation(_ordinance(town), "納期（回数・月・端数）", _least([rows[name] for name in names]))


def _town_cited(
    town: MunicipalRules, *, fiscal_year: int, rates: Iterable[Entry], rows: Mapping[str, Entry]
) -> Iterable[Citation]:
    law = _ordinance(town)
    yield Citation(law, f"{say_fiscal_year(fiscal_year)}の料率等", _least(rates))
    yield Citation(law, f"端数処理（{ROUNDING_RULES[town.rounding].label}）", _least([rows["rounding"]]))


def _least(rows: Iterable[Entry]) -> str:
    """The certainty of the least certain row."""
    return min((row.certainty for row in rows), key=_ORDER.index).value
