"""Non-residents (住登外者): registered by hand, corrected, merged into a resident (名寄せ), split again.

Every step says who, when and why: a registration or correction in its event, a merge or split in the merge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from kyufu.notation.check_digits import INSURER_NUMBER, NumberRule
from kyufu.notation.places import address_key
from kyufu.notation.sounds import sound_key
from kyufu.notation.text import search_key, to_storage_form
from kyufu.platform.actors import Actor
from kyufu.platform.changes import record_changes
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.models import Addressee, AddresseeMerge, PersonEvent
from kyufu.registry.timeline import derive_versions_of
from kyufu.registry.vault_seam import present_vault

# "N", the day of registration, a serial number of the day, and the check digit of insurer numbers (Luhn).
NUMBER_PREFIX = "N"
NUMBER_DIGITS = NumberRule("住登外者の宛名番号", (14,), INSURER_NUMBER.check_digit_of)
MOST_A_DAY = 99_999
BY_HAND = "90"
# Lives at the address given; that it is outside the register is the kind of the addressee.
LIVES_THERE = "1"

_SAME_PERSON = """
WITH RECURSIVE edge (here, there) AS NOT MATERIALIZED (
  SELECT addressee_id, into_id FROM registry_addressee_merge WHERE {known}
  UNION ALL SELECT into_id, addressee_id FROM registry_addressee_merge WHERE {known}
), same (person, member) AS (
  SELECT here, here FROM edge WHERE here {among}
  UNION SELECT same.person, edge.there FROM same JOIN edge ON edge.here = same.member
)
SELECT person, array_agg(DISTINCT member ORDER BY member) FROM same GROUP BY person
"""
_ALIKE = """
SELECT DISTINCT v.addressee_id FROM registry_person_event e JOIN registry_person_version v ON v.event_id = e.id
 WHERE upper_inf(v.recorded) AND e.birth_date IS NOT DISTINCT FROM %(birth_date)s
   AND (e.name_key = %(name)s OR e.kana_key = %(kana)s AND %(kana)s <> '')
 ORDER BY v.addressee_id
"""


@dataclass(frozen=True, slots=True)
class NonResident:
    """What the application says of a person outside the register: name, sex, birth date, address (4情報).

    `sex` is 1 male, 2 female, 0 not filled in; `birth_date_note` is the wording where the date is not known;
    `municipality` is the code (6 digits) of the municipality of the address, empty where not known.
    """

    name: str
    kana: str
    sex: str
    birth_date: date | None
    birth_date_note: str
    municipality: str
    postal_code: str
    prefecture: str
    city: str
    town: str
    house_number: str
    building: str


class PossibleDuplicate(Refused):
    """Persons of the same name and birth date are known: `candidates` (addressee ids) must be looked at first."""

    def __init__(self, candidates: Collection[int]) -> None:
        super().__init__(
            f"氏名（またはフリガナ）と生年月日の同じ者が{len(candidates)}人登録されています。",
            remedy="候補者を確かめ、同じ人なら登録済みの宛名番号を使い、別人なら別人と確認して登録してください。",
        )
        self.candidates = tuple(candidates)


def alike(person: NonResident) -> tuple[int, ...]:
    """Addressees with the same search key of name or kana and the same birth date."""
    keys = {"name": search_key(person.name), "kana": search_key(person.kana), "birth_date": person.birth_date}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, keys)
        return tuple(row[0] for row in cursor.fetchall())


def register_non_resident(
    person: NonResident,
    *,
    valid_from: date,
    distinct_from: Collection[int],
    by: Actor,
    reason: str,
    at: datetime,
) -> int:
    """Register a non-resident from the paper; returns the addressee id, whose number is one of our own.

    `distinct_from` are the candidates that the clerk has found to be other people. Raises PossibleDuplicate when
    there are more, BadInput when name, birth date or reason is missing.
    """
    _check(person, reason=reason)
    with transaction.atomic():
        _lock_numbers()
        unseen = [candidate for candidate in alike(person) if candidate not in distinct_from]
        if unseen:
            raise PossibleDuplicate(unseen)
        addressee = Addressee.objects.create(addressee_no=_next_number(at), kind="non_resident")
        _tell(person, addressee_id=addressee.pk, history_no=1, revision=0, valid_from=valid_from, by=by, reason=reason,
              at=at)  # fmt: skip
        return int(addressee.pk)


def correct_non_resident(
    person: NonResident, *, addressee_id: int, valid_from: date, by: Actor, reason: str, at: datetime
) -> None:
    """Correct what is known from the day on, or add what changed on a later day; the former stays on record.

    Raises Refused for an addressee who is not a non-resident of our own, or who was merged.
    """
    _check(person, reason=reason)
    with transaction.atomic():
        _locked_non_resident(addressee_id)
        told = PersonEvent.objects.filter(addressee_id=addressee_id)
        same_day = told.filter(event_date=valid_from).order_by("-revision").first()
        last = told.order_by("-history_no").first()
        if same_day is not None:
            history_no, revision = same_day.history_no, same_day.revision + 1
        else:
            history_no, revision = (last.history_no if last else 0) + 1, 0
        _tell(person, addressee_id=addressee_id, history_no=history_no, revision=revision, valid_from=valid_from,
              by=by, reason=reason, at=at)  # fmt: skip
        _note_change(addressee_id)


def merge_into_resident(*, non_resident: int, resident: int, by: Actor, reason: str, at: datetime) -> int:
    """Find that a non-resident and a resident are one person (名寄せ); returns the id of the merge.

    Nothing is moved: the old number keeps its evidence and applications, and they are seen through the resident.
    Raises Refused when either was merged already, or is not what it should be.
    """
    _require(reason)
    with transaction.atomic():
        _lock(non_resident, resident)
        source = _locked_non_resident(non_resident)
        target = Addressee.objects.get(pk=resident)
        if target.kind != "resident" or target.merged_into_id is not None:
            raise Refused("名寄せ先が住民ではありません。", remedy="住民の宛名番号を選んでください。")
        merge = AddresseeMerge.objects.create(
            addressee=source,
            into=target,
            recorded=DateTimeTZRange(at, None),
            merged_by=by.staff_id,
            reason=reason,
        )
        Addressee.objects.filter(pk=source.pk).update(merged_into=target)
        _note_change(resident)
        present_vault().follow_merge(
            source=source.addressee_no, target=target.addressee_no, by=by, reason=reason
        )
        return int(merge.pk)


def split_from_resident(*, non_resident: int, by: Actor, reason: str, at: datetime) -> None:
    """Undo a merge that was a mistake: everything is as before it, and the merge stays on record with its end."""
    _require(reason)
    with transaction.atomic():
        _lock(non_resident)
        merge = AddresseeMerge.objects.filter(addressee_id=non_resident, recorded__upper_inf=True).first()
        if merge is None:
            raise Refused("この宛名番号は名寄せされていません。", remedy="宛名番号を確かめてください。")
        if at <= merge.recorded.lower:
            raise BadInput("名寄せより前の時刻では取り消せません。", remedy="時計を確かめてください。")
        _note_change(non_resident)
        ended = DateTimeTZRange(merge.recorded.lower, at)
        AddresseeMerge.objects.filter(pk=merge.pk).update(
            recorded=ended, undone_by=by.staff_id, undone_reason=reason
        )
        Addressee.objects.filter(pk=non_resident).update(merged_into=None)
        present_vault().follow_split(source=merge.addressee.addressee_no, by=by, reason=reason)


def merged_ids(ids: Collection[int], *, known_at: datetime | None = None) -> dict[int, tuple[int, ...]]:
    """All the addressee ids of the person behind each id, in order; ids that were never merged are left out.

    Merges as they stand, or as they stood at the instant `known_at`.
    """
    known = "upper_inf(recorded)" if known_at is None else "recorded @> %(known_at)s"
    query = _SAME_PERSON.format(known=known, among="= ANY(%(ids)s)")
    with connection.cursor() as cursor:
        cursor.execute(query, {"ids": list(ids), "known_at": known_at})
        return {person: tuple(members) for person, members in cursor.fetchall()}


def merged_ids_selected(select: str) -> dict[int, tuple[int, ...]]:
    """The same, as merges stand now, for the addressee ids that an SQL select of the calling module gives."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME_PERSON.format(known="upper_inf(recorded)", among=f"IN ({select})"))
        return {person: tuple(members) for person, members in cursor.fetchall()}


def _check(person: NonResident, *, reason: str) -> None:
    _require(reason)
    if not person.name.strip():
        raise BadInput("氏名がありません。", remedy="申請書の氏名を入力してください。")
    if person.birth_date is None and not person.birth_date_note.strip():
        raise BadInput("生年月日がありません。", remedy="生年月日、または不詳の表記を入力してください。")
    if person.sex not in ("0", "1", "2"):
        raise BadInput("性別の区分が正しくありません。", remedy="男・女・記載なしから選んでください。")


def _require(reason: str) -> None:
    if not reason.strip():
        raise BadInput("理由がありません。", remedy="理由を入力してください。")


def _lock(*ids: int) -> None:
    """Hold the persons' rows, always in the same order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM registry_addressee WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(ids)]
        )
        if cursor.rowcount != len(set(ids)):
            raise Refused("宛名番号の者が登録されていません。", remedy="宛名番号を確かめてください。")


def _locked_non_resident(addressee_id: int) -> Addressee:
    _lock(addressee_id)
    addressee = Addressee.objects.get(pk=addressee_id)
    if addressee.kind != "non_resident" or addressee.merged_into_id is not None:
        raise Refused(
            "住登外者ではないか、すでに住民に名寄せされています。", remedy="宛名番号を確かめてください。"
        )
    return addressee


def _lock_numbers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/non_resident', 0))"
        )


def _next_number(at: datetime) -> str:
    """The next addressee number of the day in Japan; the caller holds the lock of the numbers."""
    day = f"{at.astimezone(JAPAN):%Y%m%d}"
    mine = Addressee.objects.filter(addressee_no__startswith=NUMBER_PREFIX + day)
    last = mine.order_by("-addressee_no").values_list("addressee_no", flat=True).first()
    serial = 1 if last is None else int(last[9:14]) + 1
    if serial > MOST_A_DAY:
        raise Refused("本日の住登外者の番号を使い切りました。", remedy="明日登録してください。")
    return NUMBER_PREFIX + NUMBER_DIGITS.with_check_digit(f"{day}{serial:05}")


def _tell(
    person: NonResident,
    *,
    addressee_id: int,
    history_no: int,
    revision: int,
    valid_from: date,
    by: Actor,
    reason: str,
    at: datetime,
) -> None:
    """Append the event and bring the person's versions in line with it."""
    PersonEvent.objects.create(
        addressee_id=addressee_id,
        history_no=history_no,
        revision=revision,
        cancelled=False,
        kind=BY_HAND,
        event_date=valid_from,
        status=LIVES_THERE,
        recorded_by=by.staff_id,
        recorded_at=at,
        note=reason,
        **_items(person),
    )
    derive_versions_of((addressee_id,), at=at)


def _items(person: NonResident) -> dict[str, Any]:
    stored = {
        name: to_storage_form(getattr(person, name).strip())
        for name in (
            *("name", "kana", "birth_date_note", "postal_code"),
            *("prefecture", "city", "town", "house_number", "building"),
        )
    }
    return {
        **stored,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "municipality": person.municipality,
        "other_municipality": person.municipality,
        "name_key": search_key(stored["name"]),
        "kana_key": search_key(stored["kana"]),
        "sound_key": sound_key(stored["kana"]),
        "address_key": address_key(stored["town"]) + address_key(stored["house_number"]),
    }


def _note_change(addressee_id: int) -> None:
    """Decisions on the person are stale now, under whichever of the person's numbers they were made."""
    numbers: Iterable[int] = merged_ids((addressee_id,)).get(addressee_id, (addressee_id,))
    record_changes(source="registry", rows=((number, "resident") for number in numbers))
