"""Among many persons a household and a common name are read by index, and not with everybody else's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.registry import api as registry
from kyufu.registry import search
from tests.registry.persons import Register, addressee_no, fetch, resident

TODAY = date(2026, 11, 29)
MANY = 1500
BASE = 1_000_000
# Blocks of a household of three with all that is asked of each; everybody would be thousands.
FEW_BLOCKS = 300
WARDS = ("141011", "141020")


@pytest.fixture
def many(register: Register) -> int:
    """Fifteen hundred of one name in households of three, by turns in two wards; the id of one of them."""
    register.send([resident(1, shimei="多数　太郎", shimei_yomigana="タスウ　タロウ")])
    (like,) = registry.addressee_ids([addressee_no(1)]).values()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        values = {"like": like, "base": BASE, "many": MANY, "wards": list(WARDS)}
        for statement in (
            "INSERT INTO registry_addressee (id, addressee_no, kind) SELECT %(base)s + n, "
            "lpad((%(base)s + n)::text, 15, '0'), 'resident' FROM generate_series(1, %(many)s) n",
            "INSERT INTO registry_person_event SELECT (jsonb_populate_record(e, jsonb_build_object("
            "'id', %(base)s + n, 'addressee_id', %(base)s + n, 'household_no', '95' || n / 3, "
            "'ward_code', (%(wards)s::text[])[n %% 2 + 1], 'kana_key', e.kana_key || "
            "translate(lpad(n::text, 5, '0'), '0123456789', 'アイウエオカキクケコ')))).* "
            "FROM registry_person_event e, generate_series(1, %(many)s) n WHERE e.addressee_id = %(like)s",
            "INSERT INTO registry_person_version (id, addressee_id, event_id, valid, recorded) "
            "SELECT %(base)s + n, %(base)s + n, %(base)s + n, daterange('2020-04-01', NULL), "
            "tstzrange(now(), NULL) FROM generate_series(1, %(many)s) n",
        ):
            cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("addressee", "person_event", "person_version"):
            cursor.execute(f"ANALYZE registry_{table}")
    return BASE + MANY // 2


def plan_of(act: Callable[[], Any]) -> dict[str, Any]:
    """How the one statement of an act that reads events was answered, as counted while it ran."""
    with CaptureQueriesContext(connection) as asked:
        act()
    (statement,) = [one["sql"] for one in asked if "registry_person_event e" in one["sql"]][:1]
    ((plan,),) = fetch("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement.replace("%", "%%"))
    found = json.loads(plan) if isinstance(plan, str) else plan
    return dict(found[0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from nodes(one)


def read_of_index(plan: dict[str, Any], name: str) -> float:
    """How many entries were read off an index, those that were thrown away too."""
    return sum(
        (one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"]
        for one in nodes(plan)
        if one.get("Index Name") == name
    )


def test_a_household_is_read_without_those_of_the_others(many: int) -> None:
    assert len(registry.household(many, today=TODAY)) == 3
    plan = plan_of(lambda: registry.household(many, today=TODAY))
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < FEW_BLOCKS


def test_the_ids_of_a_household_too(many: int) -> None:
    assert len(registry.household_ids(many)) == 3
    plan = plan_of(lambda: registry.household_ids(many))
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < FEW_BLOCKS


def test_a_common_name_is_read_until_the_list_is_full(many: int) -> None:
    sought = registry.Sought(text="タスウ")
    found = registry.find_people(sought, today=TODAY)
    assert (len(found.hits), found.has_more) == (search.SEARCH_LIMIT, True)
    plan = plan_of(lambda: registry.find_people(sought, today=TODAY))
    assert 0 < read_of_index(plan, "person_event_kana_key") <= 2 * search.SEARCH_LIMIT


def test_with_a_ward_as_many_more_as_stand_between_its_own(many: int) -> None:
    sought = registry.Sought(text="タスウ")
    search_it = lambda: registry.find_people(sought, today=TODAY, wards=WARDS[:1])  # noqa: E731
    assert sum(hit.ward_code == WARDS[0] for hit in search_it().hits) >= search.SEARCH_LIMIT
    assert read_of_index(plan_of(search_it), "person_event_kana_key") <= 6 * search.SEARCH_LIMIT


def test_a_short_list_does_not_look_for_the_ward_again(many: int) -> None:
    sought = registry.Sought(text="タスウタロウアアアオウ")
    search_it = lambda: registry.find_people(sought, today=TODAY, wards=WARDS[:1])  # noqa: E731
    assert len(search_it().hits) == 1
    assert read_of_index(plan_of(search_it), "person_event_kana_key") <= 1
