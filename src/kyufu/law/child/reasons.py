"""Why a child is or is not entitled: codes, Japanese sentences and what they cite, made once at import."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.facts import OtherSchemeKind
from kyufu.law.decision import Citation, Reason

YOKOHAMA_ORDINANCE = "横浜市小児の医療費助成に関する条例（平成6年9月条例第34号）"
ARTICLE_2 = Citation(YOKOHAMA_ORDINANCE, "第2条第1項", "official")
ARTICLE_4 = Citation(YOKOHAMA_ORDINANCE, "第4条", "official")
ARTICLE_5 = Citation(YOKOHAMA_ORDINANCE, "第5条", "official")
# Who is excluded is known from the city's page «助成の対象外となる方» alone. A rejection must name the ordinance, so
# this names it and says that the article is still to be confirmed.
EXCLUSIONS = Citation(YOKOHAMA_ORDINANCE, "第2条（「対象外」の根拠条項は未確認）", "assumed")
AGE_LAW = Citation("年齢計算ニ関スル法律（明治35年法律第50号）・民法", "第143条", "official")
PREFECTURE = Citation("神奈川県小児医療費助成事業の補助基準", "（要綱の本文は未確認）", "secondary")
INCOME_RULE = Citation("旧児童手当特例給付の所得の基準", "（県補助の判定所得）", "secondary")

NOT_RESIDENT = Reason("not_resident", "この日に横浜市に住所がありません。", ARTICLE_2)
NOT_BORN = Reason("not_born", "この日にはまだ生まれていません。", AGE_LAW)
# The guardians read this in the notice of loss: nothing is said of residence or requirements.
DIED = Reason(
    "died", "お子さんが亡くなられたため、助成の資格がなくなりました。謹んでお悔やみ申し上げます。", ARTICLE_2
)
TOO_OLD = Reason("too_old", "この日に助成の対象となる年齢を過ぎています。", ARTICLE_2)
PUBLIC_ASSISTANCE = Reason("public_assistance", "生活保護（又は支援給付）を受けています。", EXCLUSIONS)
OTHER_SCHEMES = {
    OtherSchemeKind.DISABILITY: Reason(
        "other_scheme.disability", "重度障害者の医療費助成を受けています。", EXCLUSIONS
    ),
    OtherSchemeKind.SINGLE_PARENT: Reason(
        "other_scheme.single_parent", "ひとり親家庭等の医療費助成を受けています。", EXCLUSIONS
    ),
    OtherSchemeKind.INSTITUTION: Reason(
        "other_scheme.institution", "施設への措置により医療の給付を受けています。", EXCLUSIONS
    ),
}

RULES_UNKNOWN = Reason("missing.rules", "この日の基準が登録されていません（平成29年4月以後の分があります）。")
BIRTH_DATE_UNKNOWN = Reason("missing.birth_date", "生年月日が分かりません。", AGE_LAW)
INSURANCE_UNKNOWN = Reason("missing.insurance", "この日の健康保険の資格が確認できません。", ARTICLE_2)
NO_GUARDIAN = Reason("missing.guardian", "保護者が分かりません。", ARTICLE_2)
NO_APPLICATION = Reason("missing.application", "申請がありません。", ARTICLE_5)
LEVY_UNKNOWN = Reason("missing.levy", "保護者の住民税（所得割・均等割）の額が分かりません。", ARTICLE_4)

PREFECTURE_CITY_NOT_ELIGIBLE = Reason(
    "prefecture.city_not_eligible", "市の助成の資格がないため、県補助の対象になりません。", PREFECTURE
)
PREFECTURE_CITY_UNDECIDED = Reason(
    "prefecture.city_undecided", "市の助成の資格を判定できないため、県補助も判定できません。", PREFECTURE
)
PREFECTURE_TOO_OLD = Reason("prefecture.too_old", "県補助の対象となる年齢を過ぎています。", PREFECTURE)


def say_eligible(band_label: str) -> Reason:
    """The reason for an entitlement in an age band."""
    text = f"横浜市に住所があり、健康保険に加入し、対象年齢の区分「{band_label}」に当たります。"
    return Reason("eligible", text, ARTICLE_4)


def say_income_over(limit: int) -> Reason:
    """Why the income excludes: the judged income is not less than the city's limit (yen).

    The letter may go to the other guardian, so the income itself stays in the steps.
    """
    text = f"判定の対象となる保護者の判定所得が所得限度額{limit:,}円以上です。"
    return Reason("income_over", text, ARTICLE_4)


def say_before_application(*, first_met: str, applied_on: date, days: int) -> Reason:
    """Why an earlier day is not covered: the application came too late after the requirements were met.

    `first_met` is that day in words, for it may lie before the first one which the rules know.
    """
    text = (
        f"要件を満たした日（{first_met}）から{days}日を過ぎて申請があったため、"
        f"資格は申請日（{format_wareki(applied_on)}）からです。"
    )
    return Reason("before_application", text, ARTICLE_5)


def say_prefecture_covers(*, band_label: str, income_limited: bool) -> Reason:
    """Why the prefecture subsidises: the band, and that the income is under the limit where there is one."""
    limit = "、保護者の判定所得が県の限度額未満です。" if income_limited else "、所得制限はありません。"
    return Reason("prefecture.covered", f"県補助の対象年齢の区分「{band_label}」に当たり{limit}", PREFECTURE)


def say_prefecture_income_over(limit: int) -> Reason:
    """Why the prefecture does not subsidise: the judged income is not less than its limit (yen)."""
    text = f"判定の対象となる保護者の判定所得が県補助の所得限度額{limit:,}円以上です。"
    return Reason("prefecture.income_over", text, PREFECTURE)
