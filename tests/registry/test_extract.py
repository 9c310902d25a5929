"""Everybody registered on a day, with the items asked for and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from kyufu.platform.access import ACCESS, Opening, current_access
from kyufu.platform.actors import Actor
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused
from kyufu.registry.api import (
    PROTECTED_ADDRESS,
    REGISTER_ITEMS,
    extract_residents,
    merge_into_resident,
    people,
    register_non_resident,
)
from kyufu.registry.feeds.layouts import RESIDENT
from kyufu.registry.nonresidents import NonResident
from tests.registry.persons import Register, addressee_no, fetch, measure, resident

pytestmark = pytest.mark.django_db
ON = date(2026, 8, 3)
TABLE = "extract"
CLERK = Actor("S1", "職員", "課")
OTHER = {"setaibango": "900000000000002"}


def extracted(*items: str, on: date = ON, today: date = ON) -> list[tuple[Any, ...]]:
    """The items of everybody, by addressee id."""
    extract_residents(TABLE, items=items, on=on, today=today)
    return fetch(f"SELECT {', '.join(items)} FROM {TABLE} ORDER BY addressee_id")


def outsider(*, name: str) -> int:
    """Register a non-resident."""
    resident_ids = [row[0] for row in fetch("SELECT id FROM registry_addressee")]
    return register_non_resident(
        NonResident(
            name=name, kana="ミホン　タロウ", sex="1", birth_date=date(1990, 1, 15), birth_date_note="",
            municipality="131113", postal_code="", prefecture="東京都", city="大田区", town="蒲田", house_number="１番",
            building="",
        ),
        valid_from=ON - timedelta(days=10), distinct_from=resident_ids, by=CLERK, reason="申請書",
        at=current_instant(),
    )  # fmt: skip


@pytest.fixture
def let_through() -> Iterator[None]:
    """The access is let through to protected addresses."""
    token = ACCESS.set(current_access()._replace(opened=frozenset({Opening.PROTECTED_ADDRESS})))
    yield
    ACCESS.reset(token)


def test_the_items_are_those_of_the_feed_and_come_back_as_sent(register: Register) -> None:
    row = resident(
        1, tsusho="通称　名", shimei_gaikokujinarufuabetto="ＡＢＣ", zenju_shikuchosonkodo="141305"
    )
    register.send([row], mode="FULL")
    items = [item for item in REGISTER_ITEMS if item != PROTECTED_ADDRESS]
    assert set(items) <= set(RESIDENT.names)
    (found,) = extracted(*items)
    assert dict(zip(items, found, strict=True)) == {item: str(row.get(item, "")) for item in items}


def test_labels_are_those_of_the_feed() -> None:
    of_the_feed = {column.name: column.label for column in RESIDENT.columns}
    differing = {
        name for name, item in REGISTER_ITEMS.items() if item.label != of_the_feed.get(name, item.label)
    }
    assert differing == {"zenju_shikuchosonkodo"}


def test_what_is_not_asked_for_is_not_in_the_table(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    extracted("shimei")
    columns = fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'extract'::regclass AND attnum > 0 ORDER BY attnum"
    )
    assert [name for (name,) in columns] == ["addressee_id", "event_id", "shimei"]


def test_nobody_is_an_empty_table(register: Register) -> None:
    assert extracted("atenabango") == []


def test_the_day_decides_who_is_registered_and_how(register: Register) -> None:
    register.send(
        [
            resident(1, ido_nengappi="2026-08-01", shimei="旧　姓"),
            resident(1, rirekibango=2, ido_jiyu="50", ido_nengappi="2026-08-10", shimei="新　姓"),
            resident(1, rirekibango=3, ido_jiyu="30", ido_nengappi="2026-08-20", jumin_jotai="2"),
        ],
        mode="FULL",
    )
    seen = {day: extracted("shimei", on=date(2026, 8, day), today=ON) for day in (1, 9, 10, 19, 20)}
    assert seen == {1: [("旧　姓",)], 9: [("旧　姓",)], 10: [("新　姓",)], 19: [("新　姓",)], 20: []}
    assert extracted("shimei", on=date(2026, 7, 31)) == []


def test_the_dead_those_who_left_and_non_residents_are_not_in_it(register: Register) -> None:
    register.send(
        [
            resident(1),
            resident(2, jumin_jotai="2", ido_jiyu="30"),
            resident(3, jumin_jotai="3", ido_jiyu="40"),
        ],
        mode="FULL",
    )
    outsider(name="外　住子")
    assert extracted("atenabango") == [(addressee_no(1),)]


def test_an_item_that_the_register_does_not_have_is_an_error(register: Register) -> None:
    with pytest.raises(KeyError):
        extract_residents(TABLE, items=("kojinbango",), on=ON, today=ON)
    with pytest.raises(KeyError):
        extract_residents(TABLE, items=("shimei FROM registry_person_event --",), on=ON, today=ON)


def test_a_second_extract_takes_the_place_of_the_first(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    assert extracted("shimei") == [("見本　太郎",)]
    assert extracted("seibetsu") == [("1",)]
    assert fetch("SELECT to_regclass('registry_extract_found')") == [(None,)]


WHERE = [name for name, item in REGISTER_ITEMS.items() if item.tells_where]


@pytest.mark.parametrize("item", WHERE)
def test_each_item_that_tells_where_is_empty_for_the_protected(register: Register, item: str) -> None:
    register.send(
        [resident(1, zenju_shikuchosonkodo="141305"), resident(2, zenju_shikuchosonkodo="141305", **OTHER)],
        mode="FULL",
    )
    register.send([measure(1)], layout="protection", mode="FULL")
    (protected,), (other,) = extracted(item)
    assert protected == ""
    assert other != ""


@pytest.mark.parametrize(
    ("begins", "ends", "is_hidden"),
    [
        (ON, "9999-12-31", True),
        (ON + timedelta(days=30), "9999-12-31", True),
        (ON - timedelta(days=30), (ON + timedelta(days=1)).isoformat(), True),
        (ON - timedelta(days=30), ON.isoformat(), False),
    ],
)
def test_a_measure_counts_from_the_day_it_is_known_to_its_end(
    register: Register, begins: date, ends: str, is_hidden: bool
) -> None:
    register.send([resident(1)], mode="FULL")
    register.send([measure(1, kaishi=begins.isoformat(), haishi=ends)], layout="protection", mode="FULL")
    ((town,),) = extracted("jusho_choaza")
    assert (town == "") is is_hidden
    (view,) = people(fetch("SELECT id FROM registry_addressee")[0], valid_on=ON, today=ON).values()
    assert view.protected is is_hidden


def test_whoever_is_hidden_from_people_is_hidden_here(register: Register) -> None:
    rows = [resident(number, setaibango=f"90000000000000{number // 2}") for number in range(2, 10)]
    register.send(rows, mode="FULL")
    register.send([measure(3), measure(8)], layout="protection", mode="FULL")
    ids = [row[0] for row in fetch("SELECT id FROM registry_addressee ORDER BY id")]
    views = people(ids, valid_on=ON, today=ON)
    extract_residents(TABLE, items=("jusho_choaza",), on=ON, today=ON)
    towns = dict(fetch(f"SELECT addressee_id, jusho_choaza FROM {TABLE}"))
    assert {one for one in ids if towns[one] == ""} == {one for one in ids if views[one].protected}
    assert len({one for one in ids if views[one].protected}) == 4


def test_the_measure_of_a_non_resident_who_was_merged_hides_the_resident(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    other_id = outsider(name="見本　太郎")
    resident_id = fetch("SELECT id FROM registry_addressee WHERE kind = 'resident'")[0][0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_protection (addressee_id, history_no, revision, cancelled, kind, valid, "
            "safe_postal_code, safe_address, safe_building, safe_name, recorded_at) "
            "VALUES (%s, 1, 0, false, '1', daterange('2026-01-01', NULL), '', '', '', '', now())",
            [other_id],
        )
    assert extracted("jusho_choaza") == [("駒岡一丁目",)]
    merge_into_resident(
        non_resident=other_id, resident=resident_id, by=CLERK, reason="同一人", at=current_instant()
    )
    assert extracted("jusho_choaza") == [("",)]


@pytest.mark.usefixtures("let_through")
def test_the_item_of_protected_addresses_holds_those_alone(register: Register) -> None:
    register.send([resident(1), resident(2, **OTHER), resident(3, jusho_katagaki="")], mode="FULL")
    register.send([measure(1)], layout="protection", mode="FULL")
    assert extracted("atenabango", PROTECTED_ADDRESS) == [
        (addressee_no(1), "2300071 神奈川県横浜市鶴見区駒岡一丁目１番２号 見本荘１０１"),
        (addressee_no(2), ""),
        (addressee_no(3), "2300071 神奈川県横浜市鶴見区駒岡一丁目１番２号"),
    ]


def test_it_is_refused_without_the_opening_and_leaves_no_table(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    with pytest.raises(Refused):
        extracted("atenabango", PROTECTED_ADDRESS)
    assert fetch("SELECT to_regclass('extract')") == [(None,)]
