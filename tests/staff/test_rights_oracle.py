"""Rights worked out a second time, in plain Python over lists, and compared for towns made by chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.years import first_march_31_from
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level, Scheme
from kyufu.staff.roles import read_roles
from tests.staff.town import PASSWORD, SETTER, Town, at, rows

START = date(2026, 4, 1)
SPAN = 400
OFFICES = 6
ROLES = ("counter", "approver", "head", "auditor")
days_in_span = st.integers(0, SPAN).map(lambda number: START + timedelta(days=number))


@dataclass(frozen=True)
class GrantMade:
    """A grant as it was asked for and, perhaps, confirmed."""

    role: str
    office: int
    scheme: Scheme
    first: date
    last: date
    confirmed: bool


@dataclass(frozen=True)
class Made:
    """An office tree (the parent of each, by number), what one account was granted, and how the account stands."""

    parents: tuple[int | None, ...]
    closed_from: tuple[date | None, ...]
    grants: tuple[GrantMade, ...]
    last_used: date
    expires: date
    leaves: date | None


@st.composite
def trees(draw: st.DrawFn) -> tuple[int | None, ...]:
    """A tree: every office lies below one that was made before it, or at the top."""
    return (None, *(draw(st.sampled_from([None, *range(number)])) for number in range(1, OFFICES)))


@st.composite
def grants(draw: st.DrawFn) -> GrantMade:
    """A grant within one fiscal year."""
    first = draw(days_in_span)
    last = min(first + timedelta(days=draw(st.integers(0, 90))), first_march_31_from(first))
    return GrantMade(
        draw(st.sampled_from(ROLES)), draw(st.integers(0, OFFICES - 1)), draw(st.sampled_from(list(Scheme))),
        first, last, draw(st.booleans()),
    )  # fmt: skip


made = st.builds(
    Made,
    parents=trees(),
    closed_from=st.tuples(*[st.none() | days_in_span] * OFFICES),
    grants=st.lists(grants(), max_size=4).map(tuple),
    last_used=days_in_span,
    expires=st.integers(30, 364).map(lambda number: START + timedelta(days=number)),
    leaves=st.none() | days_in_span,
)


def is_open(one: Made, *, office: int, on: date) -> bool:
    closed = one.closed_from[office]
    return closed is None or on < max(closed, START + timedelta(days=1))


def reached(one: Made, *, office: int, on: date) -> set[int]:
    """The office and those below it, going down through offices that exist on the day."""
    if not is_open(one, office=office, on=on):
        return set()
    below = [number for number, parent in enumerate(one.parents) if parent == office]
    return {office}.union(*(reached(one, office=number, on=on) for number in below))


def works(one: Made, *, on: date) -> bool:
    unused = timedelta(days=staff.sign_in_policy(on).unused_account_days)
    return (
        START <= on <= one.expires
        and (one.leaves is None or on < one.leaves)
        and on < max(one.last_used, START) + unused
        and is_open(one, office=0, on=on)
    )


def expected(one: Made, *, on: date) -> set[tuple[Function, Level, Scheme, str]]:
    """Every right that the account should hold on the day, by the words of the issue."""
    if not works(one, on=on):
        return set()
    opened = {entry.code: entry.rights for entry in read_roles()}
    return {
        (function, level, grant.scheme, f"O{office}")
        for grant in one.grants
        if grant.confirmed and grant.first <= on <= grant.last
        for function, level in opened[grant.role]
        for office in reached(one, office=grant.office, on=on)
    }


def make(one: Made, *, town: Town) -> int:
    """Bring the town into the database as the operations would; returns the account."""
    for number, parent in enumerate(one.parents):
        staff.add_office(
            code=f"O{number}", name=f"所属{number}", kind=staff.OfficeKind.HEAD, valid_from=START,
            parent="" if parent is None else f"O{parent}",
        )  # fmt: skip
    account = staff.add_account(
        staff_no="Z001", personnel_no="PZ001", name="見本　零子", kana="ミホン", kind=staff.AccountKind.EMPLOYEE,
        office="O0", usable_from=START, expires_on=one.expires, password=PASSWORD, by=SETTER, at=at(START), why="申請",
    )  # fmt: skip
    for grant in one.grants:
        asked = staff.ask_for_grant(
            account, role=grant.role, office=f"O{grant.office}", scheme=grant.scheme, valid_from=grant.first,
            last_day=grant.last, by=SETTER, at=at(START), why="試験",
        )  # fmt: skip
        if grant.confirmed:
            staff.confirm_grant(asked, rights=town.rights(town.admin), at=at(START))
    for number, closed in enumerate(one.closed_from):
        if closed is not None:
            staff.close_office(f"O{number}", from_day=max(closed, START + timedelta(days=1)))
    rows(
        "UPDATE staff_account SET last_used_on = %s, leaves_on = %s WHERE id = %s",
        [one.last_used, one.leaves, account],
    )
    return account


def held(account: int, *, on: date) -> set[tuple[Function, Level, Scheme, str]]:
    rights = staff.rights_of(account, on=on)
    return {(one.function, one.level, one.scheme, one.office) for one in rights.held}


def edges(one: Made) -> list[date]:
    """The days at which something changes, each with the days beside it."""
    turning = [one.expires, *(grant.first for grant in one.grants), *(grant.last for grant in one.grants)]
    turning += [day for day in (one.leaves, *one.closed_from) if day is not None]
    turning.append(one.last_used + timedelta(days=staff.sign_in_policy(START).unused_account_days))
    return sorted({day + timedelta(days=near) for day in turning for near in (-1, 0, 1)})


class Undo(Exception):
    """Takes an example's rows away again."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=made)
def test_rights_are_what_plain_python_says_on_every_day_something_changes(town: Town, one: Made) -> None:
    with pytest.raises(Undo), transaction.atomic():
        account = make(one, town=town)
        for day in edges(one):
            if day >= START:
                assert held(account, on=day) == expected(one, on=day), day
        raise Undo


def test_the_oracle_tells_one_town_from_another() -> None:
    grant = GrantMade("counter", 1, Scheme.CHILD, START, START, confirmed=True)
    one = Made((None, 0, 1, None, 3, 1), (None,) * 6, (grant,), START, START + timedelta(days=99), None)
    assert {office for _, _, _, office in expected(one, on=START)} == {"O1", "O2", "O5"}
    assert expected(one, on=START + timedelta(days=1)) == set()
    assert expected(replace(one, leaves=START), on=START) == set()
    assert expected(replace(one, grants=(replace(grant, confirmed=False),)), on=START) == set()
    closed = replace(one, closed_from=(None, None, START + timedelta(days=1), None, None, None))
    assert {office for _, _, _, office in expected(closed, on=START)} == {"O1", "O2", "O5"}
