"""Accounts are made, renewed, locked, opened again and ended; every step is recorded (ID管理簿)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kyufu.law.calendar.years import first_march_31_from
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin, move
from kyufu.staff.functions import AccountKind, Function, Level, OfficeKind
from kyufu.staff.models import Account, PasswordHistory, Posting
from kyufu.staff.operations.closing import close_everything, end_sessions
from kyufu.staff.operations.offices import office_row
from kyufu.staff.passwords import HASHER, refuse_weak_password
from kyufu.staff.policy import is_name_of_person, is_written_as_name, sign_in_policy
from kyufu.staff.rights import Rights, require
from kyufu.staff.states import ACCOUNTS
from kyufu.staff.two_persons import refuse_same_person

NUMBER = re.compile("[0-9A-Za-z-]{1,20}")
_OWN_ACCOUNT = "自分のアカウントの停止・再開・更新・廃止はできません。"


@transaction.atomic
def add_account(
    *,
    staff_no: str,
    personnel_no: str,
    name: str,
    kana: str,
    kind: AccountKind,
    office: str,
    usable_from: date,
    expires_on: date,
    password: str,
    by: Actor,
    at: datetime,
    why: str,
) -> int:
    """Make the account of one person, posted to an office (code), usable to `expires_on` (the last day).

    The password is temporary: it must be changed at the first sign-in. Raises Refused where the name is not a
    person's, the personnel number has an account already, the term is longer than its fiscal year, the office does
    not fit the kind, or no reason (申請の番号など) is given. Source: 横浜市 L2358, L3407; 東京都 L1914, L2070.
    """
    _refuse_shared(name, on=usable_from)
    _refuse_odd_marks(kana, numbers=(staff_no, personnel_no))
    _refuse_long_term(usable_from, expires_on=expires_on)
    _refuse_without_reason(why)
    refuse_weak_password(password, staff_no=staff_no, on=_day(at))
    posted_to = office_row(office, on=usable_from)
    if (posted_to.kind == OfficeKind.CONTRACTOR) != (kind is AccountKind.CONTRACTOR):
        raise Refused(
            "職員は本庁か区役所の所属に、委託事業者の従事者はその事業者の所属に登録します。",
            remedy="種別と所属を確かめてください。",
        )
    hashed = make_password(password, hasher=HASHER)
    account = _insert(
        Account(
            staff_no=staff_no, personnel_no=personnel_no, name=name, kana=kana, kind=kind, state="active",
            usable_from=usable_from, renewed_on=usable_from, expires_on=expires_on, awake_from=usable_from,
            failed_count=0, password=hashed, password_set_at=at, password_is_temporary=True,
        )
    )  # fmt: skip
    PasswordHistory.objects.create(account_id=account, password=hashed, set_at=at)
    Posting.objects.create(account_id=account, office=posted_to, valid=DateRange(usable_from, None))
    begin(ACCOUNTS, subject_id=account, state="active", by=by, at=at, why=why)
    return account


@transaction.atomic
def renew_account(account_id: int, *, expires_on: date, rights: Rights, at: datetime) -> None:
    """Let an active account work on, to `expires_on`, at the latest 31 March of the fiscal year it is renewed for.

    The year to come may be asked for in the last days of the present one (renewal_opens_days). Raises Refused for a
    longer term, a locked or ended account, one's own account, or a person who leaves before.
    """
    account = _locked_row(account_id, rights=rights)
    today = _day(at)
    first_day = _first_day_of_term(expires_on, today=today)
    _refuse_long_term(first_day, expires_on=expires_on)
    if account.leaves_on is not None and account.leaves_on <= expires_on:
        raise Refused("退職・契約終了の予定があります。", remedy="最終日までの期限で更新してください。")
    _refuse_unless(account, state="active")
    _step(account, to="active", by=rights.actor(), at=at, why=f"更新（{expires_on.isoformat()}まで）")
    Account.objects.filter(pk=account_id).update(renewed_on=first_day, expires_on=expires_on)


@transaction.atomic
def lock_account(account_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """Stop an account at once, such as one that is suspected of misuse (不正利用の疑い)."""
    _refuse_without_reason(why)
    account = _locked_row(account_id, rights=rights)
    _step(account, to="locked", by=rights.actor(), at=at, why=why)
    end_sessions([account_id], at=at)


@transaction.atomic
def unlock_account(account_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """Open a locked account again: by a holder of the rights function who is not the person; with a reason."""
    _refuse_without_reason(why)
    account = _locked_row(account_id, rights=rights)
    _refuse_unless(account, state="locked")
    _step(account, to="active", by=rights.actor(), at=at, why=why)
    Account.objects.filter(pk=account_id).update(failed_count=0, awake_from=max(_day(at), account.awake_from))
    # A session that was left open must not keep the person out.
    end_sessions([account_id], at=at)


@transaction.atomic
def end_account(account_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """End an account for good; grants that are asked for or in force end with it."""
    _refuse_without_reason(why)
    account = _locked_row(account_id, rights=rights)
    close_account(account, by=rights.actor(), at=at, why=why)


@transaction.atomic
def end_accounts_of_office(office: str, *, rights: Rights, at: datetime, why: str) -> int:
    """End every account posted to an office, as at the end of a contract (委託契約の終了); returns how many."""
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    _refuse_without_reason(why)
    today = _day(at)
    posted = Posting.objects.filter(office=office_row(office, on=today), valid__contains=today)
    open_ones = Account.objects.filter(pk__in=posted.values("account_id"), state__in=("active", "locked"))
    accounts = list(open_ones.select_for_update().order_by("pk"))
    for account in accounts:
        refuse_same_person(first=account.staff_no, second=rights.staff_no, message=_OWN_ACCOUNT)
        close_account(account, by=rights.actor(), at=at, why=why)
    return len(accounts)


def close_account(account: Account, *, by: Actor, at: datetime, why: str) -> None:
    """End an account that the caller holds locked, its grants, its session and its posting."""
    _step(account, to="ended", by=by, at=at, why=why)
    close_everything([account.pk], from_day=_day(at), by=by, at=at, why=why)


def _locked_row(account_id: int, *, rights: Rights) -> Account:
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise Refused("アカウントがありません。", remedy="職員番号を確かめてください。")
    refuse_same_person(first=account.staff_no, second=rights.staff_no, message=_OWN_ACCOUNT)
    return account


def _step(account: Account, *, to: str, by: Actor, at: datetime, why: str) -> None:
    move(ACCOUNTS, subject_id=account.pk, from_state=account.state, to_state=to, by=by, at=at, why=why)


def _refuse_unless(account: Account, *, state: str) -> None:
    # The table of steps leads to an active account from both states: a renewal must not open what was locked.
    if account.state != state:
        raise Refused("いまの状態ではこの処理はできません。", remedy="アカウントの状態を確かめてください。")


def _insert(account: Account) -> int:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "この人のアカウントはすでにあるか、職員番号・氏名・カナに不足があります。",
            remedy="一人に一つのアカウントです。今のアカウントを確かめてください。",
        ) from None
    return int(account.pk)


def _refuse_shared(name: str, *, on: date) -> None:
    if not is_name_of_person(name, on=on):
        raise Refused(
            "アカウントの氏名が、個人の氏名ではありません。共用のアカウントは作れません。",
            remedy="使う人ひとりずつ、その人の氏名で申請してください。",
        )


def _refuse_odd_marks(kana: str, *, numbers: tuple[str, str]) -> None:
    """Numbers stand in logs and file names, and the kana in lists: neither holds anything but what it is made of."""
    if not all(NUMBER.fullmatch(number) for number in numbers):
        raise Refused(
            "職員番号に使えない文字があります。",
            remedy="半角の英数字とハイフンの 20 文字以内にしてください。",
        )
    if not is_written_as_name(kana):
        raise Refused("カナに使えない文字があります。", remedy="氏名の読みをカナで記入してください。")


def _first_day_of_term(expires_on: date, *, today: date) -> date:
    """Today, or 1 April for a term of the year to come where its renewal has opened."""
    year_end = first_march_31_from(today)
    if expires_on <= year_end:
        return today
    if (year_end - today).days >= sign_in_policy(today).renewal_opens_days:
        raise Refused(
            "翌年度への更新の受付期間ではありません。", remedy="年度末が近づいてから更新してください。"
        )
    return year_end + timedelta(days=1)


def _refuse_long_term(first_day: date, *, expires_on: date) -> None:
    last = first_march_31_from(first_day)
    if not first_day <= expires_on <= last:
        raise Refused(
            f"有効期限は、始まりの日からその年度の末日（{last.isoformat()}）までの日です。",
            remedy="有効期限を確かめてください。",
        )


def _refuse_without_reason(why: str) -> None:
    if not why.strip():
        raise Refused("理由がありません。", remedy="申請の番号や理由を記入してください。")


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()
