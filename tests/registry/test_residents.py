"""The resident feed: what each kind of event leaves behind, and that doing it again changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import Residence
from kyufu.registry.api import Status, addressee_ids, people, person_facts, search_people
from tests.registry.persons import Register, addressee_no, current_versions, fetch, resident

ON = date(2026, 8, 1)
CITY = "141003"


def id_of(number: int) -> int:
    return addressee_ids([addressee_no(number)])[addressee_no(number)]


@pytest.mark.requirement("YOK-011")
def test_a_full_feed_registers_residents_with_their_items(register: Register) -> None:
    result = register.send([resident(1), resident(2, shimei="見本　花子", seibetsu="2")], mode="FULL")
    assert (result.rows, result.landed, result.rejected) == (2, 2, 0)
    view = people([id_of(2)], valid_on=ON, today=ON)[id_of(2)]
    assert (view.name, view.sex, view.status) == ("見本　花子", "2", Status.RESIDENT)
    assert (view.postal_code, view.address, view.building) == (
        "2300071",
        "神奈川県横浜市鶴見区駒岡一丁目１番２号",
        "見本荘１０１",
    )
    assert (view.ward_code, view.household_no, view.relation) == ("141011", "900000000000001", "01")


@pytest.mark.requirement("YOK-034")
def test_child_and_guardian_are_persons_of_one_household_linked_by_relation(register: Register) -> None:
    child = resident(2, tsuzukigara="10", seinengappi="2020-05-05", ido_jiyu="10", ido_nengappi="2020-05-05")
    register.send([resident(1), child], mode="FULL")
    views = people([id_of(1), id_of(2)], valid_on=ON, today=ON)
    assert {view.household_no for view in views.values()} == {"900000000000001"}
    assert [views[id_of(number)].relation for number in (1, 2)] == ["01", "10"]


def test_a_move_out_ends_the_residence_in_the_city(register: Register) -> None:
    out = resident(1, ido_jiyu="40", rirekibango=2, ido_nengappi="2024-03-31", jumin_jotai="2",
                   zenju_shikuchosonkodo="131113")  # fmt: skip
    register.send([resident(1, zenju_shikuchosonkodo="142051")])
    register.send([out])
    assert person_facts([id_of(1)])[id_of(1)].residences == (
        Residence("142051", Period(date(2020, 3, 31), date(2020, 4, 1))),
        Residence(CITY, Period(date(2020, 4, 1), date(2024, 3, 31))),
        Residence("131113", Period(date(2024, 3, 31), None)),
    )
    assert (
        people([id_of(1)], valid_on=date(2024, 3, 30), today=date(2024, 3, 30))[id_of(1)].status
        is Status.RESIDENT
    )
    assert (
        people([id_of(1)], valid_on=date(2024, 3, 31), today=date(2024, 3, 31))[id_of(1)].status
        is Status.MOVED_OUT
    )


def test_death_is_a_status_of_its_own_and_ends_the_residence(register: Register) -> None:
    register.send([resident(1)])
    register.send([resident(1, ido_jiyu="50", rirekibango=2, ido_nengappi="2026-02-01", jumin_jotai="3")])
    assert people([id_of(1)], valid_on=ON, today=ON)[id_of(1)].status is Status.DEAD
    assert person_facts([id_of(1)])[id_of(1)].residences == (
        Residence(CITY, Period(date(2020, 4, 1), date(2026, 2, 1))),
    )


def test_the_day_of_death_outlives_later_corrections_and_not_its_cancellation(register: Register) -> None:
    died = resident(1, ido_jiyu="50", rirekibango=2, ido_nengappi="2026-02-01", jumin_jotai="3")
    register.send([resident(1)])
    assert person_facts([id_of(1)])[id_of(1)].died_on is None
    register.send([died])
    register.send([{**died, "rirekibango": 3, "ido_jiyu": "80", "ido_nengappi": "2026-02-10"}])
    assert person_facts([id_of(1)])[id_of(1)].died_on == date(2026, 2, 1)
    register.send([{**died, "rirekibango": number, "rirekieda": 1, "torikeshi": "1"} for number in (2, 3)])
    assert person_facts([id_of(1)])[id_of(1)].died_on is None


def test_moves_within_the_city_are_one_residence(register: Register) -> None:
    within = resident(
        1, ido_jiyu="30", rirekibango=2, ido_nengappi="2022-10-01", jusho_shikuchosonkodo="141020"
    )
    register.send([resident(1), within])
    assert person_facts([id_of(1)])[id_of(1)].residences == (Residence(CITY, Period(date(2020, 4, 1), None)),)
    assert (
        people([id_of(1)], valid_on=date(2022, 9, 30), today=date(2022, 9, 30))[id_of(1)].ward_code
        == "141011"
    )
    assert (
        people([id_of(1)], valid_on=date(2022, 10, 1), today=date(2022, 10, 1))[id_of(1)].ward_code
        == "141020"
    )


@pytest.mark.requirement("YOK-062")
@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("60", {"shimei": "改姓　太郎"}),
        ("70", {"setaibango": "900000000000002"}),
        ("71", {"tsuzukigara": "01"}),
        ("72", {"tsuzukigara": "90"}),
        ("30", {"jusho_banchigohyoki": "９番９号"}),
    ],
)
def test_each_kind_of_change_holds_from_its_day(
    register: Register, kind: str, items: dict[str, object]
) -> None:
    register.send([resident(1, tsuzukigara="02")])
    before = people([id_of(1)], valid_on=ON, today=ON)
    register.send([resident(1, **{"tsuzukigara": "02", **items}, ido_jiyu=kind, rirekibango=2,
                            ido_nengappi="2026-07-01")])  # fmt: skip
    after = people([id_of(1)], valid_on=ON, today=ON)
    assert after != before
    assert people([id_of(1)], valid_on=date(2026, 6, 30), today=date(2026, 6, 30)) == before


def test_the_same_file_again_changes_nothing_and_says_so(register: Register) -> None:
    rows = [resident(1), resident(2)]
    first = register.send(rows, mode="FULL")
    register.last_seq["resident"] -= 1
    again = register.send(rows, mode="FULL")
    assert not first.already_applied
    assert again.already_applied
    assert fetch("SELECT count(*) FROM platform_feed_file") == [(1,)]
    assert fetch("SELECT count(*) FROM registry_person_event") == [(2,)]


def test_events_told_again_in_another_file_change_nothing(register: Register) -> None:
    rows = [resident(1), resident(2)]
    register.send(rows, mode="FULL")
    before = fetch("SELECT * FROM registry_person_version ORDER BY id")
    again = register.send(rows, mode="FULL")
    assert (again.landed, again.counts["新しい異動"]) == (2, 0)
    assert fetch("SELECT * FROM registry_person_version ORDER BY id") == before
    assert fetch("SELECT count(*) FROM platform_change") == [(0,)]


def test_a_snapshot_agrees_with_the_event_it_repeats(register: Register) -> None:
    register.send([resident(1)])
    assert register.send([resident(1, ido_jiyu="00")], mode="FULL").rejected == 0
    assert register.send([resident(1, ido_jiyu="00", shimei="別人　太郎")], mode="FULL").rejected == 1


def test_events_out_of_order_give_the_same_versions(register: Register) -> None:
    events = [
        resident(1),
        resident(1, ido_jiyu="30", rirekibango=2, ido_nengappi="2022-01-01"),
        resident(1, ido_jiyu="60", rirekibango=3, ido_nengappi="2024-01-01", shimei="改姓　太郎"),
    ]
    for event in reversed(events):
        register.send([event])
    out_of_order = [row[1:] for row in current_versions()]
    register.send([{**event, "atenabango": addressee_no(2), "kojinbango": ""} for event in events])
    assert [row[1:] for row in current_versions() if row[0] == addressee_no(2)] == out_of_order


def test_of_two_events_of_one_day_the_later_number_holds(register: Register) -> None:
    register.send([resident(1, rirekibango=2, shimei="後の　名"), resident(1, rirekibango=1)])
    assert [row[5] for row in current_versions()] == ["後の　名"]


def test_a_cancelled_event_is_gone_from_the_timeline_and_kept_on_record(register: Register) -> None:
    register.send([resident(1)])
    register.send([resident(1, ido_jiyu="40", rirekibango=2, ido_nengappi="2025-01-01", jumin_jotai="2")])
    register.send([resident(1, ido_jiyu="40", rirekibango=2, rirekieda=1, torikeshi=1,
                            ido_nengappi="2025-01-01", jumin_jotai="2")])  # fmt: skip
    assert [(row[1].upper, row[6]) for row in current_versions()] == [(None, "1")]
    assert fetch("SELECT count(*) FROM registry_person_event") == [(3,)]


def test_search_folds_kana_and_finds_by_name_reading_alias_and_number(register: Register) -> None:
    register.send([resident(1, tsusho="通称　次郎"), resident(2, shimei="別人", shimei_yomigana="ベツジン")])
    for text in ("ミホン", "みほん", "見本太郎", "通称", addressee_no(1)):
        assert [hit.addressee_no for hit in search_people(text, today=ON)] == [addressee_no(1)]
    assert len(search_people("駒岡", today=ON)) == 2
    assert search_people("%", today=ON) == []


def test_unknown_persons_are_left_out_of_answers(register: Register) -> None:
    register.send([resident(1)])
    assert addressee_ids([addressee_no(1), addressee_no(9)]).keys() == {addressee_no(1)}
    assert person_facts([10**9]) == {}
    assert people([id_of(1)], valid_on=date(2020, 3, 31), today=date(2020, 3, 31)) == {}
