"""Signing in: failures lock, sessions end, one at a time; passwords are strong, change, and do not come back."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import AlreadySignedIn, Forbidden, PasswordState
from tests.staff.town import NOW, PASSWORD, TODAY, Town, at, days, hire, rows

POLICY = staff.sign_in_policy(TODAY)


def state_of(account: int) -> str:
    return str(rows("SELECT state FROM staff_account WHERE id = %s", [account])[0][0])


def sign_in(account: int, *, key: str = "k1", minutes: int = 0) -> None:
    staff.record_success(account, session_key=key, terminal_id=None, at=NOW + timedelta(minutes=minutes))


def new_password() -> str:
    return secrets.token_urlsafe(POLICY.password_min_length)


@pytest.mark.requirement("TKY-140")
def test_the_third_failure_locks_the_account_and_it_is_recorded(town: Town) -> None:
    assert POLICY.failures_before_lock == 3
    assert [staff.record_failure("C001", at=NOW) for _ in range(3)] == [False, False, True]
    assert state_of(town.clerk) == "locked"
    assert rows(
        "SELECT to_state, actor_name, why FROM staff_account_transition WHERE subject_id = %s ORDER BY id",
        [town.clerk],
    )[-1] == ("locked", "自動処理", "サインインの誤り 3 回")
    assert staff.record_failure("C001", at=NOW) is True
    with pytest.raises(Refused, match="サインインできません"):
        sign_in(town.clerk)


def test_a_success_starts_the_count_again(town: Town) -> None:
    for round_of_tries in range(3):
        staff.record_failure("C001", at=NOW)
        staff.record_failure("C001", at=NOW)
        sign_in(town.clerk, key=f"k{round_of_tries}")
        staff.end_session(f"k{round_of_tries}", at=NOW)
    assert state_of(town.clerk) == "active"


def test_opening_the_account_again_starts_the_count_again(town: Town) -> None:
    for _ in range(3):
        staff.record_failure("C001", at=NOW)
    staff.unlock_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="本人を確認")
    assert staff.record_failure("C001", at=NOW) is False
    assert state_of(town.clerk) == "active"


def test_locking_ends_the_session(town: Town) -> None:
    sign_in(town.clerk)
    for _ in range(3):
        staff.record_failure("C001", at=NOW)
    assert rows("SELECT why FROM staff_session") == [("account",)]


def test_an_unknown_number_tells_nothing_and_changes_nothing(town: Town) -> None:
    before = rows("SELECT * FROM staff_account ORDER BY id")
    assert staff.record_failure("存在しない", at=NOW) is False
    assert rows("SELECT * FROM staff_account ORDER BY id") == before
    with pytest.raises(Refused) as nobody:
        staff.refuse_sign_in(0, on=TODAY)
    staff.lock_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="試験")
    with pytest.raises(Refused) as locked:
        staff.refuse_sign_in(town.clerk, on=TODAY)
    assert str(nobody.value) == str(locked.value)


@pytest.mark.requirement("YOK-167")
def test_a_second_session_of_one_id_is_refused_until_the_first_has_ended(town: Town) -> None:
    sign_in(town.clerk)
    with pytest.raises(AlreadySignedIn, match="ほかの端末でサインイン中"):
        sign_in(town.clerk, key="k2", minutes=1)
    staff.end_session("k1", at=NOW + timedelta(minutes=2))
    sign_in(town.clerk, key="k2", minutes=3)
    sign_in(town.admin, key="k3")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(
            "INSERT INTO staff_session (account_id, key_digest, started_at, last_seen_at, why) "
            "VALUES (%s, 'x', now(), now(), '')",
            [town.clerk],
        )


def test_a_session_left_idle_gives_way_to_another(town: Town) -> None:
    sign_in(town.clerk)
    with pytest.raises(AlreadySignedIn):
        sign_in(town.clerk, key="k2", minutes=POLICY.idle_minutes - 1)
    sign_in(town.clerk, key="k2", minutes=POLICY.idle_minutes)
    assert rows("SELECT why FROM staff_session ORDER BY id") == [("idle",), ("",)]


@pytest.mark.requirement("SPR-185", "SPR-186")
@pytest.mark.parametrize(("later", "goes_on"), [(-1, True), (0, False)])
def test_an_idle_session_ends(town: Town, later: int, goes_on: bool) -> None:
    sign_in(town.clerk)
    seen = staff.see_session("k1", at=NOW + timedelta(minutes=POLICY.idle_minutes, seconds=later))
    assert (seen is not None) is goes_on
    assert rows("SELECT why FROM staff_session") == [("" if goes_on else "idle",)]


@pytest.mark.parametrize(("later", "goes_on"), [(-1, True), (0, False)])
def test_a_session_that_is_used_ends_when_it_is_too_long(town: Town, later: int, goes_on: bool) -> None:
    staff.record_success(town.clerk, session_key="k1", terminal_id=None, at=at(TODAY, hour=1))
    end = at(TODAY, hour=1) + timedelta(hours=POLICY.absolute_hours, seconds=later)
    instant = at(TODAY, hour=1)
    while instant < end - timedelta(minutes=10):
        instant += timedelta(minutes=10)
        assert staff.see_session("k1", at=instant) is not None
    assert (staff.see_session("k1", at=end) is not None) is goes_on
    assert rows("SELECT why FROM staff_session") == [("" if goes_on else "too_long",)]


def test_what_is_seen_says_whose_it_is_and_how_long_it_may_go_on(town: Town) -> None:
    sign_in(town.clerk)
    seen = staff.see_session("k1", at=NOW + timedelta(minutes=3))
    assert seen is not None
    assert (seen.account_id, seen.started_at) == (town.clerk, NOW)
    assert seen.ends_at == NOW + timedelta(hours=POLICY.absolute_hours)
    assert staff.see_session("unknown", at=NOW) is None
    staff.end_session("unknown", at=NOW)


def test_the_session_moves_to_a_new_key_and_the_old_one_is_worth_nothing(town: Town) -> None:
    sign_in(town.clerk)
    staff.move_session("k1", to="k9")
    assert staff.see_session("k1", at=NOW) is None
    assert staff.see_session("k9", at=NOW) is not None
    assert "k9" not in str(rows("SELECT * FROM staff_session"))


@pytest.mark.requirement("SPR-182")
def test_a_session_ends_with_the_account(town: Town) -> None:
    worker = hire("C300", name="見本　五郎", expires_on=TODAY)
    staff.record_success(worker, session_key="k1", terminal_id=None, at=at(TODAY, hour=23, minute=55))
    assert staff.see_session("k1", at=at(TODAY, hour=23, minute=59)) is not None
    assert staff.see_session("k1", at=at(TODAY + days(1), hour=0)) is None
    assert rows("SELECT why FROM staff_session") == [("account",)]


def test_use_is_noted_by_day(town: Town) -> None:
    sign_in(town.clerk)
    rows("UPDATE staff_account SET last_used_on = %s WHERE id = %s", [TODAY - days(9), town.clerk])
    staff.see_session("k1", at=NOW + timedelta(minutes=1))
    assert staff.find_account("C001", on=TODAY).last_used_on == TODAY  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("短い", "短すぎ"),
        ("a" * 11, "短すぎ"),
        ("a" * 40, "推測されやすい"),
        ("abababababababab", "推測されやすい"),
        ("xxC001yyzzqq77", "職員番号"),
        ("xxc001yyzzqq77", "職員番号"),
        ("1q2w3e4r5t6y", "推測されやすい"),
    ],
)
@pytest.mark.requirement("ATG-217", "ATG-195")
def test_weak_passwords_are_refused(town: Town, password: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        staff.change_password(town.clerk, new=password, at=NOW)
    assert password not in str(refused.value)


def test_a_password_of_exactly_the_least_length_is_taken(town: Town) -> None:
    password = "aZ9-qW3_eR7+tY5"[: POLICY.password_min_length]
    staff.change_password(town.clerk, new=password, at=NOW)
    ((kept,),) = rows("SELECT password FROM staff_account WHERE id = %s", [town.clerk])
    assert check_password(password, kept)


def test_the_last_passwords_do_not_come_back(town: Town) -> None:
    used = [PASSWORD]
    for _ in range(POLICY.password_history_depth):
        for earlier in used[-POLICY.password_history_depth :]:
            with pytest.raises(Refused, match="最近使った"):
                staff.change_password(town.clerk, new=earlier, at=NOW)
        used.append(new_password())
        staff.change_password(town.clerk, new=used[-1], at=NOW)
    staff.change_password(town.clerk, new=PASSWORD, at=NOW)


@pytest.mark.requirement("ATG-218", "TKY-143", "ATG-219")
def test_a_password_is_changed_at_its_age_or_the_id_becomes_invalid(town: Town) -> None:
    staff.change_password(town.clerk, new=new_password(), at=NOW)
    age, grace = POLICY.password_max_age_days, POLICY.password_grace_days
    states = [
        staff.password_state(town.clerk, on=TODAY + days(after))
        for after in (0, age - 1, age, age + grace - 1, age + grace)
    ]
    assert states == [
        PasswordState.CURRENT, PasswordState.CURRENT, PasswordState.TO_CHANGE, PasswordState.TO_CHANGE,
        PasswordState.EXPIRED,
    ]  # fmt: skip


def test_an_expired_password_lets_nobody_in(town: Town) -> None:
    old = NOW - days(POLICY.password_max_age_days + POLICY.password_grace_days)
    rows("UPDATE staff_account SET password_set_at = %s WHERE id = %s", [old, town.clerk])
    with pytest.raises(Refused, match="サインインできません"):
        sign_in(town.clerk)
    rows("UPDATE staff_account SET password_set_at = %s WHERE id = %s", [old + days(1), town.clerk])
    sign_in(town.clerk)


def test_a_password_given_by_another_is_temporary(town: Town) -> None:
    assert staff.password_state(town.clerk, on=TODAY) is PasswordState.TO_CHANGE
    staff.change_password(town.clerk, new=new_password(), at=NOW)
    assert staff.password_state(town.clerk, on=TODAY) is PasswordState.CURRENT
    sign_in(town.clerk)
    staff.reset_password(town.clerk, new=new_password(), rights=town.rights(town.admin), at=NOW)
    assert staff.password_state(town.clerk, on=TODAY) is PasswordState.TO_CHANGE
    assert staff.see_session("k1", at=NOW) is None


def test_who_may_give_a_temporary_password(town: Town) -> None:
    with pytest.raises(Forbidden):
        staff.reset_password(town.admin, new=new_password(), rights=town.rights(town.clerk), at=NOW)
    with pytest.raises(staff.SamePerson):
        staff.reset_password(town.admin, new=new_password(), rights=town.rights(town.admin), at=NOW)
    with pytest.raises(Refused, match="アカウントがありません"):
        staff.change_password(0, new=new_password(), at=NOW)
