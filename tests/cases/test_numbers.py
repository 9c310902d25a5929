"""Receipt numbers: ours and those of the bulk intake are searched as one, and never meet."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform.errors import BadInput
from tests.cases.test_intake import paper, take_in
from tests.cases.world import World, receive


def test_a_number_of_the_bulk_intake_never_names_another_application(world: World, tmp_path: Path) -> None:
    """The intake brings what our own running number is but for the hyphen."""
    one = receive(world.family())
    own = fetch("SELECT number FROM cases_application WHERE id = %(id)s", {"id": one})[0][0]
    brought = own.replace("-", "0")
    take_in(tmp_path, [paper(world.family(), 1, uketsuke_bango=brought)])
    assert cases.application_by_number(own).application_id == one
    assert cases.application_by_number(brought).application_id != one


def test_every_application_is_found_by_its_own_number_and_by_the_one_brought(
    world: World, tmp_path: Path
) -> None:
    take_in(tmp_path, [paper(world.family(), at, uketsuke_bango=f"2026{at:08}") for at in range(3, 0, -1)])
    receive(world.family())
    for application_id, own, brought in fetch("SELECT id, number, source_no FROM cases_application", {}):
        assert cases.application_by_number(own).application_id == application_id
        if brought is not None:
            assert cases.application_by_number(brought).application_id == application_id
    with pytest.raises(BadInput, match="受付番号"):
        cases.application_by_number("2026-9999999")


@pytest.mark.parametrize("column", ["number", "source_no"])
def test_the_database_keeps_the_two_forms_apart(world: World, column: str) -> None:
    receive(world.family())
    wrong = "202600000001" if column == "number" else "2026-0000001"
    with pytest.raises(IntegrityError, match="cases_application_numbers"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_application SET {column} = %s", [wrong])


def test_a_row_with_our_form_of_number_goes_to_the_worklist(world: World, tmp_path: Path) -> None:
    result = take_in(tmp_path, [paper(world.family(), 1, uketsuke_bango="2026-0000001")])
    assert (result.landed, result.rejected) == (0, 1)
    assert fetch("SELECT count(*) FROM cases_application", {}) == [(0,)]
