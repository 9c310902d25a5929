"""A guardian of whom something is not known is never judged past: the answer is that it cannot be decided."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import Declared, Guardian
from tests.law.independent import answer_to, child_of, earner

# 5 May 2022: 4歳, judged on the income of 2020, where the city has its limit.
BORN, ON, YEAR = date(2018, 3, 3), date(2022, 5, 15), 2020
INCOMES = st.integers(0, 20_000_000)


def without_the_year(guardian: Guardian) -> Guardian:
    """The guardian with every other year's income."""
    asked = Period(date(YEAR, 1, 1), date(YEAR + 1, 1, 1))
    return guardian._replace(incomes=tuple(one for one in guardian.incomes if one.covers != asked))


def undeclared(guardian: Guardian) -> Guardian:
    """The guardian with nothing declared."""
    return guardian._replace(incomes=tuple(one._replace(declared=Declared.NO) for one in guardian.incomes))


def unread(guardian: Guardian) -> Guardian:
    """The guardian as entered, with no income at all obtained yet."""
    return guardian._replace(incomes=())


@pytest.mark.parametrize("lacking", [without_the_year, undeclared, unread])
@given(one=INCOMES, other=INCOMES, is_first=st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_is_not_known_of_one_guardian_is_not_judged_by_the_other(
    lacking: object, one: int, other: int, is_first: bool
) -> None:
    assert callable(lacking)
    mother, father = earner(one, ref="mother"), earner(other, ref="father")
    pair = (lacking(mother), father) if is_first else (mother, lacking(father))
    assert answer_to(child_of(mother, father, born=BORN), on=ON).outcome != "cannot_decide"
    assert answer_to(child_of(*pair, born=BORN), on=ON).outcome == "cannot_decide"


def test_a_child_without_any_guardian_cannot_be_decided_and_says_so() -> None:
    answer = answer_to(child_of(born=BORN), on=ON)
    assert answer.outcome == "cannot_decide"
    assert "missing.guardian" in answer.codes


@given(mother=st.integers(0, 5_000_000), father=st.integers(9_000_000, 20_000_000))
@settings(max_examples=25, deadline=None)
def test_leaving_out_the_higher_earner_would_change_the_answer(mother: int, father: int) -> None:
    """Why a parent of the household who is not entered is asked after at the intake."""
    alone = child_of(earner(mother, ref="mother"), born=BORN)
    both = child_of(earner(mother, ref="mother"), earner(father, ref="father"), born=BORN)
    assert answer_to(alone, on=ON).outcome == "eligible"
    assert answer_to(both, on=ON).outcome == "not_eligible"
