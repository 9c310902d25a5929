"""The whole life of cases in any order: reports, losses, re-issues, withdrawals and facts that change under way."""

from __future__ import annotations

from datetime import date
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
from tests.cases.life_checks import broken_rules
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, CHECK, CLERK, LATER, Family, World, certify, filing, quiet
from tests.evidence.files import PERIOD

STAFF = st.sampled_from([CLERK, APPROVER, LATER])
DAYS = st.sampled_from([date(2026, 8, 1), date(2026, 10, 15), date(2027, 2, 1)])
REPORTS = st.sampled_from(
    [(cases.Kind.CHANGE, item) for item in cases.ChangeItem]
    + [(cases.Kind.LOSS, cause) for cause in cases.LossCause]
    + [(cases.Kind.REISSUE, cause) for cause in cases.ReissueCause]
)
WHICH = st.integers(0, 1)
CITY = {"municipality": "yokohama"}


class Life(RuleBasedStateMachine):
    """Two children, one of them with a card, and every operation there is; the rules hold after each."""

    world: World
    done: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.families = [self.world.family(), self.world.family()]
        certify(self.families[0])
        self.revision = 0

    def attempt(self, operation: Any, *arguments: Any, **items: Any) -> bool:
        """Do it if it is allowed, and count it."""
        try:
            operation(*arguments, **items)
        except KyufuError:
            return False
        self.done[operation.__name__] = self.done.get(operation.__name__, 0) + 1
        return True

    def ids(self) -> list[int]:
        """The applications of this walk's children."""
        children = [family.child for family in self.families]
        return [
            row[0]
            for row in fetch(
                "SELECT id FROM cases_application WHERE child_id = ANY(%s) ORDER BY id", children
            )
        ]

    def numbers(self) -> list[str]:
        """The certificates of this walk's children."""
        children = [family.child for family in self.families]
        return [
            row[0] for row in fetch("SELECT number FROM cases_certificate WHERE child_id = ANY(%s)", children)
        ]

    @rule(which=WHICH, day=DAYS, checked=st.booleans())
    def apply(self, which: int, day: date, checked: bool) -> None:
        paper = filing(self.families[which], received_on=day, identity=CHECK if checked else None)
        self.attempt(cases.receive_application, paper, by=CLERK, at=AT)
        if not checked:
            self.complete_all(day)

    @rule(which=WHICH, what=REPORTS, day=DAYS, through=st.booleans())
    def report(self, which: int, what: tuple[cases.Kind, str], day: date, through: bool) -> None:
        kind, matter = what
        event_on = None if kind is cases.Kind.REISSUE else day
        paper = filing(self.families[which], kind=kind, matter=matter, event_on=event_on, received_on=day)
        if self.attempt(cases.receive_application, paper, by=CLERK, at=AT) and through:
            self.carry_on(self.ids()[-1], day=day)

    def carry_on(self, one: int, *, day: date) -> None:
        """The usual way of one application."""
        self.attempt(cases.judge_application, one, **CITY, on=day, by=CLERK, at=AT)
        self.attempt(cases.approve_application, one, by=APPROVER, at=AT)
        self.attempt(cases.issue_application, one, **CITY, on=day, by=LATER, at=AT)

    @precondition(lambda self: self.ids())
    @rule(data=st.data(), by=STAFF, day=DAYS)
    def deal_with_one(self, data: st.DataObject, by: cases.Actor, day: date) -> None:
        one = data.draw(st.sampled_from(self.ids()))
        operation = data.draw(st.sampled_from(["judge", "approve", "issue"]))
        match operation:
            case "judge":
                self.attempt(cases.judge_application, one, **CITY, on=day, by=by, at=AT)
            case "approve":
                self.attempt(cases.approve_application, one, by=by, at=AT)
            case _:
                self.attempt(cases.issue_application, one, **CITY, on=day, by=by, at=AT)

    @precondition(lambda self: self.ids())
    @rule(by=STAFF)
    def think_again(self, by: cases.Actor) -> None:
        """What is judged goes back at once, what came to its end is closed."""
        for one in self.ids():
            self.attempt(cases.judge_application, one, **CITY, on=date(2026, 8, 1), by=CLERK, at=AT)
            self.attempt(cases.send_back, one, by=by, at=AT, why="再確認")
            self.attempt(cases.close_application, one, by=by, at=AT, why="通知済み")

    def complete_all(self, day: date) -> None:
        """Hand in what is missing."""
        for one in self.ids():
            items = {"identity": CHECK, "documents": ("課税証明書",), "received_on": day}
            self.attempt(cases.complete_application, one, **items, by=CLERK, at=AT)

    @rule(day=DAYS)
    def judge_all(self, day: date) -> None:
        """Complete what lacks something, and judge what can be judged."""
        self.complete_all(day)
        for one in self.ids():
            self.attempt(cases.judge_application, one, **CITY, on=day, by=CLERK, at=AT)

    @rule(day=DAYS)
    def carry_through(self, day: date) -> None:
        """All that is under way goes the usual way."""
        for one in self.ids():
            self.carry_on(one, day=day)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Withdraw what the child has under way, whatever state it is in."""
        family = self.families[which]
        for (number,) in fetch("SELECT number FROM cases_application WHERE child_id = %s", family.child):
            paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number)
            self.attempt(cases.withdraw_application, paper, by=CLERK, at=AT)

    @precondition(lambda self: self.numbers())
    @rule(data=st.data(), void=st.booleans())
    def mark_a_card(self, data: st.DataObject, void: bool) -> None:
        number = data.draw(st.sampled_from(self.numbers()))
        operation = cases.void_certificate if void else cases.recover_certificate
        self.attempt(operation, number, by=LATER, at=AT, why="返却の申出")

    @rule(which=WHICH, day=DAYS, open_end=st.booleans())
    def come_under_assistance(self, which: int, day: date, open_end: bool) -> None:
        """Public assistance begins, or what was told of it turns out otherwise."""
        self.revision += 1
        row = {
            **PERIOD,
            "hogo_kubun": "1",
            "atenabango": self.families[which].child_no,
            "rirekieda": self.revision,
        }
        self.world.send(
            "assistance",
            [row | {"kaishi": str(day), "haishi": "9999-12-31" if open_end else str(day.replace(day=28))}],
        )

    @rule(which=WHICH)
    def change_insurance(self, which: int) -> None:
        self.revision += 1
        self.world.insure(self.families[which].number + 1, rirekieda=self.revision, kigo=str(self.revision))

    @rule(by=STAFF, day=DAYS)
    def run_in_bulk(self, by: cases.Actor, day: date) -> None:
        cases.approve_decided(by=by, at=AT, report=quiet)
        cases.issue_approved(**CITY, on=day, by=by, at=AT, report=quiet)

    @invariant()
    def the_rules_hold(self) -> None:
        assert broken_rules() == {}


@pytest.mark.slow
@pytest.mark.requirement("YOK-022")
def test_whatever_happens_in_whatever_order_the_case_file_keeps_its_rules(world: World) -> None:
    Life.world, Life.done = world, {}
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30, stateful_step_count=30, derandomize=True, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert set(Life.done) == {
        "receive_application", "complete_application", "judge_application", "approve_application",
        "issue_application", "send_back", "close_application", "withdraw_application", "void_certificate",
        "recover_certificate",
    }  # fmt: skip
    reached = {
        row[0]
        for row in fetch(
            "SELECT DISTINCT a.kind || ':' || t.to_state FROM cases_application_transition t "
            "JOIN cases_application a ON a.id = t.subject_id"
        )
    }
    assert {"new:issued", "change:issued", "reissue:issued", "loss:closed"} <= reached, reached


@pytest.fixture
def broken(world: World) -> Family:
    """A child with a card, for rules to be broken on purpose."""
    family = world.family()
    one = cases.receive_application(filing(family), by=CLERK, at=AT).application_id
    cases.judge_application(one, **CITY, on=date(2026, 8, 1), by=CLERK, at=AT)
    cases.approve_application(one, by=APPROVER, at=AT)
    cases.issue_application(one, **CITY, on=date(2026, 8, 1), by=LATER, at=AT)
    assert broken_rules() == {}
    return family


@pytest.mark.parametrize(
    ("table", "damage", "rule_words"),
    [
        ("cases_application_transition", "DELETE FROM cases_application_transition WHERE to_state = 'judged'",
         "each step starts where"),
        ("cases_application_transition", "UPDATE cases_application_transition SET why = ' '", "who, when and why"),
        ("cases_application_transition", "UPDATE cases_application_transition SET decision_id = NULL",
         "names an approved decision"),
        ("cases_application", "UPDATE cases_application SET state = 'approved'", "where the last step led"),
        ("cases_entitlement", "UPDATE cases_entitlement SET superseded_at = now()", "within what the child holds"),
        ("cases_decision", "UPDATE cases_decision SET outcome = 'not_eligible'", "approved, eligible decision"),
        ("cases_decision_content", "DELETE FROM cases_decision_content", "has its content"),
    ],
)  # fmt: skip
def test_the_checks_see_what_is_broken(broken: Family, table: str, damage: str, rule_words: str) -> None:
    """The checks themselves are checked: with the guards off, damage is found by the rule that it breaks."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(damage)
        assert cursor.rowcount > 0
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert any(rule_words in name for name in broken_rules())
