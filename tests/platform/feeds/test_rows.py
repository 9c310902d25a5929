"""Rows with a problem of their own go to the worklist with the reason, the good ones land, and counts tie."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.platform.feeds.intake import receive_feed
from kyufu.registry.feeds.layouts import RESIDENT
from tests.platform.feed_files import MUNICIPALITY, feed_text
from tests.registry.persons import FEEDS, Register, addressee_no, fetch, my_number, resident, take_in

WRONG_NUMBER = my_number(1)[:-1] + str((int(my_number(1)[-1]) + 1) % 10)

FAULTS = {
    "30 February": ({"ido_nengappi": "2024-02-30"}, "ido_nengappi", "date"),
    "29 February of a common year": ({"ido_nengappi": "2023-02-29"}, "ido_nengappi", "date"),
    "date with slashes": ({"todokede_nengappi": "2024/02/03"}, "todokede_nengappi", "date"),
    "full-width date": ({"ido_nengappi": "２０２４-02-03"}, "ido_nengappi", "date"),
    "year zero": ({"ido_nengappi": "0000-01-01"}, "ido_nengappi", "date"),
    "over-long name": ({"shimei": "長" * 101}, "shimei", "too_long"),
    "over-long building": ({"jusho_katagaki": "長" * 301}, "jusho_katagaki", "too_long"),
    "unknown event": ({"ido_jiyu": "99"}, "ido_jiyu", "code"),
    "no addressee": ({"atenabango": ""}, "atenabango", "required"),
    "addressee with a blank": ({"atenabango": "12 45"}, "atenabango", "code"),
    "short postal code": ({"jusho_yubinbango": "230007"}, "jusho_yubinbango", "length"),
    "history number in words": ({"rirekibango": "一"}, "rirekibango", "number"),
    "negative history number": ({"rirekibango": "-1"}, "rirekibango", "number"),
    "cancelled as a word": ({"torikeshi": "2"}, "torikeshi", "flag"),
    "control character": ({"shimei": "見本\t太郎"}, "shimei", "characters"),
    "broken character": ({"shimei": "見本\ufffd太郎"}, "shimei", "characters"),
    "direction mark": ({"shimei": "見本\u202e太郎"}, "shimei", "characters"),
    "short individual number": ({"kojinbango": "12345678901"}, "kojinbango", "length"),
    "wrong check digit": ({"kojinbango": WRONG_NUMBER}, "kojinbango", "my_number"),
    "no birth date at all": ({"seinengappi": ""}, "seinengappi", "birth_date"),
    "born after the event": ({"seinengappi": "2021-01-01"}, "seinengappi", "birth_date"),
}


def rejected() -> list[tuple[object, ...]]:
    return fetch(
        'SELECT line, row_no, "column", code, message, content, state FROM platform_rejected_row ORDER BY row_no'
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_row_is_set_aside_with_its_reason_while_the_others_land(register: Register, fault: str) -> None:
    items, column, code = FAULTS[fault]
    result = register.send([resident(1), resident(2, **items), resident(3)])
    assert (result.rows, result.landed, result.rejected) == (3, 2, 1)
    ((line, row_no, found_column, found_code, message, content, state),) = rejected()
    assert (line, row_no, found_column, found_code, state) == (4, 2, column, code, "open")
    assert str(message).startswith(("「", "個人番号"))
    assert my_number(2) not in str(content)
    assert WRONG_NUMBER not in str(content)
    assert fetch("SELECT addressee_no FROM registry_addressee ORDER BY 1") == [
        (addressee_no(1),),
        (addressee_no(3),),
    ]


def test_values_at_the_edge_land(register: Register) -> None:
    rows = [
        resident(1, shimei="長" * 100, jusho_katagaki="方" * 300),
        resident(2, ido_nengappi="2024-02-29"),
        resident(3, shimei='見本, "仮"　太郎', jusho_katagaki="Ａ棟,１"),
        resident(
            4, shimei="", kojinbango="", todokede_nengappi="", seinengappi="", seinengappi_fushohyoki="不詳"
        ),
        resident(5, seinengappi="1868-09-08", ido_nengappi="1899-01-01"),
    ]
    result = register.send(rows)
    assert (result.landed, result.rejected) == (5, 0), rejected()
    stored = fetch(
        "SELECT name, building, birth_date, birth_date_note FROM registry_person_event ORDER BY row_no"
    )
    assert stored[2][:2] == ('見本, "仮"　太郎', "Ａ棟,１")
    assert stored[3][2:] == (None, "不詳")


def test_names_are_stored_composed_with_selectors_and_old_forms_kept(register: Register) -> None:
    register.send([resident(1, shimei="神\u304b\u3099\u8fba\U000e0101", jusho_choaza="\u306f\u309aん")])
    assert fetch("SELECT name, town FROM registry_person_event") == [("神が\u8fba\U000e0101", "ぱん")]


def test_one_individual_number_for_two_persons_rejects_the_second(register: Register) -> None:
    rows = [
        resident(1),
        resident(1, rirekibango=2, ido_nengappi="2021-01-01"),
        resident(2, kojinbango=my_number(1)),
    ]
    result = register.send(rows)
    assert (result.landed, result.rejected) == (2, 1)
    ((line, _, column, code, message, content, _),) = rejected()
    assert (line, column, code) == (5, "kojinbango", "duplicate_number")
    assert "同じ個人番号が他の行にあります" in str(message)
    assert my_number(1) not in str(content)


def test_a_contradiction_of_the_same_revision_is_rejected_within_and_across_files(register: Register) -> None:
    within = register.send([resident(1), resident(1, shimei="別の　名"), resident(1)])
    assert (within.landed, within.rejected) == (2, 1)
    across = register.send([resident(1, shimei="別の　名")])
    assert (across.landed, across.rejected) == (0, 1)
    assert fetch("SELECT name FROM registry_person_event") == [("見本　太郎",)]
    assert [row[3] for row in rejected()] == ["same_revision", "same_revision"]


def spoiled(text: str, *, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_shifted_columns_and_stray_quotes_never_keep_the_number(register: Register, tmp_path: Path) -> None:
    text = feed_text(RESIDENT, rows=[resident(number) for number in (1, 2, 3, 4)])
    text = spoiled(text, old=f"{my_number(2)},見本　太郎", new=f"余分,{my_number(2)},見本　太郎")
    text = spoiled(text, old=f"{my_number(3)},見本　太郎", new=f'{my_number(3)},見本"太郎"')
    text = spoiled(text, old=f"{my_number(4)},見本　太郎", new=f'{my_number(4)},"見本　太郎')
    path = tmp_path / "resident_FULL_000001.csv"
    path.write_text(text, encoding="utf-8")
    result = take_in(path)
    assert (result.rows, result.landed + result.rejected) == (4, 4)
    assert not any(my_number(number) in str(row[5]) for row in rejected() for number in (2, 3, 4))
    assert [row[3] for row in rejected() if row[0] in (4, 6)] == ["columns", "quotes"]


def test_every_row_is_in_the_tables_or_on_the_worklist(register: Register) -> None:
    rows = [resident(number, **FAULTS[fault][0]) for number, fault in enumerate(FAULTS, start=10)]
    result = register.send([*rows, *(resident(number) for number in range(100, 110))], mode="FULL")
    landed = {row[0] for row in fetch("SELECT row_no FROM registry_person_event")}
    set_aside = {row[1] for row in rejected()}
    assert landed.isdisjoint(set_aside)
    assert landed | set_aside == set(range(1, result.rows + 1))
    assert (result.landed, result.rejected) == (len(landed), len(set_aside))


def test_progress_is_told_with_stage_and_share(db: None, tmp_path: Path) -> None:
    path = tmp_path / "resident_FULL_000001.csv"
    path.write_text(
        feed_text(RESIDENT, rows=[resident(number) for number in range(1, 2_502)]), encoding="utf-8"
    )
    told: list[tuple[str, int, int]] = []
    receive_feed(
        path,
        feeds=FEEDS,
        municipality=MUNICIPALITY,
        progress=lambda *step: told.append((step[0], step[1], step[2])),
    )
    assert told[0] == ("枠の確認", 0, 0)
    assert [done for stage, done, _ in told if stage == "読み込み"] == [1000, 2000, 2501]
    assert told[-1] == ("反映", 2501, 2501)
