"""The print of a running system: from its tables, pages and feeds, always the same, and about nobody."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from kyufu.exchange.basic.api import ITEMS
from kyufu.platform.errors import BadInput, Refused
from kyufu.privacy.api import collect_print, compare, print_lines, read_print, to_json
from kyufu.staff.api import FUNCTION_NAMES
from kyufu.web.screens import all_screens
from tests.exchange.basic.conftest import system  # noqa: F401 - a system of the deliveries' tests
from tests.exchange.basic.parts import TODAY, allow, asked
from tests.registry.persons import Register, measure, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None, tmp_path: Path) -> Register:
    """The resident register as a sender."""
    return Register(tmp_path)


def test_the_print_has_every_function_and_every_screen_of_the_system() -> None:
    found = collect_print(on=TODAY, incident=False)
    assert [one.label for one in found.functions[:-1]] == list(FUNCTION_NAMES.values())
    titles = sorted(title for one in found.functions for title in one.screens)
    assert titles == sorted(screen.title for screen in all_screens())
    assert len(titles) > 10


def test_the_print_lists_items_with_japanese_names_file_by_file() -> None:
    found = collect_print(on=TODAY, incident=False)
    names = {file.name: [item.label for item in file.items] for file in found.files}
    assert {"宛名", "小児医療費助成", "統合番号連携", "監査"} <= names.keys()
    assert "住民の異動：氏名" in names["宛名"]
    assert "個人番号：個人番号（暗号化）" in names["統合番号連携"]
    assert "閲覧の記録：閲覧された者の宛名番号" in names["監査"]
    assert "所得：給与所得" in names["小児医療費助成"]
    every = [label for labels in names.values() for label in labels]
    assert not [label for label in every if re.search("[a-z]_[a-z]", label)]


@pytest.mark.requirement("YOK-243")
def test_counts_stand_in_it_as_bands_and_nothing_of_a_person_does(register: Register) -> None:
    register.send([resident(number) for number in range(1, 8)], mode="FULL")
    register.send([measure(1)], layout="protection", mode="FULL")
    text = to_json(collect_print(on=TODAY, incident=False))
    assert "1万人未満" in text
    for secret in ("見本　太郎", "駒岡", "000000000000001", "2310017"):
        assert secret not in text
    assert not re.search(r'"persons": "?7', text)


@pytest.mark.usefixtures("system")
def test_receivers_are_those_with_items_in_force_on_the_day() -> None:
    allow(asked("atenabango", "shimei", end=TODAY + timedelta(days=1)))
    (receiver,) = collect_print(on=TODAY, incident=False).receivers
    assert (receiver.key, receiver.label) == ("kokuho", "国民健康保険システム")
    assert [item.label for item in receiver.items] == [ITEMS["atenabango"], ITEMS["shimei"]]
    assert collect_print(on=TODAY + timedelta(days=1), incident=False).receivers == ()


def test_the_same_system_gives_the_same_bytes_and_they_read_back(tmp_path: Path) -> None:
    first, second = (collect_print(on=TODAY, incident=None) for _ in range(2))
    assert to_json(first) == to_json(second)
    kept = tmp_path / "privacy.json"
    kept.write_text(to_json(first), encoding="utf-8")
    assert read_print(kept) == first
    assert compare(before=read_print(kept), after=second) == tuple(
        one for one in compare(before=first, after=second) if one.rule.change == "threshold_unknown"
    )


def test_a_column_that_is_added_is_found_as_important_change() -> None:
    before = collect_print(on=TODAY, incident=False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_addressee ADD COLUMN note text")
    (found,) = compare(before=before, after=collect_print(on=TODAY, incident=False))
    assert (found.rule.change, found.what) == ("item_added", "ファイル「宛名」の「宛名：備考」")


def test_a_column_without_a_name_stops_the_print() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_addressee ADD COLUMN shoe_size text")
    with pytest.raises(Refused, match=r"registry_addressee\.shoe_size"):
        collect_print(on=TODAY, incident=False)


def test_the_text_names_day_threshold_files_and_connections() -> None:
    lines = list(print_lines(collect_print(on=date(2026, 8, 3), incident=None)))
    assert lines[0] == "特定個人情報保護評価の基礎資料（令和8年8月3日現在）"
    assert "・重大事故：未入力（--incident で指定する）" in lines
    assert "・入手：住民記録（連携ファイル resident）" in lines
    assert "・入手：支援措置（連携ファイル protection）" in lines
    assert [line for line in lines if line.startswith("・閲覧の記録：5年")]
    assert [line for line in lines if re.match(r"\d+\. 宛名（本人の数：1万人未満、\d+項目", line)]


def test_what_is_no_print_is_refused_without_its_content(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    for content in ("", "[]", '{"version": 1}', "見本　太郎"):
        other.write_text(content, encoding="utf-8")
        with pytest.raises(BadInput, match=r"other\.json は kyufu privacy の出力ではありません") as caught:
            read_print(other)
        assert "見本" not in str(caught.value)
    with pytest.raises(BadInput, match="開けません"):
        read_print(tmp_path / "none.json")
    found = to_json(collect_print(on=TODAY, incident=None)).replace('"version": 1', '"version": 99')
    other.write_text(found, encoding="utf-8")
    with pytest.raises(BadInput, match="別の版"):
        read_print(other)
