"""Rows of taxes, insurance, reliefs, applications and faults, person by person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.demo.city.applications import intake_starts_on, write_applications
from kyufu.demo.city.faults import faulty_rows, make_lodger
from kyufu.demo.city.households import make_household
from kyufu.demo.city.insurances import write_insurances
from kyufu.demo.city.layouts import OPEN_END
from kyufu.demo.city.people import Household, iso
from kyufu.demo.city.reliefs import write_assistance, write_protection, write_schemes
from kyufu.demo.city.taxes import tax_row, tax_years, write_taxes
from tests.demo.city_parts import AS_OF, TODAY, all_columns, columns, household, person, setting

YEARS = tax_years(AS_OF)
Row = dict[str, str]
LIMIT_OF_DEPENDANT = 480_000


def taxes_of(home: Household) -> list[Row]:
    rows: list[str] = []
    write_taxes(home, setting=setting(3), years=YEARS, rows=rows)
    return all_columns(rows, layout="tax")


def declared(home: Household, *, member: int = 0) -> Row:
    row = tax_row(home.members[member], household=home, year=YEARS[1], declared="1", setting=setting())
    return columns(row, layout="tax")


def family(**changes: object) -> Household:
    return household(
        person(1, age=42, income=6_000_000),
        person(2, age=40, sex=2, relation="02", income=300_000),
        person(3, age=20, relation="10"),
        person(4, age=10, relation="10"),
        person(5, age=78, sex=2, relation="20", income=200_000),
        **changes,
    )


def test_dependants_are_counted_by_kind() -> None:
    row = declared(family())
    assert {name: row[name] for name in row if name.startswith("fuyo_")} == {
        "fuyo_total": "4", "fuyo_rojin": "1", "fuyo_tokutei": "1", "fuyo_16miman": "1",
    }  # fmt: skip
    assert row["rojin_haigusha"] == "0"


def test_who_earns_less_claims_nobody() -> None:
    assert declared(family(), member=1)["fuyo_total"] == "0"


def test_the_spouse_claims_when_the_spouse_earns_more() -> None:
    home = family()
    home.members[1].income = 9_000_000
    assert declared(home)["fuyo_total"] == "0"
    assert declared(home, member=1)["fuyo_total"] == "3", "the head earns too much to be a dependant"


def test_an_elderly_spouse_is_marked() -> None:
    home = household(person(1, age=75, income=2_000_000), person(2, age=72, sex=2, relation="02"))
    assert declared(home)["rojin_haigusha"] == "1"


def test_a_single_parent_is_marked() -> None:
    home = household(person(1, income=2_000_000), person(2, age=8, relation="10"), has_one_parent=True)
    assert declared(home)["hitorioya"] == "1"
    assert declared(home, member=1)["hitorioya"] == "0"


@pytest.mark.parametrize(("age", "kind"), [(70, "nenkin"), (30, "kyuyo")])
def test_the_old_live_on_pensions(age: int, kind: str) -> None:
    assert int(declared(household(person(1, age=age, income=1_500_000)))[kind]) > 0


def test_small_incomes_bear_no_levy_and_others_a_tenth_of_what_is_left() -> None:
    small, large = (declared(household(person(1, income=income))) for income in (450_000, 4_000_000))
    assert (small["shotokuwari"], small["kintowari"]) == ("0", "0")
    assert (large["shotokuwari"], large["kintowari"]) == ("297000", "5900")


@pytest.mark.parametrize("word", ["2", "9"])
def test_who_did_not_declare_has_a_row_without_figures(word: str) -> None:
    home = household(person(1, income=5_000_000))
    row = columns(
        tax_row(home.members[0], household=home, year=YEARS[0], declared=word, setting=setting()),
        layout="tax",
    )
    assert (row["shinkoku"], row["fuka_nendo"], row["shutoku_nengappi"]) == (word, "2025", "2025-06-10")
    assert {row[name] for name in ("kyuyo", "taishoku", "zasson", "shotokuwari", "kintowari")} == {""}
    assert row["fuyo_total"] == "0"


def test_newcomers_have_no_row_for_the_years_before() -> None:
    newcomer = household(person(1, since=date(2025, 1, 2).toordinal()))
    assert [row["fuka_nendo"] for row in taxes_of(newcomer)] == ["2026"]
    assert taxes_of(household(person(1, since=date(2026, 1, 2).toordinal()))) == []
    on_the_day = household(person(1, since=date(2026, 1, 1).toordinal()))
    assert [row["fuka_nendo"] for row in taxes_of(on_the_day)] == ["2026"]


def test_those_under_eighteen_are_left_out() -> None:
    assert {row["atenabango"][-1] for row in taxes_of(family())} == {"1", "2", "3", "5"}


@given(st.integers(0, 10**9))
def test_insurance_covers_from_the_first_day_in_the_city_without_a_gap(seed: int) -> None:
    shared, rows = setting(seed), []
    home = make_household(shared)
    for member in home.members:
        member.since = max(member.born, TODAY - 1_000)
    write_insurances(home, setting=shared, rows=rows)
    known = all_columns(rows, layout="insurance")
    for member in home.members:
        own = [row for row in known if row["atenabango"] == member.number]
        assert not known or own
        assert [row["rirekibango"] for row in own] == [str(number) for number in range(1, len(own) + 1)]
        assert not own or own[-1]["soshitsu_nengappi"] == OPEN_END
        if own and TODAY - member.born < 75 * 365:
            assert own[0]["shutoku_nengappi"] == iso(member.since)


def test_those_from_75_have_the_insurer_of_the_elderly_from_their_birthday() -> None:
    rows: list[str] = []
    write_insurances(household(person(1, age=80)), setting=setting(2), rows=rows)
    (row,) = all_columns(rows, layout="insurance")
    assert row["hokensha_bango"].startswith("39")
    assert row["edaban"] == ""


def test_on_assistance_nobody_is_insured() -> None:
    rows: list[str] = []
    write_insurances(family(on_assistance=True), setting=setting(2), rows=rows)
    assert rows == []


@given(st.integers(0, 10**6))
def test_reliefs_lie_within_the_time_in_the_city(seed: int) -> None:
    shared = setting(seed)
    home = make_household(shared)
    for member in home.members:
        member.since = max(member.born, TODAY - 400)
    for layout, write in (
        ("assistance", write_assistance),
        ("schemes", write_schemes),
        ("protection", write_protection),
    ):
        rows: list[str] = []
        write(home, setting=shared, rows=rows)
        for row in all_columns(rows, layout=layout):
            member = next(m for m in home.members if m.number == row["atenabango"])
            assert iso(member.since) <= row["kaishi"] < row["haishi"]


def applications_of(home: Household, *, seed: int = 5) -> list[Row]:
    rows: list[str] = []
    write_applications(home, setting=setting(seed), intake=intake_starts_on(AS_OF), rows=rows)
    return all_columns(rows, layout="application")


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 8, 1), date(2026, 5, 1)),
        (date(2026, 5, 31), date(2025, 5, 1)),
        (date(2026, 6, 1), date(2026, 5, 1)),
    ],
)
def test_the_intake_begins_on_1_may(as_of: date, first: date) -> None:
    assert intake_starts_on(as_of) == first.toordinal()


def test_each_child_is_applied_for_by_both_parents() -> None:
    (row,) = applications_of(family())
    assert (row["shoni_atenabango"][-1], row["hogosha_atenabango"][-1], row["hogosha2_atenabango"][-1]) == (
        "4", "1", "2",
    )  # fmt: skip
    assert (row["zokugara"], row["hogosha2_zokugara"]) == ("1", "2")


@pytest.mark.parametrize(("number", "second"), [(12, "9"), (11, "")])
def test_a_parent_elsewhere_is_named_or_left_out(number: int, second: str) -> None:
    home = household(person(number, sex=2), person(30, age=8, relation="10"), parent_lives_elsewhere=True)
    (row,) = applications_of(home)
    assert row["hogosha2_atenabango"][:1] == second
    assert row["hogosha2_zokugara"] == ("1" if second else "")


def test_adults_need_no_application() -> None:
    assert applications_of(household(person(1), person(2, age=30, relation="10"))) == []


@given(st.integers(0, 10**6))
def test_applications_are_received_after_the_child_came_and_checked_after_that(seed: int) -> None:
    since = TODAY - seed % 500
    for row in applications_of(household(person(1), person(2, age=3, relation="10", since=since)), seed=seed):
        assert (
            max(iso(since), "2026-05-01") <= row["uketsuke_nengappi"] <= row["kakunin_nengappi"] <= iso(TODAY)
        )
        assert bool(row["dairinin_shimei"]) == (row["shinseisha_kubun"] == "2")


def test_each_fault_differs_from_a_sound_row_in_one_column() -> None:
    template, numbers = person(1), iter(range(10, 99))

    def next_person() -> object:
        number = next(numbers)
        return make_lodger(template, number=number, my_number=setting().counters.my_number(number))

    sound = columns(
        faulty_rows(template, day=TODAY, next_person=next_person)["over_long_name"][0], layout="resident"
    )  # type: ignore[arg-type]
    rows = faulty_rows(template, day=TODAY, next_person=next_person)  # type: ignore[arg-type]
    expected = {
        "bad_date": "ido_nengappi", "duplicate_individual_number": "kojinbango", "wrong_check_digit": "kojinbango",
        "unknown_relation": "tsuzukigara", "undrawable_character": "shimei",
    }  # fmt: skip
    for fault, column in expected.items():
        for text in rows[fault]:
            row = columns(text, layout="resident")
            changed = {name for name in row if row[name] != sound[name]}
            assert changed - {"atenabango", "kojinbango", "shimei"} == {column} - {"kojinbango", "shimei"}
