"""The difference of the resident register: every kind of event, and every fault that was put in on purpose."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kyufu.demo.city import read_manifest
from kyufu.demo.city.people import Person, iso
from kyufu.demo.city.register import MOVE_IN, event_row
from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.notation.text import holds_private_characters
from kyufu.platform.fonts import undrawable
from tests.demo.feed_checker import Feed, latest_rows

Rows = list[dict[str, str]]
FAULTS = {
    "bad_date": 1, "over_long_name": 1, "duplicate_individual_number": 1, "wrong_check_digit": 1,
    "unknown_relation": 1, "undrawable_character": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def changes(feeds: dict[str, Feed]) -> Rows:
    return feeds["resident DIFF"].rows


@pytest.fixture(scope="module")
def before(feeds: dict[str, Feed]) -> dict[str, dict[str, str]]:
    return latest_rows(feeds["resident FULL"].rows)


def faulty(changes: Rows) -> Rows:
    """The rows put in on purpose: they stand together in the order of their faults, from the bad date on."""
    start = next(place for place, row in enumerate(changes) if row["ido_nengappi"] == "2026-02-30")
    return changes[start : start + sum(FAULTS.values())]


def test_every_kind_of_event_happens(changes: Rows) -> None:
    assert set(Counter(row["ido_jiyu"] for row in changes)) == {
        "10", "20", "30", "40", "50", "60", "70", "71", "72", "80",
    }  # fmt: skip


def test_changes_fall_into_the_weeks_after_the_full_file(changes: Rows, city_folder: Path) -> None:
    manifest = read_manifest(city_folder)
    sound = [row for row in changes if row not in faulty(changes)]
    assert all(manifest.register_day < row["ido_nengappi"] <= manifest.as_of for row in sound)


def test_histories_go_on_where_the_full_file_left_them(
    changes: Rows, before: dict[str, dict[str, str]]
) -> None:
    numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in changes:
        numbers[row["atenabango"]].append((int(row["rirekibango"]), int(row["rirekieda"])))
    for person, written in numbers.items():
        last = int(before[person]["rirekibango"]) if person in before else 0
        assert min(written) == (last + 1, 0)
        assert sorted(written) == written


def test_some_events_are_corrected_and_some_taken_back(changes: Rows) -> None:
    later = [row for row in changes if row["rirekieda"] == "1"]
    assert {row["torikeshi"] for row in later} == {"0", "1"}
    events = {(row["atenabango"], row["rirekibango"]) for row in changes if row["rirekieda"] == "0"}
    assert all((row["atenabango"], row["rirekibango"]) in events for row in later)


def test_the_newborn_have_their_mother_in_the_household(
    changes: Rows, before: dict[str, dict[str, str]]
) -> None:
    births = [row for row in changes if row["ido_jiyu"] == "10"]
    assert births
    for baby in births:
        assert baby["seinengappi"] == baby["ido_nengappi"]
        family = [row for row in before.values() if row["setaibango"] == baby["setaibango"]]
        assert any(row["seibetsu"] == "2" and row["jumin_jotai"] == "1" for row in family)


def test_who_leaves_is_no_longer_resident(changes: Rows) -> None:
    assert {row["jumin_jotai"] for row in changes if row["ido_jiyu"] == "40"} == {"2"}
    assert {row["jumin_jotai"] for row in changes if row["ido_jiyu"] == "50"} == {"3"}


def test_when_a_head_dies_another_member_follows_on_the_same_day(changes: Rows) -> None:
    followers = [row for row in changes if row["ido_jiyu"] == "71"]
    deaths = {(row["setaibango"], row["ido_nengappi"]) for row in changes if row["ido_jiyu"] == "50"}
    assert followers
    assert all((row["setaibango"], row["ido_nengappi"]) in deaths for row in followers)


def test_the_manifest_counts_the_faults(city_folder: Path) -> None:
    assert read_manifest(city_folder).on_purpose == FAULTS


def test_each_fault_is_in_its_row(changes: Rows) -> None:
    bad_date, long_name, duplicate, wrong_digit, relation, private, variation = faulty(changes)
    assert bad_date["ido_nengappi"] == "2026-02-30"
    assert len(long_name["shimei"]) > 100
    owners = [row["atenabango"] for row in changes if row["kojinbango"] == duplicate["kojinbango"]]
    assert len(set(owners)) == 2, "the reader sees it within one file, since no table holds the number"
    assert owners[1] == duplicate["atenabango"]
    assert not INDIVIDUAL_NUMBER.is_valid(wrong_digit["kojinbango"])
    assert relation["tsuzukigara"] == "55"
    assert holds_private_characters(private["shimei"])
    assert undrawable(private["shimei"])
    assert undrawable(variation["shimei"])


def test_the_faulty_rows_are_sound_but_for_their_fault(changes: Rows) -> None:
    for row in faulty(changes)[-2:]:
        assert INDIVIDUAL_NUMBER.is_valid(row["kojinbango"])
        assert row["tsuzukigara"] == "99"
        assert (row["ido_jiyu"], row["rirekibango"]) == (MOVE_IN, "1")


def test_a_correction_keeps_the_number_of_the_event_it_corrects() -> None:
    person = Person(
        "000000000000001", "", 1, 730_000, "見本田", "ミホンダ", "翔太", "ショウタ", "01", "9", ",,,,,,,"
    )
    first = event_row(person, reason="80", day=738_000).split(",")
    second = event_row(person, reason="80", day=738_000, branch=1).split(",")
    third = event_row(person, reason="30", day=738_100, notified=738_105).split(",")
    assert (first[1:4], second[1:4], third[1:4]) == (["1", "0", "0"], ["1", "1", "0"], ["2", "0", "0"])
    assert third[4:6] == [iso(738_100), iso(738_105)]
