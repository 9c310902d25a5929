"""The state machines, by chance: what the operations allow is what the tables of transitions say, and is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.errors import Refused
from kyufu.platform.transitions import Machine
from kyufu.staff import api as staff
from kyufu.staff.states import ACCOUNT_PAIRS, ACCOUNTS, GRANT_PAIRS, GRANTS, PROPOSAL_PAIRS, PROPOSALS
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, days, hire, rows

by_chance = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def history(table: str, subject: int) -> list[tuple[str | None, str]]:
    return [
        (row[0], row[1])
        for row in rows(
            f"SELECT from_state, to_state FROM {table} WHERE subject_id = %s ORDER BY id", [subject]
        )
    ]


def is_chain(steps: list[tuple[str | None, str]], *, state: str) -> bool:
    """Does the history begin once, go on without a gap, and end in the state?"""
    befores = [before for before, _ in steps]
    return befores == [None, *(after for _, after in steps[:-1])] and steps[-1][1] == state


FROM = {
    "lock": {"active"}, "unlock": {"locked"}, "renew": {"active"}, "end": {"active", "locked"},
    "confirm": {"asked"}, "refuse": {"asked"}, "revoke": {"confirmed"}, "lapse": {"asked", "confirmed"},
}  # fmt: skip
NUMBERS = iter(range(10_000, 99_999))


@by_chance
@given(steps=st.lists(st.sampled_from(["lock", "unlock", "renew", "end"]), max_size=8))
def test_accounts_take_the_steps_of_their_table_and_no_others(town: Town, steps: list[str]) -> None:
    number = next(NUMBERS)
    account = hire(f"H{number}", name="見本　七郎")
    rights = town.rights(town.admin)
    calls: dict[str, tuple[str, Callable[[], None]]] = {
        "lock": ("locked", lambda: staff.lock_account(account, rights=rights, at=NOW, why="試験")),
        "unlock": ("active", lambda: staff.unlock_account(account, rights=rights, at=NOW, why="試験")),
        "renew": ("active", lambda: staff.renew_account(account, expires_on=YEAR_END, rights=rights, at=NOW)),
        "end": ("ended", lambda: staff.end_account(account, rights=rights, at=NOW, why="試験")),
    }
    state = "active"
    for name in steps:
        to, call = calls[name]
        if state in FROM[name]:
            assert ACCOUNTS.allows(from_state=state, to_state=to)
            call()
            state = to
        else:
            with pytest.raises(Refused, match="いまの状態では"):
                call()
    assert rows("SELECT state FROM staff_account WHERE id = %s", [account]) == [(state,)]
    assert is_chain(history("staff_account_transition", account), state=state)
    assert bool(staff.rights_of(account, on=TODAY).office_code) is (state != "ended")


@by_chance
@given(steps=st.lists(st.sampled_from(["confirm", "refuse", "revoke", "lapse"]), max_size=6))
def test_grants_take_the_steps_of_their_table_and_no_others(town: Town, steps: list[str]) -> None:
    holder = hire(f"G{next(NUMBERS)}", name="見本　八郎")
    grant = town.ask(holder, valid_from=TODAY - days(3), last_day=TODAY + days(3))
    rights = town.rights(town.second_admin)
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "confirm": ("confirmed", lambda: staff.confirm_grant(grant, rights=rights, at=NOW)),
        "refuse": ("refused", lambda: staff.refuse_grant(grant, rights=rights, at=NOW, why="試験")),
        "revoke": ("ended", lambda: staff.end_grant(grant, rights=rights, at=NOW, why="試験")),
        "lapse": ("lapsed", lambda: staff.lapse_due(at=at(TODAY + days(4)))),
    }
    state = "asked"
    for name in steps:
        to, call = calls[name]
        allowed = state in FROM[name]
        assert GRANTS.allows(from_state=state, to_state=to) or not allowed
        if allowed or name == "lapse":
            call()
            state = to if allowed else state
        else:
            with pytest.raises(Refused):
                call()
    assert rows("SELECT state FROM staff_grant WHERE id = %s", [grant]) == [(state,)]
    assert is_chain(history("staff_grant_transition", grant), state=state)
    held = staff.rights_of(holder, on=TODAY).may(staff.Function.CASE, level=staff.Level.UPDATE)
    assert held is (state == "confirmed")


@pytest.mark.parametrize("machine", [ACCOUNTS, GRANTS, PROPOSALS], ids=lambda machine: machine.subject_table)
def test_every_state_is_named_and_reached(machine: Machine) -> None:
    names = {
        "staff_account": staff.ACCOUNT_STATE_NAMES,
        "staff_grant": staff.GRANT_STATE_NAMES,
        "staff_proposal": staff.PROPOSAL_STATE_NAMES,
    }[machine.subject_table]
    reached = set(machine.start)
    for _ in machine.pairs:
        reached |= {after for state in reached for after in machine.pairs[state]}
    assert reached == set(machine.pairs) == set(map(str, names))


def test_what_has_come_to_an_end_stays_there() -> None:
    for pairs, last in (
        (ACCOUNT_PAIRS, {"ended"}),
        (GRANT_PAIRS, {"refused", "ended", "lapsed"}),
        (PROPOSAL_PAIRS, {"used", "refused", "withdrawn", "lapsed"}),
    ):
        assert {str(state) for state, after in pairs.items() if not after} == last  # type: ignore[attr-defined]
