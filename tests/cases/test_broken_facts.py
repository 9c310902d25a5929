"""A case whose facts are broken stays behind with its reason; the city's run goes on."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.cases.judging import Question, Unanswered, answer_all
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.judgement import UnknownMunicipality
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import AT, CLERK, ON, Family, World, judge, quiet, receive, state
from tests.registry.persons import resident

FAR = date(9995, 5, 10)


def cancel(world: World, family: Family) -> None:
    """The register takes the child's only event back."""
    taken = resident(
        family.number + 1, ido_nengappi="2020-04-01", shimei="見本　一郎", seinengappi="2018-05-10",
        tsuzukigara="10", setaibango=f"9{family.number:014}", rirekieda=1, torikeshi="1",
    )  # fmt: skip
    result = world.send("resident", [taken])
    assert fetch("SELECT count(*) FROM platform_rejected_row") == [(0,)], result


def judge_all() -> cases.BulkResult:
    """Judge what is pending."""
    return cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)


def test_a_child_taken_from_the_register_does_not_stop_the_others(world: World) -> None:
    gone, kept = world.family(), world.family()
    first, second = receive(gone), receive(kept)
    cancel(world, gone)
    result = judge_all()
    assert result.done == 1
    assert [(one.application_id, "住民記録がありません" in one.reason) for one in result.refused] == [
        (first, True)
    ]
    assert (state(first), state(second)) == ("received", "judged")
    with pytest.raises(Refused, match="住民記録がありません"):
        judge(first)


def test_the_child_is_judged_once_the_register_knows_it_again(world: World) -> None:
    family = world.family()
    one = receive(family)
    cancel(world, family)
    assert judge_all().done == 0
    back = resident(
        family.number + 1, ido_nengappi="2020-04-01", shimei="見本　一郎", seinengappi="2018-05-10",
        tsuzukigara="10", setaibango=f"9{family.number:014}", rirekieda=2,
    )  # fmt: skip
    world.send("resident", [back])
    assert (judge_all().done, state(one)) == (1, "judged")


def test_facts_that_the_law_breaks_on_leave_only_their_own_case(world: World) -> None:
    broken, kept = receive(world.family()), receive(world.family())
    # A day over whose year the calendar ends, as an older import may have left it.
    fetch("UPDATE cases_application SET event_on = %s WHERE id = %s RETURNING id", date.max, broken)
    result = judge_all()
    assert (result.done, state(broken), state(kept)) == (1, "received", "judged")
    (refusal,) = result.refused
    assert "計算ができない" in refusal.reason
    assert "9999" not in refusal.reason


def test_the_law_says_the_kind_of_the_error_and_no_value() -> None:
    facts = ChildFacts(FAR, (), (), (), (), (), None)
    (answer,) = answer_all([Question(facts, FAR)], municipality="yokohama", pool=None)
    assert answer == Unanswered("ValueError")


def test_an_unknown_municipality_is_nobodys_broken_case() -> None:
    facts = ChildFacts(None, (), (), (), (), (), None)
    with pytest.raises(UnknownMunicipality):
        answer_all([Question(facts, ON)], municipality="nowhere", pool=None)


def test_a_day_far_off_is_kept_out_of_the_feeds(world: World) -> None:
    family = world.family()
    far = resident(
        family.number + 1, ido_jiyu="80", rirekibango=2, ido_nengappi="9996-01-01", seinengappi="9995-05-10",
        shimei="見本　一郎", tsuzukigara="10", setaibango=f"9{family.number:014}",
    )  # fmt: skip
    world.send("resident", [far])
    assert fetch("SELECT code FROM platform_rejected_row") == [("date",)]
