"""The frame of a feed file: each fault is refused with line and remedy, recorded, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.files import last_applied_seq
from kyufu.platform.models import FeedFile
from kyufu.registry.feeds.layouts import RESIDENT
from tests.platform.feed_files import data_line, feed_text, header, trailer
from tests.registry.persons import Register, fetch, resident, take_in

ROWS = [resident(number) for number in (1, 2, 3)]
GOOD = feed_text(RESIDENT, rows=ROWS)
TABLES = ("registry_addressee", "registry_person_event", "registry_person_version", "platform_rejected_row")


def replaced_once(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def without_line(number: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(lines[: number - 1] + lines[number:])

    return change


FAULTS = {
    "empty": (lambda _: "", "1 行目", "空です"),
    "byte order mark": (lambda text: "\ufeff" + text, "1 行目", "BOM"),
    "no header": (without_line(1), "1 行目", "見出し行"),
    "unknown layout": (replaced_once("H,resident", "H,residents"), "1 行目", "知らないレイアウト"),
    "other version": (replaced_once("H,resident,1", "H,resident,2"), "1 行目", "版"),
    "no mode": (replaced_once(",FULL,", ",,"), "1 行目", "FULL"),
    "other municipality": (replaced_once("141003", "141305"), "1 行目", "団体コード"),
    "bad sequence": (replaced_once(",000001,", ",1,"), "1 行目", "通番"),
    "sequence zero": (replaced_once(",000001,", ",000000,"), "1 行目", "通番"),
    "made at without offset": (replaced_once("+09:00\n", "\n"), "1 行目", "作成日時"),
    "made at in UTC": (replaced_once("+09:00\n", "+00:00\n"), "1 行目", "作成日時"),
    "names in another order": (replaced_once("shimei,", "shimeii,"), "2 行目", "shimei"),
    "name missing": (replaced_once(",zenju_shikuchosonkodo", ""), "2 行目", "30 項目のはずが 29"),
    "row missing": (without_line(4), "4 行目", "2 のはず"),
    "row twice": (lambda text: text.replace("D,2,", "D,1,"), "4 行目", "2 のはず"),
    "trailer missing": (without_line(6), "6 行目", "途中で切れて"),
    "only half a line": (lambda text: text[:-100], "5 行目", "途中で切れて"),
    "no last line end": (lambda text: text[:-1], "6 行目", "行の終わりがありません"),
    "trailer with wrong count": (replaced_once("T,3,", "T,4,"), "6 行目", "件数"),
    "trailer with wrong kinds": (replaced_once("20=3", "10=3"), "6 行目", "区分ごと"),
    "trailer without kinds": (replaced_once(",20=3", ""), "6 行目", "件数"),
    "line after the trailer": (lambda text: text + "D,4,\n", "7 行目", "後に行"),
    "two trailers": (lambda text: text + "T,3,20=3\n", "7 行目", "後に行"),
    "CR LF": (lambda text: text.replace("\n", "\r\n"), "1 行目", "LF"),
    "one CR": (replaced_once("見本荘", "見本\r荘"), "3 行目", "LF"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_frame_is_refused_with_its_line_and_touches_nothing(
    register: Register, tmp_path: Path, fault: str
) -> None:
    spoil, line, word = FAULTS[fault]
    path = tmp_path / "resident_FULL_000001.csv"
    path.write_bytes(spoil(GOOD).encode())
    with pytest.raises(BadInput) as refused:
        take_in(path)
    assert line in refused.value.message
    assert word in refused.value.message
    assert refused.value.remedy
    assert all(fetch(f"SELECT count(*) FROM {table}") == [(0,)] for table in TABLES)
    (recorded,) = FeedFile.objects.all()
    assert (recorded.state, recorded.reason) == ("refused", str(refused.value))
    assert len(recorded.sha256) == 64


def test_bytes_that_are_no_utf_8_are_named_by_line_and_byte(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "resident_FULL_000001.csv"
    lines = GOOD.encode().splitlines(keepends=True)
    at = lines[3].index("見本".encode())
    lines[3] = lines[3].replace("見本".encode(), "見本".encode("cp932"), 1)
    path.write_bytes(b"".join(lines))
    with pytest.raises(BadInput, match=f"4 行目: {at + 1} バイト目が UTF-8"):
        take_in(path)


def test_the_same_file_right_is_taken_in_after_all(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "resident_FULL_000001.csv"
    path.write_text(GOOD.replace("T,3", "T,2"), encoding="utf-8")
    with pytest.raises(BadInput):
        take_in(path)
    path.write_text(GOOD, encoding="utf-8")
    assert take_in(path).landed == 3
    assert [file.state for file in FeedFile.objects.order_by("id")] == ["refused", "applied"]


def test_a_difference_with_a_missing_sequence_is_refused_until_the_gap_is_filled(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    register.last_seq["resident"] = 2
    with pytest.raises(BadInput, match="000002 がまだ取り込まれていません") as refused:
        register.send([resident(3)])
    assert "000002" in refused.value.remedy
    assert last_applied_seq("resident") == 1
    register.last_seq["resident"] = 1
    register.send([resident(2)])
    assert register.send([resident(3)]).landed == 1
    assert last_applied_seq("resident") == 3


def test_an_old_sequence_is_refused_for_full_and_difference(register: Register) -> None:
    register.last_seq["resident"] = 6
    register.send([resident(1)], mode="FULL")
    for mode in ("FULL", "DIFF"):
        register.last_seq["resident"] = 6
        with pytest.raises(BadInput, match="より後ではありません"):
            register.send([resident(2)], mode=mode)
    assert fetch("SELECT count(*) FROM registry_addressee") == [(1,)]


def test_a_full_file_may_skip_numbers(register: Register) -> None:
    register.last_seq["resident"] = 40
    assert register.send([resident(1)], mode="FULL").seq == 41


def test_a_file_without_rows_is_a_file(register: Register) -> None:
    result = register.send([])
    assert (result.rows, result.landed) == (0, 0)


def test_a_missing_file_is_bad_input(register: Register, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="開けません"):
        take_in(tmp_path / "nowhere.csv")


def test_the_builder_writes_what_the_format_says() -> None:
    assert header(RESIDENT).count("\n") == 2
    assert data_line(RESIDENT, number=7, row=ROWS[0]).startswith("D,7,20,1,0,0,2020-04-01,")
    assert trailer(RESIDENT, rows=ROWS) == "T,3,20=3\n"
