"""Offices, terminals, roles and the rules of sign-in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kyufu.platform.errors import BadInput, Refused
from kyufu.staff import api as staff
from kyufu.staff import policy, roles
from kyufu.staff.api import CLOSED_TO_CONTRACTORS, Function, Level, OfficeKind
from kyufu.staff.policy import PolicyError
from tests.staff.town import TODAY, Town, days, rows

PRINT = "ab" * 32


def terminal(name: str, *, network: str | None = None, fingerprint: str | None = None) -> int:
    return staff.register_terminal(
        name=name, office="TSU", valid_from=TODAY, network=network, fingerprint=fingerprint
    )


def found(address: str, *, fingerprint: str = "", on: date = TODAY) -> str | None:
    seen = staff.terminal_of(address=address, fingerprint=fingerprint, on=on)
    return None if seen is None else seen.name


def test_offices_keep_their_place(town: Town) -> None:
    for change in (
        "parent_id = NULL",
        "code = 'ZZZ'",
        "ward_code = '141099'",
        "valid = daterange('2019-01-01', NULL)",
    ):
        with pytest.raises(DatabaseError, match="keeps its place"), transaction.atomic():
            rows(f"UPDATE staff_office SET {change} WHERE code = 'TSU1'")


@pytest.mark.parametrize(
    ("office", "message"),
    [
        ({"code": "TSU"}, "登録できません"),
        ({"code": ""}, "登録できません"),
        ({"parent": "NONE"}, "その日にはありません"),
        ({"kind": OfficeKind.WARD}, "区の団体コード"),
        ({"ward_code": "141011"}, "区の団体コード"),
    ],
)
def test_offices_that_cannot_be(town: Town, office: dict[str, Any], message: str) -> None:
    proper = {"code": "NEW", "name": "新しい課", "kind": OfficeKind.HEAD, "parent": "HQ", "valid_from": TODAY}
    with pytest.raises(Refused, match=message):
        staff.add_office(**proper | office)


@pytest.mark.requirement("KWS-174")
def test_an_office_ends_on_its_day(town: Town) -> None:
    staff.close_office("KAN", from_day=TODAY)
    assert "KAN" in {office.code for office in staff.list_offices(on=TODAY - days(1))}
    assert "KAN" not in {office.code for office in staff.list_offices(on=TODAY)}
    with pytest.raises(Refused, match="その日にはありません"):
        staff.close_office("KAN", from_day=TODAY)
    with pytest.raises(Refused, match="始まる前"):
        staff.close_office("TSU", from_day=date(2020, 4, 1))


def test_a_terminal_is_known_by_its_network_or_its_certificate(town: Town) -> None:
    terminal("区の網", network="192.0.2.0/24")
    terminal("窓口１", network="192.0.2.7/32")
    terminal("持ち出し１", fingerprint=PRINT.upper())
    assert found("192.0.2.8") == "区の網"
    assert found("192.0.2.7") == "窓口１"
    assert found("198.51.100.1") is None
    assert found("198.51.100.1", fingerprint=PRINT) == "持ち出し１"
    assert found("192.0.2.7", fingerprint=PRINT) == "持ち出し１"
    assert found("", fingerprint="") is None
    assert found("192.0.2.8", on=TODAY - days(1)) is None


def test_a_terminal_is_taken_out_of_use_on_its_day(town: Town) -> None:
    terminal("窓口１", network="192.0.2.7/32")
    staff.close_terminal("窓口１", from_day=TODAY + days(2))
    assert found("192.0.2.7", on=TODAY + days(1)) == "窓口１"
    assert found("192.0.2.7", on=TODAY + days(2)) is None
    assert [one.name for one in staff.list_terminals(on=TODAY + days(1))] == ["窓口１"]
    assert staff.list_terminals(on=TODAY + days(2)) == []
    for name in ("窓口１", "ない端末"):
        with pytest.raises(Refused, match="使用中ではありません"):
            staff.close_terminal(name, from_day=TODAY + days(3))


@pytest.mark.parametrize(
    ("network", "fingerprint", "error", "message"),
    [
        (None, None, BadInput, "印がありません"),
        ("192.0.2.0/24", PRINT, BadInput, "印がありません"),
        ("192.0.2.300", None, BadInput, "書き方"),
        ("192.0.2.7/24", None, BadInput, "書き方"),
        (None, "xy" * 32, BadInput, "16 進数"),
        (None, "ab", BadInput, "16 進数"),
        ("0.0.0.0/0", None, Refused, "広すぎ"),
        ("10.0.0.0/15", None, Refused, "広すぎ"),
        ("::/0", None, Refused, "広すぎ"),
    ],
)
def test_a_mark_that_names_no_terminal_is_refused(
    town: Town, network: str | None, fingerprint: str | None, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        terminal("窓口９", network=network, fingerprint=fingerprint)


def test_a_terminal_has_its_own_name_and_one_mark(town: Town) -> None:
    terminal("窓口１", network="10.1.0.0/16")
    with pytest.raises(Refused, match="登録済み"):
        terminal("窓口１", network="10.2.0.0/16")
    with pytest.raises(IntegrityError, match="staff_terminal_one_mark"), transaction.atomic():
        rows("UPDATE staff_terminal SET fingerprint = %s", [PRINT])


@pytest.mark.requirement("KWS-170", "YOK-170")
def test_the_roles_are_in_the_tables_and_a_second_time_changes_nothing(town: Town) -> None:
    kept = rows("SELECT * FROM staff_role_right ORDER BY id")
    staff.seed_roles()
    assert rows("SELECT * FROM staff_role_right ORDER BY id") == kept
    assert len(kept) == sum(len(entry.rights) for entry in staff.read_roles())


def test_a_table_that_was_changed_by_hand_is_put_right(town: Town) -> None:
    wanted = rows("SELECT role_id, function, level FROM staff_role_right ORDER BY 1, 2")
    rows("UPDATE staff_role SET name = '別名' WHERE code = 'counter'")
    rows("UPDATE staff_role_right SET level = 2 WHERE level = 1")
    rows("DELETE FROM staff_role_right WHERE function = 'audit'")
    rows(
        "INSERT INTO staff_role_right (role_id, function, level, valid) "
        "SELECT id, 'keys', 2, daterange('2020-04-01', NULL) FROM staff_role WHERE code = 'counter'"
    )
    staff.seed_roles()
    assert rows("SELECT role_id, function, level FROM staff_role_right ORDER BY 1, 2") == wanted
    assert rows("SELECT name FROM staff_role WHERE code = 'counter'") == [("窓口担当",)]


def test_the_roles_of_the_file() -> None:
    entries = {entry.code: entry for entry in staff.read_roles()}
    assert {function for function, _ in entries["contractor"].rights}.isdisjoint(CLOSED_TO_CONTRACTORS)
    granted = {function for entry in entries.values() for function, _ in entry.rights}
    assert granted == set(Function)
    assert all(entry.source and entry.certainty == "assumed" for entry in entries.values())
    holders = [code for code, entry in entries.items() if Function.RIGHTS in dict(entry.rights)]
    assert [code for code in holders if dict(entries[code].rights)[Function.RIGHTS] == Level.UPDATE] == [
        "rights"
    ]


ROLE = '[[role]]\ncode = "a"\nname = "甲"\nsource = "試験"\ncertainty = "assumed"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'{ROLE}from = 2026-04-01\nrights = {{ nothing = "read" }}\n', "機能か区分"),
        (f'{ROLE}from = 2026-04-01\nrights = {{ case = "all" }}\n', "機能か区分"),
        (
            f"{ROLE}from = 2026-04-01\nrights = {{}}\n{ROLE}from = 2027-04-01\nrights = {{}}\n",
            "重なっています",
        ),
        (
            f"{ROLE}from = 2026-04-01\nto = 2027-05-01\nrights = {{}}\n{ROLE}from = 2027-04-01\nrights = {{}}\n",
            "重なっています",
        ),
    ],
)
def test_a_file_of_roles_that_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        roles.read_roles(path)


def test_versions_of_a_role_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(
        f'{ROLE}from = 2026-04-01\nto = 2027-04-01\nrights = {{ case = "read" }}\n'
        f'{ROLE}from = 2027-04-01\nrights = {{ case = "update" }}\n',
        encoding="utf-8",
    )
    assert [entry.rights for entry in roles.read_roles(path)] == [
        ((Function.CASE, Level.READ),),
        ((Function.CASE, Level.UPDATE),),
    ]


def test_the_rules_of_a_day() -> None:
    assert staff.sign_in_policy(date(2024, 2, 29)).password_max_age_days == 90
    assert staff.sign_in_policy(date(2024, 3, 1)).password_max_age_days == 365
    with pytest.raises(PolicyError, match="値がありません"):
        staff.sign_in_policy(date(2020, 3, 31))


def test_every_rule_says_where_it_comes_from() -> None:
    for rule in staff.policy_rules():
        assert rule.label
        assert ("評価書" in rule.source) or rule.certainty == "assumed"
        if "本システムの決定" in rule.source:
            assert rule.certainty == "assumed"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('name = "idle_minutes"', 'name = "idle_hours"'), "過不足"),
        (("value = 15", "value = 0"), "1 以上"),
        (("value = 15", 'value = "15"'), "1 以上"),
        (("to = 2024-03-01", "to = 2024-02-01"), "重なりか空き"),
        (("to = 2024-03-01", "to = 2024-04-01"), "重なりか空き"),
        (('source = "評価書に値がない。本システムの決定"', 'source = " "'), "出典"),
    ],
)
def test_a_file_of_rules_that_is_wrong(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = policy.FILE.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "policy.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        policy.read_rules(path)
