"""What a corrected rule changes: from which day on, from which class to which, and in whose favour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.cities import city_of
from kyufu.law.child.claims import claim_rules
from kyufu.law.child.differing import Effect, Held, Stretch, differences, effect_of, own_part_text
from kyufu.law.child.labels import benefit_classes
from kyufu.law.child.parameters import BenefitClass, ClaimRules

D = date.fromisoformat
YEAR = Period(D("2026-08-01"), D("2027-08-01"))
FREE = BenefitClass("free", "自己負担なし", 0, 0)
PAYS = BenefitClass("pays", "通院500円", 500, 0)
ONCE = BenefitClass("once", "初診時のみ", 580, 580, first_visit_only=True, dental_copay=510)
TENTH = BenefitClass("tenth", "1割", 0, 0, inpatient_percent=10, inpatient_ceiling=57_600)
NO_VISITS = BenefitClass("no_visits", "入院のみ", -1, 0)
CLASSES = {one.code: one for one in (FREE, PAYS, ONCE, TENTH, NO_VISITS)}
DAYS = st.dates(D("2026-06-01"), D("2027-12-31"))


def found(
    was: list[Held], now: Held | None, *, others: tuple[Period, ...] = (), since: str = "2026-01-01"
) -> list[tuple[str, str | None, str | None, str | None]]:
    """The stretches as texts."""
    return [
        (str(one.period.start), one.period.end and str(one.period.end), one.was, one.now)
        for one in differences(was, now=now, others=others, since=D(since))
    ]


def test_nothing_differs_where_the_same_is_answered() -> None:
    assert found([Held(YEAR, "free")], Held(YEAR, "free")) == []
    assert found([], None) == []


def test_who_should_have_been_entitled() -> None:
    assert found([], Held(YEAR, "free")) == [("2026-08-01", "2027-08-01", None, "free")]
    assert found([], Held(YEAR, "free"), since="2026-12-01") == [("2026-12-01", "2027-08-01", None, "free")]


def test_who_should_not() -> None:
    assert found([Held(YEAR, "free")], None) == [("2026-08-01", "2027-08-01", "free", None)]


def test_another_class_for_the_days_of_both() -> None:
    assert found([Held(YEAR, "pays")], Held(YEAR, "free")) == [("2026-08-01", "2027-08-01", "pays", "free")]


def test_a_period_that_is_longer_and_one_that_is_shorter() -> None:
    longer = Period(D("2026-07-01"), D("2027-09-01"))
    assert found([Held(YEAR, "free")], Held(longer, "free")) == [
        ("2026-07-01", "2026-08-01", None, "free"), ("2027-08-01", "2027-09-01", None, "free"),
    ]  # fmt: skip
    assert found([Held(longer, "free")], Held(YEAR, "free")) == [
        ("2026-07-01", "2026-08-01", "free", None), ("2027-08-01", "2027-09-01", "free", None),
    ]  # fmt: skip


def test_a_later_start_with_another_class() -> None:
    now = Period(D("2026-10-01"), D("2027-08-01"))
    assert found([Held(YEAR, "pays")], Held(now, "free")) == [
        ("2026-08-01", "2026-10-01", "pays", None), ("2026-10-01", "2027-08-01", "pays", "free"),
    ]  # fmt: skip


def test_days_of_another_decision_are_its_own_to_answer_for() -> None:
    """A decision of January cut this one: what its rule gives beyond January is not told twice."""
    cut = Period(D("2026-08-01"), D("2027-01-01"))
    rest = Period(D("2027-01-01"), D("2027-08-01"))
    assert found([Held(cut, "pays")], Held(YEAR, "pays"), others=(rest,)) == []
    assert found([Held(cut, "pays")], Held(YEAR, "free"), others=(rest,)) == [
        ("2026-08-01", "2027-01-01", "pays", "free")
    ]


def test_an_end_that_is_open() -> None:
    assert found([], Held(Period(D("2026-08-01"), None), "free")) == [("2026-08-01", None, None, "free")]


@given(ends=st.tuples(DAYS, DAYS, DAYS, DAYS), since=DAYS, same=st.booleans())
def test_every_day_is_told_once_and_none_that_agrees(
    ends: tuple[date, date, date, date], since: date, same: bool
) -> None:
    """Day by day: told is what differs, and nothing else."""
    a, b, c, d = ends
    was = Held(Period(min(a, b), max(a, b) + timedelta(days=1)), "pays")
    now = Held(Period(min(c, d), max(c, d) + timedelta(days=1)), "pays" if same else "free")
    told = differences([was], now=now, others=(), since=since)
    day = D("2026-05-25")
    while day < D("2028-01-10"):
        before = was.benefit_class if day in was.period else None
        after = now.benefit_class if day in now.period else None
        stretches = [(one.was, one.now) for one in told if day in one.period]
        assert stretches == ([(before, after)] if before != after and day >= since else [])
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("was", "now", "effect"),
    [
        (None, "free", Effect.OWED),
        (None, "no_visits", Effect.OWED),
        ("free", None, Effect.NOT_OWED),
        ("pays", "free", Effect.OWED),
        ("free", "pays", Effect.NOT_OWED),
        ("no_visits", "free", Effect.OWED),
        ("free", "no_visits", Effect.NOT_OWED),
        # A dearer first visit, and cheaper ones after it.
        ("pays", "once", Effect.MIXED),
        ("once", "pays", Effect.MIXED),
        ("once", "free", Effect.OWED),
        ("free", "tenth", Effect.NOT_OWED),
        ("tenth", "pays", Effect.MIXED),
    ],
)
def test_in_whose_favour(was: str | None, now: str | None, effect: Effect) -> None:
    assert effect_of(Stretch(YEAR, was, now), classes=CLASSES) is effect
    assert effect.label
    assert effect.next_step


@given(
    pair=st.tuples(st.sampled_from([None, *CLASSES]), st.sampled_from([None, *CLASSES])).filter(
        lambda x: x[0] != x[1]
    )
)
def test_the_other_way_round_it_is_the_other_effect(pair: tuple[str | None, str | None]) -> None:
    one = effect_of(Stretch(YEAR, *pair), classes=CLASSES)
    other = effect_of(Stretch(YEAR, pair[1], pair[0]), classes=CLASSES)
    turned = {Effect.OWED: Effect.NOT_OWED, Effect.NOT_OWED: Effect.OWED, Effect.MIXED: Effect.MIXED}
    assert other is turned[one]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, "助成なし"),
        ("free", "通院 負担なし・入院 負担なし"),
        ("pays", "通院 500円・入院 負担なし"),
        ("once", "通院 初診のみ580円・入院 580円"),
        ("tenth", "通院 負担なし・入院 10％（月額の上限57,600円）"),
        ("no_visits", "通院 助成の対象外・入院 負担なし"),
    ],
)
def test_own_parts_are_told_in_words(code: str | None, said: str) -> None:
    assert own_part_text(None if code is None else CLASSES[code]) == said


@pytest.mark.parametrize("municipality", ["yokohama", "kawasaki", "sapporo"])
def test_every_class_of_every_city_can_be_compared_and_told(municipality: str) -> None:
    classes = benefit_classes(municipality)
    for code, one in classes.items():
        assert own_part_text(one).startswith("通院 ")
        assert effect_of(Stretch(YEAR, None, code), classes=classes) is Effect.OWED
        assert effect_of(Stretch(YEAR, code, None), classes=classes) is Effect.NOT_OWED


def test_the_window_of_a_claim_is_the_citys_or_unknown() -> None:
    on = D("2026-08-01")
    assert claim_rules(city_of("kawasaki"), on=on) == ClaimRules(1, 5)
    assert claim_rules(city_of("sapporo"), on=on) == ClaimRules(1, 5)
    assert claim_rules(city_of("yokohama"), on=on) is None
    assert claim_rules(city_of("kawasaki"), on=D("2010-04-01")) is None
