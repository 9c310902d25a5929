"""The parameter files of premiums: every one can be used, says where it is from, and a wrong row is refused by line."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kyufu.law.kokuho.answer import UnknownMunicipality
from kyufu.law.kokuho.premium import municipalities, rules_of
from kyufu.law.kokuho.premium.parameters import NATIONAL_FILE, NATIONAL_TABLES, RATES_FOLDER, RATES_TABLES
from kyufu.law.kokuho.premium.rounding import SCALE
from kyufu.law.kokuho.premium.rules import YearRules, rules_from
from kyufu.law.kokuho.premium.value import Part
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import DATA, Certainty, ParameterError
from kyufu.law.parameters.reading import read_entries

YEARS = range(2022, 2027)
NATIONAL = load_entries(NATIONAL_FILE, tables=NATIONAL_TABLES)
GOOD = (DATA / RATES_FOLDER / "atsugi.toml").read_text(encoding="utf-8")


def read(text: str, *, folder: Path, year: int = 2025) -> YearRules | None:
    path = folder / "town.toml"
    path.write_text(text, encoding="utf-8")
    rows = read_entries(path, tables=RATES_TABLES)
    return rules_from(rows, national=NATIONAL, fiscal_year=year, municipality="town", version="")


def test_there_are_atsugi_and_at_least_ten_more() -> None:
    assert "atsugi" in municipalities()
    assert len(municipalities()) >= 11


@pytest.mark.parametrize("municipality", municipalities())
def test_every_municipality_has_rates_of_some_year(municipality: str) -> None:
    found = [made for year in YEARS if (made := rules_of(municipality, fiscal_year=year))]
    assert found
    for made in found:
        expected = list(Part) if made.fiscal_year >= 2026 else [Part.MEDICAL, Part.SUPPORT, Part.CARE]
        assert [part.part for part in made.parts] == expected
        assert all(0 < part.income_rate < 20_000 for part in made.parts)
        assert all(part.ceiling >= 30_000 for part in made.parts)
        assert len(made.citations) == 3
        assert re.fullmatch(r"[0-9a-f]{12}", made.version)


def test_each_file_is_of_another_municipality_with_a_valid_code() -> None:
    codes = []
    for municipality in municipalities():
        entries = load_entries(f"{RATES_FOLDER}/{municipality}.toml", tables=RATES_TABLES)
        codes += [str(each.columns["value"]) for each in entries if each.key == "code"]
    assert Counter(codes).most_common(1)[0][1] == 1
    assert len(codes) == len(municipalities())
    for code in codes:
        weighted = sum(int(digit) * weight for digit, weight in zip(code[:5], range(6, 1, -1), strict=True))
        assert int(code[5]) == (11 - weighted % 11) % 10, code


def test_all_four_years_of_three_parts_and_the_year_of_four_are_there() -> None:
    years = {year for name in municipalities() for year in YEARS if rules_of(name, fiscal_year=year)}
    assert {2023, 2024, 2025, 2026} <= years


@pytest.mark.parametrize(
    ("year", "ceilings"),
    [
        (2022, [650_000, 200_000, 170_000]),
        (2023, [650_000, 220_000, 170_000]),
        (2024, [650_000, 240_000, 170_000]),
        (2025, [660_000, 260_000, 170_000]),
        (2026, [670_000, 260_000, 170_000, 30_000]),
    ],
)
def test_the_national_ceilings_of_each_year(year: int, ceilings: list[int]) -> None:
    april = date(year, 4, 1)
    rows = [row for row in NATIONAL if row.table == "ceiling" and april in row.period]
    due = {row.key: row.columns["value"] for row in rows}
    assert [due[part] for part in Part if part in due] == ceilings


def test_a_municipality_may_stay_below_the_national_ceiling() -> None:
    tachikawa, shimada = rules_of("tachikawa", fiscal_year=2023), rules_of("shimada", fiscal_year=2025)
    assert tachikawa and shimada
    assert [part.ceiling for part in tachikawa.parts] == [630_000, 190_000, 160_000]
    assert [part.ceiling for part in shimada.parts] == [650_000, 240_000, 170_000]


def test_an_unknown_municipality_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownMunicipality, match=r"nowhere.*atsugi"):
        rules_of("nowhere", fiscal_year=2025)
    assert rules_of("atsugi", fiscal_year=2022) is None


def test_a_year_of_which_one_part_has_no_rates_is_not_known(tmp_path: Path) -> None:
    assert read(GOOD, folder=tmp_path) is not None
    assert read(GOOD.replace('part = "care"', 'part = "child"'), folder=tmp_path) is None
    assert read(GOOD, folder=tmp_path, year=2026) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"6.24%"', '"6.24"', "率は"),
        ('"6.24%"', '"6.2401%"', "率は"),
        ('"6.24%"', '"101%"', "率は"),
        ('"6.24%"', '"-1%"', "率は"),
        ('"6.24%"', '"six%"', "率ではありません"),
        ("per_person = 25744", "per_person = -1", "負の額"),
        ('part = "medical"', 'part = "dental"', "知らない区分"),
        ('part = "support"', 'part = "medical"', "二つあります"),
        ("to = 2026-04-01", "to = 2027-04-01", "一年度"),
        ("from = 2025-04-01\nto", "from = 2025-04-02\nto", "一年度"),
        ('value = "part_100"', 'value = "part_7"', "使えない値"),
        ('value = "premium"', 'value = "fee"', "使えない値"),
        ('value = "first"', 'value = "middle"', "使えない値"),
        ("value = 10\n", "value = 13\n", "使えない値"),
        ("value = 6\n", "value = 0\n", "使えない値"),
    ],
)
def test_a_wrong_row_is_refused_by_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in GOOD
    with pytest.raises(ParameterError, match=said) as caught:
        read(GOOD.replace(old, new, 1), folder=tmp_path)
    line = caught.value.line
    assert GOOD.splitlines()[line - 1].startswith("[[")


def test_the_sure_and_the_assumed_are_told_apart_in_the_citations() -> None:
    atsugi, isesaki, adachi = (
        rules_of(name, fiscal_year=year)
        for name, year in (("atsugi", 2025), ("isesaki", 2023), ("adachi", 2025))
    )
    assert atsugi and isesaki and adachi
    assert [each.certainty for each in atsugi.citations[1:]] == [Certainty.SECONDARY, Certainty.ASSUMED]
    assert [each.certainty for each in isesaki.citations[1:]] == [Certainty.OFFICIAL, Certainty.OFFICIAL]
    assert isesaki.citations[0].law == "地方税法"
    assert adachi.rounding.name == "total_1"


def test_exact_amounts_divide_by_everything_that_rates_and_months_ask_for() -> None:
    assert SCALE % (12 * 100_000) == 0
    assert SCALE % (12 * 400) == 0


def rate_lines() -> list[str]:
    """The rows of the page of rates as they must be, from the files."""
    lines = []
    for municipality in municipalities():
        entries = load_entries(f"{RATES_FOLDER}/{municipality}.toml", tables=RATES_TABLES)
        for year in YEARS:
            made = rules_of(municipality, fiscal_year=year)
            rows = {
                each.key: each
                for each in entries
                if each.table == "rates" and date(year, 4, 1) in each.period
            }
            for part in made.parts if made else ():
                row = rows[part.part]
                adult = f"（＋{part.adult_per_person:,}円）" if part.adult_per_person else ""
                assert made
                lines.append(
                    f"| {made.municipal.label}（`{municipality}`） | 令和{year - 2018}年度 | {part.part.label} "
                    f"| {row.columns['income_rate']} | {row.columns.get('asset_rate', '—')} "
                    f"| {part.per_person:,}円{adult} | {part.per_household:,}円 "
                    f"| {part.ceiling:,}円 | {row.certainty.label} |"
                )
    return lines


def test_the_page_of_rates_says_what_the_files_say() -> None:
    page = DATA.parents[3] / "docs" / "reference" / "kokuho" / "premium-rates.md"
    said = [
        line
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "年度 |" in line
    ]
    assert said[1:] == rate_lines()
