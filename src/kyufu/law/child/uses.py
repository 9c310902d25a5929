"""Where a dated value counts in the judgement: the articles it stands under and the figures that it goes into."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kyufu.law.child.cities import city_of
from kyufu.law.child.city import AGE_LAW, City
from kyufu.law.child.quantities import (
    ANSWER_QUANTITIES,
    CASE_QUANTITIES,
    CITY_BAND_QUANTITIES,
    CITY_LIMIT_QUANTITIES,
    DISABILITY_QUANTITIES,
    EARNER_QUANTITIES,
    EXEMPTION_QUANTITIES,
    GUARDIAN_QUANTITIES,
    INCOME_YEAR_QUANTITIES,
    prefecture_quantities,
)
from kyufu.law.decision import Citation, Quantity
from kyufu.law.income.judged import JUDGED_INCOME_QUANTITIES


class Use(NamedTuple):
    """The articles and the figures of the judgement (as the explanation names them) that a value serves."""

    citations: tuple[Citation, ...]
    figures: tuple[str, ...]


def _labels(*quantities: Sequence[Quantity]) -> tuple[str, ...]:
    return tuple(quantity.label for group in quantities for quantity in group)


PRINTED = Use((), ("医療証の印字",))
# What is paid of a visit, and until when it can be claimed: no figure of the judgement.
OWN_PART, CLAIM = ("一部負担金",), ("助成の申請の期限",)
# What the head office goes by in renewals: about no child either.
EXPECTED, SCHEDULED = Use((), ("更新処理の見込みとの比較",)), Use((), ("更新処理の標準の予定",))
Table = tuple[str, str]


@lru_cache(maxsize=16)
def _of_table(city: City) -> dict[Table, Use]:
    """The uses of every table of a municipality's files but what is printed, by file and table."""
    at, files = city.sources, city.files
    prefecture = prefecture_quantities(city.prefecture_word)
    judging = (EARNER_QUANTITIES, tuple(EXEMPTION_QUANTITIES.values()))
    return {
        (files.city, "evidence"): Use(
            (at.income,), _labels(INCOME_YEAR_QUANTITIES, GUARDIAN_QUANTITIES[1:2])
        ),
        (files.city, "limit"): Use((at.limit,), _labels(CITY_LIMIT_QUANTITIES[:2])),
        (files.city, "judging"): Use((at.limit,), _labels(*judging)),
        (files.city, "benefit_class"): Use((at.benefit,), _labels(ANSWER_QUANTITIES[:1])),
        (files.city, "parallel"): Use((at.exclusion,), _labels(DISABILITY_QUANTITIES)),
        (files.city, "copay"): Use((at.benefit,), OWN_PART),
        (files.city, "claim"): Use((at.benefit,), CLAIM),
        (files.renewal, "expectation"): EXPECTED,
        (files.renewal, "schedule"): SCHEDULED,
        (files.city, "kind"): Use((at.entitled,), _labels(CITY_BAND_QUANTITIES[1:3])),
        (files.city, "band"): Use(
            tuple(dict.fromkeys((at.entitled, at.benefit, AGE_LAW))),
            _labels(CITY_BAND_QUANTITIES, ANSWER_QUANTITIES[:1]),
        ),
        (files.prefecture, "income"): Use((at.prefecture, at.income), _labels(JUDGED_INCOME_QUANTITIES)),
        (files.prefecture, "limit"): Use((at.prefecture,), _labels(prefecture.limit)),
        (files.prefecture, "band"): Use(
            (at.prefecture, AGE_LAW), tuple(one.label for one in chain(prefecture.band, prefecture.copay))
        ),
    }


def _of_key(key: str, *, city: City) -> Use | None:
    at = city.sources
    return {
        "first_month": Use((at.benefit,), _labels(CASE_QUANTITIES[1:3])),
        "age_step": Use((AGE_LAW,), _labels(CITY_BAND_QUANTITIES[:1])),
        "backdating_days": Use((at.application,), ("要件を満たした日", "資格の始まる日")),
    }.get(key)


def use_of(file: str, *, table: str, key: str, municipality: str) -> Use:
    """Where a value of a municipality's parameters counts; what decides nothing is printed.

    Raises UnknownMunicipality.
    """
    city = city_of(municipality)
    return _of_table(city).get((file, table)) or _of_key(key, city=city) or PRINTED
