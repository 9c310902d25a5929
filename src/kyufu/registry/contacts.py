"""Contact records (応対記録): who called or came, when, about what, and what is still to be done.

A record stands as written. A correction is a new record that names the one it corrects; that a follow-up (後で行う
こと) is finished is a record of its own. What a person told us is shown to those who may see the person, and its words
go nowhere else: into no log, address or error.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.models import Contact, ContactDone

CALLER_LENGTH, SUBJECT_LENGTH, CONTENT_LENGTH, NOTE_LENGTH = 60, 60, 2_000, 200
LOOK_REMEDY = "応対記録の一覧で最新の内容を確かめてから、もう一度入力してください。"

_COLUMNS = """
       c.id, c.addressee_id, c.contacted_on, c.way, c.caller, c.subject, c.content, c.follow_up_on, c.ward_code,
       c.corrects_id, n.id, c.author_id, c.author_name, c.author_office, c.recorded_at,
       d.note, d.author_id, d.author_name, d.author_office, d.recorded_at
  FROM registry_contact c LEFT JOIN registry_contact n ON n.corrects_id = c.id
       LEFT JOIN registry_contact_done d ON d.contact_id = c.id
"""
# Of a merged person (名寄せ) the records of every number are the person's.
_OF_PERSON = f"""
WITH person AS (SELECT coalesce(merged_into_id, id) AS id FROM registry_addressee WHERE id = %(id)s),
number AS (
  SELECT id FROM person UNION SELECT a.id FROM registry_addressee a JOIN person ON a.merged_into_id = person.id)
SELECT {_COLUMNS} WHERE c.addressee_id IN (SELECT id FROM number) AND (%(before)s::bigint IS NULL OR c.id < %(before)s)
 ORDER BY c.id DESC LIMIT %(limit)s
"""
_ONE = f"SELECT {_COLUMNS} WHERE c.id = %(id)s"
_DUE = """
SELECT c.id, c.addressee_id, c.follow_up_on, c.subject, c.author_id, c.author_name
  FROM registry_contact c
 WHERE c.follow_up_on <= %(on)s AND (%(wards)s::text[] IS NULL OR c.ward_code = ANY(%(wards)s))
   AND (%(staff_no)s = '' OR c.author_id = %(staff_no)s)
   AND NOT EXISTS (SELECT FROM registry_contact n WHERE n.corrects_id = c.id)
   AND NOT EXISTS (SELECT FROM registry_contact_done d WHERE d.contact_id = c.id)
 ORDER BY c.follow_up_on, c.id LIMIT %(limit)s
"""


class ContactWay(StrEnum):
    """In what way somebody got in touch (応対の方法)."""

    COUNTER = "counter"
    PHONE = "phone"
    MAIL = "mail"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The clerks' word."""
        return {"counter": "窓口", "phone": "電話", "mail": "郵送", "other": "その他"}[self.value]


class NewContact(NamedTuple):
    """What a clerk writes down: the day, the way, who it was, about what, the words, and a day to come back to it."""

    contacted_on: date
    way: ContactWay
    caller: str
    subject: str
    content: str
    follow_up_on: date | None


class FinishedFollowUp(NamedTuple):
    """That a follow-up was finished: what was done, by whom and when."""

    note: str
    staff_no: str
    name: str
    office: str
    at: datetime


class ContactSeen(NamedTuple):
    """A record as it stands; `corrected_by` is the later record that corrects it (None: it holds)."""

    contact_id: int
    addressee_id: int
    contacted_on: date
    way: ContactWay
    caller: str
    subject: str
    content: str
    follow_up_on: date | None
    ward_code: str
    corrects: int | None
    corrected_by: int | None
    staff_no: str
    name: str
    office: str
    at: datetime
    finished: FinishedFollowUp | None

    @property
    def is_waiting(self) -> bool:
        """Is something still to be done?"""
        return self.follow_up_on is not None and self.finished is None and self.corrected_by is None


class FollowUp(NamedTuple):
    """Something still to be done for a person, from the day on which it is due; never with the words said."""

    contact_id: int
    addressee_id: int
    due_on: date
    subject: str
    staff_no: str
    name: str


def record_contact(contact: NewContact, *, addressee_id: int, ward_code: str, by: Actor, at: datetime) -> int:
    """Write a contact down; `ward_code` is that of the office that took it (empty: none). Returns its id.

    Raises BadInput for an empty or overlong text, or a day that cannot be.
    """
    _check(contact, at=at)
    with transaction.atomic():
        return _write(contact, addressee_id=addressee_id, corrects=None, ward_code=ward_code, by=by, at=at)


def correct_contact(contact: NewContact, *, corrects: int, ward_code: str, by: Actor, at: datetime) -> int:
    """Write down what a record should have said; the former one stays. Returns the id of the new one.

    Raises Refused, saying by whom, where the record was corrected meanwhile.
    """
    _check(contact, at=at)
    with transaction.atomic():
        former = _held(corrects)
        return _write(
            contact, addressee_id=former.addressee_id, corrects=corrects, ward_code=ward_code, by=by, at=at
        )


def finish_follow_up(contact_id: int, *, note: str, by: Actor, at: datetime) -> None:
    """Write down that the follow-up of a record is finished, and what was done.

    Raises Refused, saying by whom, where it was finished or corrected meanwhile, or where there is none.
    """
    if not note.strip() or len(note) > NOTE_LENGTH:
        raise BadInput(
            "行ったことがないか、長すぎます。", remedy=f"{NOTE_LENGTH}文字以内で入力してください。"
        )
    with transaction.atomic():
        found = _held(contact_id)
        if found.finished is not None:
            done = found.finished
            raise Refused(
                f"後で行うことは、{done.office}の{done.name}さんが先に済ませました。", remedy=LOOK_REMEDY
            )
        if not found.is_waiting:
            raise Refused("この応対記録に、後で行うことはありません。", remedy=LOOK_REMEDY)
        ContactDone.objects.create(contact_id=contact_id, note=note, recorded_at=at, **_author(by))


def contacts_of(addressee_id: int, *, limit: int, before: int | None = None) -> tuple[ContactSeen, ...]:
    """The records of a person, those of merged numbers too, newest first, before a record's id (key-set paging)."""
    return tuple(map(_seen, _rows(_OF_PERSON, {"id": addressee_id, "limit": limit, "before": before})))


def contact_by_id(contact_id: int) -> ContactSeen:
    """One record; raises BadInput where there is none."""
    rows = _rows(_ONE, {"id": contact_id})
    if not rows:
        raise BadInput("その応対記録はありません。", remedy="個人の画面から選び直してください。")
    return _seen(rows[0])


def follow_ups_due(
    wards: Collection[str] | None, *, on: date, limit: int, staff_no: str = ""
) -> tuple[FollowUp, ...]:
    """What is due by a day and not finished, the oldest first: of the offices of these wards (None: of all),
    or of what one member of staff wrote down.
    """
    values = {
        "wards": None if wards is None else sorted(wards),
        "on": on,
        "limit": limit,
        "staff_no": staff_no,
    }
    return tuple(FollowUp(*row) for row in _rows(_DUE, values))


def _check(contact: NewContact, *, at: datetime) -> None:
    texts = (
        ("相手", contact.caller, CALLER_LENGTH),
        ("用件", contact.subject, SUBJECT_LENGTH),
        ("内容", contact.content, CONTENT_LENGTH),
    )
    for label, text, longest in texts:
        if not text.strip() or len(text) > longest:
            raise BadInput(
                f"{label}がないか、長すぎます。", remedy=f"{longest:,}文字以内で入力してください。"
            )
    if contact.contacted_on > at.astimezone(JAPAN).date():
        raise BadInput("応対した日が今日より後です。", remedy="日付を確かめてください。")
    if contact.follow_up_on is not None and contact.follow_up_on < contact.contacted_on:
        raise BadInput("後で行う日が、応対した日より前です。", remedy="日付を確かめてください。")


def _write(
    contact: NewContact, *, addressee_id: int, corrects: int | None, ward_code: str, by: Actor, at: datetime
) -> int:
    try:
        with transaction.atomic():
            written = Contact.objects.create(
                addressee_id=addressee_id, corrects_id=corrects, ward_code=ward_code, recorded_at=at,
                **contact._asdict(), **_author(by),
            )  # fmt: skip
            return int(written.pk)
    except IntegrityError:
        # Two who correct one record at once meet here; the words of the error hold a row.
        raise Refused("ほかの職員が先に訂正しました。", remedy=LOOK_REMEDY) from None


def _held(contact_id: int) -> ContactSeen:
    """The record, locked, where nobody has corrected it; raises Refused saying who has."""
    Contact.objects.select_for_update().filter(pk=contact_id).first()
    found = contact_by_id(contact_id)
    if found.corrected_by is not None:
        later = contact_by_id(found.corrected_by)
        raise Refused(
            f"この応対記録は、{later.office}の{later.name}さんが先に訂正しました。", remedy=LOOK_REMEDY
        )
    return found


def _author(by: Actor) -> dict[str, str]:
    return {"author_id": by.staff_id, "author_name": by.name, "author_office": by.office}


def _seen(row: tuple[Any, ...]) -> ContactSeen:
    finished = None if row[15] is None else FinishedFollowUp(*row[15:20])
    return ContactSeen._make((*row[:3], ContactWay(row[3]), *row[4:15], finished))


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
