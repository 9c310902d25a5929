"""Each role against each function, level and office: the table that a municipality would approve, written out again."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from kyufu.staff import api as staff
from kyufu.staff.api import AccountKind, Function, Level, Scheme
from tests.staff.town import NOW, TODAY, Town, days, hire, rows

# R: 参照のみ可, U: 更新・参照可, a dot: 更新・参照不可; in the order of COLUMNS.
COLUMNS = (
    Function.PERSON, Function.CASE, Function.APPROVAL, Function.CERTIFICATE, Function.PRINT, Function.FEED,
    Function.NUMBER, Function.NUMBER_DISPLAY, Function.PROTECTED, Function.RIGHTS, Function.AUDIT,
    Function.DISCLOSURE, Function.KEYS, Function.OPERATIONS, Function.PARAMETERS, Function.DELIVERY,
)  # fmt: skip
MATRIX = {
    "counter":    "R U . U U . . . . . . . . . . .",
    "approver":   "R R U R R . . . . . . . . . . .",
    "head":       "R U . U U U . . . . . . . . U U",
    "number":     "R . . . . . U R . . . . . . . .",
    "protection": "R . . . . . . . U . . . . . . .",
    "operations": ". . . . . U . . . . . . U U U R",
    "rights":     ". . . . . . . . . U . . . . . .",
    "auditor":    ". . . . . . . . . R U U . . R .",
    "contractor": "R U . . . . . . . . . . . . . .",
}  # fmt: skip
LEVELS = {".": Level.NONE, "R": Level.READ, "U": Level.UPDATE}


def level_of(role: str, *, function: Function) -> Level:
    return LEVELS[MATRIX[role].split()[COLUMNS.index(function)]]


def test_the_matrix_is_whole() -> None:
    assert set(COLUMNS) == set(Function)
    assert set(MATRIX) == {entry.code for entry in staff.read_roles()}
    assert all(len(line.split()) == len(COLUMNS) for line in MATRIX.values())


@pytest.mark.requirement("TKY-149", "YOK-168", "KWS-168", "ATG-215")
@pytest.mark.parametrize("role", MATRIX)
def test_a_role_opens_its_line_of_the_matrix_at_its_offices_in_its_scheme(town: Town, role: str) -> None:
    kind = AccountKind.CONTRACTOR if role == "contractor" else AccountKind.EMPLOYEE
    holder = hire("M001", name="見本　十郎", office="CON" if role == "contractor" else "TSU", kind=kind)
    town.grant(holder, role=role, office="TSU", scheme=Scheme.SELFSUPPORT)
    rights = town.rights(holder)
    for function, asked, office, scheme in product(
        Function, (Level.READ, Level.UPDATE), ("TSU", "TSU1", "KAN", "HQ", None), Scheme
    ):
        within = office in ("TSU", "TSU1", None) and scheme in (Scheme.SELFSUPPORT, Scheme.COMMON)
        wanted = within and level_of(role, function=function) >= asked
        assert rights.may(function, level=asked, office=office, scheme=scheme) is wanted, (
            function,
            office,
            scheme,
        )


def test_two_roles_add_up_and_do_not_mix_their_scopes(town: Town) -> None:
    town.grant(town.clerk, role="counter", office="TSU", scheme=Scheme.CHILD)
    town.grant(town.clerk, role="approver", office="KAN", scheme=Scheme.KOKUHO)
    rights = town.rights(town.clerk)
    asked = {
        (function, office, scheme): rights.may(function, level=Level.UPDATE, office=office, scheme=scheme)
        for function in (Function.CASE, Function.APPROVAL)
        for office in ("TSU", "KAN")
        for scheme in (Scheme.CHILD, Scheme.KOKUHO)
    }
    assert {key for key, may in asked.items() if may} == {
        (Function.CASE, "TSU", Scheme.CHILD), (Function.APPROVAL, "KAN", Scheme.KOKUHO),
    }  # fmt: skip


@pytest.mark.parametrize(("on", "level"), [(date(2026, 7, 31), Level.READ), (date(2026, 8, 1), Level.UPDATE)])
def test_a_new_version_of_a_role_holds_from_its_day(town: Town, on: date, level: Level) -> None:
    town.grant(town.clerk, role="approver")
    rows(
        "UPDATE staff_role_right SET valid = daterange(lower(valid), '2026-08-01') "
        "WHERE function = 'case' AND role_id = (SELECT id FROM staff_role WHERE code = 'approver')"
    )
    rows(
        "INSERT INTO staff_role_right (role_id, function, level, valid) "
        "SELECT id, 'case', 2, daterange('2026-08-01', NULL) FROM staff_role WHERE code = 'approver'"
    )
    rights = town.rights(town.clerk, on=on)
    (right,) = [one for one in rights.held if one.function == Function.CASE and one.office == "TSU"]
    assert right.level == level


@pytest.mark.requirement("YOK-168", "SPR-182")
def test_a_right_that_ended_this_morning_is_gone_this_morning(town: Town) -> None:
    grant = town.grant(town.clerk, valid_from=TODAY - days(30))
    before = town.rights(town.clerk)
    staff.end_grant(grant, rights=town.rights(town.admin), at=NOW, why="事務分担の変更")
    assert before.may(Function.CASE, level=Level.UPDATE)
    assert not town.rights(town.clerk).may(Function.CASE, level=Level.READ)


def test_the_levels_are_ordered_and_named() -> None:
    assert Level.NONE < Level.READ < Level.UPDATE
    assert [staff.LEVEL_NAMES[level] for level in sorted(Level)] == [
        "更新・参照不可", "参照のみ可", "更新・参照可",
    ]  # fmt: skip
    assert set(staff.FUNCTION_NAMES) == set(Function)
    assert set(staff.SCHEME_NAMES) == set(Scheme)
    assert len(set(staff.FUNCTION_NAMES.values())) == len(Function)
