"""A non-resident found to be a resident (名寄せ): nothing is lost, and a mistake can be undone exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from kyufu.evidence.api import income_of, public_assistance_of, record_income
from kyufu.law.calendar.period import Period
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.api import (
    addressee_ids,
    merge_into_resident,
    merged_ids,
    people,
    search_people,
    split_from_resident,
)
from tests.evidence.files import FEEDS, PERIOD, Sender
from tests.evidence.records import income
from tests.registry.test_nonresidents import AT, CLERK, PAPER, number_of, register

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 1)
# No addressee ever: the ids of a run of all tests grow past any small number.
NOBODY = 10**12


@pytest.fixture
def resident(db: None) -> int:
    """A resident with a name of his own."""
    return make_resident("000000000000001")


def everybody() -> tuple[int, ...]:
    """Whoever is registered: none of them is the one that comes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_addressee")
        return tuple(row[0] for row in cursor.fetchall())


def make_resident(number: str) -> int:
    """Register someone as the resident feed would."""
    one = register(PAPER, distinct_from=everybody())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_addressee SET kind = 'resident', addressee_no = %s WHERE id = %s", [number, one]
        )
    return one


def make_outsider() -> int:
    """A non-resident of the same name."""
    return register(PAPER, distinct_from=everybody())


def merge(outsider: int, *, into: int, at: datetime | None = None) -> int:
    """Merge now."""
    return merge_into_resident(
        non_resident=outsider,
        resident=into,
        by=CLERK,
        reason="転入により同一人と判明",
        at=at or current_instant(),
    )


def test_evidence_of_both_numbers_is_seen_through_each(resident: int) -> None:
    outsider = make_outsider()
    record_income(income(salary=1), addressee_id=outsider, by=CLERK, note="")
    record_income(income(tax_year=2023, salary=2), addressee_id=resident, by=CLERK, note="")

    merge(outsider, into=resident)

    expected = {(2024, 1), (2023, 2)}
    for asked in (resident, outsider):
        found = income_of([asked])[asked]
        assert {(one.tax_year, one.incomes.salary) for one in found} == expected
    assert merged_ids([outsider, resident]) == {
        outsider: tuple(sorted((outsider, resident))),
        resident: tuple(sorted((outsider, resident))),
    }


def test_the_old_number_still_finds_the_person(resident: int) -> None:
    outsider = make_outsider()
    number = number_of(outsider)

    merge(outsider, into=resident)

    assert addressee_ids([number]) == {number: outsider}
    assert people([outsider], valid_on=DAY, today=DAY)[outsider].addressee_no == number_of(resident)
    assert [hit.addressee_id for hit in search_people(number, today=DAY)] == [resident]


def test_a_search_by_the_name_on_the_paper_finds_the_person_once(resident: int) -> None:
    outsider = register(replace(PAPER, name="架空　太朗", kana="カクウ　タロウ"), distinct_from=(resident,))
    assert {hit.addressee_id for hit in search_people("カクウ", today=DAY)} == {resident, outsider}

    merge(outsider, into=resident)

    assert [hit.addressee_id for hit in search_people("カクウ", today=DAY)] == [resident]
    assert [hit.addressee_id for hit in search_people("架空太朗", today=DAY)] == [resident]


def test_a_split_restores_exactly_what_was(resident: int) -> None:
    outsider = make_outsider()
    record_income(income(salary=1), addressee_id=outsider, by=CLERK, note="")
    ids = [resident, outsider]
    before = income_of(ids), people(ids, valid_on=DAY, today=DAY), merged_ids(ids)
    merged_at = current_instant()
    merge(outsider, into=resident, at=merged_at)
    assert income_of(ids) != before[0]

    split_from_resident(non_resident=outsider, by=CLERK, reason="別人だった", at=current_instant())

    assert (income_of(ids), people(ids, valid_on=DAY, today=DAY), merged_ids(ids)) == before
    assert len(income_of([resident], known_at=merged_at)[resident]) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT merged_by, reason, undone_by, undone_reason, upper(recorded) IS NOT NULL "
            "FROM registry_addressee_merge"
        )
        assert cursor.fetchall() == [("S0001", "転入により同一人と判明", "S0001", "別人だった", True)]


def test_a_new_fact_under_one_number_is_a_change_under_both(resident: int) -> None:
    outsider = make_outsider()
    merge(outsider, into=resident)
    count = changes(resident), changes(outsider)

    record_income(income(salary=1), addressee_id=outsider, by=CLERK, note="")

    assert (changes(resident), changes(outsider)) == (count[0] + 1, count[1] + 1)


def test_a_feed_that_tells_of_one_number_is_a_change_under_both(resident: int, tmp_path: Path) -> None:
    outsider = make_outsider()
    merge(outsider, into=resident)
    count = changes(resident), changes(outsider)

    Sender(tmp_path, FEEDS).send(
        "assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": number_of(resident)}]
    )

    assert (changes(resident), changes(outsider)) == (count[0] + 1, count[1] + 1)
    assert public_assistance_of([outsider]) == {outsider: (Period(date(2025, 4, 1), None),)}


def test_merging_and_splitting_are_changes_of_both(resident: int) -> None:
    outsider = make_outsider()

    merge(outsider, into=resident)
    assert (changes(resident), changes(outsider)) == (1, 1)

    split_from_resident(non_resident=outsider, by=CLERK, reason="別人だった", at=current_instant())
    assert (changes(resident), changes(outsider)) == (2, 2)


def test_one_can_be_merged_again_after_a_split(resident: int) -> None:
    outsider = make_outsider()
    merge(outsider, into=resident)
    split_from_resident(non_resident=outsider, by=CLERK, reason="誤り", at=current_instant())

    merge(outsider, into=resident)

    assert outsider in merged_ids([resident])[resident]


@pytest.mark.parametrize(
    ("source", "target"),
    [("resident", "outsider"), ("outsider", "outsider"), ("resident", "resident"), ("outsider", "nobody")],
)
def test_only_a_non_resident_is_merged_and_only_into_a_resident(
    resident: int, source: str, target: str
) -> None:
    ids = {"resident": resident, "outsider": make_outsider(), "nobody": NOBODY}

    with pytest.raises(Refused):
        merge(ids[source], into=ids[target])

    assert merged_ids(list(ids.values())) == {}


def test_who_was_merged_is_not_merged_twice(resident: int) -> None:
    outsider, other = make_outsider(), make_resident("000000000000002")
    merge(outsider, into=resident)

    with pytest.raises(Refused, match="すでに"):
        merge(outsider, into=other)


def test_no_merge_and_no_split_without_a_reason(resident: int) -> None:
    outsider = make_outsider()
    with pytest.raises(BadInput, match="理由"):
        merge_into_resident(non_resident=outsider, resident=resident, by=CLERK, reason=" ", at=AT)
    merge(outsider, into=resident)
    with pytest.raises(BadInput, match="理由"):
        split_from_resident(non_resident=outsider, by=CLERK, reason="", at=current_instant())


def test_a_split_needs_a_merge_and_a_later_time(resident: int) -> None:
    outsider = make_outsider()
    with pytest.raises(Refused, match="名寄せされていません"):
        split_from_resident(non_resident=outsider, by=CLERK, reason="誤り", at=AT)

    merge(outsider, into=resident)

    with pytest.raises(BadInput, match="時刻"):
        split_from_resident(non_resident=outsider, by=CLERK, reason="誤り", at=AT - timedelta(days=1))


def changes(addressee_id: int) -> int:
    """How many changes of the person are noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_change WHERE addressee_id = %s", [addressee_id])
        return int(cursor.fetchone()[0])
