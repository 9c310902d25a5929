"""Households and rates in the short form of the case files and tests of premiums.

A person of an age stays of that age throughout the year (born on 2 April), is insured the whole year and declared.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.decision import Step
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.premium import Companion, Household, Maternity, Member, Unemployment
from kyufu.law.kokuho.premium.assessment import assess_under
from kyufu.law.kokuho.premium.parameters import NATIONAL_FILE, NATIONAL_TABLES, RATES_TABLES
from kyufu.law.kokuho.premium.rules import YearRules, rules_from, rules_of
from kyufu.law.kokuho.premium.value import Part, Premium
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.reading import read_entries

CASES = Path(__file__).parents[1] / "cases" / "kokuho"
BASIC_DEDUCTION = 430_000
LONG_AGO = date(2019, 5, 1)
SALARY_STEPS = ((1_618_999, -550_000), (1_619_999, 1_069_000), (1_621_999, 1_070_000), (1_623_999, 1_072_000))
PART_KEYS = {"medical": "m", "support": "s", "care": "c", "child": "k"}


def income(
    total: int | None, *, year: int, earner: bool = False, declared: str = "yes", judged: int | None = None
) -> MemberIncome:
    """Income of the year before a fiscal year; the base is after the basic deduction."""
    base = None if total is None else max(0, total - BASIC_DEDUCTION)
    judged = total if judged is None else judged
    return MemberIncome(year - 1, Declared(declared), total, judged, base, earner)


def born(age: int, *, year: int) -> date:
    """The birth date of one who is of an age from the 1st of April of a year to the 31st of March."""
    return date(year - age, 4, 2)


def member(ref: str, *, year: int, age: int = 30, total: int | None = 0, **given: Any) -> Member:
    """An insured person; `since` and `until` are days of acquisition and loss, `left_on` with `eased` a loss of work,
    `birth` a month [year, month] of birth with `multiple`.
    """
    earner, declared, judged = (given.pop(name, None) for name in ("earner", "declared", "judged"))
    spells = given.pop("enrolled", [[given.pop("since", LONG_AGO), given.pop("until", None)]])
    birth_date = given.pop("born", None) or born(age, year=year)
    month, multiple = given.pop("birth", None), given.pop("multiple", False)
    left_on, eased = given.pop("left_on", None), given.pop("eased", None)
    found = income(total, year=year, earner=bool(earner), declared=declared or "yes", judged=judged)
    return Member(
        ref=ref,
        birth_date=birth_date,
        enrolled=tuple(
            Period(max(start, birth_date), end) for start, end in ((*each, None)[:2] for each in spells)
        ),
        income=found,
        unemployment=None
        if left_on is None
        else Unemployment(left_on, income(eased, year=year, earner=bool(earner))),
        maternity=None if month is None else Maternity(YearMonth(*month), multiple),
        former_dependant_since=given.pop("former_dependant_since", None),
        asset_tax=given.pop("asset_tax", None),
        care_exempt=tuple(Period(start, end) for start, end in given.pop("care_exempt", ())),
        **given,
    )


def companion(ref: str, *, year: int, total: int | None = 0, **given: Any) -> Companion:
    """A head insured elsewhere, or one who moved to the elderly's insurance on `moved`."""
    return Companion(
        ref,
        given.get("head", False),
        given.get("moved"),
        income(total, year=year, earner=given.get("earner", False), declared=given.get("declared", "yes")),
    )


def household(
    year: int, *members: dict[str, Any], companions: list[dict[str, Any]] | None = None
) -> Household:
    """A household of the persons given in short form."""
    return Household(
        year,
        tuple(member(f"p{n}", year=year, **each) for n, each in enumerate(members, start=1)),
        tuple(companion(f"c{n}", year=year, **each) for n, each in enumerate(companions or [], start=1)),
    )


def salary_income(revenue: int) -> int:
    """給与所得 of the years 令和2 to 令和6 (所得税法別表第五), written here once more for the published tables."""
    if revenue < 551_000:
        return 0
    if revenue <= SALARY_STEPS[0][0]:
        return revenue - 550_000
    for limit, amount in SALARY_STEPS[1:]:
        if revenue <= limit:
            return amount
    if revenue < 1_628_000:
        return 1_074_000
    quarter = revenue // 4_000 * 4_000
    if revenue < 1_800_000:
        return quarter * 6 // 10 + 100_000
    if revenue < 3_600_000:
        return quarter * 7 // 10 - 80_000
    if revenue < 6_600_000:
        return quarter * 8 // 10 - 440_000
    return revenue * 9 // 10 - 1_100_000 if revenue < 8_500_000 else revenue - 1_950_000


def rules(year: int, *, rounding: str = "part_100", folder: Path, **rates: list[Any]) -> YearRules:
    """The rules of a town of given rates: part = [income rate, per person, per household, ceiling, more columns]."""
    named = {
        "label": "試験市",
        "code": "999999",
        "levy": "premium",
        "rounding": rounding,
        "remainder": "first",
    }
    counted = {"instalments": 10, "first_instalment_month": 6, "instalment_unit": 100}
    lines = []
    for name, value in {**named, **counted}.items():
        said = f'"{value}"' if isinstance(value, str) else value
        lines.append(
            f'[[municipality]]\nname = "{name}"\nlabel = "x"\nvalue = {said}\nunit = "x"\nfrom = 2021-04-01\n'
            'source = "試験"\ncertainty = "assumed"\n'
        )
    for part, (rate, person, home, *more) in rates.items():
        columns: dict[str, Any] = {"income_rate": rate, "per_person": person, "per_household": home}
        if more:
            columns["ceiling"] = more[0]
        columns.update(more[1] if len(more) > 1 else {})
        said_columns = "\n".join(
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
            for name, value in columns.items()
        )
        lines.append(
            f'[[rates]]\npart = "{part}"\nlabel = "x"\n{said_columns}\nfrom = {year}-04-01\nto = {year + 1}-04-01\n'
            'source = "試験"\ncertainty = "assumed"\n'
        )
    path = folder / "town.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = rules_from(
        read_entries(path, tables=RATES_TABLES),
        national=load_entries(NATIONAL_FILE, tables=NATIONAL_TABLES),
        fiscal_year=year,
        municipality="town",
        version="test",
    )
    assert found is not None
    return found


def premium_of(answer: Answer[Premium]) -> Premium:
    """The value of an answer that must be decided."""
    assert isinstance(answer.value, Premium), answer.reasons
    return answer.value


def assessed(facts: Household, *, rules: YearRules) -> Premium:
    """The premium under given rules."""
    return premium_of(assess_under(facts, rules=rules))


def amounts(premium: Premium) -> dict[str, int]:
    """What is owed by part."""
    return {part.part.value: part.amount for part in premium.parts}


def part(premium: Premium, name: str) -> Any:
    """One part of a premium."""
    return next(each for each in premium.parts if each.part is Part(name))


def step(answer: Answer[Premium], name: str) -> object:
    """The value of a step by its name."""
    return next(each.value for each in answer.steps if each.quantity.name == name)


def steps(answer: Answer[Premium]) -> dict[str, Step]:
    """The steps by name."""
    return {each.quantity.name: each for each in answer.steps}


def case_rules(case: dict[str, Any], *, folder: Path) -> YearRules:
    """The rules a case is judged under: a municipality's file, or rates of its own."""
    if "municipality" in case:
        found = rules_of(case["municipality"], fiscal_year=case["year"])
        assert found is not None
        return found
    return rules(case["year"], rounding=case.get("rounding", "part_100"), folder=folder, **case["rates"])


def read_cases(name: str, *, kind: str) -> list[dict[str, Any]]:
    """The cases of one file; each has a name and a source."""
    found: list[dict[str, Any]] = tomllib.loads((CASES / name).read_text(encoding="utf-8"))[kind]
    for case in found:
        assert case["name"], name
        assert case["source"], case["name"]
    return found
