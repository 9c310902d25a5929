"""Students and residents of institutions: the municipality that the law takes for theirs (法第116条、第116条の2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.enrolment.facts import PersonFacts
from kyufu.law.kokuho.enrolment.places import Ground, Place, places_of, runs_in
from tests.law.kokuho.enrolment.people import ATSUGI, BORN, EBINA, KANAGAWA, TOKYO, day, lived, period, person

OSAKA = "271004"
AWAY = lived((ATSUGI, "2005-06-01", "2024-04-01"), (TOKYO, "2024-04-01", None))


def place_on(facts: PersonFacts, *, on: str) -> tuple[str, Ground] | None:
    held = [each for each in places_of(facts) if day(on) in each.period]
    assert len(held) <= 1
    return (held[0].municipality, held[0].ground) if held else None


def test_an_address_is_the_place() -> None:
    assert places_of(person(residences=AWAY)) == (
        Place(ATSUGI, period(("2005-06-01", "2024-04-01")), Ground.ADDRESS),
        Place(TOKYO, period(("2024-04-01", None)), Ground.ADDRESS),
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-03-31", (ATSUGI, Ground.ADDRESS)),
        ("2024-04-01", (ATSUGI, Ground.STUDY)),
        ("2028-03-31", (ATSUGI, Ground.STUDY)),
        ("2028-04-01", (TOKYO, Ground.ADDRESS)),
        ("2005-05-31", None),
    ],
)
def test_a_student_lives_at_home_for_the_days_of_study(on: str, expected: tuple[str, Ground] | None) -> None:
    facts = person(residences=AWAY, studies=((ATSUGI, "2024-04-01", "2028-04-01"),))
    assert place_on(facts, on=on) == expected


def test_a_student_who_moves_home_again_has_the_address() -> None:
    residences = lived(
        (ATSUGI, "2005-06-01", "2024-04-01"),
        (TOKYO, "2024-04-01", "2026-10-01"),
        (ATSUGI, "2026-10-01", None),
    )
    facts = person(residences=residences, studies=((ATSUGI, "2024-04-01", "2028-04-01"),))
    assert place_on(facts, on="2026-09-30") == (ATSUGI, Ground.STUDY)
    assert place_on(facts, on="2026-10-01") == (ATSUGI, Ground.ADDRESS)


def test_a_student_without_an_address_lives_nowhere() -> None:
    residences = lived((ATSUGI, "2005-06-01", "2024-04-01"))
    facts = person(residences=residences, studies=((ATSUGI, "2024-04-01", "2028-04-01"),))
    assert place_on(facts, on="2024-04-01") is None


@pytest.mark.parametrize(
    ("moved", "on", "expected"),
    [
        ("2024-04-01", "2024-03-31", (ATSUGI, Ground.ADDRESS)),
        ("2024-04-01", "2024-04-01", (ATSUGI, Ground.INSTITUTION)),
        ("2024-04-01", "2026-01-01", (ATSUGI, Ground.INSTITUTION)),
        # The address was moved some weeks after the admission: until then it is the old one.
        ("2024-05-10", "2024-05-09", (ATSUGI, Ground.ADDRESS)),
        ("2024-05-10", "2024-05-10", (ATSUGI, Ground.INSTITUTION)),
    ],
)
def test_who_moves_to_an_institution_stays_with_the_municipality_of_before(
    moved: str, on: str, expected: tuple[str, Ground]
) -> None:
    residences = lived((ATSUGI, "2005-06-01", moved), (TOKYO, moved, None))
    facts = person(residences=residences, stays=((TOKYO, "2024-04-01", None),))
    assert place_on(facts, on=on) == expected


def test_after_the_stay_the_address_counts() -> None:
    facts = person(residences=AWAY, stays=((TOKYO, "2024-04-01", "2025-07-01"),))
    assert place_on(facts, on="2025-06-30") == (ATSUGI, Ground.INSTITUTION)
    assert place_on(facts, on="2025-07-01") == (TOKYO, Ground.ADDRESS)


def test_who_lived_in_the_municipality_of_the_institution_stays_there() -> None:
    facts = person(residences=lived((TOKYO, "2005-06-01", None)), stays=((TOKYO, "2024-04-01", None),))
    assert place_on(facts, on="2025-01-01") == (TOKYO, Ground.ADDRESS)


def test_who_does_not_move_the_address_keeps_it() -> None:
    facts = person(residences=lived((ATSUGI, "2005-06-01", None)), stays=((TOKYO, "2024-04-01", None),))
    assert place_on(facts, on="2025-01-01") == (ATSUGI, Ground.ADDRESS)


def test_who_moves_the_address_elsewhere_than_to_the_institution_has_the_address() -> None:
    residences = lived((ATSUGI, "2005-06-01", "2024-04-01"), (OSAKA, "2024-04-01", None))
    facts = person(residences=residences, stays=((TOKYO, "2024-04-01", None),))
    assert place_on(facts, on="2025-01-01") == (OSAKA, Ground.ADDRESS)


def test_from_one_institution_to_the_next_the_first_municipality_stays() -> None:
    """特定継続入院等被保険者: the municipality of before the first institution."""
    residences = lived(
        (ATSUGI, "2005-06-01", "2024-04-01"),
        (TOKYO, "2024-04-01", "2025-07-01"),
        (OSAKA, "2025-07-01", None),
    )
    stays = ((TOKYO, "2024-04-01", "2025-07-01"), (OSAKA, "2025-07-01", None))
    facts = person(residences=residences, stays=stays)
    assert place_on(facts, on="2025-07-01") == (ATSUGI, Ground.INSTITUTION)


def test_after_living_at_home_in_between_the_last_municipality_counts() -> None:
    residences = lived(
        (ATSUGI, "2005-06-01", "2024-04-01"),
        (TOKYO, "2024-04-01", "2025-07-02"),
        (OSAKA, "2025-07-02", None),
    )
    stays = ((TOKYO, "2024-04-01", "2025-07-01"), (OSAKA, "2025-07-02", None))
    facts = person(residences=residences, stays=stays)
    assert place_on(facts, on="2025-07-02") == (TOKYO, Ground.INSTITUTION)


def test_who_came_from_nowhere_lives_where_the_institution_is() -> None:
    facts = person(residences=lived((TOKYO, "2024-04-01", None)), stays=((TOKYO, "2024-04-01", None),))
    assert place_on(facts, on="2025-01-01") == (TOKYO, Ground.ADDRESS)


def test_runs_join_places_that_follow_each_other() -> None:
    facts = person(
        residences=lived(
            (ATSUGI, "2020-01-01", "2021-01-01"),
            (EBINA, "2021-01-01", "2022-01-01"),
            (ATSUGI, "2023-01-01", None),
        )
    )
    places = places_of(facts)
    assert runs_in(places, code=ATSUGI) == (
        period(("2020-01-01", "2021-01-01")),
        period(("2023-01-01", None)),
    )
    assert runs_in(places, code=KANAGAWA) == (
        period(("2020-01-01", "2022-01-01")),
        period(("2023-01-01", None)),
    )
    assert runs_in(places, code=TOKYO) == ()


DAYS = st.integers(0, 60)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(DAYS, st.integers(1, 30), st.sampled_from([ATSUGI, TOKYO])), max_size=2),
    st.lists(st.tuples(DAYS, st.integers(1, 30)), max_size=2),
    DAYS,
)
def test_no_day_is_lost_or_doubled_by_the_exceptions(
    studies: list[tuple[int, int, str]], stays: list[tuple[int, int]], moved: int
) -> None:
    """Whoever lives somewhere lives in exactly one municipality for the law, on the same days."""
    first = day("2024-01-01")

    def at(number: int) -> str:
        return (first + timedelta(days=number)).isoformat()

    residences = lived((ATSUGI, "2010-01-01", at(moved)), (TOKYO, at(moved), None))
    facts = person(
        born=BORN,
        residences=residences,
        studies=tuple((code, at(start), at(start + length)) for start, length, code in studies),
        stays=tuple((TOKYO, at(start), at(start + length)) for start, length in stays),
    )
    places = places_of(facts)
    for number in range(95):
        held = [each for each in places if first + timedelta(days=number) in each.period]
        assert len(held) == 1
    assert all(isinstance(each.period, Period) for each in places)
