"""Why a child is or is not entitled: codes, Japanese sentences and what they cite, made once for each municipality."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kyufu.law.calendar.wareki import format_wareki, format_wareki_month
from kyufu.law.child.city import AGE_LAW, City, Sources
from kyufu.law.child.facts import OtherSchemeKind
from kyufu.law.decision import Reason

NOT_BORN = Reason("not_born", "この日にはまだ生まれていません。", AGE_LAW)
BIRTH_DATE_UNKNOWN = Reason("missing.birth_date", "生年月日が分かりません。", AGE_LAW)


class Reasons(NamedTuple):
    """The reasons of one municipality; those with figures are made by the `say_` methods."""

    city_name: str
    prefecture_word: str
    sources: Sources
    not_resident: Reason
    died: Reason
    too_old: Reason
    public_assistance: Reason
    disability: Reason
    single_parent: Reason
    institution: Reason
    insurance_unknown: Reason
    no_guardian: Reason
    no_application: Reason
    disability_kind_unknown: Reason
    levy_unknown: Reason
    claim_unknown: Reason
    prefecture_city_not_eligible: Reason
    prefecture_city_undecided: Reason
    prefecture_too_old: Reason

    def of_scheme(self, kind: OtherSchemeKind) -> Reason:
        """Why another scheme excludes."""
        if kind is OtherSchemeKind.DISABILITY:
            return self.disability
        return self.single_parent if kind is OtherSchemeKind.SINGLE_PARENT else self.institution

    def say_rules_unknown(self, known_from: date) -> Reason:
        """Why a day before the first known rules cannot be decided."""
        month = format_wareki_month(known_from)
        return Reason("missing.rules", f"この日の基準が登録されていません（{month}以後の分があります）。")

    def say_eligible(self, band_label: str) -> Reason:
        """The reason for an entitlement in an age band."""
        text = f"{self.city_name}に住所があり、健康保険に加入し、対象年齢の区分「{band_label}」に当たります。"
        return Reason("eligible", text, self.sources.benefit)

    def say_income_over(self, limit: int) -> Reason:
        """Why the income excludes: the judged income is not less than the city's limit (yen).

        The letter may go to the other guardian, so the income itself stays in the steps.
        """
        text = f"判定の対象となる保護者の判定所得が所得限度額{limit:,}円以上です。"
        return Reason("income_over", text, self.sources.limit)

    def say_before_application(self, *, first_met: str, applied_on: date, days: int) -> Reason:
        """Why an earlier day is not covered: the application came too late after the requirements were met.

        `first_met` is that day in words, for it may lie before the first one which the rules know.
        """
        text = (
            f"要件を満たした日（{first_met}）から{days}日を過ぎて申請があったため、"
            f"資格は申請日（{format_wareki(applied_on)}）からです。"
        )
        return Reason("before_application", text, self.sources.application)

    def say_prefecture_covers(self, *, band_label: str, income_limited: bool) -> Reason:
        """Why the prefecture subsidises: the band, and that the income is under the limit where there is one."""
        word = self.prefecture_word
        limit = (
            f"、保護者の判定所得が{word}の限度額未満です。" if income_limited else "、所得制限はありません。"
        )
        text = f"{word}補助の対象年齢の区分「{band_label}」に当たり{limit}"
        return Reason("prefecture.covered", text, self.sources.prefecture)

    def say_prefecture_income_over(self, limit: int) -> Reason:
        """Why the prefecture does not subsidise: the judged income is not less than its limit (yen)."""
        text = (
            f"判定の対象となる保護者の判定所得が{self.prefecture_word}補助の所得限度額{limit:,}円以上です。"
        )
        return Reason("prefecture.income_over", text, self.sources.prefecture)


@lru_cache(maxsize=16)
def reasons_of(city: City) -> Reasons:
    """The reasons of a municipality with its name and articles."""
    at, word = city.sources, city.prefecture_word
    return Reasons(
        city_name=city.name,
        prefecture_word=word,
        sources=at,
        not_resident=Reason("not_resident", f"この日に{city.name}に住所がありません。", at.entitled),
        # The guardians read this in the notice of loss: nothing is said of residence or requirements.
        died=Reason(
            "died",
            "お子さんが亡くなられたため、助成の資格がなくなりました。謹んでお悔やみ申し上げます。",
            at.entitled,
        ),
        too_old=Reason("too_old", "この日に助成の対象となる年齢を過ぎています。", at.entitled),
        public_assistance=Reason(
            "public_assistance", "生活保護（又は支援給付）を受けています。", at.exclusion
        ),
        disability=Reason("other_scheme.disability", "重度障害者の医療費助成を受けています。", at.exclusion),
        single_parent=Reason(
            "other_scheme.single_parent", "ひとり親家庭等の医療費助成を受けています。", at.exclusion
        ),
        institution=Reason(
            "other_scheme.institution", "施設への措置により医療の給付を受けています。", at.exclusion
        ),
        insurance_unknown=Reason(
            "missing.insurance", "この日の健康保険の資格が確認できません。", at.entitled
        ),
        no_guardian=Reason("missing.guardian", "保護者が分かりません。", at.entitled),
        no_application=Reason("missing.application", "申請がありません。", at.application),
        disability_kind_unknown=Reason(
            "missing.disability_kind",
            "重度障害者の医療費助成が、併せて受けられるもの（精神障害によるもの）か分かりません。",
            at.exclusion,
        ),
        levy_unknown=Reason(
            "missing.levy", "保護者の住民税（所得割・均等割）の額が分かりません。", at.benefit
        ),
        claim_unknown=Reason(
            "claim.rules_unknown", "助成を申請できる期間の基準が登録されていません。", at.benefit
        ),
        prefecture_city_not_eligible=Reason(
            "prefecture.city_not_eligible",
            f"市の助成の資格がないため、{word}補助の対象になりません。",
            at.prefecture,
        ),
        prefecture_city_undecided=Reason(
            "prefecture.city_undecided",
            f"市の助成の資格を判定できないため、{word}補助も判定できません。",
            at.prefecture,
        ),
        prefecture_too_old=Reason(
            "prefecture.too_old", f"{word}補助の対象となる年齢を過ぎています。", at.prefecture
        ),
    )
