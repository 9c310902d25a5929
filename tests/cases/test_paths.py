"""Random walks over real operations: whatever is tried in whatever order, no certificate rests on less than it must."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kyufu.cases import api as cases
from kyufu.platform.errors import KyufuError
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, CLERK, LATER, ON, Family, World, filing, quiet

STAFF = st.sampled_from([CLERK, APPROVER, LATER])
# A certificate whose decision nobody approved, whose approver judged, or whose facts had changed before its issue.
BAD_CERTIFICATES = """
    SELECT c.id FROM cases_certificate c
      LEFT JOIN cases_approval p ON p.decision_id = c.decision_id
      LEFT JOIN cases_decision d ON d.id = c.decision_id
     WHERE p.decision_id IS NULL OR d.outcome <> 'eligible' OR p.approved_by_id = d.judged_by_id
        OR NOT EXISTS (SELECT 1 FROM cases_identity_check i WHERE i.application_id = c.application_id)
        OR NOT c.valid <@ d.valid"""


class Walk(RuleBasedStateMachine):
    """Two children, three members of staff, and every operation in any order; each walk has new children."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.families = [self.world.family(), self.world.family(insured=False)]
        self.ids: list[int] = []
        self.fresh: dict[int, bool] = {}

    def attempt(self, operation: Any, *arguments: Any, **items: Any) -> bool:
        """Do it if it is allowed."""
        try:
            operation(*arguments, **items)
        except KyufuError:
            return False
        return True

    @rule(which=st.integers(0, 1), checked=st.booleans())
    def receive(self, which: int, checked: bool) -> None:
        self.receive_checked(self.families[which], checked=checked)

    def receive_checked(self, family: Family, *, checked: bool = True) -> None:
        """Hand in a new application, with or without an identity check."""
        paper = filing(family)
        try:
            row = cases.receive_application(
                paper if checked else paper._replace(identity=None), by=CLERK, at=AT
            )
        except KyufuError:
            return
        self.ids.append(row.application_id)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=STAFF)
    def judge(self, data: st.DataObject, by: cases.Actor) -> None:
        one = data.draw(st.sampled_from(self.ids))
        if self.attempt(cases.judge_application, one, municipality="yokohama", on=ON, by=by, at=AT):
            self.fresh[one] = True

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=STAFF)
    def approve(self, data: st.DataObject, by: cases.Actor) -> None:
        one = data.draw(st.sampled_from(self.ids))
        if self.attempt(cases.approve_application, one, by=by, at=AT):
            assert self.fresh[one]

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=STAFF)
    def issue(self, data: st.DataObject, by: cases.Actor) -> None:
        one = data.draw(st.sampled_from(self.ids))
        if self.attempt(cases.issue_application, one, municipality="yokohama", on=ON, by=by, at=AT):
            assert self.fresh[one]

    @rule(which=st.integers(0, 1))
    def carry_through(self, which: int) -> None:
        """The usual way, so that walks come to certificates often; other rules cut in before and after."""
        self.receive_checked(self.families[which])
        for one in self._of(self.families[which]):
            if self.attempt(cases.judge_application, one, municipality="yokohama", on=ON, by=CLERK, at=AT):
                self.fresh[one] = True
            for operation, items in (
                (cases.approve_application, {"by": APPROVER}),
                (cases.issue_application, {"by": LATER, "municipality": "yokohama", "on": ON}),
            ):
                if self.attempt(operation, one, at=AT, **items):
                    assert self.fresh[one]

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        self.attempt(cases.send_back, data.draw(st.sampled_from(self.ids)), by=APPROVER, at=AT, why="再確認")

    @rule(which=st.integers(0, 1), revision=st.integers(1, 90))
    def change_facts(self, which: int, revision: int) -> None:
        family = self.families[which]
        self.world.insure(family.number + 1, rirekibango=revision + 1, kigo=f"{revision}")
        for one in self._of(family):
            self.fresh[one] = False

    @rule(by=STAFF)
    def approve_all(self, by: cases.Actor) -> None:
        refused = {one.application_id for one in cases.approve_decided(by=by, at=AT, report=quiet).refused}
        stale = {one for one, fresh in self.fresh.items() if not fresh}
        assert refused >= {one for one in stale if self._state(one) == "judged"}

    def _of(self, family: Family) -> list[int]:
        rows = fetch("SELECT id FROM cases_application WHERE child_id = %s", family.child)
        return [row[0] for row in rows if row[0] in self.ids]

    def _state(self, application_id: int) -> str:
        return str(fetch("SELECT state FROM cases_application WHERE id = %s", application_id)[0][0])

    @invariant()
    def every_certificate_rests_on_an_approved_decision(self) -> None:
        assert fetch(BAD_CERTIFICATES) == []

    @invariant()
    def every_state_is_the_last_step_of_its_history(self) -> None:
        rows = fetch(
            """SELECT a.state, (SELECT t.to_state FROM cases_application_transition t
                                 WHERE t.subject_id = a.id ORDER BY t.id DESC LIMIT 1) FROM cases_application a"""
        )
        assert all(state == last for state, last in rows)


@pytest.mark.slow
@pytest.mark.requirement("YOK-022")
def test_no_path_reaches_issued_without_a_fresh_approved_decision(world: World) -> None:
    Walk.world = world
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_certificate")
        assert cursor.fetchone()[0] > 0, "the walks never issued anything: they prove nothing"
