"""The bands of the form and the threshold, held to the five published assessments."""

from __future__ import annotations

import pytest

from kyufu.privacy.assessment import UNDECIDED, bands, due_assessment, is_heavier

# Municipality, persons, users as published (lower end of the band), serious incident, result of the threshold.
PUBLISHED = [
    ("横浜市 L103, L837, L4290", 300_000, 500, False, "全項目評価"),
    ("川崎市 L37, L75, L363", 100_000, 100, False, "重点項目評価"),
    ("川崎市 別添2（令和5年より前、重大事故あり）", 100_000, 100, True, "全項目評価"),
    ("東京都 L140, L606, L2", 100_000, 50, False, "重点項目評価"),
    ("厚木市 L174, L1020", 100_000, 10, False, "重点項目評価"),
    ("札幌市 L88, L655, L1385-1390", 100_000, 100, False, "重点項目評価"),
]


@pytest.mark.parametrize(("source", "persons", "users", "incident", "due"), PUBLISHED)
def test_the_published_results_follow(
    source: str, persons: int, users: int, incident: bool, due: str
) -> None:
    band = bands()["business_persons"].of(persons)
    assert due_assessment(persons=band, users=users, incident=incident) == due, source


@pytest.mark.parametrize(
    ("persons", "users", "incident", "due"),
    [
        (999, 1_000, True, "義務付けられない"),
        (1_000, 1_000, True, "基礎項目評価"),
        (9_999, 1, None, "基礎項目評価"),
        (10_000, 499, False, "基礎項目評価"),
        (10_000, 500, False, "重点項目評価"),
        (99_999, 1, True, "重点項目評価"),
        (100_000, 500, None, "全項目評価"),
        (299_999, 1, True, "全項目評価"),
        (299_999, 499, None, UNDECIDED),
        (10_000, 1, None, UNDECIDED),
        (300_000, 1, None, "全項目評価"),
    ],
)
def test_the_threshold_at_its_edges(persons: int, users: int, incident: bool | None, due: str) -> None:
    band = bands()["business_persons"].of(persons)
    assert due_assessment(persons=band, users=users, incident=incident) == due


@pytest.mark.parametrize("band", bands().values(), ids=lambda band: band.name)
def test_bands_cover_every_count_without_a_gap(band: object) -> None:
    from kyufu.privacy.assessment import Band

    assert isinstance(band, Band)
    assert len(band.words) == len(band.limits) + 1
    assert list(band.limits) == sorted(set(band.limits))
    edges = [word for limit in band.limits for word in (band.of(limit - 1), band.of(limit))]
    assert edges == [word for at in range(len(band.limits)) for word in (band.words[at], band.words[at + 1])]
    assert band.of(0) == band.words[0]


def test_heavier_is_an_order_and_the_undecided_is_in_none() -> None:
    assert is_heavier("全項目評価", than="重点項目評価") is True
    assert is_heavier("基礎項目評価", than="重点項目評価") is False
    assert is_heavier(UNDECIDED, than="重点項目評価") is None
    assert is_heavier("重点項目評価", than=UNDECIDED) is None
