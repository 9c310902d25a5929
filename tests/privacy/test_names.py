"""Every table and column that stands in the database has a Japanese name, or a reason to be left out."""

from __future__ import annotations

import tomllib

import pytest
from django.db import connection

from kyufu.audit.api import logged_tables
from kyufu.exchange.basic.api import ITEMS
from kyufu.privacy.live import LiveColumn, live_columns
from kyufu.privacy.names import FILE, Unnamed, is_internal, item_name, table_names, unnamed

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TKY-073")
def test_everything_in_the_database_has_a_japanese_name() -> None:
    assert unnamed(live_columns()) == ()


def test_a_new_table_and_a_new_column_are_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE newcomer (id bigint, shoe_size integer)")
        cursor.execute("ALTER TABLE registry_addressee ADD COLUMN shoe_size integer")
    assert unnamed(live_columns()) == ("newcomer", "registry_addressee.shoe_size")


def test_the_vault_is_in_what_is_looked_at() -> None:
    seen = set(live_columns())
    assert LiveColumn("mynumber_number", "sealed") in seen
    assert LiveColumn("audit_read", "subjects") in seen
    assert not [one for one in seen if one.table.endswith("_default")]


def test_names_that_no_column_bears_are_not_kept() -> None:
    tables = {one.table for one in live_columns()}
    assert {name for name in table_names() if name not in tables} == set()


def test_names_are_japanese_and_keys_are_no_items() -> None:
    for one in live_columns():
        if one.table in table_names():
            name = item_name(one)
            assert name is None or not name.isascii(), one
    assert item_name(LiveColumn("registry_addressee", "id")) is None
    assert item_name(LiveColumn("registry_person_event", "name")) == "氏名"
    with pytest.raises(Unnamed, match=r"registry_addressee\.shoe_size"):
        item_name(LiveColumn("registry_addressee", "shoe_size"))


def test_a_table_is_named_in_one_place_and_published_or_left_out() -> None:
    own = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert own["table"].keys() & logged_tables().keys() == set()
    assert own["table"].keys() & own["internal"].keys() == set()
    assert not is_internal("audit_read")
    assert is_internal("django_migrations")
    assert is_internal("account_emailaddress")


def test_the_items_of_deliveries_are_named_as_in_the_register() -> None:
    held = {item_name(one) for one in live_columns() if one.table == "registry_person_event"}
    assert {"氏名", "通称", "続柄", "町字", "生年月日"} <= held & set(ITEMS.values())
