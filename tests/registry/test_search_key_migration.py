"""The migration that brought the keys of sound and address fills the events that are there, each text once."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.notation.places import address_key
from kyufu.notation.sounds import sound_key
from tests.registry.persons import Register, fetch, resident

fill = import_module("kyufu.registry.migrations.0003_search_keys").fill
KEYS = "SELECT kana, town, house_number, sound_key, address_key FROM registry_person_event ORDER BY id"
ROWS = [
    resident(
        1, shimei_yomigana="ナカジマ　ハジメ", jusho_choaza="緑町三丁目", jusho_banchigohyoki="４番５号"
    ),
    resident(2, shimei_yomigana="ナカシマ　ツギ", jusho_choaza="緑町三丁目", jusho_banchigohyoki="１番１号"),
    resident(3, shimei_yomigana="", jusho_choaza="", jusho_banchigohyoki=""),
]


@pytest.fixture
def before(register: Register) -> list[tuple[object, ...]]:
    """Events as the feed wrote them; then the keys are taken away, as before the migration."""
    register.send(ROWS)
    written = fetch(KEYS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE registry_person_event SET sound_key = '', address_key = ''")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return written


def test_every_event_has_the_keys_that_the_feed_would_have_written(before: list[tuple[object, ...]]) -> None:
    with connection.schema_editor() as editor:
        fill(apps, editor)
    assert fetch(KEYS) == before
    assert {row[3:] for row in before} >= {
        (sound_key("ナカジマ　ハジメ"), address_key("緑町三丁目") + address_key("４番５号")),
        ("", ""),
    }


def test_the_guard_of_the_events_is_back_afterwards(before: list[tuple[object, ...]]) -> None:
    with connection.schema_editor() as editor:
        fill(apps, editor)
    assert fetch(
        "SELECT DISTINCT tgenabled::text FROM pg_trigger WHERE tgrelid = 'registry_person_event'::regclass "
        "AND NOT tgisinternal"
    ) == [("O",)]


def test_the_events_are_written_by_one_statement_however_many(before: list[tuple[object, ...]]) -> None:
    with connection.schema_editor() as editor, CaptureQueriesContext(connection) as sent:
        fill(apps, editor)
    assert sum(one["sql"].startswith("UPDATE registry_person_event") for one in sent) == 1
    assert len(sent) < 15


def test_an_empty_table_is_left_alone(db: None) -> None:
    with connection.schema_editor() as editor, CaptureQueriesContext(connection) as sent:
        fill(apps, editor)
    assert len(sent) == 1
