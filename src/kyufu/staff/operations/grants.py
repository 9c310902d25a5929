"""Grants of roles: asked for by one person, confirmed by another, for one fiscal year at the most."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kyufu.law.calendar.years import first_march_31_from
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin, move, record_steps
from kyufu.staff.functions import (
    CLOSED_TO_CONTRACTORS,
    AccountKind,
    Function,
    Level,
    Scheme,
)
from kyufu.staff.models import Account, Grant, Role, RoleRight
from kyufu.staff.operations.offices import office_row
from kyufu.staff.operations.signin import AUTOMATIC
from kyufu.staff.queries import actor_of, has_administrator
from kyufu.staff.rights import Forbidden, Rights, require, values_on
from kyufu.staff.roles import RIGHTS_ADMINISTRATOR
from kyufu.staff.states import ACCOUNTS, GRANTS
from kyufu.staff.two_persons import refuse_same_person


@transaction.atomic
def ask_for_grant(
    account_id: int,
    *,
    role: str,
    office: str,
    scheme: Scheme,
    valid_from: date,
    last_day: date,
    by: Actor,
    at: datetime,
    why: str,
) -> int:
    """Ask that an account be granted a role (code) at an office (code) and those below it; returns the grant's id.

    Raises Refused where the days go beyond the fiscal year they begin in, the account or role is not to be had, or
    the role is closed to contractors and the account is theirs. Source: 横浜市 L3419-L3425, 東京都 L2067-L2071.
    """
    if not why.strip():
        raise Refused("申請の理由がありません。", remedy="どの事務のために要るかを記入してください。")
    if not valid_from <= last_day <= first_march_31_from(valid_from):
        raise Refused(
            "権限の期間は、始まりの日からその年度の末日までです。", remedy="期間を確かめてください。"
        )
    account = Account.objects.select_for_update().filter(pk=account_id).exclude(state="ended").first()
    duty = Role.objects.filter(code=role).first()
    if account is None or duty is None:
        raise Refused("アカウントか職務がありません。", remedy="職員番号と職務を確かめてください。")
    _refuse_closed_role(duty, kind=AccountKind(account.kind))
    added = Grant.objects.create(
        account=account, role=duty, office=office_row(office, on=valid_from), scheme=scheme,
        valid=DateRange(valid_from, last_day + timedelta(days=1)), state="asked", why=why,
        asked_by_id=by.staff_id, asked_by_name=by.name, asked_by_office=by.office, asked_at=at,
        confirmed_by_name="", confirmed_by_office="",
    )  # fmt: skip
    begin(GRANTS, subject_id=added.pk, state="asked", by=by, at=at, why=why)
    return int(added.pk)


@transaction.atomic
def confirm_grant(grant_id: int, *, rights: Rights, at: datetime) -> None:
    """Confirm a grant: by a rights administrator who neither asked for it nor is the one who gets it."""
    grant = _locked_row(grant_id)
    _refuse_second_person(grant, rights=rights)
    if grant.valid.upper <= _day(at):
        raise Refused("申請された期間が過ぎています。", remedy="今からの期間で申請し直してください。")
    _confirm(grant, by=rights.actor(), at=at)


@transaction.atomic
def refuse_grant(grant_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """Refuse a grant that was asked for, with the reason."""
    grant = _locked_row(grant_id)
    _refuse_second_person(grant, rights=rights)
    _step(grant, from_state="asked", to="refused", by=rights.actor(), at=at, why=_reason(why))


@transaction.atomic
def end_grant(grant_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """End a confirmed grant at once; nobody ends their own."""
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    grant = _locked_row(grant_id)
    refuse_same_person(first=grant.account.staff_no, second=rights.staff_no)
    today = _day(at)
    _step(grant, from_state="confirmed", to="ended", by=rights.actor(), at=at, why=_reason(why))
    if grant.valid.lower < today < grant.valid.upper:
        Grant.objects.filter(pk=grant.pk).update(valid=DateRange(grant.valid.lower, today))


@transaction.atomic
def appoint_first_administrators(
    first_id: int, *, second_id: int, office: str, at: datetime
) -> tuple[int, int]:
    """Grant the rights function to the first two people, each asked for by the one and confirmed by the other.

    Works only while nobody holds it: from then on every grant needs a rights administrator.
    """
    today = _day(at)
    # Held until the transaction ends: of two pairs at once the second one finds the first.
    Role.objects.select_for_update().get(code=RIGHTS_ADMINISTRATOR)
    if has_administrator(today):
        raise Forbidden("権限管理者はすでにいます。", remedy="権限管理者に、権限の付与を申請してください。")
    first, second = actor_of(first_id, on=today), actor_of(second_id, on=today)
    refuse_same_person(first=first.staff_id, second=second.staff_id)
    pairs = ((first_id, first, second), (second_id, second, first))
    grants = [
        ask_for_grant(
            account_id, role=RIGHTS_ADMINISTRATOR, office=office, scheme=Scheme.COMMON, valid_from=today,
            last_day=first_march_31_from(today), by=holder, at=at, why="最初の権限管理者",
        )
        for account_id, holder, _ in pairs
    ]  # fmt: skip
    for grant_id, (_, _, other) in zip(grants, pairs, strict=True):
        _confirm(_locked_row(grant_id), by=other, at=at)
    return grants[0], grants[1]


@transaction.atomic
def lapse_due(*, at: datetime) -> dict[str, int]:
    """Record what time has done by the day of `at`: grants lapsed, leavers' accounts ended, unused ones locked.

    Rights stop by themselves on their day; this makes it visible in states. Returns counts by Japanese label.
    """
    values = values_on(_day(at))
    return {
        label: record_steps(machine, steps=steps, parameters=values, by=AUTOMATIC, at=at)
        for label, machine, steps in (
            ("失効した権限", GRANTS, LAPSED_GRANTS),
            ("廃止したアカウント（退職・契約終了）", ACCOUNTS, LEFT_ACCOUNTS),
            ("停止したアカウント（期限切れ）", ACCOUNTS, EXPIRED_ACCOUNTS),
            ("停止したアカウント（長期未使用）", ACCOUNTS, UNUSED_ACCOUNTS),
        )
    }


LAPSED_GRANTS = """
SELECT id, state, 'lapsed', '期間の満了', NULL::bigint FROM staff_grant
 WHERE state IN ('asked', 'confirmed') AND upper(valid) <= %(on)s ORDER BY id"""
LEFT_ACCOUNTS = """
SELECT id, state, 'ended', '退職・契約終了', NULL::bigint FROM staff_account
 WHERE state IN ('active', 'locked') AND leaves_on <= %(on)s ORDER BY id"""
EXPIRED_ACCOUNTS = """
SELECT id, state, 'locked', '有効期限の経過', NULL::bigint FROM staff_account
 WHERE state = 'active' AND expires_on < %(on)s ORDER BY id"""
UNUSED_ACCOUNTS = """
SELECT id, state, 'locked', '長期未使用', NULL::bigint FROM staff_account
 WHERE state = 'active' AND greatest(last_used_on, awake_from) + %(unused)s <= %(on)s ORDER BY id"""


def _refuse_second_person(grant: Grant, *, rights: Rights) -> None:
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    refuse_same_person(first=grant.asked_by_id, second=rights.staff_no)
    refuse_same_person(
        first=grant.account.staff_no, second=rights.staff_no, message="自分の権限の確認はできません。"
    )


def _refuse_closed_role(role: Role, *, kind: AccountKind) -> None:
    if kind is not AccountKind.CONTRACTOR:
        return
    if RoleRight.objects.filter(role=role, function__in=CLOSED_TO_CONTRACTORS).exists():
        raise Forbidden(
            "この職務の権限は、委託事業者の従事者には付与できません。",
            remedy="委託事業者の職務で申請してください。",
        )


def _confirm(grant: Grant, *, by: Actor, at: datetime) -> None:
    _refuse_unless(grant, state="asked")
    Grant.objects.filter(pk=grant.pk).update(
        confirmed_by_id=by.staff_id, confirmed_by_name=by.name, confirmed_by_office=by.office, confirmed_at=at
    )
    _step(grant, from_state="asked", to="confirmed", by=by, at=at, why="確認")


def _step(grant: Grant, *, from_state: str, to: str, by: Actor, at: datetime, why: str) -> None:
    _refuse_unless(grant, state=from_state)
    move(GRANTS, subject_id=grant.pk, from_state=from_state, to_state=to, by=by, at=at, why=why)


def _refuse_unless(grant: Grant, *, state: str) -> None:
    # The loops in the table of steps are for grants that are cut short, not for confirming a second time.
    if grant.state != state:
        raise Refused("いまの状態ではこの処理はできません。", remedy="権限の状態を確かめてください。")


def _locked_row(grant_id: int) -> Grant:
    grant = (
        Grant.objects.select_for_update(of=("self",)).select_related("account").filter(pk=grant_id).first()
    )
    if grant is None:
        raise Refused("その権限の申請はありません。", remedy="番号を確かめてください。")
    return grant


def _reason(why: str) -> str:
    if not why.strip():
        raise Refused("理由がありません。", remedy="理由を記入してください。")
    return why


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()
