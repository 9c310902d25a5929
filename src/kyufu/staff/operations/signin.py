"""Facts of signing in: failures that lock, successes, passwords, and the one session of an account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move
from kyufu.staff.functions import Function, Level
from kyufu.staff.models import Account, PasswordHistory, SignInSession
from kyufu.staff.operations.closing import end_sessions
from kyufu.staff.passwords import HASHER, refuse_used_password, refuse_weak_password
from kyufu.staff.policy import sign_in_policy
from kyufu.staff.rights import POSTED, WORKS, Rights, require, values_on, works_on
from kyufu.staff.states import ACCOUNTS
from kyufu.staff.two_persons import refuse_same_person

# So often it is noted that a session is in use, and not at every request: one left idle ends that much early at the
# most, and never late (assumed).
SEEN_EVERY = timedelta(seconds=15)
_SEEN = f"""
SELECT s.account_id, s.terminal_id, s.started_at, s.last_seen_at, a.last_used_on
  FROM {POSTED} JOIN staff_session s ON s.account_id = a.id
 WHERE s.key_digest = %(digest)s AND s.ended_at IS NULL AND {WORKS}
"""
AUTOMATIC = Actor("system", "自動処理", "システム")


class EndOfSession(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    TOO_LONG = "too_long"
    ACCOUNT = "account"


class PasswordState(StrEnum):
    """Is the password in force, to be changed before anything else, or no longer accepted?"""

    CURRENT = "current"
    TO_CHANGE = "to_change"
    EXPIRED = "expired"


class AlreadySignedIn(Refused):
    """The account has another session that has not ended."""


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session that goes on, as it stands after it was seen: where it began, since when, until when."""

    account_id: int
    terminal_id: int | None
    started_at: datetime
    ends_at: datetime


def hold_account(staff_no: str) -> None:
    """Keep others off an account until the present transaction ends, so that each guess sees those before it."""
    Account.objects.select_for_update().filter(staff_no=staff_no).first()


@transaction.atomic
def record_failure(staff_no: str, *, at: datetime) -> bool:
    """Count a failed sign-in (password or second factor); True where the account is locked now or was before.

    The count runs until a success or until it is opened again; at failures_before_lock the account is locked.
    An unknown number is no error: nothing tells it from a known one.
    """
    account = Account.objects.select_for_update().filter(staff_no=staff_no).first()
    if account is None:
        return False
    if account.state != "active":
        return True
    failed = account.failed_count + 1
    Account.objects.filter(pk=account.pk).update(failed_count=failed)
    if failed < sign_in_policy(_day(at)).failures_before_lock:
        return False
    move(
        ACCOUNTS, subject_id=account.pk, from_state="active", to_state="locked", by=AUTOMATIC, at=at,
        why=f"サインインの誤り {failed} 回",
    )  # fmt: skip
    end_sessions([account.pk], at=at)
    return True


def refuse_sign_in(account_id: int, *, on: date) -> None:
    """Raise Refused, in the same words for every reason, where the account does not work on the day.

    It must be active, in its term, used lately, of a person still in office, and its password not past its grace.
    """
    refuse_unusable(account_id, on=on)
    if password_state(account_id, on=on) is PasswordState.EXPIRED:
        raise _cannot_sign_in()


def refuse_unusable(account_id: int, *, on: date) -> None:
    """Raise Refused as `refuse_sign_in`, but for the password: the city's identity provider keeps rules of its own."""
    if not works_on(account_id, on=on):
        raise _cannot_sign_in()


def password_state(account_id: int, *, on: date) -> PasswordState:
    """Whether the account's password is current, must be changed first, or has expired for good (ID が無効)."""
    account = Account.objects.get(pk=account_id)
    return age_of_password(account.password_set_at, is_temporary=account.password_is_temporary, on=on)


def age_of_password(set_at: datetime, *, is_temporary: bool, on: date) -> PasswordState:
    """The same of an account that was read already, by when its password was set."""
    policy = sign_in_policy(on)
    age = (on - _day(set_at)).days
    if age >= policy.password_max_age_days + policy.password_grace_days:
        return PasswordState.EXPIRED
    if is_temporary or age >= policy.password_max_age_days:
        return PasswordState.TO_CHANGE
    return PasswordState.CURRENT


@transaction.atomic
def record_success(account_id: int, *, session_key: str, terminal_id: int | None, at: datetime) -> None:
    """Open the one session of an account after a complete sign-in; the count of failures starts again.

    Raises Refused where the account does not work, AlreadySignedIn where it has a session that is neither ended nor
    past its limits (横浜市評価書 L3408).
    """
    Account.objects.select_for_update().filter(pk=account_id).first()
    refuse_sign_in(account_id, on=_day(at))
    _open_session(account_id, session_key=session_key, terminal_id=terminal_id, at=at)


@transaction.atomic
def record_provider_success(
    account_id: int, *, session_key: str, terminal_id: int | None, at: datetime
) -> None:
    """As `record_success`, after a sign-in by the city's identity provider: the password plays no part."""
    Account.objects.select_for_update().filter(pk=account_id).first()
    refuse_unusable(account_id, on=_day(at))
    _open_session(account_id, session_key=session_key, terminal_id=terminal_id, at=at)


def _open_session(account_id: int, *, session_key: str, terminal_id: int | None, at: datetime) -> None:
    for one in SignInSession.objects.filter(account_id=account_id, ended_at__isnull=True):
        if (why := _limit_passed(one.started_at, last_seen_at=one.last_seen_at, at=at)) is None:
            raise AlreadySignedIn(
                "このアカウントは、ほかの端末でサインイン中です。",
                remedy="そちらでサインアウトするか、自動でサインアウトするまで待ってください。",
            )
        _end(one, at=at, why=why)
    SignInSession.objects.create(
        account_id=account_id, key_digest=_digest(session_key), terminal_id=terminal_id,
        started_at=at, last_seen_at=at, why="",
    )  # fmt: skip
    Account.objects.filter(pk=account_id).update(failed_count=0, last_used_on=_day(at))


def see_session(session_key: str, *, at: datetime) -> SessionSeen | None:
    """Note that a session is in use and say how long it may go on; None where it has ended or ends now.

    To be asked at every request: it ends a session that was idle or open too long, and one whose account stopped.
    """
    return _seen_lately(session_key, at=at) or _see_and_note(session_key, at=at)


def _seen_lately(session_key: str, *, at: datetime) -> SessionSeen | None:
    """A session that goes on and of which nothing is to be noted; None for every other."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values_on(_day(at)) | {"digest": _digest(session_key)})
        row = cursor.fetchone()
    if row is None:
        return None
    account_id, terminal_id, started_at, last_seen_at, last_used_on = row
    is_noted = at - last_seen_at < SEEN_EVERY and last_used_on == _day(at)
    if not is_noted or _limit_passed(started_at, last_seen_at=last_seen_at, at=at) is not None:
        return None
    return _goes_on(account_id, terminal_id=terminal_id, started_at=started_at, at=at)


@transaction.atomic
def _see_and_note(session_key: str, *, at: datetime) -> SessionSeen | None:
    one = SignInSession.objects.select_for_update().filter(
        key_digest=_digest(session_key), ended_at__isnull=True
    ).select_related("account").first()  # fmt: skip
    if one is None:
        return None
    why = _limit_passed(one.started_at, last_seen_at=one.last_seen_at, at=at)
    if why is None and not works_on(one.account_id, on=_day(at)):
        why = EndOfSession.ACCOUNT
    if why is not None:
        _end(one, at=at, why=why)
        return None
    SignInSession.objects.filter(pk=one.pk).update(last_seen_at=max(at, one.last_seen_at))
    if one.account.last_used_on != _day(at):
        Account.objects.filter(pk=one.account_id).update(last_used_on=_day(at))
    return _goes_on(one.account_id, terminal_id=one.terminal_id, started_at=one.started_at, at=at)


def _goes_on(account_id: int, *, terminal_id: int | None, started_at: datetime, at: datetime) -> SessionSeen:
    hours = sign_in_policy(_day(at)).absolute_hours
    return SessionSeen(account_id, terminal_id, started_at, started_at + timedelta(hours=hours))


@transaction.atomic
def end_session(session_key: str, *, at: datetime) -> None:
    """Sign out; a session that has ended already stays as it is."""
    one = SignInSession.objects.select_for_update().filter(
        key_digest=_digest(session_key), ended_at__isnull=True
    ).first()  # fmt: skip
    if one is not None:
        _end(one, at=at, why=EndOfSession.SIGNED_OUT)


@transaction.atomic
def move_session(session_key: str, *, to: str) -> None:
    """Keep the session under a new key, as when the key is changed after a step of authentication."""
    SignInSession.objects.filter(key_digest=_digest(session_key), ended_at__isnull=True).update(
        key_digest=_digest(to)
    )


@transaction.atomic
def change_password(account_id: int, *, new: str, at: datetime) -> None:
    """Set the password that a person chose; raises Refused where it is weak or among their last ones."""
    _set_password(account_id, new=new, temporary=False, at=at)


@transaction.atomic
def reset_password(account_id: int, *, new: str, rights: Rights, at: datetime) -> None:
    """Give a person another temporary password; by a holder of the rights function who is not that person."""
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    account = _set_password(account_id, new=new, temporary=True, at=at)
    refuse_same_person(first=account.staff_no, second=rights.staff_no)
    end_sessions([account_id], at=at)


def _set_password(account_id: int, *, new: str, temporary: bool, at: datetime) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).exclude(state="ended").first()
    if account is None:
        raise Refused("アカウントがありません。", remedy="職員番号を確かめてください。")
    refuse_weak_password(new, staff_no=account.staff_no, on=_day(at))
    depth = sign_in_policy(_day(at)).password_history_depth
    history = PasswordHistory.objects.filter(account_id=account_id).order_by("-id")
    refuse_used_password(new, hashes=[account.password, *history.values_list("password", flat=True)[:depth]])
    hashed = make_password(new, hasher=HASHER)
    Account.objects.filter(pk=account_id).update(
        password=hashed, password_set_at=at, password_is_temporary=temporary
    )
    PasswordHistory.objects.create(account_id=account_id, password=hashed, set_at=at)
    return account


def _limit_passed(started_at: datetime, *, last_seen_at: datetime, at: datetime) -> EndOfSession | None:
    policy = sign_in_policy(_day(at))
    if at >= started_at + timedelta(hours=policy.absolute_hours):
        return EndOfSession.TOO_LONG
    if at >= last_seen_at + timedelta(minutes=policy.idle_minutes):
        return EndOfSession.IDLE
    return None


def _end(session: SignInSession, *, at: datetime, why: EndOfSession) -> None:
    SignInSession.objects.filter(pk=session.pk).update(ended_at=max(at, session.last_seen_at), why=why)


def _digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()


def _cannot_sign_in() -> Refused:
    # One sentence for every reason: whoever tries must not learn which accounts exist, are locked, or have ended.
    return Refused(
        "サインインできません。",
        remedy="職員番号と認証の情報を確かめ、直らないときは権限管理者に連絡してください。",
    )
