"""The figures of income evidence: item of the tax feed and column of the table, in the order of the law.

The names are kept side by side here alone, so that feed, table and law cannot drift apart.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """What a figure counts."""

    YEN = "yen"
    YEN_OR_LOSS = "yen_or_loss"
    YEN_OR_UNKNOWN = "yen_or_unknown"
    PERSONS = "persons"
    MARK = "mark"


class Figure(NamedTuple):
    """One figure of income evidence: item name of the feed, column of the table, Japanese name, unit."""

    item: str
    column: str
    label: str
    unit: Unit


# A loss stays negative only in the kinds that Income Tax Act art. 69(1) lets be set off (損益通算: 不動産,
# 事業, 山林, 譲渡); in every other kind a loss counts as none, so a negative amount is the sender's error.
INCOMES = (
    Figure("kyuyo", "salary", "給与所得", Unit.YEN),
    Figure("jigyo", "business", "事業所得", Unit.YEN_OR_LOSS),
    Figure("fudosan", "real_estate", "不動産所得", Unit.YEN_OR_LOSS),
    Figure("rishi", "interest", "利子所得", Unit.YEN),
    Figure("haito", "dividend", "配当所得", Unit.YEN),
    Figure("nenkin", "public_pension", "公的年金等の雑所得", Unit.YEN),
    Figure("zatsu", "miscellaneous", "その他の雑所得", Unit.YEN),
    Figure("ichiji", "temporary", "一時所得", Unit.YEN),
    Figure("sogo_joto", "capital_gain_comprehensive", "総合課税の譲渡所得", Unit.YEN_OR_LOSS),
    Figure("bunri_joto", "capital_gain_separate", "分離課税の譲渡所得", Unit.YEN_OR_LOSS),
    Figure("kabushiki", "stock", "株式等の譲渡所得", Unit.YEN),
    Figure("sakimono", "futures", "先物取引の雑所得等", Unit.YEN),
    Figure("sanrin", "forestry", "山林所得", Unit.YEN_OR_LOSS),
    Figure("taishoku", "retirement", "退職所得", Unit.YEN),
)
DEDUCTIONS = (
    Figure("zasson", "casualty_loss", "雑損控除額", Unit.YEN),
    Figure("iryohi", "medical", "医療費控除額", Unit.YEN),
    Figure("shokibo", "small_enterprise_mutual_aid", "小規模企業共済等掛金控除額", Unit.YEN),
    Figure("shogaisha", "disabled_persons", "障害者の数", Unit.PERSONS),
    Figure("tokubetsu_shogaisha", "specially_disabled_persons", "特別障害者の数", Unit.PERSONS),
    Figure("kafu", "widow", "寡婦", Unit.MARK),
    Figure("hitorioya", "single_parent", "ひとり親", Unit.MARK),
    Figure("kinro_gakusei", "working_student", "勤労学生", Unit.MARK),
)
DEPENDANTS = (
    Figure("fuyo_total", "dependants_total", "扶養親族等の数", Unit.PERSONS),
    Figure("fuyo_rojin", "dependants_elderly", "老人扶養親族の数", Unit.PERSONS),
    Figure("fuyo_tokutei", "dependants_specified", "特定扶養親族の数", Unit.PERSONS),
    Figure("fuyo_16miman", "dependants_under_sixteen", "16歳未満の扶養親族の数", Unit.PERSONS),
    Figure("rojin_haigusha", "dependants_elderly_spouse", "老人控除対象配偶者", Unit.MARK),
)
LEVIES = (
    Figure("shotokuwari", "income_levy", "所得割額", Unit.YEN_OR_UNKNOWN),
    Figure("kintowari", "per_capita_levy", "均等割額", Unit.YEN_OR_UNKNOWN),
)
FIGURES = INCOMES + DEDUCTIONS + DEPENDANTS + LEVIES

# Never negative; a mark is not a number, and a levy that is not known has no value to compare.
NEVER_NEGATIVE = tuple(figure for figure in FIGURES if figure.unit not in (Unit.YEN_OR_LOSS, Unit.MARK))
# Kinds of dependants that the total already counts (扶養親族等の数の内数).
AMONG_DEPENDANTS = tuple(figure for figure in DEPENDANTS[1:] if figure.unit is Unit.PERSONS)
