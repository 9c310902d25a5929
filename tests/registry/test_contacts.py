"""Contact records: they stand as written, a correction is a new one, and what is due is found by whose it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry import api as registry
from kyufu.registry.api import ContactWay, NewContact
from kyufu.registry.models import Contact, ContactDone
from tests.registry.persons import Register, addressee_no, fetch, resident
from tests.registry.test_nonresidents import register as register_outsider
from tests.registry.test_nonresidents_merged import merge

pytestmark = pytest.mark.django_db
WRITER = Actor("S0001", "戸塚 桜子", "戸塚区保険係")
OTHER = Actor("S0002", "港北 次郎", "港北区保険係")
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
WARD, OTHER_WARD = "141011", "141020"
SAID = NewContact(DAY, ContactWay.PHONE, "母", "再交付", "紛失したとの電話。\n申請書を郵送する。", None)


@pytest.fixture
def person(register: Register) -> int:
    """A resident."""
    register.send([resident(1), resident(2)])
    return _id(1)


def _id(number: int) -> int:
    return registry.addressee_ids([addressee_no(number)])[addressee_no(number)]


def write(person: int, *, by: Actor = WRITER, ward: str = WARD, at: datetime = AT, **items: Any) -> int:
    """Write a contact down; `items` replace what was said."""
    contact = SAID._replace(**items)
    return registry.record_contact(contact, addressee_id=person, ward_code=ward, by=by, at=at)


def correct(contact_id: int, *, by: Actor = WRITER, **items: Any) -> int:
    """Correct a record."""
    contact = SAID._replace(**items)
    return registry.correct_contact(contact, corrects=contact_id, ward_code=WARD, by=by, at=AT)


def due(wards: set[str] | None = None, *, on: date = DAY, staff_no: str = "") -> list[int]:
    """The records that are due."""
    return [one.contact_id for one in registry.follow_ups_due(wards, on=on, limit=50, staff_no=staff_no)]


def test_a_record_is_read_as_it_was_written_with_its_author(person: int) -> None:
    contact_id = write(person, follow_up_on=date(2026, 12, 1))
    (found,) = registry.contacts_of(person, limit=20)
    assert found == registry.contact_by_id(contact_id)
    assert (found.addressee_id, found.contacted_on, found.way, found.caller) == (
        person,
        DAY,
        ContactWay.PHONE,
        "母",
    )
    assert (found.subject, found.content, found.follow_up_on) == ("再交付", SAID.content, date(2026, 12, 1))
    assert (found.staff_no, found.name, found.office, found.at) == ("S0001", "戸塚 桜子", "戸塚区保険係", AT)
    assert (found.ward_code, found.corrects, found.corrected_by, found.finished) == (WARD, None, None, None)
    assert found.is_waiting


def test_the_author_stays_in_words_whoever_leaves(person: int) -> None:
    write(person)
    assert fetch("SELECT author_id, author_name, author_office FROM registry_contact") == [
        ("S0001", "戸塚 桜子", "戸塚区保険係")
    ]


@pytest.mark.parametrize(
    ("way", "label"), [("counter", "窓口"), ("phone", "電話"), ("mail", "郵送"), ("other", "その他")]
)
def test_every_way_has_its_word(way: str, label: str, person: int) -> None:
    write(person, way=ContactWay(way))
    (found,) = registry.contacts_of(person, limit=1)
    assert (found.way, found.way.label) == (way, label)


def test_records_come_newest_first_in_pages_in_one_round_trip(person: int) -> None:
    ids = [write(person) for _ in range(5)]
    write(_id(2))
    with CaptureQueriesContext(connection) as asked:
        first = registry.contacts_of(person, limit=2)
    assert len(asked) == 1
    assert [one.contact_id for one in first] == ids[:-3:-1]
    rest = registry.contacts_of(person, limit=10, before=first[-1].contact_id)
    assert [one.contact_id for one in rest] == ids[2::-1]
    assert registry.contacts_of(person, limit=10, before=ids[0]) == ()


def test_a_person_without_records_has_none(person: int) -> None:
    assert registry.contacts_of(person, limit=20) == ()
    assert registry.contacts_of(999_999, limit=20) == ()


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"content": " "}, "内容がないか、長すぎます"),
        ({"content": "あ" * 2_001}, "内容がないか、長すぎます"),
        ({"subject": ""}, "用件がないか、長すぎます"),
        ({"subject": "あ" * 61}, "用件がないか、長すぎます"),
        ({"caller": "　"}, "相手がないか、長すぎます"),
        ({"contacted_on": DAY + timedelta(days=1)}, "今日より後"),
        ({"follow_up_on": DAY - timedelta(days=1)}, "応対した日より前"),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_it(
    items: dict[str, Any], words: str, person: int
) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        write(person, **items)
    assert "紛失" not in str(caught.value)
    assert registry.contacts_of(person, limit=1) == ()
    contact_id = write(person)
    with pytest.raises(BadInput, match=words):
        correct(contact_id, **items)


def test_the_day_is_the_day_in_japan(person: int) -> None:
    write(person, contacted_on=date(2026, 11, 21), at=datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    with pytest.raises(BadInput):
        write(person, contacted_on=date(2026, 11, 21), at=datetime(2026, 11, 20, 14, 59, tzinfo=UTC))


def test_a_correction_is_a_new_record_beside_the_old_one(person: int) -> None:
    former = write(person)
    later = correct(former, by=OTHER, caller="祖母", content="祖母からの電話だった。")
    new, old = registry.contacts_of(person, limit=20)
    assert (new.contact_id, new.corrects, new.corrected_by, new.caller) == (later, former, None, "祖母")
    assert (old.contact_id, old.corrects, old.corrected_by, old.caller) == (former, None, later, "母")
    assert (old.content, old.name, new.name) == (SAID.content, WRITER.name, OTHER.name)


def test_a_correction_is_corrected_in_turn(person: int) -> None:
    first = write(person)
    second = correct(first)
    third = correct(second)
    assert [one.corrected_by for one in registry.contacts_of(person, limit=9)] == [None, third, second]


def test_who_corrects_second_is_told_by_whom_it_was_corrected(person: int) -> None:
    former = write(person)
    correct(former, by=OTHER)
    with pytest.raises(Refused, match="港北区保険係の港北 次郎さんが先に訂正しました"):
        correct(former)
    assert len(registry.contacts_of(person, limit=9)) == 2


def test_a_correction_of_nothing_is_refused(person: int) -> None:
    with pytest.raises(BadInput, match="その応対記録はありません"):
        correct(999_999)


def test_a_follow_up_is_due_from_its_day_until_it_is_finished(person: int) -> None:
    contact_id = write(person, follow_up_on=date(2026, 12, 1))
    write(person)
    assert due(on=date(2026, 11, 30)) == []
    assert due(on=date(2026, 12, 1)) == [contact_id]
    assert due(on=date(2027, 1, 1)) == [contact_id]
    registry.finish_follow_up(contact_id, note="折り返した", by=OTHER, at=AT)
    assert due(on=date(2027, 1, 1)) == []
    found = registry.contact_by_id(contact_id)
    assert found.finished is not None
    assert (found.finished.note, found.finished.staff_no, found.finished.name) == (
        "折り返した",
        "S0002",
        "港北 次郎",
    )
    assert not found.is_waiting


def test_follow_ups_are_bounded_by_ward_and_by_who_wrote(person: int) -> None:
    here = write(person, follow_up_on=DAY)
    there = write(person, follow_up_on=DAY, ward=OTHER_WARD, by=OTHER)
    head = write(person, follow_up_on=DAY, ward="")
    assert due({WARD}) == [here]
    assert due({OTHER_WARD}) == [there]
    assert due(set()) == []
    assert due() == [here, there, head]
    assert due(staff_no="S0002") == [there]
    assert due({WARD}, staff_no="S0002") == []


def test_follow_ups_come_oldest_first_and_as_many_as_asked_for(person: int) -> None:
    late = write(person, follow_up_on=DAY + timedelta(days=2))
    early = write(person, follow_up_on=DAY)
    assert due(on=DAY + timedelta(days=5)) == [early, late]
    assert len(registry.follow_ups_due(None, on=DAY + timedelta(days=5), limit=1)) == 1


def test_a_follow_up_tells_nothing_of_what_was_said(person: int) -> None:
    write(person, follow_up_on=DAY)
    (found,) = registry.follow_ups_due(None, on=DAY, limit=1)
    assert "content" not in found._fields
    assert (found.addressee_id, found.subject, found.name) == (person, "再交付", "戸塚 桜子")


def test_what_was_corrected_is_due_no_more_and_its_correction_is(person: int) -> None:
    former = write(person, follow_up_on=DAY)
    later = correct(former, follow_up_on=DAY + timedelta(days=1))
    assert due(on=DAY + timedelta(days=1)) == [later]
    with pytest.raises(Refused, match="先に訂正しました"):
        registry.finish_follow_up(former, note="済", by=OTHER, at=AT)


def test_who_finishes_second_is_told_by_whom_it_was_finished(person: int) -> None:
    contact_id = write(person, follow_up_on=DAY)
    registry.finish_follow_up(contact_id, note="折り返した", by=OTHER, at=AT)
    with pytest.raises(Refused, match="港北区保険係の港北 次郎さんが先に済ませました"):
        registry.finish_follow_up(contact_id, note="折り返した", by=WRITER, at=AT)


def test_without_a_follow_up_there_is_nothing_to_finish(person: int) -> None:
    with pytest.raises(Refused, match="後で行うことはありません"):
        registry.finish_follow_up(write(person), note="済", by=WRITER, at=AT)


@pytest.mark.parametrize("note", ["", "　", "あ" * 201])
def test_what_was_done_is_to_be_said(note: str, person: int) -> None:
    with pytest.raises(BadInput):
        registry.finish_follow_up(write(person, follow_up_on=DAY), note=note, by=WRITER, at=AT)


def test_a_finished_record_may_still_be_corrected(person: int) -> None:
    contact_id = write(person, follow_up_on=DAY)
    registry.finish_follow_up(contact_id, note="済", by=WRITER, at=AT)
    correct(contact_id)
    assert due() == []


def test_the_records_of_a_merged_number_are_the_persons(person: int) -> None:
    outsider = register_outsider()
    of_outsider, of_person = write(outsider), write(person)
    assert [one.contact_id for one in registry.contacts_of(person, limit=9)] == [of_person]
    merge(outsider, into=person)
    for asked in (person, outsider):
        assert [one.contact_id for one in registry.contacts_of(asked, limit=9)] == [of_person, of_outsider]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_contact SET content = 'x'",
        "DELETE FROM registry_contact",
        "UPDATE registry_contact_done SET note = 'x'",
        "DELETE FROM registry_contact_done",
    ],
)
def test_the_database_lets_nobody_change_or_delete_one(statement: str, person: int) -> None:
    registry.finish_follow_up(write(person, follow_up_on=DAY), note="済", by=WRITER, at=AT)
    with pytest.raises(DatabaseError, match="rows stand as written"), transaction.atomic():
        fetch(statement)


def _row(person: int, **items: Any) -> Contact:
    fields = {
        "addressee_id": person, "ward_code": WARD, "author_id": "S1", "author_name": "名", "author_office": "課",
        "recorded_at": AT, **SAID._asdict(), **items,
    }  # fmt: skip
    return Contact(**fields)


@pytest.mark.parametrize(
    "items",
    [
        {"way": "fax"},
        {"content": ""},
        {"subject": ""},
        {"author_id": ""},
        {"follow_up_on": DAY - timedelta(days=1)},
    ],
)
def test_the_database_refuses_what_cannot_be(items: dict[str, Any], person: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _row(person, **items).save()


def test_the_database_refuses_a_correction_of_somebody_elses_record(person: int) -> None:
    former = write(_id(2))
    with pytest.raises(IntegrityError, match="same_person"), transaction.atomic():
        _row(person, corrects_id=former).save()


def test_the_database_refuses_two_corrections_of_one_record(person: int) -> None:
    former = write(person)
    correct(former)
    with pytest.raises(IntegrityError), transaction.atomic():
        _row(person, corrects_id=former).save()


def test_the_database_refuses_a_second_finish(person: int) -> None:
    contact_id = write(person, follow_up_on=DAY)
    registry.finish_follow_up(contact_id, note="済", by=WRITER, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactDone.objects.create(
            contact_id=contact_id,
            note="済",
            author_id="S1",
            author_name="名",
            author_office="課",
            recorded_at=AT,
        )


def test_no_record_corrects_itself_or_a_later_one(person: int) -> None:
    first = write(person)
    with pytest.raises(IntegrityError, match="earlier"), transaction.atomic():
        _row(person, id=first + 1_000, corrects_id=first + 1_000).save(force_insert=True)
