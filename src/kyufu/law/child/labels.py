"""Japanese words for the codes of a Decision of the child subsidy, as documents and screens use them."""

from __future__ import annotations

from types import MappingProxyType

from kyufu.law.child.cities import MUNICIPALITIES, city_of
from kyufu.law.child.day import PREFECTURE
from kyufu.law.child.parameters import BenefitClass, load_parameters
from kyufu.law.decision import Outcome

OUTCOME_LABELS = {
    Outcome.ELIGIBLE: "資格あり",
    Outcome.NOT_ELIGIBLE: "資格なし",
    Outcome.CANNOT_DECIDE: "判定できません",
}
FINDING_OUTCOME_LABELS = {
    Outcome.ELIGIBLE: "対象",
    Outcome.NOT_ELIGIBLE: "対象外",
    Outcome.CANNOT_DECIDE: "判定できません",
}


def finding_label(name: str, *, municipality: str) -> str:
    """What the second answer beside the main one is called; the name itself where it has no word."""
    return f"{city_of(municipality).prefecture_word}補助" if name == PREFECTURE else name


def benefit_classes(municipality: str) -> dict[str, BenefitClass]:
    """The classes of benefit of a municipality by code; raises UnknownMunicipality."""
    return {each.code: each for each in load_parameters(city=city_of(municipality)).benefit_classes}


def benefit_class_label(code: str) -> str:
    """The Japanese label of a class of benefit; raises KeyError for a code that is not one.

    A code means the same in every municipality that has it (a test holds them to that).
    """
    for municipality in MUNICIPALITIES:
        found = benefit_classes(municipality).get(code)
        if found is not None:
            return found.label
    raise KeyError(code)


REASON_LABELS = MappingProxyType(
    {
        "eligible": "対象年齢の区分に当たる",
        "not_resident": "市内に住所がない",
        "not_born": "まだ生まれていない",
        "died": "死亡",
        "too_old": "対象年齢を過ぎている",
        "public_assistance": "生活保護を受けている",
        "other_scheme.disability": "重度障害者の医療費助成を受けている",
        "other_scheme.single_parent": "ひとり親家庭等の医療費助成を受けている",
        "other_scheme.institution": "施設への措置を受けている",
        "income_over": "所得が限度額以上",
        "before_application": "申請が遅れた期間",
        "missing.rules": "基準が登録されていない日",
        "missing.birth_date": "生年月日が分からない",
        "missing.insurance": "健康保険が確認できない",
        "missing.guardian": "保護者が分からない",
        "missing.application": "申請がない",
        "claim.rules_unknown": "申請できる期間の基準がない",
        "missing.disability_kind": "重度障害者の助成が併給できるものか分からない",
        "missing.levy": "住民税の額が分からない",
        "income.missing_year": "所得の資料がない",
        "income.undeclared": "所得が申告されていない",
        "income.declaration_unknown": "所得の申告の有無が分からない",
        "income.contradictory": "所得の資料が食い違っている",
        "": "—",
    }
)


def reason_label(code: str) -> str:
    """A reason of the answer in a few words, for tables; the code itself where it has none."""
    return REASON_LABELS.get(code, code)
