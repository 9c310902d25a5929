"""Answers of the premium's rules that cannot be given, because rates or facts lack."""

from __future__ import annotations

from typing import Any

from kyufu.law.decision import Reason
from kyufu.law.kokuho.answer import Answer, Undecidable, hash_facts, undecided
from kyufu.law.kokuho.explain import say_fiscal_year
from kyufu.law.kokuho.premium.rules import YearRules, registered_years


def without_facts(facts: object, *, rule: str, why: Undecidable, rules: YearRules) -> Answer[Any]:
    """The answer of a rule to which a fact lacks."""
    return undecided(
        rule=rule,
        municipality=rules.municipality,
        why=why,
        steps=(),
        citations=rules.citations,
        parameter_version=rules.version,
        facts_hash=hash_facts(facts, rule=rule),
    )


def without_rates(facts: object, *, rule: str, municipality: str, fiscal_year: int) -> Answer[Any]:
    """The answer of a rule where the rates of a part due in the year are not kept."""
    year = say_fiscal_year(fiscal_year)
    label, years = registered_years(municipality)
    kept = "、".join(map(say_fiscal_year, years))
    text = f"{year}の料率が登録されていない区分があるため、計算できません（登録のある年度：{kept}）"
    return undecided(
        rule=rule,
        municipality=municipality,
        why=Undecidable((Reason("rates.missing", text),), (f"{label}の{year}の料率（全区分）",)),
        steps=(),
        citations=(),
        parameter_version="",
        facts_hash=hash_facts(facts, rule=rule),
    )
