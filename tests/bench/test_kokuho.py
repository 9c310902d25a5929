"""The benchmark of premiums: its households are like a city's, all are decided, and they are the same every time."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from bench import kokuho
from kyufu.law.kokuho.premium import Household, Premium, assess

HOUSEHOLDS = kokuho.make_households(800, seed=kokuho.SEED)


def answers(households: list[Household]) -> list[object]:
    return [assess(each, municipality=kokuho.MUNICIPALITY) for each in households]


def test_the_households_are_the_same_every_time() -> None:
    assert kokuho.make_households(800, seed=kokuho.SEED) == HOUSEHOLDS
    assert kokuho.make_households(800, seed=kokuho.SEED + 1) != HOUSEHOLDS


def test_every_household_is_sound_and_decided() -> None:
    for facts in HOUSEHOLDS:
        assert facts.fault() is None
        assert all(member.fault() is None for member in facts.members)
        assert isinstance(assess(facts, municipality=kokuho.MUNICIPALITY).value, Premium)


def test_there_is_something_of_everything() -> None:
    members = [member for facts in HOUSEHOLDS for member in facts.members]
    reductions = {
        assess(each, municipality=kokuho.MUNICIPALITY).value.reduction_tenths for each in HOUSEHOLDS
    }  # type: ignore[union-attr]
    assert 1.3 < len(members) / len(HOUSEHOLDS) < 1.7
    assert reductions == {0, 2, 5, 7}
    assert any(member.unemployment for member in members)
    assert any(member.maternity for member in members)
    assert any(period.end for member in members for period in member.enrolled)
    assert any(companion.joined_elderly_on for facts in HOUSEHOLDS for companion in facts.companions)


def test_a_pool_of_processes_gives_the_same_answers_with_their_traces() -> None:
    blocks = [HOUSEHOLDS[at : at + 20] for at in range(0, 60, 20)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = [each for block in pool.map(answers, blocks) for each in block]
    assert found == answers(HOUSEHOLDS[:60])


@pytest.mark.slow
def test_the_run_gives_a_figure_with_a_limit_for_one_core_and_for_the_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("HOUSEHOLDS", 60), ("POOLED", 80), ("BLOCK", 40), ("REPEATS", 1)):
        monkeypatch.setattr(kokuho, name, value)
    figures = {figure.name: figure for figure in kokuho.run()}
    assert figures["kokuho.premium"].limit == kokuho.HOUSEHOLDS_A_SECOND
    assert figures["kokuho.premium.pool"].limit == kokuho.CORES * kokuho.HOUSEHOLDS_A_SECOND
    assert all(figure.value > 0 for figure in figures.values())
    assert "段の過程" in figures["kokuho.premium"].note
