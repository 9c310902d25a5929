"""Lists of items: one person asks, another confirms what was asked, and from a day on it is in force."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from psycopg.types.range import Range

from kyufu.audit.api import EventKind, record_event
from kyufu.exchange.basic.catalogue import ITEMS, NUMBER, NUMBER_OWNER, PROTECTED_ADDRESS
from kyufu.exchange.basic.models import ItemList, ListedItem, System
from kyufu.exchange.basic.queries import view_of
from kyufu.exchange.basic.rights import require_delivery_right
from kyufu.exchange.basic.states import LISTS, ListState
from kyufu.exchange.basic.views import Asked
from kyufu.law.calendar.period import Period
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import begin, move
from kyufu.staff.api import Rights, refuse_same_person

_CODE = re.compile("[a-z][a-z0-9_]{0,19}")


@transaction.atomic
def register_system(code: str, *, name: str, rights: Rights) -> None:
    """Enter a system; without a confirmed list it receives nothing. Raises BadInput or Refused (known already)."""
    require_delivery_right(rights)
    if not _CODE.fullmatch(code) or not name.strip():
        raise BadInput(
            "システムの符号か名称が正しくありません。",
            remedy="符号は英小文字で始め、英小文字・数字・下線の20文字以内とし、名称を付けてください。",
        )
    if System.objects.filter(code=code).exists():
        raise Refused("同じ符号のシステムが登録されています。", remedy="別の符号を使ってください。")
    System.objects.create(code=code, name=name.strip())


@transaction.atomic
def propose_list(asked: Asked, *, rights: Rights, at: datetime) -> int:
    """Ask for a list of items (住民基本台帳ファイル利用申請); returns its id. Raises BadInput, Refused.

    It may not begin in the past: what was delivered then is not made allowed afterwards.
    """
    by = require_delivery_right(rights)
    _check(asked, at=at)
    system = System.objects.filter(code=asked.system).first()
    if system is None:
        raise Refused("登録されていないシステムです。", remedy="先にシステムを登録してください。")
    made = ItemList.objects.create(
        system=system,
        valid=Range(asked.valid.start, asked.valid.end),
        in_force=Range(asked.valid.start, asked.valid.end),
        law_basis=asked.law_basis,
        reason=asked.reason,
        uses_individual_number=asked.uses_individual_number,
        number_law_basis=asked.number_law_basis,
        digest=asked.digest,
        proposed_by=by.staff_id,
    )
    ListedItem.objects.bulk_create(
        ListedItem(
            item_list=made, uses_individual_number=asked.uses_individual_number, item=item, reason=reason
        )
        for item, reason in asked.items
    )
    begin(LISTS, subject_id=made.pk, state=ListState.PROPOSED, by=by, at=at, why=asked.reason)
    _record(EventKind.PROPOSED, made=made)
    return made.pk


@transaction.atomic
def confirm_list(list_id: int, *, seen: str, rights: Rights, at: datetime) -> None:
    """Confirm a list as another person than the one who asked; `seen` is the digest of what was looked at.

    From its first day on it takes the place of the list in force, where that one has no end. Raises Refused where
    the person is the same, what was seen is not what stands there, or the days are taken.
    """
    by = require_delivery_right(rights)
    made = _proposed(list_id)
    refuse_same_person(first=made.proposed_by, second=by.staff_id)
    if seen != made.digest or not view_of(made).stands_as_seen:
        raise Refused(
            "見ていた内容と、いまの申請の内容が違います。", remedy="内容を読み直してから確認してください。"
        )
    if made.valid.lower < at.astimezone(JAPAN).date():
        raise Refused(
            "始まる日を過ぎた申請です。", remedy="取り下げて、今日以後の日から申請し直してください。"
        )
    _end_the_open_one(made)
    ItemList.objects.filter(pk=made.pk).update(confirmed_by=by.staff_id)
    try:
        with transaction.atomic():
            move(
                LISTS, subject_id=made.pk, from_state=ListState.PROPOSED, to_state=ListState.CONFIRMED,
                by=by, at=at, why=made.reason,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "この期間には、すでに承認された一覧があります。",
            remedy="始まる日と終わる日を確かめ、重ならない期間で申請し直してください。",
        ) from None
    _record(EventKind.CONFIRMED, made=made)


@transaction.atomic
def withdraw_list(list_id: int, *, why: str, rights: Rights, at: datetime) -> None:
    """Take back a list that nobody has confirmed yet."""
    by = require_delivery_right(rights)
    if not why.strip():
        raise BadInput("理由がありません。", remedy="理由を入力してください。")
    made = _proposed(list_id)
    move(
        LISTS, subject_id=made.pk, from_state=ListState.PROPOSED, to_state=ListState.WITHDRAWN,
        by=by, at=at, why=why,
    )  # fmt: skip
    _record(EventKind.DECLINED, made=made)


def _check(asked: Asked, *, at: datetime) -> None:
    items = dict(asked.items)
    if len(items) != len(asked.items) or not items.keys() <= ITEMS.keys():
        raise BadInput(
            "項目の一覧に、知らない項目か同じ項目があります。", remedy="項目の名前を確かめてください。"
        )
    if items and NUMBER_OWNER not in items:
        raise BadInput(
            "宛名番号がありません。", remedy="誰の情報かが分かるよう、宛名番号を項目に加えてください。"
        )
    if not asked.law_basis.strip() or not asked.reason.strip():
        raise BadInput(
            "根拠となる法令か理由がありません。",
            remedy="根拠となる法令と、必要とする理由を入力してください。",
        )
    if asked.uses_individual_number and not asked.number_law_basis.strip():
        raise BadInput(
            "個人番号を利用する根拠がありません。",
            remedy="個人番号を利用できる法令の条項を入力してください。",
        )
    if NUMBER in items and not asked.uses_individual_number:
        raise Refused(
            "個人番号を利用しないシステムには、個人番号を提供できません。",
            remedy="項目から個人番号を外してください。",
        )
    if PROTECTED_ADDRESS in items and not items[PROTECTED_ADDRESS].strip():
        raise BadInput(
            "支援措置の対象者の住所を提供する理由がありません。", remedy="理由を入力してください。"
        )
    _check_period(asked.valid, at=at)


def _check_period(valid: Period, *, at: datetime) -> None:
    if valid.start < at.astimezone(JAPAN).date():
        raise BadInput("始まる日が過ぎています。", remedy="今日以後の日を始まる日にしてください。")
    if valid.end is not None and valid.end <= valid.start:
        raise BadInput("終わる日が始まる日より前です。", remedy="期間を確かめてください。")


def _proposed(list_id: int) -> ItemList:
    """The list, with its system locked: two confirmations of one system go one after the other."""
    made = ItemList.objects.select_related("system").filter(pk=list_id).first()
    if made is None:
        raise Refused("その番号の申請はありません。", remedy="一覧で番号を確かめてください。")
    System.objects.select_for_update().get(pk=made.system_id)
    made.refresh_from_db(fields=["state", "valid"])
    if made.state != ListState.PROPOSED:
        raise Refused("この申請は、すでに処理されています。", remedy="一覧でいまの状態を確かめてください。")
    return made


def _end_the_open_one(made: ItemList) -> None:
    """Where a list without end is in force on the first day, it ends there."""
    start = made.valid.lower
    replaced = ItemList.objects.filter(
        system_id=made.system_id, state=ListState.CONFIRMED,
        in_force__contains=start, in_force__upper_inf=True, in_force__startswith__lt=start,
    )  # fmt: skip
    for one in replaced:
        ItemList.objects.filter(pk=one.pk).update(in_force=Range(one.in_force.lower, start))


def _record(kind: EventKind, *, made: ItemList) -> None:
    record_event(
        kind, detail={"対象": "個人基本の提供項目", "一覧": str(made.pk), "システム": made.system.code}
    )
