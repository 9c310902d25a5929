"""What a guardian must hand in where something could not be decided, by the code of the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kyufu.law.decision import Reason
from kyufu.platform.errors import Refused

_INCOME = (
    "保護者の課税（非課税）証明書　※所得の対象となる年の翌年の１月１日に"
    "住んでいた市区町村で取れます。"
    "所得・控除・扶養人数が省略されていないものをお願いします。"
)
REQUESTS: Mapping[str, str] = MappingProxyType(
    {
        "missing.insurance": (
            "お子さんの健康保険の資格が確認できるもの（資格確認書、資格情報のお知らせ、"
            "マイナポータルの「健康保険証」の画面を印刷したもの、のいずれか）の写し"
        ),
        "missing.birth_date": "お子さんの生年月日が分かる書類（戸籍謄本、パスポートなど）の写し",
        "missing.guardian": "お子さんを養育していることが分かる書類（戸籍謄本、養育の申立書など）",
        "missing.application": "医療費の助成の申請書（区役所の窓口にあります。郵送もできます。）",
        "missing.disability_kind": "重度障害者の医療費助成の受給者証と障害者手帳（障害の種別が分かるもの）の写し",
        "missing.levy": _INCOME,
        "income.missing_year": _INCOME,
        "income.declaration_unknown": _INCOME,
        "income.contradictory": _INCOME,
        "income.undeclared": (
            "住民税の申告をしたことが分かる書類（申告書の控えの写し）　"
            "※収入がなかった年も、申告をしてください。"
            "申告先は、所得の対象となる年の翌年の１月１日に住んでいた市区町村です。"
        ),
    }
)


def request_for(code: str) -> str:
    """What a guardian must hand in for the code of a reason; empty where the office must look itself."""
    return REQUESTS.get(code, "")


def points_for(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """What to hand in, each thing once, in the order of the reasons.

    Raises Refused when no reason is one that the guardian can do anything about: the office must look itself.
    """
    points = tuple(dict.fromkeys(REQUESTS[reason.code] for reason in reasons if reason.code in REQUESTS))
    if not points:
        raise Refused(
            "保護者に提出を求めるものがない保留です。", remedy="区役所で事実を確認し、判定し直してください。"
        )
    return points
