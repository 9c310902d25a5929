"""The statistics beside a plain second reading: every table read whole, and counted here in Python, child by child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.cases.tallies import subsidy_months, tallies
from tests.cases.test_judgement import fetch
from tests.cases.world import AT, CHECK, LATER, Family, World, approve, certify, judge, receive
from tests.registry.persons import measure

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)
HERE, THERE = "141011", "141020"
JAPAN = timezone(timedelta(hours=9))
YEAR = date(2026, 4, 1)


@pytest.fixture
def city(world: World) -> dict[str, Family]:
    """Cards, a refusal, an open case, a mailed case of another ward, a loss, a case judged twice, one protected."""
    births = {
        "baby": "2026-05-10", "leap": "2024-02-29", "small": "2018-11-24", "big": "2010-05-10", "grown": "2004-01-01",
        "lost": "2018-05-10", "hidden": "2017-05-10", "there": "2016-05-10", "again": "2015-05-10",
        "open": "2014-05-10",
    }  # fmt: skip
    made = {name: world.family(birth=born, since=max(born, "2020-04-01")) for name, born in births.items()}
    for name in ("baby", "leap", "small", "big", "lost", "hidden"):
        certify(made[name])
    judge(receive(made["grown"]))
    receive(made["open"])
    there = receive(made["there"], ward_code=THERE, channel=cases.Channel.MAIL,
                    identity=CHECK._replace(seen=cases.Seen.COPY))  # fmt: skip
    judge(there)
    approve(there)
    again = receive(made["again"])
    judge(again)
    judge(again)
    world.move_out(made["lost"], on="2026-10-01")
    loss = receive(made["lost"], kind=cases.Kind.LOSS, matter=str(cases.LossCause.MOVED_OUT),
                   event_on=date(2026, 10, 1))  # fmt: skip
    judge(loss)
    approve(loss)
    (card,) = [one for one in cases.certificates_to_print() if one.child_id == made["small"].child]
    cases.void_certificate(card.number, by=LATER, at=AT, why="破損")
    world.send("protection", [measure(made["hidden"].number + 1)])
    return made


def rows(table: str, *columns: str) -> list[dict[str, Any]]:
    """Every row of a table, some of its columns."""
    return [
        dict(zip(columns, row, strict=True)) for row in fetch(f"SELECT {', '.join(columns)} FROM {table}")
    ]


def month(day: date) -> date:
    return day.replace(day=1)


def in_japan(at: datetime) -> date:
    assert at.tzinfo is not None
    return at.astimezone(JAPAN).date()


def age(born: date, *, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def ward_of(city: dict[str, Family]) -> dict[int, str]:
    """The ward that an application was received in, by child; nothing for those who are protected."""
    found = {row["child_id"]: row["ward_code"] for row in rows("cases_application", "child_id", "ward_code")}
    return {**found, city["hidden"].child: ""}


def birth_of() -> dict[int, date]:
    found = fetch(
        "SELECT v.addressee_id, e.birth_date FROM registry_person_version v"
        " JOIN registry_person_event e ON e.id = v.event_id WHERE upper_inf(v.recorded)"
    )
    return dict(found)


def counted(found: tuple[cases.Monthly, ...]) -> Counter[tuple[date, str, str]]:
    told: Counter[tuple[date, str, str]] = Counter()
    for row in found:
        told[row.month, row.kind, row.detail] += row.number
    assert len(told) == len(found), "no line stands twice"
    return told


def test_every_table_is_what_a_plain_reading_counts(city: dict[str, Family]) -> None:
    """For the whole city, single wards, both, and none."""
    for wards in (None, [HERE], [THERE], [HERE, THERE], []):
        _check_tables(city, wards=wards)


def _check_tables(city: dict[str, Family], *, wards: list[str] | None) -> None:
    found = tallies(on=TODAY, first_day=YEAR, wards=wards, today=TODAY)
    where = ward_of(city)

    def told(child: int) -> bool:
        return wards is None or where[child] in wards

    def within(day: date) -> bool:
        return YEAR <= day <= TODAY

    apps = {
        row["id"]: row
        for row in rows("cases_application", "id", "child_id", "kind", "channel", "received_on")
    }
    assert counted(found.applications) == Counter(
        (month(row["received_on"]), row["kind"], row["channel"])
        for row in apps.values()
        if within(row["received_on"]) and told(row["child_id"])
    )
    decided = rows("cases_decision", "id", "child_id", "principal_id", "judged_at", "outcome", "reason_codes")
    assert counted(found.decisions) == Counter(
        (month(in_japan(row["judged_at"])), row["outcome"], (row["reason_codes"] or [""])[0])
        for row in decided
        if row["principal_id"] is None and within(in_japan(row["judged_at"])) and told(row["child_id"])
    )
    child_of = {row["id"]: row["child_id"] for row in decided}
    changed = rows("cases_entitlement_change", "decision_id", "event", "reason_code", "effective_on")
    assert counted(found.changes) == Counter(
        (month(row["effective_on"]), row["event"], row["reason_code"])
        for row in changed
        if within(row["effective_on"]) and told(child_of[row["decision_id"]])
    )
    assert counted(found.certificates) == Counter(one[:3] for one in _cards(apps) if told(one[3]))


def _cards(apps: dict[int, dict[str, Any]]) -> Iterator[tuple[date, str, str, int]]:
    """What happened to cards: issued on their day, and each later step on the day of its record."""
    cards = {row["id"]: row for row in rows("cases_certificate", "id", "application_id", "issued_on")}
    for card in cards.values():
        yield month(card["issued_on"]), "issued", "", apps[card["application_id"]]["child_id"]
    for step in rows("cases_certificate_transition", "subject_id", "from_state", "to_state", "at"):
        if step["from_state"] is not None:
            child = apps[cards[step["subject_id"]]["application_id"]]["child_id"]
            yield month(in_japan(step["at"])), step["to_state"], "", child


def test_the_entitled_are_read_child_by_child(city: dict[str, Family]) -> None:
    for on in (date(2026, 8, 1), date(2026, 9, 30), TODAY, date(2027, 2, 28), date(2027, 8, 1)):
        _check_entitled(city, on=on)


def _check_entitled(city: dict[str, Family], *, on: date) -> None:
    found = tallies(on=on, first_day=YEAR, wards=None, today=TODAY).entitled
    born, names = birth_of(), {family.child: name for name, family in city.items()}
    held = rows("cases_entitlement", "child_id", "valid", "benefit_class", "superseded_at")
    live = [row for row in held if row["superseded_at"] is None and on in row["valid"]]
    assert len({row["child_id"] for row in live}) == len(live), "nobody is entitled twice on a day"
    ages: Counter[int] = Counter()
    for row in found:
        if row.age is not None:
            ages[row.age] += row.children
    registered = [
        row["child_id"] for row in live if names[row["child_id"]] != "lost" or on < date(2026, 10, 1)
    ]
    assert ages == Counter(age(born[child], on=on) for child in registered)
    assert Counter(row.benefit_class for row in found for _ in range(row.children)) == Counter(
        row["benefit_class"] for row in live
    )
    hidden = sum(row.children for row in found if row.ward_code == "")
    assert hidden >= sum(names[row["child_id"]] == "hidden" for row in live)


def test_the_report_is_read_month_by_month(city: dict[str, Family]) -> None:
    """The finding of the decision behind each entitlement, for the day of each month, and by age of that day."""
    decision_of = dict(fetch("SELECT e.id, e.decision_id FROM cases_entitlement e"))
    held = rows("cases_entitlement", "id", "child_id", "valid", "superseded_at")
    decisions, born = cases.decisions(list(set(decision_of.values()))), birth_of()
    for day in (1, 10, 28):
        expected: Counter[tuple[date, str]] = Counter()
        ages: Counter[tuple[date, int]] = Counter()
        for number in range(4, 12):
            counting = date(2026, number, day)
            if counting > TODAY:
                continue
            for row in held:
                if row["superseded_at"] is None and counting in row["valid"]:
                    decision = decisions[decision_of[row["id"]]]
                    (finding,) = [one for one in decision.findings if one.name == "prefecture"]
                    speaks = finding.period is not None and counting in finding.period
                    expected[month(counting), str(finding.outcome) if speaks else cases.NOT_ASKED] += 1
                    ages[month(counting), age(born[row["child_id"]], on=counting)] += 1
        found = subsidy_months(on=TODAY, first_day=YEAR, wards=None, today=TODAY, day_of_month=day)
        told: Counter[tuple[date, str]] = Counter()
        by_age: Counter[tuple[date, int]] = Counter()
        for line in found:
            told[line.month, line.finding] += line.children
            if line.age is not None:
                by_age[line.month, line.age] += line.children
        assert told == expected, day
        assert all(by_age[key] == number for key, number in ages.items() if key in by_age)
        assert sum(by_age.values()) <= sum(ages.values())


def test_a_protection_entered_later_leaves_the_wards_of_earlier_days_too(
    world: World, city: dict[str, Family]
) -> None:
    """The day of the figures lies before the measure; today's page must not tell the ward for all that."""
    before = date(2026, 8, 15)
    here = sum(row.children for row in tallies(on=before, first_day=YEAR, wards=[HERE], today=TODAY).entitled)
    world.send("protection", [measure(city["big"].number + 1)])
    after = tallies(on=before, first_day=YEAR, wards=[HERE], today=TODAY)
    assert sum(row.children for row in after.entitled) == here - 1
    whole = tallies(on=before, first_day=YEAR, wards=None, today=TODAY)
    assert sum(row.children for row in whole.entitled if not row.ward_code) >= 2
    report = subsidy_months(on=TODAY, first_day=YEAR, wards=[HERE], today=TODAY, day_of_month=1)
    assert 16 not in {row.age for row in report}


def test_what_happens_near_midnight_belongs_to_the_day_in_japan(world: World) -> None:
    application = receive(world.family())
    late = datetime(2026, 7, 31, 15, 30, tzinfo=UTC)
    cases.judge_application(application, municipality="yokohama", on=date(2026, 8, 1), by=LATER, at=late)
    (row,) = tallies(on=TODAY, first_day=YEAR, wards=None, today=TODAY).decisions
    assert row.month == date(2026, 8, 1)
    assert tallies(on=date(2026, 7, 31), first_day=YEAR, wards=None, today=TODAY).decisions == ()
