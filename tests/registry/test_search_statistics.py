"""The planner knows enough of the columns that persons are searched by."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from kyufu.registry.search import _KEYS

migration = import_module("kyufu.registry.migrations.0005_search_statistics")


@pytest.mark.django_db
def test_every_column_that_is_searched_by_its_beginning_has_the_samples() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname FROM pg_attribute
                WHERE attrelid = 'registry_person_event'::regclass AND attstattarget = %s""",
            [migration.SAMPLES],
        )
        found = {row[0] for row in cursor.fetchall()}
    assert found == set(migration.COLUMNS)
    # An alias is rare, and its index leaves out those without one.
    assert found >= {"address_key", "sound_key", *_KEYS} - {"alias_key"}
