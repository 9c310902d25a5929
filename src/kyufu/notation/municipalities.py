"""Municipalities by code (全国地方公共団体コード): those that Kyufu serves with their wards, and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

YOKOHAMA, KAWASAKI, SAPPORO = "141003", "141305", "011002"

_YOKOHAMA_WARDS = (
    ("141011", "鶴見区"), ("141020", "神奈川区"), ("141038", "西区"), ("141046", "中区"), ("141054", "南区"),
    ("141062", "保土ケ谷区"), ("141071", "磯子区"), ("141089", "金沢区"), ("141097", "港北区"),
    ("141101", "戸塚区"),
    ("141119", "港南区"), ("141127", "旭区"), ("141135", "緑区"), ("141143", "瀬谷区"), ("141151", "栄区"),
    ("141160", "泉区"), ("141178", "青葉区"), ("141186", "都筑区"),
)  # fmt: skip
_KAWASAKI_WARDS = (
    ("141313", "川崎区"), ("141321", "幸区"), ("141330", "中原区"), ("141348", "高津区"), ("141356", "多摩区"),
    ("141364", "宮前区"), ("141372", "麻生区"),
)  # fmt: skip
_SAPPORO_WARDS = (
    ("011011", "中央区"), ("011029", "北区"), ("011037", "東区"), ("011045", "白石区"), ("011053", "豊平区"),
    ("011061", "南区"), ("011070", "西区"), ("011088", "厚別区"), ("011096", "手稲区"), ("011100", "清田区"),
)  # fmt: skip

_OTHERS = (
    ("141500", "神奈川県", "相模原市"), ("142018", "神奈川県", "横須賀市"),
    ("142034", "神奈川県", "平塚市"), ("142042", "神奈川県", "鎌倉市"), ("142051", "神奈川県", "藤沢市"),
    ("142077", "神奈川県", "茅ヶ崎市"), ("142085", "神奈川県", "逗子市"), ("142123", "神奈川県", "厚木市"),
    ("142131", "神奈川県", "大和市"), ("142158", "神奈川県", "海老名市"), ("142182", "神奈川県", "綾瀬市"),
    ("131113", "東京都", "大田区"), ("131121", "東京都", "世田谷区"), ("132098", "東京都", "町田市"),
    ("012025", "北海道", "函館市"), ("012033", "北海道", "小樽市"), ("012041", "北海道", "旭川市"),
    ("012173", "北海道", "江別市"), ("012246", "北海道", "千歳市"), ("012319", "北海道", "恵庭市"),
    ("012343", "北海道", "北広島市"), ("012351", "北海道", "石狩市"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality or ward: code of 6 digits, prefecture, name as it is written in an address."""

    code: str
    prefecture: str
    name: str


_listed: dict[str, Municipality] = {}
_wards: dict[str, tuple[str, ...]] = {}
_city_of_ward: dict[str, str] = {}
MUNICIPALITIES = MappingProxyType(_listed)


def add_city(city: Municipality, *, wards: Sequence[tuple[str, str]] = ()) -> None:
    """List a municipality with its wards (行政区), each by code and name; twice changes nothing."""
    _listed[city.code] = city
    for code, name in wards:
        _listed[code] = Municipality(code, city.prefecture, f"{city.name}{name}")
        _city_of_ward[code] = city.code
    _wards[city.code] = tuple(code for code, _ in wards)


add_city(Municipality(YOKOHAMA, "神奈川県", "横浜市"), wards=_YOKOHAMA_WARDS)
add_city(Municipality(KAWASAKI, "神奈川県", "川崎市"), wards=_KAWASAKI_WARDS)
add_city(Municipality(SAPPORO, "北海道", "札幌市"), wards=_SAPPORO_WARDS)
for _other in _OTHERS:
    add_city(Municipality(*_other))


def wards_of(code: str) -> tuple[Municipality, ...]:
    """The wards (行政区) of a designated city in the order of their codes; none for another municipality."""
    return tuple(_listed[ward] for ward in _wards.get(code, ()))


def city_of(code: str) -> str:
    """The code of the municipality that a code speaks for: the city for a ward, itself otherwise."""
    return _city_of_ward.get(code, code)


def municipality_name(code: str) -> str:
    """The name with prefecture, such as 神奈川県横浜市鶴見区; the code itself where it is not listed."""
    found = MUNICIPALITIES.get(code)
    return f"{found.prefecture}{found.name}" if found else code
