"""One account for one person, for one fiscal year at the most; every step recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher
from django.db import DatabaseError, IntegrityError, transaction

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import AccountKind, Forbidden
from tests.staff.town import BEGUN, NOW, PASSWORD, SETTER, TODAY, YEAR_END, Town, at, days, hire, rows


def asked(**changed: Any) -> dict[str, Any]:
    return {
        "staff_no": "C100", "personnel_no": "P100", "name": "見本　次郎", "kana": "ミホン　ジロウ",
        "kind": AccountKind.EMPLOYEE, "office": "TSU", "usable_from": TODAY, "expires_on": YEAR_END,
        "password": PASSWORD, "by": SETTER, "at": NOW, "why": "申請第7号",
    } | changed  # fmt: skip


@pytest.mark.requirement("KWS-169", "TKY-145")
def test_an_account_is_made_from_an_application_and_recorded(town: Town) -> None:
    account = staff.add_account(**asked())
    seen = staff.find_account("C100", on=TODAY)
    assert seen is not None
    assert (seen.account_id, seen.office_code, seen.works, seen.state) == (account, "TSU", True, "active")
    (entry,) = [one for one in staff.account_register(since=NOW) if one.staff_no == "C100"]
    assert (entry.from_state, entry.to_state, entry.why, entry.by) == ("", "active", "申請第7号", SETTER)


def test_the_password_is_kept_as_an_argon2_hash_and_nowhere_else(town: Town) -> None:
    account = staff.add_account(**asked())
    ((kept,),) = rows("SELECT password FROM staff_account WHERE id = %s", [account])
    assert identify_hasher(kept).algorithm == "argon2"
    assert check_password(PASSWORD, kept)
    ((text,),) = rows(
        "SELECT string_agg(t::text, ' ') FROM (SELECT a::text AS t FROM staff_account a "
        "UNION ALL SELECT h::text FROM staff_password_history h "
        "UNION ALL SELECT s::text FROM staff_account_transition s) x"
    )
    assert PASSWORD not in text


@pytest.mark.parametrize(
    "name",
    [
        "",
        "　 ",
        "窓口",
        "窓口　担当",
        "共用",
        "国保係員",
        "鶴見区代表",
        "受付１番",
        "端末　A",
        "テスト　太郎",
        "見本2",
    ],
)
@pytest.mark.requirement("YOK-166", "KWS-165", "ATG-195")
def test_an_account_without_the_name_of_a_person_cannot_be_made(town: Town, name: str) -> None:
    with pytest.raises(Refused, match="個人の氏名ではありません"):
        staff.add_account(**asked(name=name))
    assert staff.find_account("C100", on=TODAY) is None


@pytest.mark.parametrize("name", ["見本　花子", "係長谷　真", "マリア　サンプル", "共立　一"])
def test_names_of_persons_are_taken(town: Town, name: str) -> None:
    assert staff.add_account(**asked(name=name)) > 0


@pytest.mark.requirement("YOK-166", "KWS-165")
@pytest.mark.parametrize("changed", [{"staff_no": "C001"}, {"personnel_no": "PC001"}])
def test_a_second_account_of_a_person_is_refused(town: Town, changed: dict[str, str]) -> None:
    with pytest.raises(Refused, match="すでにあるか"):
        staff.add_account(**asked(**changed))


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "  "), ("name", "端末3"), ("name", "端末３"), ("kana", ""), ("staff_no", "")],
)
def test_the_database_holds_the_identity_too(town: Town, column: str, value: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(f"UPDATE staff_account SET {column} = %s WHERE id = %s", [value, town.clerk])


def test_an_account_never_becomes_that_of_another_person(town: Town) -> None:
    for change in ("personnel_no = 'P777'", "staff_no = 'C777'", "kind = 'contractor'"):
        with pytest.raises(DatabaseError, match="stays the account of its person"), transaction.atomic():
            rows(f"UPDATE staff_account SET {change} WHERE id = %s", [town.clerk])
    with pytest.raises(DatabaseError, match="stays the account of its person"), transaction.atomic():
        rows("DELETE FROM staff_account WHERE id = %s", [town.clerk])


def test_who_was_ended_may_come_back_under_a_new_login_name(town: Town) -> None:
    staff.end_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="退職")
    again = staff.add_account(**asked(personnel_no="PC001"))
    assert again != town.clerk
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(
            "INSERT INTO staff_account_transition (subject_id, from_state, to_state, actor_id, actor_name, "
            "actor_office, at, why) VALUES (%s, 'ended', 'active', 'X', 'X', 'X', now(), '')",
            [town.clerk],
        )


@pytest.mark.parametrize(
    ("first", "last", "taken"),
    [
        (TODAY, YEAR_END, True),
        (TODAY, YEAR_END + days(1), False),
        (TODAY, TODAY, True),
        (TODAY, TODAY - days(1), False),
        (YEAR_END, YEAR_END, True),
        (YEAR_END + days(1), date(2028, 3, 31), True),
    ],
)
@pytest.mark.requirement("TKY-141", "TKY-142")
def test_a_term_ends_with_its_fiscal_year(town: Town, first: date, last: date, taken: bool) -> None:
    if taken:
        assert staff.add_account(**asked(usable_from=first, expires_on=last)) > 0
        return
    with pytest.raises(Refused, match="年度の末日"):
        staff.add_account(**asked(usable_from=first, expires_on=last))


def test_the_database_refuses_a_term_beyond_the_fiscal_year(town: Town) -> None:
    with pytest.raises(IntegrityError, match="staff_account_fiscal_year"), transaction.atomic():
        rows("UPDATE staff_account SET expires_on = %s WHERE id = %s", [YEAR_END + days(1), town.clerk])


@pytest.mark.parametrize(("kind", "office"), [(AccountKind.EMPLOYEE, "CON"), (AccountKind.CONTRACTOR, "TSU")])
def test_kind_and_office_fit(town: Town, kind: AccountKind, office: str) -> None:
    with pytest.raises(Refused, match="種別と所属"):
        staff.add_account(**asked(kind=kind, office=office))


def test_no_account_without_a_written_application(town: Town) -> None:
    with pytest.raises(Refused, match="理由がありません"):
        staff.add_account(**asked(kind=AccountKind.CONTRACTOR, office="CON", why=" "))


@pytest.mark.requirement("YOK-174", "TKY-185")
def test_renewal_opens_before_the_year_ends_and_lists_who_is_not_renewed(town: Town) -> None:
    opens = staff.sign_in_policy(TODAY).renewal_opens_days
    rights = town.rights(town.admin)
    next_year = date(2028, 3, 31)
    with pytest.raises(Refused, match="受付期間ではありません"):
        staff.renew_account(town.clerk, expires_on=next_year, rights=rights, at=at(YEAR_END - days(opens)))
    staff.renew_account(town.clerk, expires_on=next_year, rights=rights, at=at(YEAR_END - days(opens - 1)))
    with pytest.raises(Refused, match="年度の末日"):
        staff.renew_account(town.clerk, expires_on=next_year + days(1), rights=rights, at=at(YEAR_END))
    missing = staff.accounts_not_renewed(on=YEAR_END + days(1))
    assert [one.staff_no for one in missing] == ["A001", "A002", "X001"]
    assert staff.accounts_not_renewed(on=YEAR_END) == []


def test_a_renewal_within_the_year_and_one_for_a_leaver(town: Town) -> None:
    rights = town.rights(town.admin)
    staff.renew_account(town.clerk, expires_on=TODAY + days(3), rights=rights, at=NOW)
    seen = staff.find_account("C001", on=TODAY)
    assert seen is not None
    assert seen.expires_on == TODAY + days(3)
    rows("UPDATE staff_account SET leaves_on = %s WHERE id = %s", [TODAY + days(9), town.clerk])
    with pytest.raises(Refused, match="退職"):
        staff.renew_account(town.clerk, expires_on=TODAY + days(9), rights=rights, at=NOW)
    staff.renew_account(town.clerk, expires_on=TODAY + days(8), rights=rights, at=NOW)
    whys = [one.why for one in staff.account_register(since=NOW) if one.from_state == "active"]
    assert whys == [
        f"更新（{(TODAY + days(3)).isoformat()}まで）",
        f"更新（{(TODAY + days(8)).isoformat()}まで）",
    ]


@pytest.mark.requirement("TKY-144")
def test_an_account_that_is_misused_is_stopped_and_opened_again_by_others_only(town: Town) -> None:
    rights = town.rights(town.admin)
    staff.record_success(town.clerk, session_key="k1", terminal_id=None, at=NOW)
    staff.lock_account(town.clerk, rights=rights, at=NOW, why="不正利用の疑い")
    assert staff.see_session("k1", at=NOW) is None
    with pytest.raises(Refused, match="いまの状態では"):
        staff.lock_account(town.clerk, rights=rights, at=NOW, why="もう一度")
    staff.unlock_account(town.clerk, rights=rights, at=NOW, why="調べた結果、異状なし")
    staff.refuse_sign_in(town.clerk, on=TODAY)
    for step in (staff.lock_account, staff.unlock_account, staff.end_account):
        with pytest.raises(Refused, match="自分のアカウント"):
            step(town.admin, rights=rights, at=NOW, why="自分で")
        with pytest.raises(Forbidden):
            step(town.admin, rights=town.rights(town.clerk), at=NOW, why="権限なし")
        with pytest.raises(Refused, match="理由がありません"):
            step(town.clerk, rights=rights, at=NOW, why="")
        with pytest.raises(Refused, match="アカウントがありません"):
            step(0, rights=rights, at=NOW, why="いない人")


@pytest.mark.requirement("SPR-205")
def test_at_the_end_of_a_contract_all_accounts_of_the_contractor_close_at_once(town: Town) -> None:
    other = hire("X002", name="委託　四郎", office="CON", kind=AccountKind.CONTRACTOR)
    for worker in (town.worker, other):
        town.grant(worker, role="contractor")
    ended = staff.end_accounts_of_office("CON", rights=town.rights(town.admin), at=NOW, why="契約終了")
    assert ended == 2
    for worker in (town.worker, other):
        assert [grant.state for grant in staff.grants_of(worker)] == ["ended"]
        assert staff.rights_of(worker, on=TODAY).held == frozenset()
    assert staff.rights_of(town.clerk, on=TODAY).office_code == "TSU"


def test_what_time_has_done_is_recorded_once(town: Town) -> None:
    unused = staff.sign_in_policy(TODAY).unused_account_days
    hire("C200", name="見本　四郎", expires_on=TODAY)
    counts = staff.lapse_due(at=at(TODAY))
    assert set(counts.values()) == {0}
    assert staff.lapse_due(at=at(TODAY + days(1)))["停止したアカウント（期限切れ）"] == 1
    assert staff.lapse_due(at=at(TODAY + days(unused - 1)))["停止したアカウント（長期未使用）"] == 0
    assert staff.lapse_due(at=at(TODAY + days(unused)))["停止したアカウント（長期未使用）"] == 4
    assert set(staff.lapse_due(at=at(TODAY + days(unused))).values()) == {0}


def test_an_account_opened_again_is_not_unused_the_next_day(town: Town) -> None:
    rights = town.rights(town.admin)
    day = TODAY + days(staff.sign_in_policy(TODAY).unused_account_days)
    staff.lapse_due(at=at(day))
    staff.unlock_account(town.clerk, rights=rights, at=at(day), why="本人の申請")
    staff.refuse_sign_in(town.clerk, on=day)
    assert staff.find_account("C001", on=day + days(1)).works  # type: ignore[union-attr]


def test_lists_go_on_after_the_last_one(town: Town) -> None:
    first = staff.list_accounts(on=TODAY, limit=2)
    assert [one.staff_no for one in first] == ["A001", "A002"]
    rest = staff.list_accounts(on=TODAY, limit=2, after=first[-1].staff_no)
    assert [one.staff_no for one in rest] == ["C001", "X001"]
    assert staff.actor_of(town.clerk, on=BEGUN + days(60)).office == "鶴見区保険年金課"
    with pytest.raises(Refused):
        staff.actor_of(town.clerk, on=BEGUN - days(1))
