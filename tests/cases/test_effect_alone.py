"""The estimate beside judging one by one: the same moves, wards, ages and reasons, for every kind of change."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cases import api as cases
from kyufu.cases.effect import (
    MOVE_LABELS,
    WITH_CASE,
    WITHOUT_CASE,
    Member,
    _Tally,
    estimate_effect,
    kind_of_move,
)
from kyufu.cases.gathering import gather, gather_children
from kyufu.cases.judging import Verdict
from kyufu.law.calendar.period import Period
from kyufu.law.child import is_of_age, judge
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.entries import Certainty, Plain
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay
from tests.cases.test_judgement import fetch
from tests.cases.world import ON, Family, World, certify, quiet, receive
from tests.cases.world import judge as judge_one
from tests.evidence.files import INCOME
from tests.law.yokohama import CITY_FILE, PREFECTURE_FILE
from tests.registry.persons import measure

DAY = date(2027, 9, 1)
BAND = "to_18_year_end"


def change(
    key: str, value: Plain, *, column: str = "value", table: str = "band", file: str = CITY_FILE
) -> Change:
    return Change(
        file, table, key, column, value, Period(date(2027, 8, 1), None), "改正", Certainty.ASSUMED, "変更"
    )


CHANGES = {
    "nothing": NOTHING,
    "shorter": Overlay((change(BAND, "grade:7", column="ends"),)),
    "longer": Overlay((change(BAND, "grade:15", column="ends"),)),
    "limited": Overlay((change(BAND, True, column="income_limited"),)),
    "older infants": Overlay(
        (change("infant", "age:12", column="ends"), change(BAND, "age:12", column="starts"))
    ),
    "backdating": Overlay((change("backdating_days", 0, table="certificate"),)),
    "prefecture": Overlay((change("base", 1, table="limit", file=PREFECTURE_FILE),)),
}


@pytest.fixture
def city(transactional_db: None, world: World) -> dict[str, Family]:
    """Children of many ages with and without a case; open, lost, protected, and one whose income is known."""
    births = {
        "baby": "2026-05-10", "infant": "2024-06-01", "pupil": "2018-05-10", "rich": "2017-05-10", "big": "2010-04-01",
        "bigger": "2010-04-02", "open": "2012-06-10", "gone": "2016-06-10", "free_pupil": "2019-05-10",
        "free_big": "2010-07-10", "grown": "2008-05-05", "old": "2000-05-05", "hidden": "2015-03-03",
    }  # fmt: skip
    made = {name: world.family(birth=born, since=max(born, "2020-04-01")) for name, born in births.items()}
    world.send("tax", [{**INCOME, "kyuyo": 20_000_000, "atenabango": made["rich"].father_no}])
    for name in ("baby", "infant", "pupil", "rich", "big", "bigger", "gone", "hidden"):
        certify(made[name])
    judge_one(receive(made["open"]))
    world.move_out(made["gone"], on="2026-10-01")
    world.send("protection", [measure(made["hidden"].number + 1)])
    return made


class Alone(NamedTuple):
    """One child as the law answers before and after, asked by itself."""

    child: int
    before: Decision
    after: Decision

    @property
    def move(self) -> str:
        """Said again, apart from the code."""
        first, second = self.before.outcome, self.after.outcome
        if Outcome.CANNOT_DECIDE in (first, second):
            if first is second:
                return "same_undecided"
            return "decided_now" if first is Outcome.CANNOT_DECIDE else "undecided_now"
        if first is not second:
            return "gains" if second is Outcome.ELIGIBLE else "loses"
        return "same" if self.before.benefit_class == self.after.benefit_class else "other_class"


def alone(after: Overlay) -> dict[str, list[Alone]]:
    """Everybody judged one by one, in this process."""
    gathered = gather([row.application_id for row in cases.applications()], on=DAY)
    facts: dict[int, Any] = {
        case.child_id: question.facts
        for case, question in zip(gathered.cases, gathered.questions, strict=True)
    }
    others = [
        row[0]
        for row in fetch(
            "SELECT v.addressee_id, e.birth_date FROM registry_person_version v"
            " JOIN registry_person_event e ON e.id = v.event_id"
            " WHERE upper_inf(v.recorded) AND v.valid @> '2027-09-01'::date AND e.status = '1'"
        )
        if row[0] not in facts
        and any(is_of_age(row[1], municipality="yokohama", on=DAY, overlay=one) for one in (NOTHING, after))
    ]
    free = {child: one.facts for child, one in gather_children(others, applied_on=DAY).items()}

    def asked(held: dict[int, Any]) -> list[Alone]:
        return [
            Alone(
                child,
                *(judge(one, municipality="yokohama", on=DAY, overlay=over) for over in (NOTHING, after)),
            )
            for child, one in held.items()
        ]

    return {WITH_CASE: asked(facts), WITHOUT_CASE: asked(free)}


def said(decision: Decision) -> str:
    return (
        f"{decision.outcome}:{decision.benefit_class}"
        if decision.outcome is Outcome.ELIGIBLE
        else str(decision.outcome)
    )


def reason(decision: Decision) -> str:
    return decision.reasons[0].code if decision.reasons else ""


def finding(decision: Decision) -> str:
    return next((str(one.outcome) for one in decision.findings if one.name == "prefecture"), "")


def counter(rows: list[list[Any]]) -> Counter[tuple[str, ...]]:
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


@pytest.mark.django_db(transaction=True)
def test_the_estimate_is_what_judging_one_by_one_finds(city: dict[str, Family]) -> None:
    for name, after in CHANGES.items():
        effect = estimate_effect(
            NOTHING, after=after, municipality="yokohama", on=DAY, today=ON, report=quiet
        )
        expected = alone(after)
        for base, found in expected.items():
            counts = effect.counts[base]
            moves = Counter(one.move for one in found)
            assert effect.moves(base) == moves, name
            assert effect.base[base] == len(found), name
            assert counter(counts["moves"]) == Counter(
                (said(one.before), said(one.after)) for one in found
            ), name
            assert counter(counts["prefecture"]) == Counter(
                (finding(one.before), finding(one.after)) for one in found
            ), name
            assert counter(counts["reasons"]) == Counter(
                (reason(one.before), reason(one.after), one.move)
                for one in found
                if one.move not in ("same", "same_undecided")
            ), name
        assert effect.moves() == effect.moves(WITH_CASE) + effect.moves(WITHOUT_CASE)
        children = {cases.application_by_id(one).child_id for one in effect.losing}
        assert children == {one.child for one in expected[WITH_CASE] if one.move == "loses"}, name
        children = {cases.application_by_id(one).child_id for one in effect.gaining}
        assert children == {one.child for one in expected[WITH_CASE] if one.move == "gains"}, name
        hidden = [row for row in effect.counts[WITH_CASE]["wards"] if row[0] == ""]
        assert sum(row[-1] for row in hidden) >= 1, "the protected child is under no ward"


VERDICTS = st.builds(
    Verdict, st.sampled_from([*map(str, Outcome), "", "unregistered"]), st.sampled_from(["", "free", "visit_500"]),
    st.sampled_from(["", "too_old", "eligible"]), st.sampled_from(["", "eligible", "not_eligible"]),
)  # fmt: skip
MEMBERS = st.builds(
    Member, st.integers(1, 99), st.none() | st.integers(1, 99), st.sampled_from(["", "141011"]),
    st.none() | st.integers(0, 20),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(children=st.lists(st.tuples(MEMBERS, VERDICTS, VERDICTS), max_size=12))
def test_every_table_of_a_tally_sums_to_its_children(children: list[tuple[Member, Verdict, Verdict]]) -> None:
    tally = _Tally()
    for member, before, after in children:
        tally.add(member, before=before, after=after)
    counts = tally.counts()
    assert {sum(row[-1] for row in counts[name]) for name in ("moves", "wards", "ages", "prefecture")} == {
        len(children)
    }
    moving = [kind_of_move(before, after=after) for _, before, after in children]
    assert sum(row[-1] for row in counts["reasons"]) == sum(not one.startswith("same") for one in moving)
    for rows in counts.values():
        assert rows == sorted(rows) and all(row[-1] > 0 for row in rows)


@settings(max_examples=60, deadline=None)
@given(before=VERDICTS, after=VERDICTS)
def test_a_move_and_its_return_are_each_others_mirror(before: Verdict, after: Verdict) -> None:
    mirrored = {
        "gains": "loses",
        "loses": "gains",
        "undecided_now": "decided_now",
        "decided_now": "undecided_now",
    }
    there, back = kind_of_move(before, after=after), kind_of_move(after, after=before)
    assert back == mirrored.get(there, there)
    assert there in MOVE_LABELS
    assert kind_of_move(before, after=before).startswith("same")
