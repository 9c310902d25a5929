"""Plan a renewal (立案), freeze its base (対象者の確定), approve it as the second person, or give it up."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from kyufu.law.child import check_overlay
from kyufu.law.parameters.overlay import Overlay
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.actors import Actor
from kyufu.platform.changes import current_snapshot
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import begin, move
from kyufu.renewal.expectation import is_outside
from kyufu.renewal.models import Renewal
from kyufu.renewal.population import freeze_members
from kyufu.renewal.queries import digest_of
from kyufu.renewal.rights import require_head
from kyufu.renewal.states import CANCELLABLE, RENEWALS, RenewalKind, RenewalState
from kyufu.renewal.windows import window_of
from kyufu.staff.api import Function, Level, Rights, refuse_same_person

SEE = "更新処理の一覧から、状態を確かめてください。"
ONE_AT_A_TIME = "同じ種類・同じ基準日の更新処理が、すでに進められています。"
ONLY_LISTS = frozenset({RenewalKind.REPLAY})
SAME_PERSON = "更新処理を始めた職員は、その更新処理を承認できません。"
OUTSIDE = "見込みの範囲外の結果があります。"
SAY_WHY = "件数と抜取りを確かめ、範囲外でも承認する理由を記入してください。"


class Plan(NamedTuple):
    """What is wished: kind, first day of the window, the day on the certificates, and the moment of the facts.

    `known_at` None is the moment at which the base is frozen.
    """

    kind: RenewalKind
    on: date
    issued_on: date | None
    known_at: datetime | None
    is_trial: bool


def plan_renewal(plan: Plan, *, municipality: str, rights: Rights, at: datetime, why: str = "立案") -> int:
    """Plan a renewal and give its number.

    Raises Forbidden without the right of cases at the head office, BadInput for a moment that lies ahead or a run with
    effect without a day of issue, Refused while another of the kind and day is open.
    """
    require_head(rights, function=Function.CASE, level=Level.UPDATE)
    is_trial = plan.is_trial or plan.kind in ONLY_LISTS
    if plan.known_at is not None and plan.known_at > at:
        raise BadInput("事実の時点が未来です。", remedy="いままでの日時を指定してください。")
    if plan.issued_on is None and not is_trial:
        raise BadInput("交付日がありません。", remedy="医療証に記す交付日を入力してください。")
    by, window = rights.actor(), window_of(plan.kind, on=plan.on)
    if window.end is None:
        raise AssertionError("a window has an end")
    try:
        with transaction.atomic():
            row = Renewal.objects.create(
                kind=plan.kind, municipality=municipality, on=window.start, until=window.end,
                issued_on=plan.issued_on, is_trial=is_trial, planned_by=by.staff_id, planned_by_name=by.name,
                planned_by_office=by.office, planned_at=at, known_at=plan.known_at,
            )  # fmt: skip
            begin(RENEWALS, subject_id=row.pk, state=RenewalState.PLANNED, by=by, at=at, why=why)
    except IntegrityError:
        raise Refused(ONE_AT_A_TIME, remedy=SEE) from None
    return int(row.pk)


@transaction.atomic
def freeze_renewal(renewal_id: int, *, by: Actor, at: datetime) -> Renewal:
    """Freeze the base of a planned renewal, in one transaction; one that is frozen already stays as it is.

    Raises Refused where it is past judgement, or where the parameters are no longer those of the freezing.
    """
    row = locked(renewal_id)
    if row.state == RenewalState.FROZEN:
        refuse_other_parameters(row)
        return row
    refuse_unless(row, state=RenewalState.PLANNED)
    overlay = confirmed_overlay(row.municipality)
    snapshot, known_at = current_snapshot(), row.known_at or _now()
    base, inside, outside, digest = freeze_members(
        row.pk, kind=RenewalKind(row.kind), municipality=row.municipality, on=row.on, until=row.until,
        today=at.astimezone(JAPAN).date(), overlay=overlay,
    )  # fmt: skip
    Renewal.objects.filter(pk=row.pk).update(
        known_at=known_at, snapshot=snapshot, base_count=base, in_count=inside, left_out_count=outside,
        base_hash=digest, parameter_version=check_overlay(row.municipality, overlay=overlay),
    )  # fmt: skip
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.FROZEN, by=by, at=at,
        why=f"対象者の確定（母数{base:,}人、対象{inside:,}人、対象外{outside:,}人）",
    )  # fmt: skip
    return Renewal.objects.get(pk=row.pk)


@transaction.atomic
def approve_renewal(renewal_id: int, *, seen: str, rights: Rights, at: datetime, why: str = "") -> None:
    """Approve a judged renewal as the second person, who has seen its counts (`seen` is their digest).

    Outside of what was expected `why` says why it is approved all the same. Raises Forbidden without the right of
    approval at the head office, SamePerson for whoever began it, Refused where it is a trial, not judged, not what was
    seen, or outside without a reason.
    """
    require_head(rights, function=Function.APPROVAL, level=Level.UPDATE)
    row, by = locked(renewal_id), rights.actor()
    refuse_unless(row, state=RenewalState.JUDGED)
    if row.is_trial:
        raise Refused(
            "試行と再点検には反映するものがありません。",
            remedy="内容を確かめたら「終える」を押してください。",
        )
    refuse_same_person(first=row.planned_by, second=by.staff_id, message=SAME_PERSON)
    if seen != digest_of(row.pk):
        raise Refused(
            "見ていた内容と違っています。", remedy="画面を開き直し、件数を確かめてから承認してください。"
        )
    is_within, reason = not is_outside(row.pk), why.strip()
    if not is_within and not reason:
        raise Refused(OUTSIDE, remedy=SAY_WHY)
    Renewal.objects.filter(pk=row.pk).update(
        approved_by=by.staff_id, approved_by_name=by.name, approved_by_office=by.office, approved_at=at,
        approved_why="" if is_within else reason,
    )  # fmt: skip
    told = "承認" if is_within else f"承認（見込みの範囲外。理由：{reason}）"
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.APPROVED, by=by, at=at, why=told
    )  # fmt: skip


@transaction.atomic
def cancel_renewal(renewal_id: int, *, why: str, rights: Rights, at: datetime) -> None:
    """Give a renewal up before it takes effect; a reason is required. Raises Refused once it takes effect."""
    require_head(rights, function=Function.CASE, level=Level.UPDATE)
    if not why.strip():
        raise Refused("取りやめる理由がありません。", remedy="理由を記入してください。")
    row = locked(renewal_id)
    if row.state not in CANCELLABLE:
        raise Refused(
            "反映を始めた更新処理は取りやめられません。", remedy="個々の申請の画面で直してください。"
        )
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.CANCELLED, by=rights.actor(),
        at=at, why=why.strip(),
    )  # fmt: skip


@transaction.atomic
def close_trial(renewal_id: int, *, rights: Rights, at: datetime) -> None:
    """End a trial or a replay, whose worklists stay; raises Refused for a renewal that is to take effect."""
    require_head(rights, function=Function.CASE, level=Level.UPDATE)
    row = locked(renewal_id)
    refuse_unless(row, state=RenewalState.JUDGED)
    if not row.is_trial:
        raise Refused("反映を予定している更新処理です。", remedy="承認するか、取りやめてください。")
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.DONE, by=rights.actor(), at=at,
        why="反映せずに終了",
    )  # fmt: skip


def locked(renewal_id: int) -> Renewal:
    """The renewal, locked for the transaction; raises BadInput where there is none."""
    row = Renewal.objects.select_for_update().filter(pk=renewal_id).first()
    if row is None:
        raise BadInput("その更新処理はありません。", remedy="一覧から選び直してください。")
    return row


def refuse_unless(row: Renewal, *, state: RenewalState) -> None:
    """Raise Refused where a renewal stands elsewhere."""
    if row.state != state:
        raise Refused(
            f"更新処理は「{RenewalState(row.state).label}」のため、この操作はできません。",
            remedy="画面を開き直して、状態を確かめてください。",
        )


def refuse_other_parameters(row: Renewal) -> Overlay:
    """The confirmed changes of parameters; raises Refused where others are in force than at the freezing."""
    overlay = confirmed_overlay(row.municipality)
    if check_overlay(row.municipality, overlay=overlay) != row.parameter_version:
        raise Refused(
            "対象者を確定したあとに基準値が変わりました。",
            remedy="この更新処理を取りやめて、あらためて立案してください。",
        )
    return overlay


def _now() -> datetime:
    """The database's time of this transaction, which is what facts are recorded by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
        return found
