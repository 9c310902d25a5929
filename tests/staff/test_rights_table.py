"""The rights table: what is in force, printed and compared with an approved print."""

from __future__ import annotations

import csv
import io

import pytest

from kyufu.platform.errors import BadInput
from kyufu.staff import api as staff
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, days, rows


def compare(text: str) -> staff.Differences:
    return staff.compare_rights_table(text, source="対応表.csv", on=TODAY)


@pytest.mark.requirement("YOK-183", "KWS-172", "ATG-220", "TKY-147", "TKY-203")
def test_the_table_holds_every_right_in_force_in_a_clerks_words(town: Town) -> None:
    town.grant(town.clerk)
    table = staff.rights_table(TODAY)
    assert [row.function for row in table if row.staff_no == "C001"] == [
        "申請・届出の処理", "医療証の交付・回収", "宛名・住民の照会", "帳票の印刷",
    ]  # fmt: skip
    (case,) = [row for row in table if row.staff_no == "C001" and row.function == "申請・届出の処理"]
    assert case == (
        "C001", "見本　花子", "職員", "鶴見区保険年金課", "窓口担当", "小児医療費助成", "鶴見区保険年金課",
        "申請・届出の処理", "更新・参照可", "2026-07-06", "2027-03-31",
    )  # fmt: skip


def test_what_the_table_says_is_what_rights_say(town: Town) -> None:
    town.grant(town.clerk, office="HQ")
    town.grant(town.worker, role="contractor")
    held = {
        account.staff_no: {
            staff.FUNCTION_NAMES[one] for one in staff.rights_of(account.account_id, on=TODAY).functions()
        }
        for account in staff.list_accounts(on=TODAY, limit=99)
    }
    listed: dict[str, set[str]] = {number: set() for number in held}
    for row in staff.rights_table(TODAY):
        listed[row.staff_no].add(row.function)
    assert listed == held


def test_who_may_do_nothing_is_not_in_the_table(town: Town) -> None:
    town.grant(town.clerk, last_day=TODAY + days(1))
    town.ask(town.worker, role="contractor")
    assert {row.staff_no for row in staff.rights_table(TODAY)} == {"A001", "A002", "C001"}
    assert {row.staff_no for row in staff.rights_table(TODAY + days(2))} == {"A001", "A002"}
    staff.lock_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="試験")
    assert {row.staff_no for row in staff.rights_table(TODAY)} == {"A001", "A002"}
    assert staff.rights_table(YEAR_END + days(1)) == []


def test_the_print_can_be_read_back_and_nothing_differs(town: Town) -> None:
    town.grant(town.clerk)
    text = staff.export_rights_table(TODAY)
    lines = list(csv.reader(io.StringIO(text)))
    assert tuple(lines[0]) == staff.HEADINGS
    assert len(lines) == 1 + len(staff.rights_table(TODAY))
    assert compare(text).none


@pytest.mark.requirement("YOK-183", "KWS-172")
def test_a_difference_is_named_on_either_side(town: Town) -> None:
    grant = town.grant(town.clerk)
    text = staff.export_rights_table(TODAY)
    staff.end_grant(grant, rights=town.rights(town.admin), at=NOW, why="不要")
    town.grant(town.worker, role="contractor")
    found = compare(text)
    assert not found.none
    assert {row.staff_no for row in found.only_printed} == {"C001"}
    assert {(row.staff_no, row.function) for row in found.only_in_force} == {
        ("X001", "宛名・住民の照会"), ("X001", "申請・届出の処理"),
    }  # fmt: skip


def test_a_level_that_was_raised_by_hand_is_found(town: Town) -> None:
    text = staff.export_rights_table(TODAY)
    rows(
        "UPDATE staff_role_right SET level = 1 WHERE function = 'rights' "
        "AND role_id = (SELECT id FROM staff_role WHERE code = 'rights')"
    )
    found = compare(text)
    assert {row.level for row in found.only_printed} == {"更新・参照可"}
    assert {row.level for row in found.only_in_force} == {"参照のみ可"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1 行目"),
        ("a,b\n", "1 行目"),
        (",".join(staff.HEADINGS) + "\nC001,見本\n", "2 行目: 項目の数が 11"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_table_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as error:
        compare(text)
    assert "見本" not in str(error.value)


def test_the_register_of_accounts_goes_from_an_instant_on(town: Town) -> None:
    staff.lock_account(town.clerk, rights=town.rights(town.admin), at=at(TODAY, hour=12), why="試験")
    assert [one.to_state for one in staff.account_register(since=at(TODAY, hour=11))] == ["locked"]
    assert len(staff.account_register(since=at(TODAY - days(365)))) == 5
