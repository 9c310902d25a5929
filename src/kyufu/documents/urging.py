"""The words of the letter that urges a guardian to report a change (届出の勧奨): what differs, and what to hand in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kyufu.cases.api import MismatchKind
from kyufu.documents.requests import request_for


class Urging(NamedTuple):
    """What is said of a kind of difference: the sentence, the name of its day, and what to hand in."""

    differs: str
    day: str
    points: tuple[str, ...]


_CARD = "お手元の{card}"
_CHANGED = "変わった日（市の記録）"
_FORM = "異動届（{about}）　※区役所の窓口にあります。"
_INSURANCE = (_FORM.format(about="健康保険の変更"), request_for("missing.insurance"))
_NAME = (_FORM.format(about="氏名の変更"), _CARD)
_GUARDIAN = (
    _FORM.format(about="保護者の変更"),
    "新しい保護者の方の本人確認ができるものと、個人番号の分かるもの",
    _CARD,
)
URGINGS: Mapping[MismatchKind, Urging] = MappingProxyType(
    {
        MismatchKind.GUARDIAN_GONE: Urging(
            "届け出ていただいている保護者の方が、市外に転出した、または亡くなったと登録されています。",
            _CHANGED,
            _GUARDIAN,
        ),
        MismatchKind.GUARDIAN_APART: Urging(
            "届け出ていただいている保護者の方とお子さんが、別々の世帯として登録されています。",
            _CHANGED,
            (
                *_GUARDIAN,
                "引き続き同じ方がお子さんを養育しているときは、届出はいりません。そのことを下の問合せ先へお知らせください。",
            ),
        ),
        MismatchKind.GUARDIAN_RENAMED: Urging(
            "保護者の方の氏名が、届け出ていただいている氏名から変わったと登録されています。", _CHANGED, _NAME
        ),
        MismatchKind.CHILD_MOVED: Urging(
            "お子さんの住所が、届け出ていただいている住所から変わったと登録されています。",
            _CHANGED,
            (_FORM.format(about="住所の変更"), _CARD),
        ),
        MismatchKind.CHILD_RENAMED: Urging(
            "お子さんの氏名が、届け出ていただいている氏名から変わったと登録されています。", _CHANGED, _NAME
        ),
        MismatchKind.INSURANCE_CHANGED: Urging(
            "お子さんの健康保険が、届け出ていただいている健康保険から変わったと登録されています。",
            _CHANGED,
            _INSURANCE,
        ),
        MismatchKind.INSURANCE_ENDED: Urging(
            "届け出ていただいているお子さんの健康保険の資格が、終わったと登録されています。",
            "資格がなくなった日（市の記録）",
            _INSURANCE,
        ),
    }
)


def points_of(kind: MismatchKind, *, card: str) -> tuple[str, ...]:
    """What to hand in for a kind of difference; `card` is what the city calls its certificate."""
    return tuple(point.format(card=card) for point in URGINGS[kind].points)
