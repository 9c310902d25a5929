"""Where a dated value counts in the judgement: the articles it stands under and the figures that it goes into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kyufu.law.child.quantities import (
    ANSWER_QUANTITIES,
    CASE_QUANTITIES,
    CITY_BAND_QUANTITIES,
    CITY_LIMIT_QUANTITIES,
    GUARDIAN_QUANTITIES,
    INCOME_YEAR_QUANTITIES,
    PREFECTURE_BAND_QUANTITIES,
    PREFECTURE_LIMIT_QUANTITIES,
)
from kyufu.law.child.reasons import AGE_LAW, ARTICLE_2, ARTICLE_4, ARTICLE_5, INCOME_RULE, PREFECTURE
from kyufu.law.child.yokohama.parameters import CITY_FILE, PREFECTURE_FILE
from kyufu.law.decision import Citation, Quantity
from kyufu.law.income.judged import JUDGED_INCOME_QUANTITIES


class Use(NamedTuple):
    """The articles and the figures of the judgement (as the explanation names them) that a value serves."""

    citations: tuple[Citation, ...]
    figures: tuple[str, ...]


def _labels(*quantities: Sequence[Quantity]) -> tuple[str, ...]:
    return tuple(quantity.label for group in quantities for quantity in group)


PRINTED = Use((), ("医療証の印字",))
_OF_TABLE = {
    (CITY_FILE, "evidence"): Use((INCOME_RULE,), _labels(INCOME_YEAR_QUANTITIES, GUARDIAN_QUANTITIES[1:2])),
    (CITY_FILE, "limit"): Use((ARTICLE_4,), _labels(CITY_LIMIT_QUANTITIES[:2])),
    (CITY_FILE, "benefit_class"): Use((ARTICLE_4,), _labels(ANSWER_QUANTITIES[:1])),
    (CITY_FILE, "kind"): Use((ARTICLE_2,), _labels(CITY_BAND_QUANTITIES[1:3])),
    (CITY_FILE, "band"): Use(
        (ARTICLE_2, ARTICLE_4, AGE_LAW), _labels(CITY_BAND_QUANTITIES, ANSWER_QUANTITIES[:1])
    ),
    (PREFECTURE_FILE, "income"): Use((PREFECTURE, INCOME_RULE), _labels(JUDGED_INCOME_QUANTITIES)),
    (PREFECTURE_FILE, "limit"): Use((PREFECTURE,), _labels(PREFECTURE_LIMIT_QUANTITIES)),
    (PREFECTURE_FILE, "band"): Use((PREFECTURE, AGE_LAW), _labels(PREFECTURE_BAND_QUANTITIES)),
}
_OF_KEY = {
    "first_month": Use((ARTICLE_4,), _labels(CASE_QUANTITIES[1:3])),
    "age_step": Use((AGE_LAW,), _labels(CITY_BAND_QUANTITIES[:1])),
    "backdating_days": Use((ARTICLE_5,), ("要件を満たした日", "資格の始まる日")),
}


def use_of(file: str, *, table: str, key: str) -> Use:
    """Where a value of the municipality's parameters counts; what decides nothing is printed."""
    return _OF_TABLE.get((file, table)) or _OF_KEY.get(key, PRINTED)
