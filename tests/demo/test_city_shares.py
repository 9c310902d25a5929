"""How often things happen in the demo city: enough for every rule to be seen, and not more than is plausible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from kyufu.demo.city.applications import write_applications
from kyufu.demo.city.households import make_household
from kyufu.demo.city.insurances import write_insurances
from kyufu.demo.city.layouts import OPEN_END
from kyufu.demo.city.people import Household, iso
from kyufu.demo.city.register import write_history
from kyufu.demo.city.reliefs import write_assistance, write_protection, write_schemes
from kyufu.demo.city.taxes import tax_years, write_taxes
from kyufu.notation.check_digits import INSURER_NUMBER
from tests.demo.city_parts import AS_OF, TODAY, all_columns, household, person, setting

HOUSEHOLDS = 4_000
Row = dict[str, str]


@cache
def city() -> tuple[tuple[Household, ...], dict[str, list[Row]]]:
    """Households of two settings with all their rows, as a chunk writes them but without the changes."""
    homes: list[Household] = []
    rows: dict[str, list[str]] = {
        name: []
        for name in ("resident", "tax", "assistance", "schemes", "insurance", "protection", "application")
    }
    for chunk in (0, 1):
        shared = setting(11 + chunk, chunk=chunk)
        for _ in range(HOUSEHOLDS // 2):
            home = make_household(shared)
            homes.append(home)
            write_history(home, setting=shared, rows=rows["resident"])
            write_taxes(home, setting=shared, years=tax_years(AS_OF), rows=rows["tax"])
            write_assistance(home, setting=shared, rows=rows["assistance"])
            write_schemes(home, setting=shared, rows=rows["schemes"])
            write_insurances(home, setting=shared, rows=rows["insurance"])
            write_protection(home, setting=shared, rows=rows["protection"])
            write_applications(home, setting=shared, intake=TODAY - 70, rows=rows["application"])
    return tuple(homes), {name: all_columns(lines, layout=name) for name, lines in rows.items()}


def share(of: str, *, holds: Callable[[Row], bool]) -> float:
    rows = city()[1][of]
    return sum(holds(row) for row in rows) / len(rows)


def test_events_of_every_kind_make_the_histories() -> None:
    kinds = Counter(row["ido_jiyu"] for row in city()[1]["resident"])
    people = sum(len(home.members) for home in city()[0])
    assert kinds["00"] + kinds["10"] + kinds["20"] - kinds["50"] == people
    assert 0.05 < kinds["30"] / people < 0.25
    assert 0 < kinds["60"] / people < 0.02
    assert 0 < kinds["50"] / people < 0.02
    assert kinds["71"] == kinds["50"]


def test_one_in_twenty_moved_in_this_year() -> None:
    homes = city()[0]
    newcomers = sum(home.members[0].since >= TODAY - 190 for home in homes)
    assert 0.02 < newcomers / len(homes) < 0.08


def test_moves_within_the_city_change_the_address() -> None:
    before: dict[str, Row] = {}
    for row in city()[1]["resident"]:
        if row["ido_jiyu"] == "30":
            earlier = before[row["atenabango"]]
            assert (row["jusho_choaza"], row["jusho_banchigohyoki"]) != (
                earlier["jusho_choaza"],
                earlier["jusho_banchigohyoki"],
            )
        before[row["atenabango"]] = row


def test_a_changed_name_is_the_family_name_of_the_household() -> None:
    heads = {home.number: home.members[0].family for home in city()[0]}
    changed = [row for row in city()[1]["resident"] if row["ido_jiyu"] == "60"]
    assert changed
    assert all(row["shimei"].split("　")[0] == heads[row["setaibango"]] for row in changed)


def test_a_few_did_not_declare() -> None:
    assert 0.01 < share("tax", holds=lambda row: row["shinkoku"] == "2") < 0.04
    assert 0.001 < share("tax", holds=lambda row: row["shinkoku"] == "9") < 0.02


def test_the_same_person_declares_in_both_years_or_in_none() -> None:
    said: dict[str, set[str]] = {}
    for row in city()[1]["tax"]:
        said.setdefault(row["atenabango"], set()).add(row["shinkoku"])
    assert all(len(words) == 1 for words in said.values())


def test_insurers_are_of_every_kind() -> None:
    laws = Counter(
        row["hokensha_bango"][:2] for row in city()[1]["insurance"] if len(row["hokensha_bango"]) == 8
    )
    assert {"01", "06", "31", "32", "34", "39"} == set(laws)
    assert 0.2 < share("insurance", holds=lambda row: len(row["hokensha_bango"]) == 6) < 0.5
    assert all(INSURER_NUMBER.is_valid(row["hokensha_bango"]) for row in city()[1]["insurance"])


def test_children_are_insured_as_family_or_nationally() -> None:
    children = {
        m.number for home in city()[0] for m in home.members if m.relation == "10" and TODAY - m.born < 6_000
    }
    for row in city()[1]["insurance"]:
        if row["atenabango"] in children and row["soshitsu_nengappi"] == OPEN_END:
            assert row["shikaku_kubun"] == "2" or len(row["hokensha_bango"]) == 6


def test_some_changed_their_insurer_while_living_here() -> None:
    changed = [row for row in city()[1]["insurance"] if row["soshitsu_nengappi"] != OPEN_END]
    assert changed
    assert all(row["soshitsu_nengappi"] <= iso(TODAY) for row in changed)
    assert all(len(row["hokensha_bango"]) == 6 for row in changed), "from national insurance to an employer's"


@pytest.mark.parametrize(
    ("layout", "least", "most"), [("protection", 0.0002, 0.004), ("schemes", 0.01, 0.06)]
)
def test_reliefs_are_as_rare_as_they_should_be(layout: str, least: float, most: float) -> None:
    people = sum(len(home.members) for home in city()[0])
    assert least < len(city()[1][layout]) / people < most


def test_protection_lasts_a_year() -> None:
    for row in city()[1]["protection"]:
        years = int(row["haishi"][:4]) - int(row["kaishi"][:4])
        assert years in (0, 1)


def test_two_of_three_protected_households_gave_a_safe_address() -> None:
    homes = [household(person(number, since=TODAY - 3_000)) for number in range(20_000)]
    shared, rows = setting(5), []
    for home in homes:
        write_protection(home, setting=shared, rows=rows)
    safe = [bool(row["sofusaki_jusho"]) for row in all_columns(rows, layout="protection")]
    assert 10 <= len(safe) <= 45
    assert 0.4 < sum(safe) / len(safe) < 0.95


def test_applications_are_mostly_handed_in_at_the_counter_by_a_guardian() -> None:
    assert 0.5 < share("application", holds=lambda row: row["uketsuke_keiro"] == "1") < 0.75
    assert 0.002 < share("application", holds=lambda row: row["shinseisha_kubun"] == "2") < 0.06
    assert 0 < share("application", holds=lambda row: row["mimoto_kakunin"] == "0") < 0.03


def test_no_application_is_without_a_grown_up_guardian() -> None:
    born = {m.number: m.born for home in city()[0] for m in home.members}
    for row in city()[1]["application"]:
        assert TODAY - born[row["hogosha_atenabango"]] > 18 * 365
