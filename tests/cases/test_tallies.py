"""The statistics tie with the ledger, table by table, and tell no ward of those who are protected."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.tallies import CHILDREN, SHELTERED, subsidy_months, tallies
from kyufu.law.calendar.period import Period
from tests.cases.test_judgement import fetch
from tests.cases.world import AT, CHECK, LATER, Family, World, approve, certify, judge, receive, state
from tests.evidence.files import INCOME
from tests.registry.persons import measure

pytestmark = pytest.mark.django_db(transaction=True)
SINCE = date(2026, 4, 1)
NOW = date(2026, 11, 24)
OTHER = "141020"
MAILED = CHECK._replace(seen=cases.Seen.COPY)


def count(on: date = NOW, *, wards: list[str] | None = None, since: date = SINCE) -> cases.Tallies:
    return tallies(on=on, first_day=since, wards=wards, today=NOW)


@pytest.fixture
def city(world: World) -> dict[str, Family]:
    """Entitled children of three ages, one refused, one undecided, one lost, one protected, one of another ward."""
    made = {
        name: world.family(birth=birth, insured=name != "undecided", since=max(birth, "2020-04-01"))
        for name, birth in (
            ("baby", "2026-05-10"), ("small", "2018-05-10"), ("big", "2010-05-10"), ("grown", "2004-01-01"),
            ("undecided", "2019-05-10"), ("lost", "2018-05-10"), ("hidden", "2017-05-10"), ("there", "2016-05-10"),
        )
    }  # fmt: skip
    for name in ("baby", "small", "big", "lost", "hidden"):
        certify(made[name])
    for name in ("grown", "undecided"):
        judge(receive(made[name]))
    there = receive(made["there"], ward_code=OTHER, channel=cases.Channel.MAIL, identity=MAILED)
    judge(there)
    approve(there)
    world.move_out(made["lost"], on="2026-10-01")
    loss = receive(made["lost"], kind=cases.Kind.LOSS, matter=str(cases.LossCause.MOVED_OUT),
                   event_on=date(2026, 10, 1))  # fmt: skip
    judge(loss)
    approve(loss)
    world.send("protection", [measure(made["hidden"].number + 1)])
    return made


def by(rows: tuple[cases.Monthly, ...], *, key: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[getattr(row, key)] += row.number
    return found


def test_the_entitled_children_are_those_of_the_ledger(city: dict[str, Family]) -> None:
    for on in (date(2026, 9, 1), NOW, date(2027, 5, 1)):
        held = cases.entitlements_of([family.child for family in city.values()])
        expected = Counter(one.benefit_class for rows in held.values() for one in rows if on in one.valid)
        found = count(on).entitled
        assert sum(row.children for row in found) == sum(expected.values())
        classes: Counter[str] = Counter()
        for row in found:
            classes[row.benefit_class] += row.children
        assert classes == expected


def test_they_are_counted_by_the_age_of_the_day(city: dict[str, Family]) -> None:
    ages = Counter({row.age: row.children for row in count().entitled if row.ward_code})
    assert ages == {0: 1, 8: 1, 16: 1, 10: 1}
    later = {row.age for row in count(date(2027, 5, 10)).entitled}
    assert 1 in later and 17 in later


def test_changes_by_month_tie_with_the_records(city: dict[str, Family]) -> None:
    rows = fetch("SELECT event, count(*) FROM cases_entitlement_change GROUP BY event")
    assert by(count().changes, key="kind") == dict(rows)
    lost = [row for row in count().changes if row.kind == "lost"]
    assert [(row.month, row.detail, row.number) for row in lost] == [(date(2026, 10, 1), "not_resident", 1)]


def test_decisions_by_month_outcome_and_reason_tie(city: dict[str, Family]) -> None:
    (total,) = fetch("SELECT count(*) FROM cases_decision WHERE principal_id IS NULL")[0]
    found = count().decisions
    assert sum(row.number for row in found) == total
    outcomes = by(found, key="kind")
    assert outcomes["cannot_decide"] == 1
    assert outcomes["not_eligible"] == 2
    assert {row.month for row in found} == {date(2026, 7, 1)}
    assert {row.detail for row in found if row.kind == "not_eligible"} == {"too_old", "not_resident"}


def test_applications_by_kind_and_channel_tie(city: dict[str, Family]) -> None:
    found = count().applications
    assert by(found, key="kind") == {"new": 8, "loss": 1}
    assert by(found, key="detail") == {"counter": 8, "mail": 1}
    assert sum(row.number for row in found) == sum(cases.state_counts().values())


def test_certificates_issued_and_taken_back(city: dict[str, Family]) -> None:
    cards = [
        one
        for one in cases.certificates_to_print()
        if one.child_id in {city["small"].child, city["big"].child}
    ]
    cases.void_certificate(cards[0].number, by=LATER, at=AT, why="破損")
    cases.recover_certificate(cards[1].number, by=LATER, at=AT, why="返還")
    found = by(count().certificates, key="kind")
    issued = fetch("SELECT count(*) FROM cases_certificate")[0][0]
    assert found["issued"] == issued
    # The loss of an entitlement takes its card out of use as well.
    assert (found["voided"], found["recovered"]) == (2, 1)


def test_a_ward_sees_its_own_and_the_protected_are_under_no_ward(city: dict[str, Family]) -> None:
    whole = count()
    assert {row.ward_code for row in whole.entitled if row.age == 9} == {""}
    here = count(wards=["141011"])
    assert 9 not in {row.age for row in here.entitled}
    assert sum(row.number for row in here.applications) == sum(row.number for row in whole.applications) - 2
    there = count(wards=[OTHER])
    assert by(there.applications, key="kind") == {"new": 1}
    assert count(wards=[]).entitled == () == count(wards=[]).decisions


def test_the_sums_of_the_wards_and_those_of_no_ward_are_the_city(city: dict[str, Family]) -> None:
    whole = count()
    parts = [count(wards=[ward]) for ward in ("141011", OTHER)]
    hidden = sum(row.children for row in whole.entitled if not row.ward_code)
    told = sum(row.children for part in parts for row in part.entitled)
    assert told + hidden == sum(row.children for row in whole.entitled)
    assert hidden >= 1


def test_months_outside_are_left_out(city: dict[str, Family]) -> None:
    before = count(date(2026, 6, 30), since=date(2026, 1, 1))
    assert before.applications == before.decisions == before.certificates == ()


def test_nothing_is_left_in_the_session_and_nobody_is_noted_as_read(city: dict[str, Family]) -> None:
    count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = ANY(%s)", [[CHILDREN, SHELTERED]])
        assert cursor.fetchone()[0] == 0


def subsidies(
    on: date = NOW, *, wards: list[str] | None = None, day: int = 1
) -> tuple[cases.SubsidyMonth, ...]:
    return subsidy_months(on=on, first_day=SINCE, wards=wards, today=NOW, day_of_month=day)


def test_every_entitled_month_is_under_one_finding(city: dict[str, Family]) -> None:
    held = cases.entitlements_of([family.child for family in city.values()])
    rows = subsidies()
    for number in range(4, 12):
        month = date(2026, number, 1)
        expected = sum(1 for periods in held.values() for one in periods if month in one.valid)
        assert sum(row.children for row in rows if row.month == month) == expected, month


def test_the_finding_of_a_month_is_that_of_the_decision(world: World) -> None:
    """A newborn is the prefecture's whatever the income; an older child cannot be judged without it."""
    baby, small = world.family(birth="2026-05-10", since="2026-05-10"), world.family(birth="2018-05-10")
    rich = world.family(birth="2017-05-10")
    row = {**INCOME, "kyuyo": 20_000_000, "atenabango": rich.father_no}
    world.send("tax", [row])
    for family in (baby, small, rich):
        certify(family)
    found = {
        (row.month, row.age): row.finding
        for row in subsidies(date(2026, 9, 1))
        if row.month >= date(2026, 8, 1)
    }
    assert found[date(2026, 9, 1), 0] == "eligible"
    assert found[date(2026, 9, 1), 8] == "cannot_decide"
    for application in fetch("SELECT id, decision_id FROM cases_application"):
        decision = cases.decisions([application[1]])[application[1]]
        (finding,) = decision.findings
        if finding.period is not None and date(2026, 9, 1) in finding.period:
            assert str(finding.outcome) in found.values()
    assert state(application[0]) == "issued"


def test_a_month_of_which_no_decision_speaks_is_said_so(world: World) -> None:
    """The prefecture's band ends in the middle of the certificate year, the city's answer does not."""
    child = world.family(birth="2025-11-10", since="2025-11-10")
    certify(child)
    (held,) = cases.entitlements_of([child.child])[child.child]
    assert isinstance(held.valid, Period) and date(2027, 1, 1) in held.valid
    found = {row.month: row.finding for row in subsidies(date(2027, 3, 1))}
    assert found[date(2026, 11, 1)] == "eligible"
    assert found[date(2027, 1, 1)] == cases.NOT_ASKED


def test_the_report_keeps_to_the_wards_too(city: dict[str, Family]) -> None:
    assert {row.ward_code for row in subsidies(wards=["141011"])} == {"141011"}
    assert "" in {row.ward_code for row in subsidies()}


def test_another_counting_day_counts_who_is_entitled_on_it(world: World) -> None:
    """A month counts who is entitled on its counting day, and only once that day has come."""
    baby = world.family(birth="2026-05-10", since="2026-05-10")
    certify(baby)
    (held,) = cases.entitlements_of([baby.child])[baby.child]
    first, middle = ({row.month for row in subsidies(date(2026, 9, 14), day=day)} for day in (1, 15))
    months = [date(2026, number, 1) for number in range(4, 10)]
    assert first == {month for month in months if month in held.valid}
    assert middle == {month for month in months[:-1] if month.replace(day=15) in held.valid}
    assert date(2026, 9, 1) in first - middle, "the fifteenth has not come yet"
