"""Rows that are wrong on purpose, one of each kind, so that a demo shows where bad rows go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kyufu.demo.city.people import LODGER, Person
from kyufu.demo.city.register import MOVE_IN, event_row

_PRIVATE_CHARACTER = "\ue000"
# No font gives this ideograph a 17th form.
_UNKNOWN_FORM = "崎\U000e0110"
_HUNDRED_CHARACTERS = 100


def faulty_rows(person: Person, *, day: int, next_person: Callable[[], Person]) -> dict[str, list[str]]:
    """Wrong rows by the name of the fault; the number of `person`, who has a sound row, is given out again."""

    def row(**changes: str) -> str:
        fresh = replace(next_person(), **changes)  # type: ignore[arg-type]
        return event_row(fresh, reason=MOVE_IN, day=day)

    wrong_digit = next_person().my_number
    wrong_digit = wrong_digit[:-1] + str((int(wrong_digit[-1]) + 1) % 10)
    good = row()
    columns = good.split(",")
    columns[4] = columns[4][:4] + "-02-30"
    return {
        "bad_date": [",".join(columns)],
        "over_long_name": [row(given="長" * _HUNDRED_CHARACTERS)],
        "duplicate_individual_number": [row(my_number=person.my_number)],
        "wrong_check_digit": [row(my_number=wrong_digit)],
        "unknown_relation": [row(relation="55")],
        "undrawable_character": [row(family=f"見本{_PRIVATE_CHARACTER}"), row(family=f"見本{_UNKNOWN_FORM}")],
    }


def make_lodger(template: Person, *, number: int, my_number: str) -> Person:
    """A person who has not been written yet, living like the template but in no relation to anybody."""
    return replace(
        template, number=f"{number:015d}", my_number=my_number, relation=LODGER, history=0, roman="", alias=""
    )
