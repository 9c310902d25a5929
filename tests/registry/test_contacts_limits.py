"""Contact records at their limits: the longest text, the day itself, the last day, pages of whatever size."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kyufu.platform.errors import BadInput, Refused
from kyufu.registry import api as registry
from kyufu.registry.contacts import (
    CALLER_LENGTH,
    CONTENT_LENGTH,
    NOTE_LENGTH,
    SUBJECT_LENGTH,
    ContactSeen,
    ContactWay,
    FinishedFollowUp,
)
from tests.registry.persons import Register, resident
from tests.registry.test_contacts import AT, DAY, OTHER, OTHER_WARD, WARD, WRITER, _id, correct, due, write

pytestmark = pytest.mark.django_db
LENGTHS = [("caller", CALLER_LENGTH), ("subject", SUBJECT_LENGTH), ("content", CONTENT_LENGTH)]
ONE_DAY = timedelta(days=1)
FINISHED = FinishedFollowUp("済", "S1", "係", "課", AT)


@pytest.fixture
def person(register: Register) -> int:
    """A resident."""
    register.send([resident(1), resident(2)])
    return _id(1)


def count(person: int) -> int:
    return len(registry.contacts_of(person, limit=50))


@pytest.mark.parametrize(("item", "longest"), LENGTHS)
@pytest.mark.parametrize("character", ["あ", "𠮷", "\n"])
def test_a_text_may_be_as_long_as_it_may_be_and_no_longer(
    person: int, item: str, longest: int, character: str
) -> None:
    """Counted in characters: those beyond the first plane are one each, as a person counts them."""
    text = f"あ{character * (longest - 2)}い"
    write(person, **{item: text})
    (kept,) = registry.contacts_of(person, limit=1)
    assert getattr(kept, item) == text
    with pytest.raises(BadInput) as refused:
        write(person, **{item: text + "う"})
    assert f"{longest:,}文字以内" in refused.value.remedy
    assert text not in refused.value.message
    assert count(person) == 1


@pytest.mark.parametrize(("item", "longest"), LENGTHS)
@pytest.mark.parametrize("blank", ["", " ", "　", "\n", "\t　\r\n"])
def test_what_is_blank_is_nothing(person: int, item: str, longest: int, blank: str) -> None:
    with pytest.raises(BadInput):
        write(person, **{item: blank})
    assert count(person) == 0
    write(person, **{item: f"{blank}あ"[:longest]})
    assert count(person) == 1


@pytest.mark.parametrize(
    ("day", "follow_up", "good"),
    [
        (DAY, None, True), (DAY, DAY, True), (DAY, DAY + ONE_DAY, True), (DAY, DAY - ONE_DAY, False),
        (DAY - ONE_DAY, DAY - ONE_DAY, True), (DAY + ONE_DAY, None, False), (DAY + ONE_DAY, DAY + ONE_DAY, False),
        (date(1950, 1, 1), DAY, True),
    ],
)  # fmt: skip
def test_the_days_of_a_contact_and_its_follow_up(
    person: int, day: date, follow_up: date | None, good: bool
) -> None:
    if good:
        write(person, contacted_on=day, follow_up_on=follow_up)
    else:
        with pytest.raises(BadInput) as refused:
            write(person, contacted_on=day, follow_up_on=follow_up)
        assert refused.value.remedy
    assert count(person) == int(good)


@pytest.mark.parametrize(
    ("at", "good"),
    [
        # The day after DAY begins in Japan at 15:00 of DAY by the world's clock.
        (datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC), False), (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), True),
    ],
)  # fmt: skip
def test_today_begins_at_midnight_in_japan(person: int, at: datetime, good: bool) -> None:
    if good:
        write(person, contacted_on=DAY + ONE_DAY, at=at)
    else:
        with pytest.raises(BadInput):
            write(person, contacted_on=DAY + ONE_DAY, at=at)


@pytest.mark.parametrize(
    ("length", "good"), [(1, True), (NOTE_LENGTH, True), (NOTE_LENGTH + 1, False), (0, False)]
)
def test_what_was_done_may_be_so_long(person: int, length: int, good: bool) -> None:
    contact = write(person, follow_up_on=DAY)
    if good:
        registry.finish_follow_up(contact, note="あ" * length, by=OTHER, at=AT)
    else:
        with pytest.raises(BadInput):
            registry.finish_follow_up(contact, note="あ" * length, by=OTHER, at=AT)
    assert (due() == []) is good


@pytest.mark.parametrize(
    ("on", "found"), [(DAY - ONE_DAY, 0), (DAY, 1), (DAY + ONE_DAY, 1), (DAY + 400 * ONE_DAY, 1)]
)
def test_a_follow_up_is_due_on_its_day_and_stays_due(person: int, on: date, found: int) -> None:
    write(person, contacted_on=DAY - 30 * ONE_DAY, follow_up_on=DAY)
    assert len(due(on=on)) == found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7])
def test_pages_of_any_size_hold_every_record_once(person: int, limit: int) -> None:
    written = [write(person, subject=f"用件{number}") for number in range(5)]
    write(_id(2), subject="ほかの人")
    found: list[int] = []
    before: int | None = None
    while page := registry.contacts_of(person, limit=limit, before=before):
        assert len(page) <= limit
        found += [one.contact_id for one in page]
        before = found[-1]
    assert found == written[::-1]


def test_nobodys_records_are_anothers(person: int) -> None:
    mine, theirs = write(person), write(_id(2))
    assert [one.contact_id for one in registry.contacts_of(person, limit=9)] == [mine]
    assert [one.contact_id for one in registry.contacts_of(_id(2), limit=9)] == [theirs]


@pytest.mark.parametrize(
    ("wards", "staff_no", "found"),
    [
        (None, "", 3), ({WARD}, "", 2), ({OTHER_WARD}, "", 1), ({WARD, OTHER_WARD}, "", 3), (set(), "", 0),
        (None, WRITER.staff_id, 2), ({WARD}, OTHER.staff_id, 1), ({OTHER_WARD}, OTHER.staff_id, 0),
    ],
)  # fmt: skip
def test_what_is_due_is_bounded_by_both(
    person: int, wards: set[str] | None, staff_no: str, found: int
) -> None:
    write(person, ward=WARD, follow_up_on=DAY)
    write(person, ward=OTHER_WARD, follow_up_on=DAY)
    write(person, ward=WARD, by=OTHER, follow_up_on=DAY)
    assert len(due(wards, staff_no=staff_no)) == found


def test_a_correction_of_a_follow_up_moves_it_and_does_not_double_it(person: int) -> None:
    first = write(person, follow_up_on=DAY)
    second = correct(first, follow_up_on=DAY + ONE_DAY)
    assert due() == []
    assert due(on=DAY + ONE_DAY) == [second]
    third = correct(second, follow_up_on=None)
    assert due(on=DAY + ONE_DAY) == []
    with pytest.raises(Refused):
        registry.finish_follow_up(third, note="済", by=WRITER, at=AT)
    with pytest.raises(Refused, match="先に訂正しました"):
        registry.finish_follow_up(first, note="済", by=WRITER, at=AT)


@pytest.mark.parametrize(
    ("follow_up", "finished", "corrected_by", "waiting"),
    [
        (None, None, None, False), (DAY, None, None, True), (DAY, FINISHED, None, False), (DAY, None, 7, False),
        (DAY, FINISHED, 7, False), (None, FINISHED, None, False),
    ],
)  # fmt: skip
def test_something_waits_until_it_is_finished_or_corrected(
    follow_up: date | None, finished: FinishedFollowUp | None, corrected_by: int | None, waiting: bool
) -> None:
    items: dict[str, Any] = {
        "contact_id": 1, "addressee_id": 2, "contacted_on": DAY, "way": ContactWay.PHONE, "caller": "母",
        "subject": "用件", "content": "内容", "follow_up_on": follow_up, "ward_code": WARD, "corrects": None,
        "corrected_by": corrected_by, "staff_no": "S1", "name": "係", "office": "課", "at": AT, "finished": finished,
    }  # fmt: skip
    assert ContactSeen(**items).is_waiting is waiting
