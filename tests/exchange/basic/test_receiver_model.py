"""Whatever happens in the register, a system that applies every file knows exactly what it may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.exchange.basic.api import Delivered, Mode, register_system, systems
from tests.exchange.basic.parts import TODAY, allow, asked, hand_over, read_delivered, rights
from tests.registry.persons import Register, addressee_no, measure, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var")]
PERSONS = (1, 2, 3, 4)
ITEMS = ("atenabango", "shimei", "jusho_choaza")
NAMES = ("甲野　一", "甲野　二", "甲野　三")
TOWNS = ("本町", "緑町")


@dataclass
class Person:
    """A person as a reader of the register's rows would hold them."""

    name: str
    town: str
    status: str
    history: int = 1


@dataclass
class Receiver:
    """A system that keeps what the files tell it, and takes them in their order alone."""

    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    last: int = 0

    def take(self, made: Delivered | None) -> None:
        """Apply a file: a full one replaces everything, 1 enters or replaces, 9 removes."""
        if made is None:
            return
        assert made.seq == self.last + 1
        self.last = made.seq
        if made.mode is Mode.FULL:
            self.known = {}
        for row in read_delivered(made.path).rows:
            if row["teikyo_kubun"] == "9":
                del self.known[row["atenabango"]]
            else:
                self.known[row["atenabango"]] = (row["shimei"], row["jusho_choaza"])


@dataclass
class Sender:
    """The register's system: numbers the events of each person, one a day."""

    register: Register
    day: date = date(2020, 4, 1)
    persons: dict[int, Person] = field(default_factory=dict)

    def tell(self, number: int, *, name: str, town: str, status: str, sex: str = "1") -> None:
        """Send an event about a person; `sex` is an item that the list does not hold."""
        self.day += timedelta(days=1)
        before = self.persons.get(number)
        person = Person(name, town, status, before.history + 1 if before else 1)
        self.persons[number] = person
        row: dict[str, Any] = resident(
            number, ido_jiyu="20" if before is None else "60", rirekibango=person.history,
            ido_nengappi=self.day.isoformat(), shimei=name, jusho_choaza=town, jumin_jotai=status, seibetsu=sex,
            setaibango=f"90000000000000{number}",
        )  # fmt: skip
        self.register.send([row])

    def allowed(self) -> dict[str, tuple[str, str]]:
        """What the system may know: name and town of those registered."""
        return {
            addressee_no(number): (person.name, person.town)
            for number, person in self.persons.items()
            if person.status == "1"
        }


EVENT = st.tuples(
    st.sampled_from(PERSONS),
    st.sampled_from(NAMES),
    st.sampled_from(TOWNS),
    st.sampled_from(("1", "1", "1", "2", "3")),
    st.sampled_from(("1", "2")),
)
STEP = st.one_of(EVENT, st.sampled_from((Mode.DIFF, Mode.DIFF, Mode.FULL)))


@pytest.fixture
def sender(register: Register) -> Sender:
    """The register's system, whose numbers go on from example to example."""
    return Sender(register)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_the_receiver_knows_what_it_may_know_after_every_file(steps: list[Any], sender: Sender) -> None:
    system = f"system_{len(systems())}"
    register_system(system, name="試験システム", rights=rights())
    allow(asked(*ITEMS, system=system))
    receiver = Receiver()
    receiver.take(hand_over(system=system))
    for step in steps:
        if isinstance(step, Mode):
            receiver.take(hand_over(step, system=system))
            assert receiver.known == sender.allowed()
        else:
            number, name, town, status, sex = step
            sender.tell(number, name=name, town=town, status=status, sex=sex)
    receiver.take(hand_over(Mode.DIFF, system=system))
    assert receiver.known == sender.allowed()
    assert hand_over(Mode.DIFF, system=system) is None


def test_an_event_that_changes_no_allowed_item_tells_nothing(sender: Sender) -> None:
    register_system("kokuho", name="国民健康保険システム", rights=rights())
    allow(asked(*ITEMS))
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="1", sex="1")
    hand_over()
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="1", sex="2")
    assert hand_over(Mode.DIFF) is None
    sender.tell(1, name=NAMES[0], town=TOWNS[1], status="1", sex="2")
    made = hand_over(Mode.DIFF)
    assert made is not None
    assert (made.told, made.ended) == (1, 0)


def test_who_comes_back_is_told_of_again(sender: Sender) -> None:
    register_system("kokuho", name="国民健康保険システム", rights=rights())
    allow(asked(*ITEMS))
    receiver = Receiver()
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="1")
    receiver.take(hand_over())
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="2")
    receiver.take(hand_over(Mode.DIFF))
    assert receiver.known == {}
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="1")
    receiver.take(hand_over(Mode.DIFF))
    assert receiver.known == {addressee_no(1): (NAMES[0], TOWNS[0])}


def test_a_correction_of_the_past_is_told_where_it_changes_today(register: Register) -> None:
    register_system("kokuho", name="国民健康保険システム", rights=rights())
    allow(asked(*ITEMS))
    register.send([resident(1)], mode="FULL")
    hand_over()
    register.send([resident(1, rirekieda=1, shimei="正　太郎")])
    made = hand_over(Mode.DIFF)
    assert made is not None
    assert [row["shimei"] for row in read_delivered(made.path).rows] == ["正　太郎"]
    register.send([resident(1, rirekieda=2, shimei="正　太郎", torikeshi=1)])
    gone = hand_over(Mode.DIFF)
    assert gone is not None
    assert (gone.told, gone.ended) == (0, 1)


def test_two_systems_are_told_apart(sender: Sender) -> None:
    for system in ("kokuho", "tax"):
        register_system(system, name="試験システム", rights=rights())
        allow(asked(*ITEMS, system=system))
    sender.tell(1, name=NAMES[0], town=TOWNS[0], status="1")
    first, second = Receiver(), Receiver()
    first.take(hand_over(system="kokuho"))
    sender.tell(2, name=NAMES[1], town=TOWNS[1], status="1")
    second.take(hand_over(system="tax"))
    assert len(first.known) == 1
    assert second.known == sender.allowed()
    first.take(hand_over(Mode.DIFF, system="kokuho"))
    assert first.known == second.known
    assert hand_over(Mode.DIFF, system="tax") is None


def test_a_protection_that_begins_empties_the_address_at_the_next_difference(register: Register) -> None:
    register_system("kokuho", name="国民健康保険システム", rights=rights())
    allow(asked(*ITEMS))
    register.send([resident(1), resident(2, setaibango="900000000000009")], mode="FULL")
    receiver = Receiver()
    receiver.take(hand_over())
    assert receiver.known[addressee_no(1)][1] == "駒岡一丁目"
    register.send([measure(1, kaishi=TODAY.isoformat())], layout="protection", mode="FULL")
    receiver.take(hand_over(Mode.DIFF))
    assert receiver.known[addressee_no(1)][1] == ""
    assert receiver.known[addressee_no(2)][1] == "駒岡一丁目"
