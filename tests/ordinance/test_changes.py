"""A change of a parameter: asked for by one, checked as the files are, confirmed by another, and laid over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.law.calendar.period import Period
from kyufu.law.child import check_overlay
from kyufu.law.parameters.entries import Certainty
from kyufu.law.parameters.overlay import NOTHING
from kyufu.ordinance import api as ordinance
from kyufu.ordinance.api import BadWish, Wish
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Forbidden, Rights, SamePerson
from tests.ordinance.parts import (
    BACKDATING,
    BASE,
    FIRST,
    LIMITED,
    PAYER,
    PREFECTURE_BASE,
    REASON,
    confirmed,
    estimated,
    head_office,
    proposed,
    wish,
)
from tests.web.town import Town, build_town

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """Two of the head office, somebody without the right, and now."""

    town: Town
    first: Rights
    second: Rights
    at: datetime


@pytest.fixture
def desk(db: None) -> Desk:
    town = build_town()
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    return Desk(town, first, second, clock.current_instant())


def events() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM audit_event ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_nothing_is_laid_over_at_first(desk: Desk) -> None:
    assert ordinance.confirmed_overlay("yokohama") == NOTHING
    assert ordinance.open_change_sets(at=desk.at) == ()
    assert ordinance.find_change_set(999_999, at=desk.at) is None


def test_a_confirmed_change_is_in_force_and_tells_who_and_when(desk: Desk) -> None:
    found = confirmed(first=desk.first, second=desk.second, at=desk.at)
    overlay = ordinance.confirmed_overlay("yokohama")
    assert [(one.key, one.value, one.period) for one in overlay.changes] == [
        ("backdating_days", 60, Period(FIRST, None))
    ]
    assert check_overlay("yokohama", overlay=overlay) == found.version_after
    (row,) = ordinance.history_of(BACKDATING, municipality="yokohama")
    assert (row.value, row.reason, row.number) == ("60日", REASON, found.proposed.proposal_id)
    assert (row.proposed_by.name, row.confirmed_by.name) == ("基準 一子", "基準 二郎")
    assert row.confirmed_at - row.proposed_at == timedelta(minutes=5)
    shown = [one for one in ordinance.present_entries("yokohama") if one.key == "backdating_days"]
    assert {one.origin for one in shown} == {"", f"承認した変更 第{found.proposed.proposal_id}号"}
    assert {"proposed", "parameters_changed"} <= set(events())


def test_both_see_the_old_value_the_new_one_from_when_and_the_source(desk: Desk) -> None:
    found = proposed(wish(), wish(BASE, "4,000,000", last_day=date(2028, 7, 31)), by=desk.first, at=desk.at)
    first, second = found.lines
    assert first.old == ((Period(FIRST, None), "30日"),)
    assert (first.new, first.period.start, first.certainty) == ("60日", FIRST, Certainty.OFFICIAL)
    assert (second.new, second.period.last_day) == ("4,000,000円", date(2028, 7, 31))
    told = list(found.proposed.content.values())
    assert str(first) in told and str(second) in told and REASON in told
    assert "30日" in str(first) and "→ 60日" in str(first) and "令和9年8月1日" in str(first)
    assert ordinance.open_change_sets(at=desk.at) == (found,)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        (wish(value="六十"), "value", "数字"),
        (wish(value="30"), "value", "今の値と同じ"),
        (wish(value="-1"), "value", "負"),
        (wish(LIMITED, "はい"), "value", "「あり」か「なし」"),
        (wish(PAYER, "80141006"), "value", ""),
        (wish(last_day=date(2027, 7, 31)), "last_day", "終わりの日"),
        (wish(first_day=date(2010, 1, 1)), "first_day", "もとの値のない日"),
        (wish(BACKDATING._replace(column="label"), "長い"), "place", "変えられません"),
        (wish(BACKDATING._replace(key="nothing"), "1"), "place", "変えられません"),
        (wish(source="　"), "value", "出典"),
    ],
)
def test_what_does_not_fit_is_refused_with_field_and_reason(
    desk: Desk, wrong: Wish, field: str, says: str
) -> None:
    with pytest.raises(BadWish) as refusal:
        proposed(wrong, by=desk.first, at=desk.at)
    assert (refusal.value.field, refusal.value.at) == (field, 0)
    assert says in refusal.value.message and refusal.value.remedy
    assert ordinance.open_change_sets(at=desk.at) == ()


def test_the_one_that_does_not_fit_is_named_among_several(desk: Desk) -> None:
    with pytest.raises(BadWish) as refusal:
        proposed(wish(), wish(BASE, "1", first_day=date(2010, 1, 1)), by=desk.first, at=desk.at)
    assert refusal.value.at == 1
    with pytest.raises(BadWish, match="重なって") as together:
        proposed(wish(), wish(value="70"), by=desk.first, at=desk.at)
    assert together.value.at is None
    with pytest.raises(BadWish, match="ありません"):
        ordinance.propose_change(
            [], municipality="yokohama", reason=REASON, by=desk.first.actor(), at=desk.at
        )


def test_the_same_change_does_not_wait_twice(desk: Desk) -> None:
    proposed(by=desk.first, at=desk.at)
    with pytest.raises(Refused, match="確認を待っています"):
        proposed(by=desk.first, at=desk.at)


def confirm(desk: Desk, *, proposal: int, seen: str, rights: Rights | None = None) -> None:
    ordinance.confirm_change(proposal, seen=seen, rights=rights or desk.second, at=desk.at)


def test_without_an_estimate_of_the_present_version_nothing_is_approved(desk: Desk) -> None:
    found = proposed(by=desk.first, at=desk.at)
    with pytest.raises(Refused, match="試算していません") as refusal:
        confirm(desk, proposal=found.proposed.proposal_id, seen=found.proposed.digest)
    assert "影響試算を実行" in refusal.value.remedy
    number = ordinance.begin_estimate(found, on=FIRST, at=desk.at)
    with pytest.raises(Refused, match="試算していません"):
        confirm(desk, proposal=found.proposed.proposal_id, seen=found.proposed.digest)
    ordinance.fail_estimate(number, at=desk.at)
    seen = ordinance.latest_estimate(found)
    assert seen is not None and (seen.state, seen.is_present) == ("failed", False)
    assert ordinance.confirmed_overlay("yokohama") == NOTHING


def test_another_change_in_between_makes_the_estimate_and_the_proposal_old(desk: Desk) -> None:
    found = proposed(by=desk.first, at=desk.at)
    estimated(found, at=desk.at)
    confirmed(wish(PREFECTURE_BASE, "6000000"), first=desk.first, second=desk.second, at=desk.at)
    now = ordinance.find_change_set(found.proposed.proposal_id, at=desk.at)
    assert now is not None
    seen = ordinance.latest_estimate(now)
    assert seen is not None and not seen.is_present
    with pytest.raises(Refused, match="試算していません"):
        confirm(desk, proposal=found.proposed.proposal_id, seen=found.proposed.digest)
    estimated(now, at=desk.at)
    confirm(desk, proposal=found.proposed.proposal_id, seen=found.proposed.digest)
    assert len(ordinance.confirmed_overlay("yokohama").changes) == 2


def test_what_it_replaces_must_be_what_was_seen(desk: Desk) -> None:
    found = proposed(by=desk.first, at=desk.at)
    confirmed(wish(value="45", first_day=date(2027, 4, 1)), wish(BASE, "1"), first=desk.first,
              second=desk.second, at=desk.at)  # fmt: skip
    now = ordinance.find_change_set(found.proposed.proposal_id, at=desk.at)
    assert now is not None and now.lines[0].old == ((Period(FIRST, None), "45日"),)
    estimated(now, at=desk.at)
    with pytest.raises(Refused, match="内容が変わって"):
        confirm(desk, proposal=found.proposed.proposal_id, seen=found.proposed.digest)


def test_the_same_person_and_who_has_no_right_cannot_confirm(desk: Desk) -> None:
    found = proposed(by=desk.first, at=desk.at)
    estimated(found, at=desk.at)
    number, seen = found.proposed.proposal_id, found.proposed.digest
    with pytest.raises(SamePerson):
        confirm(desk, proposal=number, seen=seen, rights=desk.first)
    clerk, _ = desk.town.account()
    desk.town.grant(clerk, role="counter")
    with pytest.raises(Forbidden):
        confirm(desk, proposal=number, seen=seen, rights=staff.rights_of(clerk, on=desk.town.today))
    with pytest.raises(Refused, match="内容が変わって"):
        confirm(desk, proposal=number, seen="0" * 64)
    assert ordinance.confirmed_overlay("yokohama") == NOTHING
    confirm(desk, proposal=number, seen=seen)
    with pytest.raises(Refused, match="待っている申し出ではありません"):
        confirm(desk, proposal=number, seen=seen)


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_a_refused_or_withdrawn_proposal_changes_nothing(desk: Desk, how: str) -> None:
    found = proposed(by=desk.first, at=desk.at)
    number = found.proposed.proposal_id
    if how == "refused":
        staff.refuse_proposal(number, rights=desk.second, at=desk.at, why="誤りがあるため")
    else:
        staff.withdraw(number, by=desk.first.actor(), at=desk.at)
    assert ordinance.find_change_set(number, at=desk.at) is None
    assert ordinance.confirmed_overlay("yokohama") == NOTHING
    assert ordinance.history_of(BACKDATING, municipality="yokohama") == ()


def test_a_later_change_wins_and_the_history_keeps_both(desk: Desk) -> None:
    confirmed(wish(value="60"), first=desk.first, second=desk.second, at=desk.at)
    confirmed(wish(value="90"), first=desk.second, second=desk.first, at=desk.at)
    assert [row.value for row in ordinance.history_of(BACKDATING, municipality="yokohama")] == [
        "90日",
        "60日",
    ]
    inside = [
        one
        for one in ordinance.present_entries("yokohama")
        if one.key == "backdating_days" and FIRST in one.period
    ]
    assert [one.columns["value"] for one in inside] == [90]


def test_every_kind_of_value_comes_back_as_it_was_confirmed(desk: Desk) -> None:
    confirmed(
        wish(LIMITED, "あり"), wish(BASE, "4000000"), wish(PAYER, "80140007"), first=desk.first,
        second=desk.second, at=desk.at,
    )  # fmt: skip
    values = [one.value for one in ordinance.confirmed_overlay("yokohama").changes]
    assert values == [True, 4_000_000, "80140007"]
    assert [type(one) for one in values] == [bool, int, str]


def test_a_confirmed_change_stands_as_written(desk: Desk) -> None:
    confirmed(first=desk.first, second=desk.second, at=desk.at)
    for statement in ("UPDATE ordinance_change SET number_value = 1", "DELETE FROM ordinance_change"):
        with (
            pytest.raises(DatabaseError, match="stand as written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_database_holds_one_value_of_one_kind(desk: Desk) -> None:
    confirmed(first=desk.first, second=desk.second, at=desk.at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
            " WHERE table_name = 'ordinance_change' AND column_name NOT IN ('id', 'position', 'text_value')"
        )
        columns = cursor.fetchone()[0]
    with (
        pytest.raises(IntegrityError, match="one_value"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO ordinance_change ({columns}, position, text_value)"
            f" SELECT {columns}, 9, 'x' FROM ordinance_change"
        )


def test_an_estimate_ends_once_and_never_before_the_change_holds(desk: Desk) -> None:
    found = proposed(by=desk.first, at=desk.at)
    with pytest.raises(BadInput, match="始まる日より前"):
        ordinance.begin_estimate(found, on=date(2027, 7, 31), at=desk.at)
    number = ordinance.begin_estimate(found, on=FIRST, at=desk.at)
    running = ordinance.latest_estimate(found)
    assert running is not None and (running.state, running.ended_at, running.counts) == ("running", None, {})
    kept = ordinance.Found(
        "a" * 64, {"with_case": {"moves": [["eligible:free", "not_eligible", 3]]}}, (7,), (8, 9)
    )
    ordinance.end_estimate(number, found=kept, at=desk.at)
    seen = ordinance.latest_estimate(found)
    assert seen is not None and seen.is_present
    assert (seen.gaining, seen.losing, seen.counts) == ((7,), (8, 9), kept.counts)
    with pytest.raises(Refused, match="もう終わって"):
        ordinance.end_estimate(number, found=kept, at=desk.at)
    with (
        pytest.raises(DatabaseError, match="ended once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE ordinance_estimate SET state = 'failed', counts = NULL")


def test_the_places_that_may_change_are_those_of_single_values_and_bands(desk: Desk) -> None:
    places = ordinance.changeable_places("yokohama", overlay=NOTHING)
    assert {BACKDATING, LIMITED, BASE, PREFECTURE_BASE, PAYER} <= set(places)
    assert not [
        one for one in places if one.table in ("benefit_class", "kind") or one.column in ("label", "code")
    ]


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        ("ends", "15歳年度末", "grade:10"),
        ("ends", "１４歳年度末", "grade:9"),
        ("ends", "20歳に達する日の属する月の翌月1日", "age:20"),
        ("ends", "16歳", "age:16"),
        ("class", "通院1回500円まで（入院・院外薬局は自己負担なし）", "visit_500"),
    ],
)
def test_codes_are_typed_in_words(desk: Desk, column: str, typed: str, code: str) -> None:
    found = proposed(wish(LIMITED._replace(column=column), typed), by=desk.first, at=desk.at)
    assert found.changes[0].value == code
