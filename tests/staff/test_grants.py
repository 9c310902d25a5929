"""Grants: asked for by one, confirmed by another, for a fiscal year at the most, closed to those they are closed to."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import CLOSED_TO_CONTRACTORS, Forbidden, Function, Level, SamePerson, Scheme
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, days, hire, rows


def state_of(grant: int) -> str:
    return str(rows("SELECT state FROM staff_grant WHERE id = %s", [grant])[0][0])


@pytest.mark.requirement("YOK-171", "YOK-203")
def test_a_grant_takes_two_persons_and_both_are_on_record(town: Town) -> None:
    grant = town.ask(town.clerk)
    assert [one.grant_id for one in staff.grants_waiting()] == [grant]
    staff.confirm_grant(grant, rights=town.rights(town.second_admin), at=NOW)
    (seen,) = staff.grants_of(town.clerk)
    assert (seen.state, seen.asked_by, seen.confirmed_by) == ("confirmed", "管理　一郎", "管理　二郎")
    assert (seen.role_name, seen.office_code, seen.scheme) == ("窓口担当", "TSU", Scheme.CHILD)
    assert staff.grants_waiting() == []
    steps = rows(
        "SELECT from_state, to_state, actor_id FROM staff_grant_transition WHERE subject_id = %s ORDER BY id",
        [grant],
    )
    assert steps == [(None, "asked", "A001"), ("asked", "confirmed", "A002")]


@pytest.mark.requirement("YOK-203")
def test_nobody_confirms_what_they_asked_for_themselves(town: Town) -> None:
    grant = town.ask(town.clerk)
    with pytest.raises(SamePerson):
        staff.confirm_grant(grant, rights=town.rights(town.admin), at=NOW)
    with pytest.raises(SamePerson):
        staff.refuse_grant(grant, rights=town.rights(town.admin), at=NOW, why="誤り")
    assert state_of(grant) == "asked"


def test_nobody_confirms_or_ends_their_own_rights(town: Town) -> None:
    grant = town.ask(town.second_admin, role="auditor", office="HQ", scheme=Scheme.COMMON)
    with pytest.raises(SamePerson, match="自分の権限"):
        staff.confirm_grant(grant, rights=town.rights(town.second_admin), at=NOW)
    own = staff.grants_of(town.second_admin)[0].grant_id
    with pytest.raises(SamePerson):
        staff.end_grant(own, rights=town.rights(town.second_admin), at=NOW, why="不要")


@pytest.mark.requirement("YOK-170", "TKY-152", "ATG-227")
def test_only_a_rights_administrator_confirms(town: Town) -> None:
    grant = town.ask(town.worker, role="contractor")
    with pytest.raises(Forbidden, match="アカウント・権限の管理"):
        staff.confirm_grant(grant, rights=town.rights(town.clerk), at=NOW)
    with pytest.raises(Forbidden):
        staff.end_grant(grant, rights=town.rights(town.clerk), at=NOW, why="不要")


def test_the_database_refuses_one_person_for_both(town: Town) -> None:
    grant = town.ask(town.clerk)
    for person, complaint in (
        ("A001", "staff_grant_two_persons"),
        ("C001", "confirmed by the one who gets it"),
    ):
        with pytest.raises(IntegrityError, match=complaint), transaction.atomic():
            rows("UPDATE staff_grant SET confirmed_by_id = %s WHERE id = %s", [person, grant])
    with pytest.raises(IntegrityError, match="staff_grant_confirmed"), transaction.atomic():
        rows(
            "INSERT INTO staff_grant_transition (subject_id, from_state, to_state, actor_id, actor_name, actor_office, "
            "at, why) VALUES (%s, 'asked', 'confirmed', 'A002', '管理', '課', now(), '')",
            [grant],
        )
    assert state_of(grant) == "asked"


@pytest.mark.parametrize(
    "change",
    [
        "valid = daterange(lower(valid), upper(valid) + 1)",
        "valid = daterange(lower(valid) - 1, upper(valid))",
        "office_id = (SELECT id FROM staff_office WHERE code = 'HQ')",
        "role_id = (SELECT id FROM staff_role WHERE code = 'number')",
        "scheme = 'kokuho'",
        "account_id = account_id + 1",
        "confirmed_by_id = 'A009'",
        "asked_by_id = 'A009'",
    ],
)
def test_a_grant_is_never_widened_or_rewritten(town: Town, change: str) -> None:
    grant = town.grant(town.clerk, last_day=TODAY + days(30))
    with pytest.raises(DatabaseError, match="only ever cut short"), transaction.atomic():
        rows(f"UPDATE staff_grant SET {change} WHERE id = %s", [grant])
    with pytest.raises(DatabaseError, match="only ever cut short"), transaction.atomic():
        rows("DELETE FROM staff_grant WHERE id = %s", [grant])
    with pytest.raises(DatabaseError, match="rows stand as written"), transaction.atomic():
        rows("DELETE FROM staff_grant_transition WHERE subject_id = %s", [grant])


@pytest.mark.parametrize(
    ("first", "last", "taken"),
    [
        (TODAY, YEAR_END, True),
        (TODAY, YEAR_END + days(1), False),
        (TODAY, TODAY - days(1), False),
        (TODAY, TODAY, True),
        (YEAR_END + days(1), date(2028, 3, 31), True),
        (YEAR_END + days(1), date(2028, 4, 1), False),
        (YEAR_END, YEAR_END + days(1), False),
    ],
)
@pytest.mark.requirement("TKY-142", "TKY-185")
def test_a_grant_ends_with_its_fiscal_year(town: Town, first: date, last: date, taken: bool) -> None:
    if taken:
        assert state_of(town.ask(town.clerk, valid_from=first, last_day=last)) == "asked"
        return
    with pytest.raises(Refused, match="年度の末日"):
        town.ask(town.clerk, valid_from=first, last_day=last)


def test_the_database_refuses_a_grant_beyond_the_fiscal_year(town: Town) -> None:
    grant = town.ask(town.clerk)
    with pytest.raises(IntegrityError, match="staff_grant_fiscal_year"), transaction.atomic():
        rows(
            "INSERT INTO staff_grant (account_id, role_id, office_id, scheme, valid, state, why, asked_by_id, "
            "asked_by_name, asked_by_office, asked_at, confirmed_by_name, confirmed_by_office) "
            "SELECT account_id, role_id, office_id, scheme, daterange('2026-07-06', '2027-04-02'), state, why, "
            "asked_by_id, asked_by_name, asked_by_office, asked_at, '', '' FROM staff_grant WHERE id = %s",
            [grant],
        )


@pytest.mark.requirement("TKY-151", "YOK-179")
def test_a_contractor_holds_the_contractors_role_and_no_closed_function(town: Town) -> None:
    town.grant(town.worker, role="contractor")
    rights = town.rights(town.worker)
    assert rights.functions() == {Function.PERSON, Function.CASE}
    assert not rights.functions() & CLOSED_TO_CONTRACTORS
    for role in ("approver", "number", "protection", "operations", "rights", "auditor"):
        with pytest.raises(Forbidden, match="委託事業者の従事者には"):
            town.ask(town.worker, role=role)


@pytest.mark.requirement("TKY-151")
def test_the_database_closes_functions_to_contractors_whichever_way_they_come(town: Town) -> None:
    town.grant(town.worker, role="contractor")
    for function in sorted(CLOSED_TO_CONTRACTORS):
        with pytest.raises(IntegrityError, match="closed to contractors"), transaction.atomic():
            rows(
                "INSERT INTO staff_role_right (role_id, function, level, valid) "
                "SELECT id, %s, 1, daterange('2026-04-01', NULL) FROM staff_role WHERE code = 'contractor'",
                [function],
            )
    with pytest.raises(IntegrityError, match="closed to contractors"), transaction.atomic():
        rows(
            "INSERT INTO staff_grant (account_id, role_id, office_id, scheme, valid, state, why, asked_by_id, "
            "asked_by_name, asked_by_office, asked_at, confirmed_by_name, confirmed_by_office) "
            "SELECT %s, (SELECT id FROM staff_role WHERE code = 'number'), office_id, scheme, valid, 'asked', why, "
            "asked_by_id, asked_by_name, asked_by_office, asked_at, '', '' FROM staff_grant LIMIT 1",
            [town.worker],
        )


@pytest.mark.parametrize(
    ("role", "why", "message"),
    [("counter", " ", "理由"), ("nobody", "要る", "職務がありません")],
)
def test_what_is_asked_for_must_be_there(town: Town, role: str, why: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        staff.ask_for_grant(
            town.clerk, role=role, office="TSU", scheme=Scheme.CHILD, valid_from=TODAY, last_day=TODAY,
            by=town.rights(town.admin).actor(), at=NOW, why=why,
        )  # fmt: skip


def test_a_grant_whose_time_is_over_is_not_confirmed(town: Town) -> None:
    grant = town.ask(town.clerk, last_day=TODAY)
    with pytest.raises(Refused, match="期間が過ぎています"):
        staff.confirm_grant(grant, rights=town.rights(town.second_admin), at=at(TODAY + days(1)))
    staff.confirm_grant(grant, rights=town.rights(town.second_admin), at=at(TODAY, hour=23))


def test_refusing_and_ending_need_a_reason_and_are_final(town: Town) -> None:
    grant = town.ask(town.clerk)
    rights = town.rights(town.second_admin)
    with pytest.raises(Refused, match="理由がありません"):
        staff.refuse_grant(grant, rights=rights, at=NOW, why="")
    staff.refuse_grant(grant, rights=rights, at=NOW, why="担当でない")
    assert state_of(grant) == "refused"
    with pytest.raises(Refused, match="いまの状態では"):
        staff.confirm_grant(grant, rights=rights, at=NOW)
    with pytest.raises(Refused, match="その権限の申請はありません"):
        staff.refuse_grant(0, rights=rights, at=NOW, why="なし")


def test_a_grant_is_ended_at_once(town: Town) -> None:
    grant = town.grant(town.clerk, valid_from=TODAY - days(10))
    staff.end_grant(grant, rights=town.rights(town.admin), at=NOW, why="事務分担の変更")
    assert staff.rights_of(town.clerk, on=TODAY).held == frozenset()
    (seen,) = staff.grants_of(town.clerk)
    assert (seen.state, seen.ends_before) == ("ended", TODAY)
    assert staff.current_grants(town.clerk, on=TODAY) == []


@pytest.mark.parametrize(("later", "lapsed"), [(5, 0), (6, 2)])
def test_grants_lapse_when_their_last_day_is_over(town: Town, later: int, lapsed: int) -> None:
    town.grant(town.clerk, last_day=TODAY + days(5))
    town.ask(town.clerk, last_day=TODAY + days(5))
    assert staff.lapse_due(at=at(TODAY + days(later)))["失効した権限"] == lapsed


def test_the_first_administrators_are_two_and_the_door_closes_behind_them(town: Town) -> None:
    with pytest.raises(Forbidden, match="すでにいます"):
        staff.appoint_first_administrators(town.clerk, second_id=town.worker, office="HQ", at=NOW)
    for account, other in ((town.admin, "管理　二郎"), (town.second_admin, "管理　一郎")):
        (grant,) = staff.grants_of(account)
        assert (grant.role, grant.confirmed_by) == ("rights", other)


def test_the_first_administrators_differ_and_work(town: Town) -> None:
    april = YEAR_END + days(1)
    third = hire("A003", name="管理　三郎", office="HQ", usable_from=april, expires_on=date(2028, 3, 31))
    fourth = hire("A004", name="管理　四郎", office="HQ", usable_from=april, expires_on=date(2028, 3, 31))
    with pytest.raises(SamePerson):
        staff.appoint_first_administrators(third, second_id=third, office="HQ", at=at(april))
    with pytest.raises(Refused, match="使えるアカウントがありません"):
        staff.appoint_first_administrators(third, second_id=town.admin, office="HQ", at=at(april))
    staff.appoint_first_administrators(third, second_id=fourth, office="HQ", at=at(april))
    assert staff.rights_of(third, on=april).may(Function.RIGHTS, level=Level.UPDATE)


def test_roles_of_the_day(town: Town) -> None:
    codes = dict(staff.roles_on(TODAY))
    assert codes["counter"] == "窓口担当"
    assert staff.roles_on(date(2019, 1, 1)) == []
    assert staff.find_grant(0) is None
