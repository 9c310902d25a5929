"""The estimate of effects: everybody is counted once before and once after, as the law itself says one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases import effect as effects
from kyufu.cases.effect import WITH_CASE, WITHOUT_CASE, estimate_effect, kind_of_move
from kyufu.cases.gathering import gather, gather_children
from kyufu.cases.judging import Verdict, answer, answer_all, judging_pool, weigh_all
from kyufu.cases.operations.estimate import work_estimate
from kyufu.law.calendar.period import Period
from kyufu.law.child import check_overlay, judge
from kyufu.law.decision import Outcome
from kyufu.law.parameters.entries import Certainty, Plain
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay
from kyufu.ordinance import api as ordinance
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry import api as registry
from tests.cases.world import AT, CLERK, ON, Family, World, certify, quiet, receive
from tests.cases.world import judge as judge_one
from tests.law.yokohama import CITY_FILE
from tests.ordinance.parts import BACKDATING, FIRST, confirmed, head_office, proposed, wish
from tests.registry.persons import measure
from tests.web.town import build_town

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2027, 9, 1)


def change(key: str, value: Plain, *, column: str, start: date = FIRST) -> Change:
    period = Period(start, None)
    return Change(CITY_FILE, "band", key, column, value, period, "改正", Certainty.ASSUMED, "変更")


# The bands end after grade 9 again: those of 高校 age are entitled no more.
SHORTER = Overlay((change("to_18_year_end", "grade:10", column="ends"),))
# The year after the 18th birthday as well: those who have grown out of it come in.
LONGER = Overlay((change("to_18_year_end", "grade:14", column="ends"),))
LIMITED = Overlay((change("to_18_year_end", True, column="income_limited"),))


@pytest.fixture
def families(world: World) -> dict[str, Family]:
    """A pupil of primary school, one of 高校 age, one of 高校 age whose case is open, and two without a case."""
    made = {
        "small": world.family(birth="2018-05-10"),
        "big": world.family(birth="2010-05-10"),
        "open": world.family(birth="2010-06-10"),
        "small_without": world.family(birth="2019-05-10"),
        "big_without": world.family(birth="2010-07-10"),
        "grown": world.family(birth="2009-02-10"),
    }
    certify(made["small"])
    certify(made["big"])
    receive(made["open"])
    return made


def estimate(after: Overlay, *, on: date = DAY) -> cases.Effect:
    return estimate_effect(NOTHING, after=after, municipality="yokohama", on=on, today=ON, report=quiet)


def total(rows: list[list[Any]]) -> int:
    return sum(row[-1] for row in rows)


def moves(effect: cases.Effect, *, base: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, move, number in effect.counts[base]["wards"]:
        found[move] = found.get(move, 0) + number
    return found


def test_no_change_moves_nobody(families: dict[str, Family]) -> None:
    effect = estimate(NOTHING)
    assert moves(effect, base=WITH_CASE) == {"same": 3}
    assert (effect.gaining, effect.losing) == ((), ())
    for before, after, _ in effect.counts[WITH_CASE]["moves"]:
        assert before == after


def test_who_loses_is_counted_by_base_ward_age_and_reason(families: dict[str, Family]) -> None:
    effect = estimate(SHORTER)
    assert moves(effect, base=WITH_CASE) == {"loses": 2, "same": 1}
    assert moves(effect, base=WITHOUT_CASE) == {"loses": 1, "same": 1}
    assert [row for row in effect.counts[WITH_CASE]["ages"] if row[1] == "loses"] == [["17", "loses", 2]]
    assert effect.counts[WITH_CASE]["reasons"] == [["eligible", "too_old", "loses", 2]]
    assert ["141011", "loses", 2] in effect.counts[WITH_CASE]["wards"]
    assert effect.gaining == ()
    assert {cases.application_by_id(one).child_id for one in effect.losing} == {
        families["big"].child,
        families["open"].child,
    }


def test_who_gains_is_found_among_those_who_have_no_case(families: dict[str, Family]) -> None:
    on = date(2027, 9, 1)
    effect = estimate(LONGER, on=on)
    assert moves(effect, base=WITHOUT_CASE) == {"gains": 1, "same": 2}
    assert ["18", "gains", 1] in effect.counts[WITHOUT_CASE]["ages"]
    assert effect.gaining == ()


def test_whose_income_nobody_knows_is_kept_apart(families: dict[str, Family]) -> None:
    effect = estimate(LIMITED)
    assert moves(effect, base=WITHOUT_CASE) == {"undecided_now": 2}
    assert moves(effect, base=WITH_CASE) == {"undecided_now": 3}
    assert {row[1] for row in effect.counts[WITH_CASE]["reasons"]} == {"income.missing_year"}


@pytest.mark.parametrize("after", [NOTHING, SHORTER, LONGER, LIMITED])
def test_every_sum_is_the_base_and_each_child_as_the_law_says(
    families: dict[str, Family], after: Overlay
) -> None:
    effect = estimate(after)
    for base, number in effect.base.items():
        counts = effect.counts[base]
        assert {total(counts[name]) for name in ("moves", "wards", "ages", "prefecture")} <= {number}
    for overlay, side in ((NOTHING, 0), (after, 1)):
        counted: dict[str, int] = {}
        for row in effect.counts[WITH_CASE]["moves"]:
            counted[row[side]] = counted.get(row[side], 0) + row[2]
        told: dict[str, int] = {}
        gathered = gather([row.application_id for row in cases.applications()], on=DAY)
        for question in gathered.questions:
            decision = judge(question.facts, municipality="yokohama", on=DAY, overlay=overlay)
            said = (
                f"{decision.outcome}:{decision.benefit_class}"
                if decision.outcome is Outcome.ELIGIBLE
                else str(decision.outcome)
            )
            told[said] = told.get(said, 0) + 1
        assert counted == told


def test_the_same_base_has_the_same_hash_and_another_child_another(
    world: World, families: dict[str, Family]
) -> None:
    first, again = estimate(NOTHING), estimate(SHORTER)
    assert first.base_hash == again.base_hash
    world.family(birth="2020-01-10")
    assert estimate(NOTHING).base_hash != first.base_hash


def test_a_protected_child_is_counted_without_a_ward(world: World, families: dict[str, Family]) -> None:
    world.send("protection", [measure(families["small"].number + 1)])
    rows = estimate(NOTHING).counts[WITH_CASE]["wards"]
    assert ["", "same", 1] in rows and ["141011", "same", 2] in rows


def test_what_is_read_is_noted_block_by_block(
    families: dict[str, Family], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "BLOCK", 2)
    seen: list[tuple[int, int]] = []
    estimate_effect(
        NOTHING, after=SHORTER, municipality="yokohama", on=DAY, today=ON,
        report=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen[0] == (0, 5) and seen[-1] == (5, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_read WHERE %s = ANY(what)", [effects.FACTS])
        assert cursor.fetchone()[0] >= 3


def test_the_children_of_the_day_lie_in_a_table_of_the_session(families: dict[str, Family]) -> None:
    registry.lay_out_children("tried_children", born_from=date(2015, 1, 1), on=ON, today=ON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT addressee_id, ward_code FROM tried_children ORDER BY 1")
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE tried_children")
    assert [row[0] for row in rows] == [families["small"].child, families["small_without"].child]
    assert {row[1] for row in rows} == {"141011"}


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (("eligible", "free"), ("eligible", "free"), "same"),
        (("eligible", "free"), ("eligible", "visit_500"), "other_class"),
        (("eligible", "free"), ("not_eligible", ""), "loses"),
        (("not_eligible", ""), ("eligible", "free"), "gains"),
        (("not_eligible", ""), ("not_eligible", ""), "same"),
        (("eligible", "free"), ("cannot_decide", ""), "undecided_now"),
        (("cannot_decide", ""), ("eligible", "free"), "decided_now"),
        (("cannot_decide", ""), ("cannot_decide", ""), "same_undecided"),
        (("", ""), ("", ""), "same_undecided"),
    ],
)
def test_the_moves(before: tuple[str, str], after: tuple[str, str], move: str) -> None:
    assert kind_of_move(Verdict(*before, "", ""), after=Verdict(*after, "", "")) == move
    assert move in cases.MOVE_LABELS


def test_the_pool_judges_with_the_overlay_as_one_process_does(families: dict[str, Family]) -> None:
    questions = list(gather_children([one.child for one in families.values()], applied_on=DAY).values()) * 100
    overlays = (NOTHING, SHORTER)
    with judging_pool(2) as pool:
        weighed = weigh_all(questions, municipality="yokohama", overlays=overlays, pool=pool)
        answered = answer_all(questions, municipality="yokohama", pool=pool, overlay=SHORTER)
        plain = answer_all(questions, municipality="yokohama", pool=pool)
    assert weighed == weigh_all(questions, municipality="yokohama", overlays=overlays, pool=None)
    assert answered == [answer(one, municipality="yokohama", overlay=SHORTER) for one in questions]
    assert plain == [answer(one, municipality="yokohama") for one in questions]
    assert {series[-1].parameter_version for series in answered if isinstance(series, tuple)} == {
        check_overlay("yokohama", overlay=SHORTER)
    }


class Context:
    """What a run gives its work."""

    def __init__(self, **arguments: str) -> None:
        self.arguments = arguments
        self.said: list[tuple[int, int]] = []

    def report(self, done: int, total: int) -> None:
        self.said.append((done, total))

    def day(self, name: str, /) -> date:
        return date.fromisoformat(self.arguments[name])


def test_the_work_of_a_run_keeps_the_estimate_and_lets_it_be_approved(families: dict[str, Family]) -> None:
    town = build_town()
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    at = clock.current_instant()
    found = proposed(wish(BACKDATING._replace(table="band", key="to_18_year_end", column="ends"), "grade:10"),
                     by=first, at=at)  # fmt: skip
    number = found.proposed.proposal_id
    context = Context(proposal=str(number), on=DAY.isoformat())
    assert work_estimate(context) == {"試算した児童": "5人", "対象でなくなる": "3人", "変わらない": "2人"}
    assert context.said[-1] == (5, 5)
    seen = ordinance.latest_estimate(found)
    assert seen is not None and seen.is_present and len(seen.losing) == 2
    ordinance.confirm_change(number, seen=found.proposed.digest, rights=second, at=clock.current_instant())
    with pytest.raises(Refused, match="待っている"):
        cases.estimate_change(number, on=DAY, report=quiet)


def test_an_estimate_that_breaks_off_is_kept_as_failed(
    families: dict[str, Family], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = proposed(by=head_office(build_town(), name="基準 一子"), at=clock.current_instant())

    def broken(*_: object) -> None:
        raise BadInput("とまりました。")

    with pytest.raises(BadInput):
        cases.estimate_change(found.proposed.proposal_id, on=DAY, report=broken)
    seen = ordinance.latest_estimate(found)
    assert seen is not None and (seen.state, seen.is_present) == ("failed", False)


def test_judging_lays_the_confirmed_changes_over_and_old_decisions_stand(world: World) -> None:
    town = build_town()
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    old = certify(world.family())
    version = _version(old)
    confirmed(wish(), first=first, second=second, at=datetime(2026, 7, 1, tzinfo=UTC))
    new, bulk = receive(world.family()), receive(world.family())
    judge_one(new)
    cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    expected = check_overlay("yokohama", overlay=ordinance.confirmed_overlay("yokohama"))
    assert {_version(new), _version(bulk)} == {expected} != {version}
    assert _version(old) == version and cases.stale_decisions() == ()


def _version(application_id: int) -> str:
    row = cases.application_by_id(application_id)
    assert row.decision_id is not None
    return cases.decisions([row.decision_id])[row.decision_id].parameter_version


def test_a_confirmed_payer_number_is_printed_from_its_day_on(world: World) -> None:
    town = build_town()
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    place = ordinance.Place("yokohama_certificate.toml", "certificate", "payer_number", "value")
    confirmed(wish(place, "80140007", first_day=ON), first=first, second=second, at=AT)
    family = world.family()
    certify(family)
    (card,) = [one for one in cases.certificates_to_print() if one.child_id == family.child]
    assert card.payer_no == "80140007"
