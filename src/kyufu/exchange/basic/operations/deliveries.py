"""Deliveries: exactly the items of the list in force today, exactly those registered, once, and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TextIO
from uuid import UUID, uuid4

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from kyufu.audit.api import EventKind, acting, note_read, record_event, write_reads
from kyufu.exchange.basic import selection
from kyufu.exchange.basic.catalogue import ITEMS, NUMBER, NUMBER_OWNER, PROTECTED_ADDRESS
from kyufu.exchange.basic.folders import finish, open_staging, publish, settle
from kyufu.exchange.basic.models import Delivery, System
from kyufu.exchange.basic.queries import delivered_view, list_in_force
from kyufu.exchange.basic.rights import require_delivery_right
from kyufu.exchange.basic.views import Delivered, ItemListView, Mode
from kyufu.exchange.basic.writing import ENDED, TOLD, FramedFile, file_name
from kyufu.mynumber.api import numbers_for
from kyufu.platform.access import Access, Channel, Opening, current_access
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.staff.api import Rights

SCREEN = "個人基本の提供"


@dataclass(frozen=True, slots=True)
class _Order:
    """What one delivery is made from."""

    system: System
    listed: ItemListView
    mode: Mode
    municipality: str
    by: Actor
    on: date
    at: datetime
    uid: UUID


def deliver(system: str, *, mode: Mode, municipality: str, rights: Rights, at: datetime) -> Delivered | None:
    """Hand the register on to a system; None where a difference would tell nothing new.

    The list is the one in force on the day of `at` in Japan, and so is the register: an older list allows nothing
    any more. Raises Refused where the system may have nothing, where the list is not what was confirmed, or where a
    difference is asked for before the first full delivery.
    """
    by = require_delivery_right(rights)
    on = at.astimezone(JAPAN).date()
    listed = _allowed(system, on=on)
    receiver = System.objects.get(code=system)
    order = _Order(receiver, listed, mode, municipality, by, on, at, uuid4())
    with selection.alone(receiver.pk):
        with acting(_access(listed)):
            made = _made(order)
        if made is not None:
            publish(system, uid=order.uid, name=made.path.name)
    return made


def _allowed(system: str, *, on: date) -> ItemListView:
    listed = list_in_force(system, on=on)
    if listed is None or not listed.columns:
        raise Refused(
            "このシステムに提供できる項目の承認がありません。",
            remedy="利用申請を登録し、別の職員の確認を受けてください。",
        )
    if not listed.stands_as_seen:
        raise Refused(
            "承認された内容と、いまの項目の一覧が違います。", remedy="システムの担当へ連絡してください。"
        )
    return listed


def _access(listed: ItemListView) -> Access:
    """The access of a run: let through to protected addresses where the confirmed list holds them, with its reason."""
    present = current_access()
    opened = {Opening.PROTECTED_ADDRESS} if PROTECTED_ADDRESS in listed.columns else set()
    return present._replace(
        channel=Channel.BATCH,
        screen=SCREEN,
        purpose=f"{listed.system_name}への提供（{listed.asked.law_basis}）",
        opened=frozenset(opened),
    )


def _made(order: _Order) -> Delivered | None:
    """Write the file aside, then the ledger and the log in one transaction; both stand, or neither."""
    code = order.system.code
    settle(code, name_of=_name_of)
    seq = _next_seq(order)
    selection.select_candidates(order.listed, system_id=order.system.pk, mode=order.mode, on=order.on)
    with open_staging(code, uid=order.uid) as file:
        framed = _written(order, seq=seq, file=file)
        finish(file)
    if order.mode is Mode.DIFF and not framed.rows:
        settle(code, name_of=_name_of)
        return None
    with transaction.atomic():
        selection.remember_told(order.system.pk)
        made = _enter(order, seq=seq, framed=framed)
        _record(made, listed=order.listed)
        write_reads()
    return delivered_view(made)


def _written(order: _Order, *, seq: int, file: TextIO) -> FramedFile:
    framed = FramedFile(file)
    framed.begin(
        order.listed.columns,
        system=order.system.code,
        mode=order.mode,
        municipality=order.municipality,
        seq=seq,
        at=order.at,
    )
    _tell(framed, listed=order.listed)
    # A full file stands for everybody: whoever is not in it has ended.
    if order.mode is Mode.DIFF:
        _end(framed, listed=order.listed, system_id=order.system.pk)
    framed.end()
    return framed


def _enter(order: _Order, *, seq: int, framed: FramedFile) -> Delivery:
    return Delivery.objects.create(
        system=order.system, item_list_id=order.listed.list_id, uid=order.uid, seq=seq, mode=order.mode,
        on_day=order.on, made_at=order.at, made_by=order.by.staff_id, made_by_name=order.by.name,
        made_by_office=order.by.office, name=file_name(order.system.code, mode=order.mode, seq=seq),
        sha256=framed.sha256, told_count=framed.counts.get(TOLD, 0), ended_count=framed.counts.get(ENDED, 0),
    )  # fmt: skip


def _name_of(uid: UUID) -> str | None:
    """The name that the ledger has for a file that was being written, None where it does not know it."""
    return Delivery.objects.filter(uid=uid).values_list("name", flat=True).first()


def _next_seq(order: _Order) -> int:
    """The number after the last one; in the lock of the system, and unique in the ledger besides."""
    numbers = Delivery.objects.filter(system=order.system).order_by("-seq").values_list("seq", flat=True)
    last = numbers.first() or 0
    if order.mode is Mode.DIFF and not last:
        raise Refused("このシステムへの提供は初めてです。", remedy="先に全件（FULL）を提供してください。")
    return last + 1


@sensitive_variables()
def _tell(framed: FramedFile, *, listed: ItemListView) -> None:
    what = f"{SCREEN}：{'・'.join(ITEMS[item] for item in listed.columns)}"
    for block in selection.candidates(listed):
        numbers = _numbers(block, listed=listed)
        sent = [one for one in block if not one.as_told or one.addressee_no in numbers]
        framed.add((_row(one, listed=listed, numbers=numbers) for one in sent), kind=TOLD)
        selection.note_sent([(one.addressee_id, one.addressee_no in numbers) for one in sent])
        note_read((one.addressee_id for one in sent), what=what)


@sensitive_variables()
def _numbers(block: list[selection.Candidate], *, listed: ItemListView) -> Mapping[str, str]:
    """The individual numbers of a block by addressee number; the vault is asked for users of the number alone."""
    if NUMBER not in listed.columns:
        return {}
    found = numbers_for(
        ((one.addressee_no, one.addressee_id) for one in block),
        partner=listed.system_name,
        reason=listed.asked.number_law_basis,
    )
    return {number: secret.reveal() for number, secret in found}


@sensitive_variables()
def _row(one: selection.Candidate, *, listed: ItemListView, numbers: Mapping[str, str]) -> list[str]:
    """The items of a person in the order of the columns."""
    values = dict(zip(listed.register_columns, one.values, strict=True))
    if NUMBER in listed.columns:
        values[NUMBER] = numbers.get(one.addressee_no, "")
    return [values[item] for item in listed.columns]


def _end(framed: FramedFile, *, listed: ItemListView, system_id: int) -> None:
    """Tell of those told of before who are not registered any more: the addressee number and nothing else."""
    gone = selection.ended(system_id)
    framed.add(
        ([number if item == NUMBER_OWNER else "" for item in listed.columns] for _, number in gone),
        kind=ENDED,
    )
    if gone:
        note_read((addressee_id for addressee_id, _ in gone), what=f"{SCREEN}：住民でなくなったこと")


def _record(made: Delivery, *, listed: ItemListView) -> None:
    record_event(
        EventKind.DELIVERED,
        detail={
            "システム": made.system.code,
            "通番": str(made.seq),
            "区分": made.mode,
            "一覧": str(listed.list_id),
            "項目": "・".join(ITEMS[item] for item in listed.columns),
            "人数": str(made.told_count),
            "提供終了": str(made.ended_count),
            "ファイル": made.name,
            "媒体": "サーバー内のファイル",
            "sha256": made.sha256,
        },
    )
