"""Municipalities by code (全国地方公共団体コード): Yokohama, its wards, and where people come from and go."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

YOKOHAMA = "141003"

_YOKOHAMA_WARDS = (
    ("141011", "鶴見区"), ("141020", "神奈川区"), ("141038", "西区"), ("141046", "中区"), ("141054", "南区"),
    ("141062", "保土ケ谷区"), ("141071", "磯子区"), ("141089", "金沢区"), ("141097", "港北区"),
    ("141101", "戸塚区"),
    ("141119", "港南区"), ("141127", "旭区"), ("141135", "緑区"), ("141143", "瀬谷区"), ("141151", "栄区"),
    ("141160", "泉区"), ("141178", "青葉区"), ("141186", "都筑区"),
)  # fmt: skip

_OTHERS = (
    ("141305", "神奈川県", "川崎市"), ("141500", "神奈川県", "相模原市"), ("142018", "神奈川県", "横須賀市"),
    ("142034", "神奈川県", "平塚市"), ("142042", "神奈川県", "鎌倉市"), ("142051", "神奈川県", "藤沢市"),
    ("142077", "神奈川県", "茅ヶ崎市"), ("142085", "神奈川県", "逗子市"), ("142123", "神奈川県", "厚木市"),
    ("142131", "神奈川県", "大和市"), ("142158", "神奈川県", "海老名市"), ("142182", "神奈川県", "綾瀬市"),
    ("131113", "東京都", "大田区"), ("131121", "東京都", "世田谷区"), ("132098", "東京都", "町田市"),
    ("011002", "北海道", "札幌市"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality or ward: code of 6 digits, prefecture, name as it is written in an address."""

    code: str
    prefecture: str
    name: str


def _all() -> dict[str, Municipality]:
    listed = [Municipality(YOKOHAMA, "神奈川県", "横浜市")]
    listed += [Municipality(code, "神奈川県", f"横浜市{ward}") for code, ward in _YOKOHAMA_WARDS]
    listed += [Municipality(*other) for other in _OTHERS]
    return {municipality.code: municipality for municipality in listed}


MUNICIPALITIES = MappingProxyType(_all())


def wards_of(code: str) -> tuple[Municipality, ...]:
    """The wards (行政区) of a designated city in the order of their codes; none for another municipality."""
    return tuple(MUNICIPALITIES[ward] for ward, _ in _YOKOHAMA_WARDS) if code == YOKOHAMA else ()


def city_of(code: str) -> str:
    """The code of the municipality that a code speaks for: the city for a ward, itself otherwise."""
    return YOKOHAMA if any(code == ward for ward, _ in _YOKOHAMA_WARDS) else code


def municipality_name(code: str) -> str:
    """The name with prefecture, such as 神奈川県横浜市鶴見区; the code itself where it is not listed."""
    found = MUNICIPALITIES.get(code)
    return f"{found.prefecture}{found.name}" if found else code
