"""Large deliveries go block by block: nobody is lost or told twice at the edge of a block, and nothing piles up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kyufu.audit.reading import READING, Reading
from kyufu.exchange.basic import selection
from kyufu.exchange.basic.api import Mode
from tests.exchange.basic.parts import allow, asked, hand_over, read_delivered, told
from tests.registry.persons import Register, addressee_no, fetch, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system", "var")]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Blocks of three; gives the sizes of those that were read."""
    sizes: list[int] = []
    read = selection.candidates

    def noted(listed: object) -> Iterator[list[selection.Candidate]]:
        for block in read(listed):  # type: ignore[arg-type]
            sizes.append(len(block))
            yield block

    monkeypatch.setattr(selection, "BLOCK", 3)
    monkeypatch.setattr(selection, "candidates", noted)
    yield sizes


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7, 10])
def test_everybody_is_in_the_file_once(count: int, register: Register, small_blocks: list[int]) -> None:
    register.send([resident(number) for number in range(1, count + 1)], mode="FULL")
    allow(asked("atenabango"))
    file = told(hand_over())
    assert [row["atenabango"] for row in file.rows] == [
        addressee_no(number) for number in range(1, count + 1)
    ]
    assert sum(small_blocks) == count
    assert max(small_blocks) <= 3
    assert file.trailer == ["T", str(count), f"1={count}"]
    assert fetch("SELECT count(*) FROM exchange_basic_told") == [(count,)]


def test_a_difference_reads_those_who_changed_and_not_the_city(
    register: Register, small_blocks: list[int]
) -> None:
    register.send([resident(number) for number in range(1, 11)], mode="FULL")
    allow(asked("atenabango", "shimei"))
    hand_over()
    register.send(
        [
            resident(number, rirekibango=2, ido_jiyu="50", ido_nengappi="2026-08-01", shimei="改　名")
            for number in (2, 9)
        ]
    )
    small_blocks.clear()
    made = hand_over(Mode.DIFF)
    assert made is not None
    assert [row["atenabango"] for row in read_delivered(made.path).rows] == [addressee_no(2), addressee_no(9)]
    assert small_blocks == [2]


def test_an_empty_register_gives_a_file_of_nobody(small_blocks: list[int]) -> None:
    allow(asked("atenabango"))
    file = told(hand_over())
    assert (file.rows, file.trailer, small_blocks) == ([], ["T", "0", ""], [])


def test_the_rows_stand_in_the_order_of_the_numbers_whatever_came_first(register: Register) -> None:
    for number in (5, 1, 4, 2, 3):
        register.send([resident(number)])
    allow(asked("atenabango"))
    assert [row["atenabango"] for row in told(hand_over()).rows] == [addressee_no(n) for n in (1, 2, 3, 4, 5)]


def test_everybody_who_was_told_of_is_in_the_log(register: Register) -> None:
    register.send([resident(number) for number in range(1, 8)], mode="FULL")
    allow(asked("atenabango", "seibetsu"))
    before = fetch("SELECT coalesce(max(id), 0) FROM audit_read")[0][0]
    token = READING.set(Reading())
    hand_over()
    READING.reset(token)
    logged = fetch("SELECT unnest(subjects) FROM audit_read WHERE id > %s ORDER BY 1", before)
    assert logged == fetch("SELECT id FROM registry_addressee ORDER BY id")
    what = fetch("SELECT DISTINCT unnest(what) FROM audit_read WHERE id > %s", before)
    assert what == [("個人基本の提供：宛名番号・性別",)]
