"""What a clerk does with one individual number: register, change, search, and have it shown.

Each of them is written to the log before it is done, and one that shows a number before the number comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from kyufu.audit.api import EventKind, note_read, record_event
from kyufu.mynumber import database as db
from kyufu.mynumber.conflicts import resolve_for
from kyufu.mynumber.crypto import Unreadable, blind_index
from kyufu.mynumber.keyring import INDEX, active_key
from kyufu.mynumber.limits import TooManySearches, count_search
from kyufu.mynumber.links import (
    ADDRESSEE,
    BusinessNumber,
    add_links,
    add_persons,
    named,
    require_root,
    root_of,
    unified_no_of,
)
from kyufu.mynumber.recording import ACT, REASON, RESULT, record, recorded
from kyufu.mynumber.secret import NumberSecret, mask
from kyufu.mynumber.writing import (
    NUMBERS,
    SEALED,
    NewNumber,
    add_numbers,
    end_number,
    holders_of,
    numbers_now,
    open_number,
)
from kyufu.platform.access import Opening, current_access, require_opening
from kyufu.platform.actors import Actor
from kyufu.platform.errors import KyufuError, Refused

BLOCK = 1_000
NUMBER = "個人番号"
NO_NUMBER, NO_NUMBER_REMEDY = "個人番号が登録されていません。", "番号確認書類から登録してください。"
TOO_OFTEN = "回数の上限により拒否"


class DoubleRegistration(Refused):
    """The individual number is another addressee's (二重登録); `holder` is that addressee's number, masked."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"この個人番号は、別の宛名番号（{holder}）で登録されています（二重登録の疑い）。",
            remedy="番号確認書類を確かめ、同じ人なら名寄せを、違う人なら誤って登録された番号の取消しをしてください。",
        )
        self.holder = holder


class Found(NamedTuple):
    """Whom an individual number names: the unified number and the addressee numbers, never the number itself."""

    unified_no: str
    addressee_nos: tuple[str, ...]


@sensitive_variables()
def register_number(
    *, addressee_no: str, number: NumberSecret, subject: int, by: Actor, reason: str, at: datetime
) -> str:
    """Register an addressee's individual number; returns the unified number, given at first sight.

    `subject` is the addressee id for the log. Raises DoubleRegistration, or Refused where the addressee has another
    number already, and TooManySearches beyond the limits of searches: who tries numbers at a person's registration
    learns what a search would tell. The same number again changes nothing.
    """
    db.require_reason(reason)
    _count(act="登録", reason=reason, subjects=[subject], actor_id=by.staff_id, at=at)
    with recorded("登録", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        blind = _blind(number)
        root = root_of(BusinessNumber(ADDRESSEE, addressee_no))
        _refuse_double(blind, root=root)
        now = numbers_now([root]).get(root) if root is not None else None
        if now is not None and now != blind:
            raise Refused(
                "この人には別の個人番号が登録されています。",
                remedy="番号が変わったときは、個人番号の変更として入力してください。",
            )
        if now is None:
            root = root if root is not None else _new_person(addressee_no, by=by, reason=reason, at=at)
            add_numbers([NewNumber(root, number, blind)], by=by, reason=reason, at=at)
            resolve_for(addressee_no, by=by, reason=reason, at=at)
        return unified_no_of(require_root(BusinessNumber(ADDRESSEE, addressee_no)))


@sensitive_variables()
def change_number(
    *, addressee_no: str, number: NumberSecret, changed_on: date, subject: int, by: Actor, reason: str, at: datetime
) -> None:  # fmt: skip
    """Replace an addressee's individual number (個人番号の変更) from a day on; the former version is kept.

    Raises DoubleRegistration, TooManySearches as a registration does, or Refused where the addressee has no number or
    has this one.
    """
    db.require_reason(reason)
    _count(act="変更", reason=reason, subjects=[subject], actor_id=by.staff_id, at=at)
    with recorded("変更", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        blind, root = _blind(number), require_root(BusinessNumber(ADDRESSEE, addressee_no))
        _refuse_double(blind, root=root)
        now = numbers_now([root]).get(root)
        if now is None or now == blind:
            raise Refused(
                "変更前の個人番号が登録されていないか、同じ番号です。",
                remedy="初めての番号は、個人番号の登録として入力してください。",
            )
        end_number(root, by=by, reason=reason, at=at)
        add_numbers([NewNumber(root, number, blind, changed_on)], by=by, reason=reason, at=at)
        resolve_for(addressee_no, by=by, reason=reason, at=at)


def withdraw_number(*, addressee_no: str, subject: int, by: Actor, reason: str, at: datetime) -> None:
    """Take back a number that was registered for the wrong person (誤登録の取消し); the person has none then.

    The version stays on record with its end and can be found by its number no more, so that whoever it belongs to can
    be registered. Raises Refused where there is no number.
    """
    with recorded("取消し", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        root = require_root(BusinessNumber(ADDRESSEE, addressee_no))
        now = numbers_now([root]).get(root)
        if now is None:
            raise Refused(NO_NUMBER, remedy=NO_NUMBER_REMEDY)
        end_number(root, by=by, reason=reason, at=at)
        db.change(f"UPDATE {NUMBERS} SET blind = '' WHERE blind = %s AND {db.OF_ROOT}", now, root)
        resolve_for(addressee_no, by=by, reason=reason, at=at)


@sensitive_variables()
def search_by_number(number: NumberSecret, *, at: datetime) -> Found | None:
    """Whom one individual number names now; None for nobody.

    Needs the opening NUMBER_SEARCH, a terminal and a purpose in the present access, and stays within the limits of
    the actor. Every search is in the log, the refused ones too; whom it found is noted by the caller, who knows the
    addressee ids. Source: 評価書 札幌市 L284, 川崎市 L78 (single search).
    """
    access = require_opening(Opening.NUMBER_SEARCH)
    if not access.terminal.strip() or not access.purpose.strip():
        raise Refused(
            "端末または利用目的が分からないため、個人番号で検索できません。",
            remedy="登録された端末から、目的を選んで検索してください。",
        )
    _count(EventKind.NUMBER_SEARCHED, actor_id=access.actor.staff_id, at=at)
    with db.in_vault():
        blind = _blind(number)
        root = holders_of([blind]).get(blind)
        if root is not None and numbers_now([root]).get(root) != blind:
            root = None
        found = None if root is None else Found(unified_no_of(root), named(root, business=ADDRESSEE))
    record(EventKind.NUMBER_SEARCHED, detail={RESULT: "該当なし" if found is None else "該当あり"})
    return found


@sensitive_variables()
def disclose_number(*, addressee_no: str, subject: int, reason: str) -> NumberSecret:
    """An addressee's individual number, for one who may see it and says why.

    Needs the opening NUMBER_DISPLAY. The log has it before the number comes out; where it cannot be written, nothing
    comes out. Raises Refused for nobody or where there is no number.
    """
    require_opening(Opening.NUMBER_DISPLAY)
    db.require_reason(reason)
    record(EventKind.NUMBER_DISPLAYED, detail={ACT: "表示", REASON: reason}, subjects=[subject])
    note_read([subject], what=NUMBER)
    with db.in_vault():
        root = require_root(BusinessNumber(ADDRESSEE, addressee_no))
        found = db.rows(f"{SEALED} WHERE p.root_id = %s AND upper_inf(n.recorded)", root)
    if not found:
        raise Refused(NO_NUMBER, remedy=NO_NUMBER_REMEDY)
    return _opened(found[0])


@sensitive_variables()
def numbers_for(
    people: Iterable[tuple[str, int]], *, partner: str, reason: str
) -> Iterator[tuple[str, NumberSecret]]:
    """The individual numbers of (addressee number, addressee id), for a delivery to another body by the exchange.

    Those without a number are left out. Each block is in the log, with partner and reason, before its numbers come.
    """
    current_access()
    db.require_reason(reason)
    remaining = iter(people)
    while block := list(islice(remaining, BLOCK)):
        with transaction.atomic(durable=True):
            record_event(
                EventKind.DELIVERED,
                detail={"項目": NUMBER, "提供先": partner, REASON: reason},
                subjects=[subject for _, subject in block],
            )
        yield from _numbers_of([addressee_no for addressee_no, _ in block])


def _numbers_of(addressee_nos: Sequence[str]) -> list[tuple[str, NumberSecret]]:
    query = SEALED.replace("SELECT ", "SELECT l.number, ") + (
        "JOIN mynumber_person o ON o.root_id = p.root_id JOIN mynumber_link l ON l.person_id = o.id "
        "WHERE l.business = %s AND l.number = ANY(%s) AND upper_inf(l.recorded) AND upper_inf(n.recorded)"
    )
    with db.in_vault():
        found = db.rows(query, ADDRESSEE, list(addressee_nos))
    return [(str(row[0]), _opened(row[1:])) for row in found]


def _opened(row: Sequence[object]) -> NumberSecret:
    try:
        return open_number(row)
    except Unreadable:
        raise KyufuError(
            "個人番号の記録が壊れているか、書き換えられています。",
            remedy="表示せず、直ちにシステムの担当と個人情報保護の担当へ連絡してください。",
        ) from None


def _blind(number: NumberSecret) -> bytes:
    return blind_index(number.reveal(), key=active_key(INDEX).secret)


def _refuse_double(blind: bytes, *, root: int | None) -> None:
    holder = holders_of([blind]).get(blind)
    if holder is not None and holder != root:
        raise DoubleRegistration("、".join(mask(no) for no in named(holder, business=ADDRESSEE)))


def _new_person(addressee_no: str, *, by: Actor, reason: str, at: datetime) -> int:
    root = add_persons(1, at=at)[0]
    add_links([(root, BusinessNumber(ADDRESSEE, addressee_no))], by=by, reason=reason, at=at)
    return root


def _count(
    kind: EventKind = EventKind.NUMBER_CHANGED,
    *,
    act: str = "",
    reason: str = "",
    subjects: Sequence[int] = (),
    actor_id: str,
    at: datetime,
) -> None:
    """Count whatever tells whether a number is somebody's, outside the transaction that may fail."""
    try:
        count_search(actor_id=actor_id, at=at)
    except TooManySearches:
        record(kind, detail={ACT: act, REASON: reason, RESULT: TOO_OFTEN}, subjects=subjects)
        raise
