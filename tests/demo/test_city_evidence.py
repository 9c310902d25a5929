"""What the other feeds of the demo city say: taxes, insurance, reliefs, protection and applications."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest

from kyufu.demo.city.households import first_birthday_of_band
from kyufu.demo.city.layouts import OPEN_END
from kyufu.demo.city.taxes import tax_years
from kyufu.notation.check_digits import INSURER_NUMBER
from tests.demo.conftest import AS_OF
from tests.demo.feed_checker import Feed, latest_rows

Rows = list[dict[str, str]]
ORIGINAL = "0"
KINDS = (
    "kyuyo", "jigyo", "fudosan", "rishi", "haito", "nenkin", "zatsu", "ichiji", "sogo_joto", "bunri_joto",
    "kabushiki", "sakimono", "sanrin", "taishoku",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(feeds: dict[str, Feed]) -> dict[str, dict[str, str]]:
    return latest_rows(feeds["resident FULL"].rows)


def first_days(feeds: dict[str, Feed]) -> dict[str, str]:
    return {row["atenabango"]: row["ido_nengappi"] for row in reversed(feeds["resident FULL"].rows)}


def test_the_two_newest_tax_years_are_those_known_on_the_day() -> None:
    assert [year.year for year in tax_years(AS_OF)] == [2025, 2026]
    assert [year.year for year in tax_years(date(2026, 6, 9))] == [2024, 2025]
    assert [year.year for year in tax_years(date(2026, 6, 10))] == [2025, 2026]


def test_only_those_who_lived_here_on_1_january_are_taxed_here(feeds: dict[str, Feed]) -> None:
    since, taxed = first_days(feeds), defaultdict(set)
    for row in feeds["tax FULL"].rows:
        assert since[row["atenabango"]] <= f"{row['fuka_nendo']}-01-01"
        assert (row["taisho_kaishi"], row["taisho_shuryo"]) == tuple(
            f"{int(row['fuka_nendo']) - 1}-{day}" for day in ("01-01", "12-31")
        )
        taxed[row["fuka_nendo"]].add(row["atenabango"])
    assert set(taxed) == {"2025", "2026"}
    assert taxed["2026"] - taxed["2025"], "some moved in during 2025"


def test_children_are_not_taxed(feeds: dict[str, Feed], people: dict[str, dict[str, str]]) -> None:
    band = first_birthday_of_band(AS_OF).isoformat()
    assert all(people[row["atenabango"]]["seinengappi"] < band for row in feeds["tax FULL"].rows)


def test_most_declared_and_the_others_have_no_figures(feeds: dict[str, Feed]) -> None:
    rows = feeds["tax FULL"].rows
    declared = Counter(row["shinkoku"] for row in rows)
    assert declared["1"] / len(rows) > 0.95
    assert declared["2"] > declared["9"] > 0
    for row in rows:
        figures = [row[kind] for kind in (*KINDS, "shotokuwari", "kintowari") if row[kind]]
        assert bool(figures) == (row["shinkoku"] == "1")


def test_incomes_are_whole_yen_on_both_sides_of_every_limit(feeds: dict[str, Feed]) -> None:
    totals = [
        sum(int(row[kind] or 0) for kind in KINDS) for row in feeds["tax FULL"].rows if row["shinkoku"] == "1"
    ]
    assert min(totals) == 0
    assert sum(total < 450_000 for total in totals) > len(totals) // 20
    assert sum(total > 5_320_000 for total in totals) > len(totals) // 20
    assert all(any(row[kind] not in ("", "0") for row in feeds["tax FULL"].rows) for kind in
               ("kyuyo", "jigyo", "fudosan", "nenkin", "kabushiki"))  # fmt: skip


def test_dependants_are_claimed_by_one_of_a_household_at_most(
    feeds: dict[str, Feed], people: dict[str, dict[str, str]]
) -> None:
    claims = Counter(
        people[row["atenabango"]]["setaibango"]
        for row in feeds["tax FULL"].rows
        if row["fuka_nendo"] == "2026" and row["fuyo_total"] != "0"
    )
    assert claims
    assert max(claims.values()) == 1
    for row in feeds["tax FULL"].rows:
        parts = [int(row[part]) for part in ("fuyo_rojin", "fuyo_tokutei", "fuyo_16miman", "rojin_haigusha")]
        assert sum(parts) <= int(row["fuyo_total"])


def test_every_insurer_number_is_right_and_periods_follow_one_another(feeds: dict[str, Feed]) -> None:
    histories: dict[str, Rows] = defaultdict(list)
    for row in feeds["insurance FULL"].rows:
        assert INSURER_NUMBER.is_valid(row["hokensha_bango"])
        assert row["shutoku_nengappi"] < row["soshitsu_nengappi"]
        histories[row["atenabango"]].append(row)
    assert {len(row["hokensha_bango"]) for row in feeds["insurance FULL"].rows} == {6, 8}
    assert any(len(history) == 2 for history in histories.values())
    for history in histories.values():
        assert history[-1]["soshitsu_nengappi"] == OPEN_END
        for one, following in pairwise(history):
            assert one["soshitsu_nengappi"] == following["shutoku_nengappi"]


def test_families_share_symbol_and_number_and_differ_by_branch(feeds: dict[str, Feed]) -> None:
    cards = defaultdict(list)
    for row in feeds["insurance FULL"].rows:
        if row["soshitsu_nengappi"] == OPEN_END and row["edaban"]:
            cards[row["hokensha_bango"], row["kigo"], row["bango"]].append(row["edaban"])
    assert any(len(branches) >= 4 for branches in cards.values())
    assert all(len(branches) == len(set(branches)) for branches in cards.values())


def test_for_a_few_no_insurance_is_known(feeds: dict[str, Feed], people: dict[str, dict[str, str]]) -> None:
    insured = {row["atenabango"] for row in feeds["insurance FULL"].rows}
    living = {number for number, row in people.items() if row["jumin_jotai"] == "1"}
    assert 0 < len(living - insured) < len(living) // 20


def test_households_on_assistance_are_not_insured(feeds: dict[str, Feed]) -> None:
    on_assistance = {row["atenabango"] for row in feeds["assistance FULL"].rows if row["haishi"] == OPEN_END}
    insured = {row["atenabango"] for row in feeds["insurance FULL"].rows}
    assert on_assistance
    assert not on_assistance & insured
    assert {row["haishi"] == OPEN_END for row in feeds["assistance FULL"].rows} == {True, False}


def test_about_one_household_in_seventy_is_on_assistance(
    feeds: dict[str, Feed], people: dict[str, dict[str, str]]
) -> None:
    current = {row["atenabango"] for row in feeds["assistance FULL"].rows if row["haishi"] == OPEN_END}
    households = {people[number]["setaibango"] for number in current}
    everyone = {row["setaibango"] for row in people.values() if row["jumin_jotai"] == "1"}
    assert 0.008 < len(households) / len(everyone) < 0.024


@pytest.mark.parametrize("layout", ["assistance FULL", "schemes FULL", "protection FULL"])
def test_periods_begin_in_the_city_and_before_they_end(layout: str, feeds: dict[str, Feed]) -> None:
    since = first_days(feeds)
    for row in feeds[layout].rows:
        assert since[row["atenabango"]] <= row["kaishi"] < row["haishi"]


def test_one_parent_schemes_cover_the_parent_and_the_children(
    feeds: dict[str, Feed], people: dict[str, dict[str, str]]
) -> None:
    rows = feeds["schemes FULL"].rows
    assert {row["seido"] for row in rows} == {"1", "2", "3"}
    covered = {row["atenabango"] for row in rows if row["seido"] == "2"}
    assert {people[number]["tsuzukigara"] for number in covered} == {"01", "10"}


def test_protected_persons_have_a_safe_address_or_none_at_all(feeds: dict[str, Feed]) -> None:
    rows = feeds["protection FULL"].rows
    safe = ("sofusaki_yubinbango", "sofusaki_jusho", "sofusaki_katagaki", "sofusaki_meigi")
    shapes = {tuple(bool(row[item]) for item in safe) for row in rows}
    assert shapes == {(True, True, True, True), (False, False, False, False)}


def test_almost_every_child_has_one_application_by_somebody_of_the_household(
    feeds: dict[str, Feed], people: dict[str, dict[str, str]]
) -> None:
    rows = feeds["application FULL"].rows
    band = first_birthday_of_band(AS_OF).isoformat()
    children = {n for n, r in people.items() if r["seinengappi"] >= band and r["jumin_jotai"] == "1"}
    applied = [row["shoni_atenabango"] for row in rows]
    assert len(applied) == len(set(applied)) == len({row["uketsuke_bango"] for row in rows})
    assert 0.93 < len(applied) / len(children) < 0.99
    for row in rows:
        child, guardian = people[row["shoni_atenabango"]], people[row["hogosha_atenabango"]]
        assert child["setaibango"] == guardian["setaibango"]
        assert (row["zokugara"] == "1") == (guardian["seibetsu"] == "1")


def test_applications_come_in_every_way_and_some_unchecked(feeds: dict[str, Feed]) -> None:
    rows = feeds["application FULL"].rows
    assert {row["uketsuke_keiro"] for row in rows} == {"1", "2", "3"}
    assert {row["shinseisha_kubun"] for row in rows} == {"1", "2"}
    assert {row["mimoto_kakunin"] for row in rows} == {"0", "1", "2", "3"}
    assert all(bool(row["dairinin_shimei"]) == (row["shinseisha_kubun"] == "2") for row in rows)
    assert all(row["uketsuke_nengappi"] <= row["kakunin_nengappi"] <= "2026-07-31" for row in rows)


def test_some_second_guardians_are_missing_and_some_live_elsewhere(
    feeds: dict[str, Feed], people: dict[str, dict[str, str]]
) -> None:
    seconds = Counter(
        "none" if not number else "resident" if number in people else "elsewhere"
        for number in (row["hogosha2_atenabango"] for row in feeds["application FULL"].rows)
    )
    assert seconds["resident"] > seconds["none"] > seconds["elsewhere"] > 0


def test_the_newly_come_apply_within_weeks_and_some_late(feeds: dict[str, Feed]) -> None:
    since = first_days(feeds)
    waited = [
        (
            date.fromisoformat(row["uketsuke_nengappi"]) - date.fromisoformat(since[row["shoni_atenabango"]])
        ).days
        for row in feeds["application FULL"].rows
        if since[row["shoni_atenabango"]] >= "2026-05-01"
    ]
    assert min(waited) >= 0
    assert sum(days <= 30 for days in waited) > sum(days > 30 for days in waited) > 0


def test_tax_differences_disagree_with_the_full_file(feeds: dict[str, Feed]) -> None:
    known = {
        (row["atenabango"], row["fuka_nendo"]): row
        for row in feeds["tax FULL"].rows
        if row["rirekieda"] == ORIGINAL
    }
    rows = feeds["tax DIFF"].rows
    assert len(rows) > 5
    for row in rows:
        earlier = known[row["atenabango"], row["fuka_nendo"]]
        assert row["rirekieda"] == "1"
        assert [row[kind] for kind in KINDS] != [earlier[kind] for kind in KINDS]
