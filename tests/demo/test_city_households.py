"""Households, names, places and incomes: the material of the demo city."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.demo.city import names
from kyufu.demo.city.households import first_birthday_of_band, make_household
from kyufu.demo.city.incomes import random_income
from kyufu.demo.city.layouts import file_name, header_line, trailer_line
from kyufu.demo.city.people import MAN, WOMAN, Counters, Household, iso, random_address
from kyufu.demo.city.places import address_columns, towns_of
from kyufu.notation.check_digits import MUNICIPALITY_CODE
from tests.demo.city_parts import TODAY, setting, towns

ADULTS = ("01", "02", "20", "99")


def many(count: int, *, seed: int = 1) -> list[Household]:
    """Households of several chunks, each of 2,000 households at most."""
    shared = [setting(seed + place) for place in range(1 + count // 2_000)]
    return [make_household(shared[number // 2_000]) for number in range(count)]


@given(st.integers(0, 10**9))
def test_every_household_is_possible(seed: int) -> None:
    home = make_household(setting(seed))
    members = home.members
    assert members[0].relation == "01"
    assert [m.relation for m in members].count("01") == 1
    assert [m.relation for m in members].count("02") <= 1
    assert len({m.number for m in members} | {home.number}) == len(members) + 1
    assert all(m.household == home.number and m.address == home.address for m in members)
    assert all(m.born < TODAY for m in members)
    assert all(TODAY - m.born >= 18 * 365 for m in members if m.relation in ADULTS)


@given(st.integers(0, 10**9))
def test_parents_are_older_than_children_and_grandparents_older_than_parents(seed: int) -> None:
    members = make_household(setting(seed)).members
    couple = [m.born for m in members if m.relation in ("01", "02")]
    children = [m.born for m in members if m.relation == "10"]
    parents = [m.born for m in members if m.relation == "20"]
    assert not children or min(children) - max(couple) > 15 * 365
    assert not parents or min(couple) - max(parents) > 15 * 365


@given(st.integers(0, 10**9))
def test_only_adults_have_an_income(seed: int) -> None:
    for member in make_household(setting(seed)).members:
        assert member.income >= 0
        assert not member.income or TODAY - member.born > 18 * 365


def test_shapes_come_in_all_kinds() -> None:
    homes = many(4_000)
    shapes = Counter("".join(sorted({m.relation for m in home.members})) for home in homes)
    assert {"01", "0102", "010210", "0110", "01021020", "0199"} <= set(shapes)
    assert sum(home.has_one_parent for home in homes) > 50
    assert sum(home.parent_lives_elsewhere for home in homes) > 5
    assert all(home.members[0].relation == "01" for home in homes if home.parent_lives_elsewhere)


def test_brothers_and_sisters_are_years_apart_unless_they_are_twins() -> None:
    twins = 0
    for home in many(4_000):
        born = sorted(m.born for m in home.members if m.relation == "10" and TODAY - m.born < 18 * 365)
        gaps = [later - earlier for earlier, later in pairwise(born)]
        twins += gaps.count(0)
        assert all(gap == 0 or gap > 30 for gap in gaps)
    assert twins >= 5


def test_foreign_families_share_a_family_name_in_full_width_letters() -> None:
    foreign = [home for home in many(2_000) if home.members[0].kind == "2"]
    assert 40 < len(foreign) < 130
    for home in foreign:
        assert len({m.family for m in home.members}) == 1
        assert all(m.roman == m.name and m.name.replace("　", "").isalpha() for m in home.members)


def test_birth_dates_are_forgotten_of_the_old_alone_among_japanese() -> None:
    unknown = [m for home in many(8_000) for m in home.members if not m.birth_date and m.kind == "1"]
    assert unknown
    assert all(m.birth_note and TODAY - m.born > 60 * 365 for m in unknown)


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 8, 1), date(2008, 4, 2)),
        (date(2026, 4, 1), date(2008, 4, 2)),
        (date(2026, 3, 31), date(2007, 4, 2)),
        (date(2026, 1, 1), date(2007, 4, 2)),
    ],
)
def test_the_band_ends_on_the_31_march_after_the_eighteenth_birthday(as_of: date, first: date) -> None:
    assert first_birthday_of_band(as_of) == first
    assert (first - timedelta(days=1)).day == 1, "those born on 1 April reach 18 on 31 March and are out"


@given(st.integers(0, 9_999), st.sampled_from([MAN, WOMAN]), st.booleans())
def test_incomes_are_whole_thousands_within_their_spread(place: int, sex: int, is_pensioner: bool) -> None:
    income = random_income(sex=sex, is_pensioner=is_pensioner, random=lambda: place / 10_000)
    assert isinstance(income, int)
    assert income % 1_000 == 0
    assert 0 <= income <= (4_000_000 if is_pensioner else 21_000_000)


@pytest.mark.parametrize("is_pensioner", [True, False])
def test_incomes_rise_with_the_draw(is_pensioner: bool) -> None:
    drawn = [
        random_income(sex=MAN, is_pensioner=is_pensioner, random=lambda step=step: step / 200)
        for step in range(200)
    ]
    assert drawn == sorted(drawn)
    assert drawn[100] == (1_000_000 if is_pensioner else 3_700_000)


def test_names_are_made_of_an_office_word_and_an_ending() -> None:
    assert len(names.FAMILY_NAMES) == len({name.text for name in names.FAMILY_NAMES}) == 18 * 32
    assert all(name.kana and name.text for name in (*names.FAMILY_NAMES, *names.RARE_FAMILY_NAMES))
    assert ("見本﨑", "ミホンサキ") in names.FAMILY_NAMES
    assert any("𠮷" in name.text for name in names.RARE_FAMILY_NAMES)
    assert any("\U000e0101" in name.text for name in names.RARE_FAMILY_NAMES)


@pytest.mark.parametrize("sex", [MAN, WOMAN])
def test_given_names_next_to_each_other_are_alike_but_not_the_same(sex: int) -> None:
    pool = names.GIVEN_NAMES[sex]
    pairs = list(pairwise(pool))
    assert all(one != other for one, other in pairs)
    assert sum(one.text[0] == other.text[0] for one, other in pairs) > 0.9 * len(pairs)


def test_readings_are_full_width_katakana() -> None:
    pools = (names.FAMILY_NAMES, *names.GIVEN_NAMES, names.FOREIGN_FAMILY_NAMES, names.FOREIGN_GIVEN_NAMES)
    for pool in pools:
        for name in pool:
            assert all("ァ" <= letter <= "ー" for letter in name.kana), name


def test_no_name_is_longer_than_the_layout_allows() -> None:
    longest = max(len(a.text) for a in names.FOREIGN_FAMILY_NAMES) + max(
        len(b.text) for b in names.FOREIGN_GIVEN_NAMES
    )
    assert longest + 1 <= 100


def test_towns_cover_all_wards_and_leave_out_shared_codes() -> None:
    listed = towns()
    assert len({town.ward_code for town in listed}) == 18
    assert all(MUNICIPALITY_CODE.is_valid(town.ward_code) for town in listed)
    assert all(len(town.postal_code) == 7 and town.postal_code.isdigit() for town in listed)
    assert not [town for town in listed if "タワー" in town.head or "横浜市西区,桜木町" in town.head]
    assert [town.postal_code for town in listed] == sorted(town.postal_code for town in listed)


def test_a_municipality_without_wards_has_no_towns_yet() -> None:
    assert towns_of("142123") == ()


def test_addresses_are_written_in_full_width() -> None:
    town = next(town for town in towns() if town.postal_code == "2300033")
    assert address_columns(town, lot=12, house=3, flat=0) == (
        "141011,9999999,神奈川県,横浜市鶴見区,朝日町,１２番地３,,2300033"
    )
    flat = address_columns(town, lot=2990, house=40, flat=1208).split(",")
    assert flat[5] == "２９９０番地４０"
    assert flat[6].endswith("１２０８号")


@given(st.integers(0, 10**9))
def test_random_addresses_fit_their_columns(seed: int) -> None:
    shared = setting(seed)
    ward_code, address = random_address(shared.towns, random=shared.random)
    fields = address.split(",")
    assert (len(fields), fields[0]) == (8, ward_code)
    assert all(fields[place] for place in (2, 3, 4, 5, 7))


@given(st.dates(date(1900, 1, 1), date(2050, 12, 31)))
def test_days_are_written_as_the_calendar_has_them(day: date) -> None:
    assert iso(day.toordinal()) == day.isoformat()


@given(st.lists(st.integers(0, 10**8), min_size=2, max_size=50, unique=True), st.integers(0, 99))
def test_individual_numbers_differ_for_different_persons(numbers: list[int], seed: int) -> None:
    counters = Counters(chunk=0, seed=seed)
    assert len({counters.my_number(number) for number in numbers}) == len(numbers)


def test_the_frame_is_written_as_documented() -> None:
    header = header_line(
        layout="schemes", mode="DIFF", municipality="141003", sequence=2, made_at="2026-07-31T22:00:00+09:00"
    )
    assert header == (
        "H,schemes,1,DIFF,141003,000002,2026-07-31T22:00:00+09:00\n"
        "N,gyobango,seido,rirekibango,rirekieda,torikeshi,atenabango,kaishi,haishi\n"
    )
    assert trailer_line({"20": 4, "10": 3}) == "T,7,10=3;20=4\n"
    assert trailer_line({}) == "T,0,\n"
    assert file_name(layout="tax", mode="FULL", sequence=1) == "tax_FULL_000001.csv"
