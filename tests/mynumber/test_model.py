"""The vault against a model of a few dictionaries: any order of feeds, counters, merges and rotations agrees."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import UNIFIED, BusinessNumber, DoubleRegistration
from kyufu.platform.access import Opening
from kyufu.platform.errors import Refused
from tests.mynumber.conftest import empty
from tests.mynumber.people import AT, CLERK, SECOND, access, addressee, look, register, secret, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
PEOPLE, NUMBERS = st.integers(1, 5), st.integers(11, 16)


class VaultModel(RuleBasedStateMachine):
    """`own` is each addressee's own person, `into` the merges, `has` each person's number now, `had` all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[int, str] = {}
        self.into: dict[str, str] = {}
        self.has: dict[str, int] = {}
        self.had: dict[int, str] = {}
        self.at = AT

    @initialize()
    def start(self) -> None:
        """An opened vault with four of the five people, two of whom have no number (any more)."""
        empty()
        mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=AT)
        for who in range(1, 5):
            self.give(who, 10 + who, unified=register(who, with_number=10 + who))
        for who in (1, 2):
            self.withdraw_of(who)

    def tick(self) -> Any:
        """A later instant for each step, far enough from the last that no limit of searches is met."""
        self.at += timedelta(minutes=8)
        return self.at

    def root(self, person: str) -> str:
        """Whom a person was merged into in the end."""
        while person in self.into:
            person = self.into[person]
        return person

    def group(self, person: str) -> set[str]:
        """Everybody who is one with the person."""
        return {one for one in {*self.own.values(), *self.into} if self.root(one) == self.root(person)}

    def number_of(self, person: str) -> int | None:
        """The number of a person's group."""
        return next((self.has[one] for one in self.group(person) if one in self.has), None)

    def elsewhere(self, who: int, number: int) -> bool:
        """Has, or had, somebody else the number?"""
        holder = self.had.get(number)
        return holder is not None and (who not in self.own or self.root(holder) != self.root(self.own[who]))

    def give(self, who: int, number: int, *, unified: str) -> None:
        """Note that somebody has a number from now on."""
        self.own.setdefault(who, unified)
        self.has[self.root(self.own[who])] = number
        self.had[number] = self.root(self.own[who])

    @rule(who=PEOPLE, number=NUMBERS)
    def feed(self, who: int, number: int) -> None:
        """A feed brings a pair."""
        send((addressee_no(who), my_number(number)))
        accepted = not self.elsewhere(who, number) and (
            who not in self.own or self.number_of(self.own[who]) in (None, number)
        )
        if accepted and (who not in self.own or self.number_of(self.own[who]) is None):
            self.give(who, number, unified=self.told(who)[0])

    @rule(who=PEOPLE, number=NUMBERS)
    def enter(self, who: int, number: int) -> None:
        """A clerk registers a number."""
        now = self.number_of(self.own[who]) if who in self.own else None
        try:
            unified = register(who, with_number=number, at=self.tick())
        except DoubleRegistration:
            assert self.elsewhere(who, number)
        except Refused:
            assert now not in (None, number)
        else:
            assert not self.elsewhere(who, number)
            assert now in (None, number)
            if now is None:
                self.give(who, number, unified=unified)

    @rule(who=PEOPLE, number=NUMBERS)
    def change(self, who: int, number: int) -> None:
        """A clerk enters a change of number."""
        now = self.number_of(self.own[who]) if who in self.own else None
        try:
            mynumber.change_number(
                addressee_no=addressee_no(who), number=secret(number), changed_on=date(2026, 10, 1), subject=who,
                by=CLERK, reason="変更届", at=self.tick(),
            )  # fmt: skip
        except Refused:
            assert who not in self.own or self.elsewhere(who, number) or now in (None, number)
        else:
            for one in self.group(self.own[who]):
                self.has.pop(one, None)
            self.give(who, number, unified="")

    def withdraw_of(self, who: int) -> None:
        """Take a number back and note it."""
        mynumber.withdraw_number(
            addressee_no=addressee_no(who), subject=who, by=CLERK, reason="誤登録", at=self.tick()
        )
        now = self.number_of(self.own[who])
        assert now is not None
        for one in self.group(self.own[who]):
            self.has.pop(one, None)
        del self.had[now]

    @rule(who=PEOPLE)
    def withdraw(self, who: int) -> None:
        """A clerk takes a number back that was registered for the wrong person."""
        try:
            self.withdraw_of(who)
        except Refused:
            assert who not in self.own or self.number_of(self.own[who]) is None

    @rule(source=PEOPLE, other=PEOPLE)
    def merge(self, source: int, other: int) -> None:
        """The registry merges two addressees that the vault knows both."""
        if source not in self.own or other not in self.own:
            return
        old, new = self.root(self.own[source]), self.root(self.own[other])
        try:
            mynumber.merge_persons(
                source=addressee(source),
                target=addressee(other),
                subject=1,
                by=CLERK,
                reason="名寄せ",
                at=self.tick(),
            )
        except Refused:
            assert old == new or None not in (self.number_of(old), self.number_of(new))
        else:
            assert old != new
            self.into[old] = new

    @rule(who=PEOPLE)
    def split(self, who: int) -> None:
        """The registry undoes the merge of an addressee's own person."""
        if who not in self.own or self.own[who] not in self.into:
            return
        mynumber.split_person(source=addressee(who), subject=1, by=CLERK, reason="別人", at=self.tick())
        del self.into[self.own[who]]

    @rule()
    def rotate(self) -> None:
        """The keys are exchanged."""
        mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=self.tick(), report=lambda _: None)

    def told(self, who: int) -> tuple[str, ...]:
        """The unified number that the vault gives an addressee."""
        return mynumber.translate(link=addressee(who), business=UNIFIED)

    @invariant()
    def everybody_is_who_they_are(self) -> None:
        """Unified numbers, also the retired ones, name whom the model says; numbers are those of the model."""
        for who in range(1, 6):
            expected = (self.root(self.own[who]),) if who in self.own else ()
            assert self.told(who) == expected
        for person in {*self.own.values()}:
            link = BusinessNumber(UNIFIED, person)
            assert mynumber.translate(link=link, business=UNIFIED) == (self.root(person),)
        with acting(access(Opening.NUMBER_DISPLAY)):
            for who, person in self.own.items():
                number = self.number_of(person)
                if number is not None:
                    shown = mynumber.disclose_number(
                        addressee_no=addressee_no(who), subject=who, reason="確認"
                    )
                    assert shown == secret(number)

    @invariant()
    def nobody_is_twice(self) -> None:
        """As many persons as the model has, each number in force once."""
        people = look("SELECT count(*), count(DISTINCT unified_no) FROM mynumber_person")
        assert people == [(len({*self.own.values()}),) * 2]
        assert look(
            "SELECT count(*), count(DISTINCT blind) FROM mynumber_number WHERE upper_inf(recorded)"
        ) == [(len(self.has),) * 2]


def test_the_vault_agrees_with_the_model(vault: Path) -> None:
    run_state_machine_as_test(
        VaultModel,
        settings=settings(
            max_examples=25, stateful_step_count=12, deadline=None, derandomize=True,
            phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
