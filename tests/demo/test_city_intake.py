"""The registry takes in the demo city: every sound row lands, every faulty one is on the worklist with its reason."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kyufu.demo.city import read_manifest
from kyufu.evidence.api import evidence_feeds
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.platform.feeds.worklist import open_rows
from kyufu.registry.api import count_undrawable_names, population, protection_feed, resident_feed
from tests.demo.conftest import RESIDENTS
from tests.demo.feed_checker import Feed, latest_rows

pytestmark = pytest.mark.django_db
FULL = ("resident", "protection", "tax", "insurance", "assistance", "schemes")


def take_in(folder: Path, *, names: tuple[str, ...]) -> list[FeedResult]:
    feeds = {
        "resident": resident_feed(),
        "protection": protection_feed(),
        **{feed.layout.name: feed for feed in evidence_feeds(insurer_check=CheckDigit.TESTED)},
    }
    return [receive_feed(folder / name, feeds=feeds, municipality="141003") for name in names]


def test_the_whole_city_lands_but_for_what_is_wrong_on_purpose(
    city_folder: Path, feeds: dict[str, Feed]
) -> None:
    full = take_in(city_folder, names=tuple(f"{layout}_FULL_000001.csv" for layout in FULL))
    assert [(result.rows, result.rejected) for result in full] == [
        (len(feeds[f"{layout} FULL"].rows), 0) for layout in FULL
    ]
    manifest = read_manifest(city_folder)
    counted = population(valid_on=date.fromisoformat(manifest.register_day))
    assert (counted.residents, counted.households) == (RESIDENTS, manifest.counts["households"])
    assert counted.foreign == manifest.counts["foreign_residents"]
    assert counted.without_birth_date == manifest.counts["residents_without_birth_date"] > 0
    assert counted.protected == len({row["atenabango"] for row in feeds["protection FULL"].rows})

    undrawable = count_undrawable_names()
    difference, taxes = take_in(city_folder, names=("resident_DIFF_000002.csv", "tax_DIFF_000002.csv"))
    assert Counter(row.code for row in open_rows(limit=100)) == {
        "date": 1, "too_long": 1, "duplicate_number": 1, "my_number": 1, "code": 1,
    }  # fmt: skip
    assert (
        difference.rejected == sum(manifest.on_purpose.values()) - manifest.on_purpose["undrawable_character"]
    )
    assert difference.landed == difference.rows - difference.rejected
    assert count_undrawable_names() - undrawable == manifest.on_purpose["undrawable_character"]
    assert taxes.rejected == 0
    _assert_same_residents(feeds, day=date.fromisoformat(manifest.as_of))


def _assert_same_residents(feeds: dict[str, Feed], *, day: date) -> None:
    """The register and the independent reading of both files count the same residents."""
    rejected = {row.line - 2 for row in open_rows(limit=100)}
    sound = [row for number, row in enumerate(feeds["resident DIFF"].rows, 1) if number not in rejected]
    latest = latest_rows([*feeds["resident FULL"].rows, *sound])
    assert population(valid_on=day).residents == sum(row["jumin_jotai"] == "1" for row in latest.values())
