"""The frame of a delivered file is the documented one: the reader of feeds takes it, and the digest is of its bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.exchange.basic.api import Mode
from kyufu.exchange.basic.writing import ENDED, KIND_COLUMN, TOLD, FramedFile, file_name, layout_name
from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.frame import check_frame, read_header
from kyufu.platform.feeds.layout import Column, Kind, Layout
from tests.exchange.basic.parts import MUNICIPALITY, read_delivered

COLUMNS = ("atenabango", "shimei")
LAYOUT = Layout(
    layout_name("kokuho"),
    "個人基本",
    (
        Column(KIND_COLUMN, "提供区分", Kind.CODE, 1),
        *(Column(name, name, Kind.TEXT, 100) for name in COLUMNS),
    ),
)
AT = datetime(2026, 8, 2, 15, 30, 12, 345, tzinfo=UTC)


def written(
    told: list[list[str]], *, ended: list[list[str]], mode: Mode = Mode.FULL, seq: int = 1
) -> FramedFile:
    """A whole file in memory."""
    framed = FramedFile(StringIO())
    framed.begin(COLUMNS, system="kokuho", mode=mode, municipality=MUNICIPALITY, seq=seq, at=AT)
    framed.add(told, kind=TOLD)
    framed.add(ended, kind=ENDED)
    framed.end()
    return framed


def text_of(framed: FramedFile) -> str:
    """What was written."""
    assert isinstance(framed.file, StringIO)
    return framed.file.getvalue()


def test_a_file_to_the_letter() -> None:
    framed = written([["1", "甲野　一"], ["2", "乙,野"]], ended=[["3", ""]], mode=Mode.DIFF, seq=12)
    assert text_of(framed) == (
        "H,basic_kokuho,1,DIFF,141003,000012,2026-08-03T00:30:12+09:00\n"
        "N,gyobango,teikyo_kubun,atenabango,shimei\n"
        "D,1,1,1,甲野　一\n"
        'D,2,1,2,"乙,野"\n'
        "D,3,9,3,\n"
        "T,3,1=2;9=1\n"
    )
    assert (framed.rows, framed.counts) == (3, {"1": 2, "9": 1})


def test_a_file_without_rows_ends_in_nought() -> None:
    assert text_of(written([], ended=[])).endswith("\nT,0,\n")


def test_names_carry_system_mode_and_number() -> None:
    assert file_name("kokuho", mode=Mode.FULL, seq=1) == "basic_kokuho_FULL_000001.csv"
    assert file_name("tax", mode=Mode.DIFF, seq=1234) == "basic_tax_DIFF_001234.csv"


VALUE = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85\ufeff"), max_size=12
)
ROWS = st.lists(st.lists(VALUE, min_size=2, max_size=2), max_size=6)


@given(told=ROWS, ended=ROWS)
def test_the_reader_of_feeds_takes_every_file_and_the_values_come_back(
    told: list[list[str]], ended: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    framed = written(told, ended=ended)
    path = tmp_path_factory.mktemp("delivered") / "basic_kokuho_FULL_000001.csv"
    path.write_bytes(text_of(framed).encode())
    header = read_header(path, layouts={LAYOUT.name: LAYOUT})
    frame = check_frame(path, header=header, layout=LAYOUT)
    assert (header.mode, header.seq, header.municipality) == ("FULL", 1, MUNICIPALITY)
    assert (frame.rows, frame.sha256) == (len(told) + len(ended), framed.sha256)
    assert framed.sha256 == sha256(path.read_bytes()).hexdigest()
    values = [[row["atenabango"], row["shimei"]] for row in read_delivered(path).rows]
    assert values == told + ended


def test_a_file_that_was_cut_is_noticed(tmp_path: Path) -> None:
    whole = text_of(written([["1", "甲野　一"]], ended=[]))
    path = tmp_path / "basic_kokuho_FULL_000001.csv"
    for cut in (whole[:-12], whole.replace("T,1,", "T,2,"), whole.replace("D,1,", "D,2,")):
        path.write_text(cut, encoding="utf-8")
        header = read_header(path, layouts={LAYOUT.name: LAYOUT})
        with pytest.raises(BadInput):
            check_frame(path, header=header, layout=LAYOUT)
