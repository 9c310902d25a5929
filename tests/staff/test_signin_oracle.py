"""Sign-in by chance: sessions, failures and idle time compared with a plain model of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from tests.staff.town import NOW, TODAY, Town, rows

POLICY = staff.sign_in_policy(TODAY)
IDLE = timedelta(minutes=POLICY.idle_minutes)
LONGEST = timedelta(hours=POLICY.absolute_hours)


@dataclass
class Model:
    """What the rules say of one account: its open session (key, begun, seen), failures, and whether it is locked."""

    session: tuple[str, datetime, datetime] | None = None
    failures: int = 0
    locked: bool = False
    used: set[str] = field(default_factory=set)

    def live(self, now: datetime) -> bool:
        if self.session is None or self.locked:
            return False
        _, begun, seen = self.session
        return now < begun + LONGEST and now < seen + IDLE

    def fail(self) -> bool:
        if not self.locked:
            self.failures += 1
            self.locked = self.failures >= POLICY.failures_before_lock
        return self.locked

    def succeed(self, key: str, *, now: datetime) -> bool:
        if self.locked or self.live(now):
            return False
        self.session, self.failures = (key, now, now), 0
        return True

    def see(self, key: str, *, now: datetime) -> bool:
        if self.session is None or self.session[0] != key or not self.live(now):
            if self.session is not None and self.session[0] == key:
                self.session = None
            return False
        self.session = (key, self.session[1], now)
        return True

    def leave(self, key: str) -> None:
        if self.session is not None and self.session[0] == key:
            self.session = None


steps_by_chance = st.lists(
    st.tuples(
        st.sampled_from(["fail", "succeed", "see", "see", "leave"]),
        st.sampled_from([1, POLICY.idle_minutes - 1, POLICY.idle_minutes, 60 * POLICY.absolute_hours]),
    ),
    max_size=25,
)


class Undo(Exception):
    """Takes an example's rows away again."""


@pytest.mark.requirement("YOK-167", "TKY-140", "SPR-185")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps_by_chance)
def test_sessions_and_failures_go_as_the_rules_say(town: Town, steps: list[tuple[str, int]]) -> None:
    with pytest.raises(Undo), transaction.atomic():
        _follow(town.clerk, steps=steps)
        raise Undo


def _follow(account: int, *, steps: list[tuple[str, int]]) -> None:
    model, now, keys = Model(), NOW, ["k0"]
    for number, (step, minutes) in enumerate(steps):
        if (now + timedelta(minutes=minutes)).date() != NOW.date():
            break
        now += timedelta(minutes=minutes)
        if step == "fail":
            assert staff.record_failure("C001", at=now) is model.fail()
        elif step == "succeed":
            keys.append(f"k{number + 1}")
            assert _signs_in(account, key=keys[-1], now=now) is model.succeed(keys[-1], now=now)
        elif step == "see":
            seen = staff.see_session(keys[-1], at=now)
            assert (seen is not None) is model.see(keys[-1], now=now)
        else:
            staff.end_session(keys[-1], at=now)
            model.leave(keys[-1])
        _is_as_modelled(account, model=model)


def _signs_in(account: int, *, key: str, now: datetime) -> bool:
    try:
        staff.record_success(account, session_key=key, terminal_id=None, at=now)
    except Refused:
        return False
    return True


def _is_as_modelled(account: int, *, model: Model) -> None:
    ((state, failures),) = rows("SELECT state, failed_count FROM staff_account WHERE id = %s", [account])
    assert (state == "locked", failures) == (model.locked, model.failures)
    ((open_sessions,),) = rows(
        "SELECT count(*) FROM staff_session WHERE account_id = %s AND ended_at IS NULL", [account]
    )
    assert open_sessions <= 1
    if model.locked:
        assert open_sessions == 0
