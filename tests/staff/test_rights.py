"""What an account may do: by function, level, scheme, office and day, and nothing without a working account."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.staff import api as staff
from kyufu.staff.api import Forbidden, Function, Level, Scheme
from tests.staff.town import NOW, TODAY, YEAR_END, Town, days, rows


def may(town: Town, account: int, *, on: date = TODAY, office: str | None = "TSU") -> bool:
    return town.rights(account, on=on).may(
        Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD, office=office
    )


@pytest.mark.requirement("YOK-168", "KWS-168", "TKY-149", "SPR-181", "ATG-215")
def test_a_grant_opens_its_functions_at_their_levels_and_no_others(town: Town) -> None:
    town.grant(town.clerk)
    rights = town.rights(town.clerk)
    assert rights.may(Function.PERSON, level=Level.READ)
    assert not rights.may(Function.PERSON, level=Level.UPDATE)
    assert rights.may(Function.CASE, level=Level.UPDATE)
    assert rights.functions() == {Function.PERSON, Function.CASE, Function.CERTIFICATE, Function.PRINT}
    for closed in set(Function) - rights.functions():
        assert not rights.may(closed, level=Level.READ)


@pytest.mark.requirement("YOK-176")
def test_a_scheme_is_open_only_to_those_who_were_granted_it(town: Town) -> None:
    town.grant(town.clerk)
    rights = town.rights(town.clerk)
    assert rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD)
    assert not rights.may(Function.CASE, level=Level.READ, scheme=Scheme.KOKUHO)
    assert rights.may(Function.PERSON, level=Level.READ, scheme=Scheme.COMMON)


def test_a_common_grant_does_not_open_a_scheme(town: Town) -> None:
    town.grant(town.clerk, scheme=Scheme.COMMON)
    assert not may(town, town.clerk)
    assert town.rights(town.clerk).may(Function.PERSON, level=Level.READ)


@pytest.mark.parametrize(
    ("granted_at", "reached"),
    [
        ("HQ", {"HQ", "HQ1", "TSU", "TSU1", "KAN"}),
        ("TSU", {"TSU", "TSU1"}),
        ("TSU1", {"TSU1"}),
        ("KAN", {"KAN"}),
    ],
)
@pytest.mark.requirement("YOK-184", "SPR-005")
def test_the_scope_is_the_office_and_those_below_it(town: Town, granted_at: str, reached: set[str]) -> None:
    town.grant(town.clerk, office=granted_at)
    rights = town.rights(town.clerk)
    assert rights.offices(Function.CASE) == reached
    for office in ("HQ", "HQ1", "TSU", "TSU1", "KAN", "CON", "なし"):
        assert may(town, town.clerk, office=office) is (office in reached)


def test_wards_are_those_of_the_offices_within_the_scope(town: Town) -> None:
    town.grant(town.clerk, office="HQ")
    assert town.rights(town.clerk).wards(Function.CASE) == {"141011", "141020"}
    assert town.rights(town.clerk).wards(Function.AUDIT) == frozenset()
    assert town.rights(town.clerk).offices(Function.PERSON, level=Level.UPDATE) == frozenset()


@pytest.mark.requirement("KWS-174")
def test_an_office_that_was_closed_is_in_no_scope_from_its_day_on(town: Town) -> None:
    town.grant(town.clerk, office="HQ")
    staff.close_office("KAN", from_day=TODAY + days(10))
    assert may(town, town.clerk, on=TODAY + days(9), office="KAN")
    assert not may(town, town.clerk, on=TODAY + days(10), office="KAN")
    assert may(town, town.clerk, on=TODAY + days(10), office="TSU")


@pytest.mark.parametrize(
    ("first", "last", "on", "open_then"),
    [
        (TODAY, TODAY + days(5), TODAY - days(1), False),
        (TODAY, TODAY + days(5), TODAY, True),
        (TODAY, TODAY + days(5), TODAY + days(5), True),
        (TODAY, TODAY + days(5), TODAY + days(6), False),
    ],
)
def test_both_ends_of_a_grant(town: Town, first: date, last: date, on: date, open_then: bool) -> None:
    town.grant(town.clerk, valid_from=first, last_day=last)
    assert may(town, town.clerk, on=on) is open_then


@pytest.mark.requirement("TKY-142")
def test_nothing_is_open_after_the_end_of_the_fiscal_year(town: Town) -> None:
    town.grant(town.clerk)
    rows("UPDATE staff_account SET last_used_on = %s WHERE id = %s", [YEAR_END, town.clerk])
    assert may(town, town.clerk, on=YEAR_END)
    assert not may(town, town.clerk, on=YEAR_END + days(1))


@pytest.mark.requirement("TKY-141")
def test_an_expired_account_has_no_rights_though_they_were_granted(town: Town) -> None:
    town.grant(town.clerk)
    rows("UPDATE staff_account SET expires_on = %s WHERE id = %s", [TODAY + days(3), town.clerk])
    assert may(town, town.clerk, on=TODAY + days(3))
    assert not may(town, town.clerk, on=TODAY + days(4))


def test_an_account_that_is_left_unused_has_no_rights(town: Town) -> None:
    town.grant(town.clerk)
    unused = staff.sign_in_policy(TODAY).unused_account_days
    assert may(town, town.clerk, on=TODAY + days(unused - 1))
    assert not may(town, town.clerk, on=TODAY + days(unused))


@pytest.mark.requirement("SPR-182")
def test_an_account_that_is_locked_or_posted_nowhere_has_no_rights(town: Town) -> None:
    town.grant(town.clerk)
    rows(
        "UPDATE staff_posting SET valid = daterange(lower(valid), %s) WHERE account_id = %s",
        [TODAY, town.clerk],
    )
    assert may(town, town.clerk, on=TODAY - days(1)) is False  # the grant had not begun
    assert town.rights(town.clerk).held == frozenset()
    rows("UPDATE staff_posting SET valid = daterange(lower(valid), NULL) WHERE account_id = %s", [town.clerk])
    assert may(town, town.clerk)
    staff.lock_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="不正利用の疑い")
    assert not may(town, town.clerk)


def test_a_grant_that_waits_opens_nothing(town: Town) -> None:
    town.ask(town.clerk)
    assert not may(town, town.clerk)


def test_require_names_the_function_and_the_level(town: Town) -> None:
    town.grant(town.clerk)
    rights = town.rights(town.clerk)
    staff.require(rights, Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD, office="TSU")
    with pytest.raises(Forbidden, match="「操作記録の閲覧・点検」（参照のみ可）"):
        staff.require(rights, Function.AUDIT, level=Level.READ)


def test_rights_say_who_acts_and_where(town: Town) -> None:
    actor = town.rights(town.clerk).actor()
    assert (actor.staff_id, actor.name, actor.office) == ("C001", "見本　花子", "鶴見区保険年金課")


def test_rights_of_nobody_are_forbidden(town: Town) -> None:
    with pytest.raises(Forbidden, match="アカウントがありません"):
        staff.rights_of(0, on=TODAY)
