"""Premiums worked out by hand, line by line, for Atsugi (令和7年度) and Yokohama (令和8年度).

The rates are those of the files: Atsugi 6.24% / 25,744 / 23,575, 2.11% / 8,887 / 8,138, 2.12% / 10,123 / 6,899, each
part cut to 100 yen; Yokohama 8.33% / 40,870, 2.62% / 13,380, 2.84% / 16,200, 0.34% / 1,690 (+80), cut to 10 yen.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest

from kyufu.law.kokuho.premium import assess
from tests.law.kokuho.premiums import amounts, household, premium_of


class Hand(NamedTuple):
    """A household, and its parts as worked out by hand."""

    name: str
    town: str
    year: int
    members: list[dict[str, Any]]
    parts: list[int]
    tenths: int
    companions: list[dict[str, Any]] = []  # noqa: RUF012


HANDS = [
    Hand(
        # 医療 1,590,000×6.24% = 99,216 + 25,744 + 23,575 = 148,535; 支援 33,549 + 8,887 + 8,138 = 50,574;
        # 介護 33,708 + 10,123 + 6,899 = 50,730
        "a single of 45 with a salary of three million",
        "atsugi",
        2025,
        [{"age": 45, "total": 2_020_000, "earner": True}],
        [148_500, 50_500, 50_700],
        0,
    ),
    Hand(
        # 医療 (25,744 + 23,575) × 3/10 = 14,795.7; 支援 17,025 × 3/10 = 5,107.5; no care at 68
        "a single of 68 without income",
        "atsugi",
        2025,
        [{"age": 68}],
        [14_700, 5_100, 0],
        7,
    ),
    Hand(
        # 735,000 is the limit of 5割. 医療 305,000×6.24% = 19,032 + 49,319/2 = 24,659.5 → 43,691.5
        # 支援 6,435.5 + 8,512.5 = 14,948; 介護 6,466 + 17,022/2 = 8,511 → 14,977
        "a single of 50 at the limit of 5 tenths",
        "atsugi",
        2025,
        [{"age": 50, "total": 735_000, "earner": True}],
        [43_600, 14_900, 14_900],
        5,
    ),
    Hand(
        # One yen more: 2割. 医療 305,001×6.24% = 19,032.0624 + 39,455.2 = 58,487.2624; 支援 6,435.5211 + 13,620;
        # 介護 6,466.0212 + 13,617.6 = 20,083.6212
        "a single of 50 one yen above it",
        "atsugi",
        2025,
        [{"age": 50, "total": 735_001, "earner": True}],
        [58_400, 20_000, 20_000],
        2,
    ),
    Hand(
        # 判定 2,760,000 > 430,000 + 560,000×4. 医療 2,330,000×6.24% = 145,392 + 25,744×3.5 (the child of 3 owes half)
        # = 90,104 + 23,575 = 259,071; 支援 49,163 + 31,104.5 + 8,138 = 88,405.5; 介護 of the head alone
        # 49,396 + 10,123 + 6,899 = 66,418
        "a couple with children of 9 and 3",
        "atsugi",
        2025,
        [{"age": 42, "total": 2_760_000, "earner": True}, {"age": 38}, {"age": 9}, {"age": 3}],
        [259_000, 88_400, 66_400],
        0,
    ),
    Hand(
        # A special household: 医療 23,575/2 = 11,787.5 and 7割: (25,744 + 11,787.5) × 3/10 = 11,259.45;
        # 支援 (8,887 + 4,069) × 3/10 = 3,886.8
        "one of 71 whose spouse turned 75 last year",
        "atsugi",
        2025,
        [{"age": 71}],
        [11_200, 3_800, 0],
        7,
        [{"head": True, "moved": date(2024, 10, 3)}],
    ),
    Hand(
        # Six months: 医療 (1,590,000×6.24% + 49,319)/2 = 74,267.5; 支援 25,287; 介護 25,365
        "joined on the 1st of October",
        "atsugi",
        2025,
        [{"age": 45, "total": 2_020_000, "earner": True, "since": date(2025, 10, 1)}],
        [74_200, 25_200, 25_300],
        0,
    ),
    Hand(
        # 医療 12,000,000 - 430,000 = 11,570,000 × 6.24% = 721,968 over 660,000; 支援 244,127 + 17,025 = 261,152 over
        # 260,000; 介護 245,284 over 170,000
        "above all three ceilings",
        "atsugi",
        2025,
        [{"age": 55, "total": 12_000_000}],
        [660_000, 260_000, 170_000],
        0,
    ),
    Hand(
        # 令和8年度: 医療 40,870 × 3/10 = 12,261; 支援 4,014; 介護 4,860; 子ども (1,690 + 80) × 3/10 = 531
        "a single of 45 without income, whose part for children is 531 yen",
        "yokohama",
        2026,
        [{"age": 45}],
        [12_260, 4_010, 4_860, 530],
        7,
    ),
    Hand(
        # 判定 1,030,000 ≦ 430,000 + 100,000×(2-1) + 310,000×2 = 1,150,000, so 5割.
        # 医療 (300,000 + 0)×8.33% = 24,990 + 40,870 = 65,860
        # 支援 7,860 + 13,380 = 21,240; 介護 of both 8,520 + 16,200 = 24,720; 子ども 1,020 + 1,770 = 2,790
        "two earners whose second raises the limit",
        "yokohama",
        2026,
        [{"age": 50, "total": 730_000, "earner": True}, {"age": 50, "total": 300_000, "earner": True}],
        [65_860, 21_240, 24_720, 2_790],
        5,
    ),
    Hand(
        # A mother of 30 in the fourth to seventh month of the year: 8 of 12 months of her own items.
        # 医療 (3,000,000×8.33% + 40,870) + (1,070,000×8.33% + 40,870)×8/12 = 290,770 + 130,001×2/3 = 377,437.3
        # 支援 (78,600 + 13,380) + (28,034 + 13,380)×2/3 = 119,589.3; 介護 none below 40
        # 子ども (10,200 + 1,770) + (3,638 + 1,770)×2/3 = 15,575.3
        "a birth in August",
        "yokohama",
        2026,
        [{"age": 32, "total": 3_430_000}, {"age": 30, "total": 1_500_000, "birth": (2026, 8)}],
        [377_430, 119_580, 0, 15_570],
        0,
    ),
    Hand(
        # Of a former dependant of 66 in the first year: no income part; half of 40,870 = 20,435; 6,690; 885
        "a former dependant alone, with an income above the limits",
        "yokohama",
        2026,
        [{"age": 66, "total": 2_000_000, "former_dependant_since": date(2026, 4, 1)}],
        [20_430, 6_690, 0, 880],
        0,
    ),
    Hand(
        # 18 on 1 April 2026 (born 2 April 2008) is below 18 until March 2027; 2,000,000 is above every limit of two.
        # 医療 130,781 + 81,740 = 212,521; 支援 41,134 + 26,760 = 67,894; 子ども 5,338 + 1,770 = 7,108
        "a parent of 38 with a child who turns 18 on the 1st of April",
        "yokohama",
        2026,
        [{"age": 38, "total": 2_000_000}, {"born": date(2008, 4, 2)}],
        [212_520, 67_890, 0, 7_100],
        0,
    ),
    Hand(
        # The same with one born a day earlier, who is 18 already: 子ども 5,338 + 3,540 = 8,878
        "a parent of 38 with a child who turned 18 on the 31st of March",
        "yokohama",
        2026,
        [{"age": 38, "total": 2_000_000}, {"born": date(2008, 4, 1)}],
        [212_520, 67_890, 0, 8_870],
        0,
    ),
]


@pytest.mark.parametrize("hand", HANDS, ids=[hand.name for hand in HANDS])
def test_the_premium_is_what_it_is_by_hand(hand: Hand) -> None:
    facts = household(hand.year, *hand.members, companions=hand.companions)
    premium = premium_of(assess(facts, municipality=hand.town))
    assert list(amounts(premium).values()) == hand.parts
    assert premium.reduction_tenths == hand.tenths
    assert premium.total == sum(hand.parts)


def test_both_towns_and_every_reduction_are_worked_out() -> None:
    assert {hand.town for hand in HANDS} == {"atsugi", "yokohama"}
    assert {hand.tenths for hand in HANDS} == {0, 2, 5, 7}
