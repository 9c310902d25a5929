"""The fixed halves of the trace of a child's judgement: names that stay, Japanese labels, units."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Quantity

DAY, CLASS, YEN, YEARS = "日付", "区分", "円", "歳"
YES_NO, PRESENT = "真偽", "有無"

CASE_QUANTITIES = (
    Quantity("judged_for", "判定の基準日", DAY),
    Quantity("certificate_year_start", "医療証の年度の初日", DAY),
    Quantity("certificate_year_last_day", "医療証の年度の末日", DAY),
    Quantity("birth_date", "生年月日", DAY),
    Quantity("age", "基準日の満年齢", YEARS),
    Quantity("school_grade", "学年", "学年"),
    Quantity("resident_from", "市内に住所を有した日", DAY),
    Quantity("insured_from", "健康保険に加入した日", DAY),
    Quantity("applied_on", "申請日", DAY),
    Quantity("guardians", "保護者の数", "人"),
)
DEATH_QUANTITIES = (Quantity("died_on", "死亡の日", DAY),)
ASSISTANCE_QUANTITIES = (
    Quantity("public_assistance_from", "生活保護（又は支援給付）の始まった日", DAY),
    Quantity("public_assistance_last_day", "生活保護（又は支援給付）の最後の日", DAY),
)
DISABILITY_QUANTITIES = (
    Quantity("disability_from", "重度障害者の医療費助成の始まった日", DAY),
    Quantity("disability_last_day", "重度障害者の医療費助成の最後の日", DAY),
)
SINGLE_PARENT_QUANTITIES = (
    Quantity("single_parent_from", "ひとり親家庭等の医療費助成の始まった日", DAY),
    Quantity("single_parent_last_day", "ひとり親家庭等の医療費助成の最後の日", DAY),
)
INSTITUTION_QUANTITIES = (
    Quantity("institution_from", "施設への措置の始まった日", DAY),
    Quantity("institution_last_day", "施設への措置の最後の日", DAY),
)
CITY_BAND_QUANTITIES = (
    Quantity("band", "対象年齢の区分", CLASS),
    Quantity("beneficiary_kind", "受給者の区分", CLASS),
    Quantity("issues_certificate", "医療証の交付", PRESENT),
    Quantity("income_limited", "市の所得制限", CLASS),
)
INCOME_YEAR_QUANTITIES = (
    Quantity("tax_year", "判定に使う賦課年度", "年度"),
    Quantity("income_year_start", "判定に使う所得の期間の初日", DAY),
    Quantity("income_year_last_day", "判定に使う所得の期間の末日", DAY),
)
GUARDIAN_QUANTITIES = (
    Quantity("guardian", "保護者", CLASS),
    Quantity("guardian_income_source", "所得の資料", CLASS),
    Quantity("guardian_income_obtained_on", "資料を得た日", DAY),
    Quantity("guardian_total_income", "この保護者の所得の合計", YEN),
)
EARNER_QUANTITIES = (Quantity("judged_guardian", "所得の高い保護者（判定の対象）", CLASS),)
DEPENDANT_QUANTITIES = (
    Quantity("dependants", "扶養親族等の数", "人"),
    Quantity("elderly_dependants", "うち老人控除対象配偶者・老人扶養親族の数", "人"),
)
# By the levies that count (the parameter exempt_levy).
EXEMPTION_QUANTITIES = MappingProxyType(
    {
        "every_levy": Quantity("tax_exempt", "保護者の住民税が非課税か", YES_NO),
        "income_levy": Quantity("tax_exempt", "保護者の市民税所得割が非課税か", YES_NO),
    }
)
CITY_LIMIT_QUANTITIES = (
    Quantity("city_income_limit", "市の所得限度額", YEN),
    Quantity("under_city_income_limit", "市の所得限度額未満か", YES_NO),
    EXEMPTION_QUANTITIES["every_levy"],
)
PERIOD_QUANTITIES = (
    Quantity("period_start", "この判定の期間の初日", DAY),
    Quantity("period_start_cause", "期間の始まりの理由", CLASS),
    Quantity("period_last_day", "この判定の期間の末日", DAY),
    Quantity("period_end_cause", "期間の終わりの理由", CLASS),
)
BENEFIT_CLASS = Quantity("benefit_class", "助成の区分", CLASS)
MET_ON = Quantity("requirements_met_on", "要件を満たした日", DAY)
ENTITLED_FROM = Quantity("entitled_from", "資格の始まる日", DAY)
ANSWER_QUANTITIES = (BENEFIT_CLASS, MET_ON, ENTITLED_FROM, *PERIOD_QUANTITIES)


class PrefectureQuantities(NamedTuple):
    """The quantities of what a prefecture subsidises, in its own word (県, 道)."""

    limit: tuple[Quantity, ...]
    band: tuple[Quantity, ...]
    copay: tuple[Quantity, ...]
    copay_rule: tuple[Quantity, ...]


@lru_cache(maxsize=8)
def prefecture_quantities(word: str) -> PrefectureQuantities:
    """The quantities of a prefecture that is called by a word; `copay_rule` where its own part is no fixed sum."""
    return PrefectureQuantities(
        limit=(
            Quantity("prefecture_income_limit", f"{word}補助の所得限度額", YEN),
            Quantity("under_prefecture_income_limit", f"{word}補助の所得限度額未満か", YES_NO),
        ),
        band=(
            Quantity("prefecture_band", f"{word}補助の対象年齢の区分", CLASS),
            Quantity("prefecture_scope", f"{word}補助の範囲", CLASS),
            Quantity("prefecture_income_limited", f"{word}補助の所得制限", CLASS),
        ),
        copay=(
            Quantity("prefecture_copay_visit", f"{word}基準の一部負担金（通院1回）", YEN),
            Quantity("prefecture_copay_day", f"{word}基準の一部負担金（入院1日）", YEN),
        ),
        copay_rule=(Quantity("prefecture_copay_rule", f"{word}基準の一部負担金", CLASS),),
    )


@lru_cache(maxsize=16)
def unrecorded(quantity: Quantity, *, since: date) -> Quantity:
    """The quantity of a day that lies on or before the first one which the rules know: its value is None."""
    return quantity._replace(label=f"{quantity.label}の記録（{format_wareki(since)}以前のため）")
