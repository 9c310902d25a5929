"""An individual number that stands where it does not belong is neither landed nor kept."""

from __future__ import annotations

import pytest

from kyufu.platform.feeds.columns import is_individual_number, plain_row_pattern
from kyufu.registry.feeds.layouts import RESIDENT
from tests.registry.persons import Register, fetch, my_number, resident

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
WRITTEN = {
    "plain": my_number(7),
    "full width": my_number(7).translate(FULL_WIDTH),
    "in groups of four": " ".join((my_number(7)[:4], my_number(7)[4:8], my_number(7)[8:])),
    "with hyphens": "-".join((my_number(7)[:4], my_number(7)[4:8], my_number(7)[8:])),
    "inside other text": f"見本　太郎（{my_number(7)}）",
}
NAMES_AND_PLACES = ("shimei", "shimei_yomigana", "tsusho", "jusho_katagaki", "jusho_banchigohyoki")


def stored() -> str:
    rows = fetch("SELECT content, message FROM platform_rejected_row")
    events = fetch("SELECT e::text FROM registry_person_event e")
    return repr(rows) + repr(events)


@pytest.mark.parametrize("column", NAMES_AND_PLACES)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_in_a_name_or_place_is_set_aside_blanked(
    register: Register, column: str, written: str
) -> None:
    result = register.send([resident(1), resident(2, **{column: WRITTEN[written]})])
    assert (result.landed, result.rejected) == (1, 1)
    assert fetch('SELECT "column", code FROM platform_rejected_row') == [(column, "stray_number")]
    assert WRITTEN[written] not in stored()
    assert my_number(7) not in stored()


def test_a_number_is_blanked_when_the_row_is_set_aside_for_something_else(register: Register) -> None:
    register.send([resident(1), resident(2, ido_nengappi="2024-02-30", shimei=my_number(7))])
    assert fetch("SELECT count(*) FROM platform_rejected_row") == [(1,)]
    assert my_number(7) not in stored()


def test_other_twelve_digits_may_stand_in_an_address(register: Register) -> None:
    number = my_number(7)[:-1] + str((int(my_number(7)[-1]) + 1) % 10)
    result = register.send([resident(1, jusho_katagaki=f"給付荘{number}号")])
    assert (result.landed, result.rejected) == (1, 0)


def test_the_quick_pattern_leaves_such_rows_to_the_slow_check() -> None:
    columns = RESIDENT.names
    assert plain_row_pattern(RESIDENT).pattern.count("(?!") >= len(
        [name for name in NAMES_AND_PLACES if name in columns]
    )


@pytest.mark.parametrize("text", ["", "12345", "1" * 12, my_number(7) + "0"])
def test_what_is_no_individual_number(text: str) -> None:
    assert not is_individual_number(text)
