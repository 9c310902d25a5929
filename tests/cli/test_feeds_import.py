"""`kyufu feeds import` as a clerk types it: sound files, and each of the broken ones that a city may receive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kyufu.cases.intake import LAYOUT as APPLICATION
from kyufu.cli.main import main
from kyufu.registry import api as registry
from tests.cases.test_intake import paper
from tests.cases.world import FEEDS, World
from tests.evidence.files import INSURANCE
from tests.platform.feed_files import feed_text, header, write_feed
from tests.registry.persons import addressee_no, fetch, my_number, resident

pytestmark = pytest.mark.django_db(transaction=True)
RESIDENT = FEEDS["resident"].layout
CLERK = ["--staff", "S0001", "--staff-name", "受付　花子", "--office", "鶴見区"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has its tables, in a schema of another name than the settings'."""
    monkeypatch.setattr("kyufu.cli.feeds._prepare", lambda: None)


def take_in(*paths: Path, city: str = "yokohama", more: tuple[str, ...] = ()) -> int:
    return main(["feeds", "import", *map(str, paths), "--municipality", city, *more])


def residents() -> list[str]:
    return [row[0] for row in fetch("SELECT addressee_no FROM registry_addressee ORDER BY addressee_no")]


def people(*numbers: int) -> list[dict[str, object]]:
    return [resident(number) for number in numbers]


def test_a_full_file_and_the_differences_after_it(tmp_path: Path, capsys: Capture) -> None:
    full = write_feed(tmp_path, layout=RESIDENT, rows=people(1, 2), mode="FULL", seq=7)
    next_one = write_feed(tmp_path, layout=RESIDENT, rows=people(3), mode="DIFF", seq=8)
    assert take_in(full, next_one) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("resident_FULL_000007.csv: 住民記録 2 行のうち 2 行を取り込みました。")
    assert said[1].startswith("resident_DIFF_000008.csv: 住民記録 1 行のうち 1 行を取り込みました。")
    assert residents() == [addressee_no(number) for number in (1, 2, 3)]


def test_the_code_of_the_city_does_as_well_as_its_name(tmp_path: Path) -> None:
    assert take_in(write_feed(tmp_path, layout=RESIDENT, rows=people(1)), city="141003") == 0
    assert residents() == [addressee_no(1)]


def test_the_same_file_twice_changes_nothing_and_says_so(tmp_path: Path, capsys: Capture) -> None:
    path = write_feed(tmp_path, layout=RESIDENT, rows=people(1, 2))
    take_in(path)
    events = fetch("SELECT * FROM registry_person_event ORDER BY id")
    capsys.readouterr()
    assert take_in(path) == 0
    assert capsys.readouterr().out == (
        "resident_FULL_000001.csv: 同じファイルを取り込み済みです。何も変えていません。\n"
    )
    assert fetch("SELECT * FROM registry_person_event ORDER BY id") == events


def test_the_same_bytes_under_another_name_are_the_same_file(tmp_path: Path, capsys: Capture) -> None:
    path = write_feed(tmp_path, layout=RESIDENT, rows=people(1))
    copy = tmp_path / "again.csv"
    copy.write_bytes(path.read_bytes())
    assert take_in(path, copy) == 0
    assert "again.csv: 同じファイルを取り込み済みです" in capsys.readouterr().out


def cut_last_line(text: str) -> str:
    return text[:-6]


def cut_trailer(text: str) -> str:
    return text[: text.rindex("T,")]


def wrong_count(text: str) -> str:
    return text.replace("T,2,", "T,3,")


def wrong_kinds(text: str) -> str:
    return text.replace("T,2,20=2", "T,2,10=2")


def skipped_row(text: str) -> str:
    return text.replace("\nD,2,", "\nD,3,")


def other_city(text: str) -> str:
    return text.replace(",141003,", ",141305,", 1)


def with_bom(text: str) -> str:
    return "\ufeff" + text


def with_cr(text: str) -> str:
    return text.replace("\n", "\r\n")


def swapped_names(text: str) -> str:
    return text.replace("shimei,shimei_yomigana", "shimei_yomigana,shimei", 1)


def other_layout(text: str) -> str:
    return text.replace("H,resident,", "H,horoscope,", 1)


FRAME_FAULTS: list[tuple[Callable[[str], str], int, str]] = [
    (cut_last_line, 5, "途中で切れています"),
    (cut_trailer, 5, "終わりの行（T）がありません"),
    (wrong_count, 5, "実際のデータ 2 行と合いません"),
    (wrong_kinds, 5, "区分ごとの件数"),
    (skipped_row, 4, "行番号が続いていません。2 のはずです"),
    (other_city, 1, "団体コードが 141003 ではありません"),
    (with_bom, 1, "BOM があります"),
    (with_cr, 1, "CR があります"),
    (swapped_names, 2, "項目名の並び"),
    (other_layout, 1, "知らないレイアウトです"),
]


@pytest.mark.parametrize(
    ("harm", "line", "words"), FRAME_FAULTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_file_with_a_broken_frame_is_refused_before_anything_is_touched(
    harm: Callable[[str], str], line: int, words: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "resident_FULL_000001.csv"
    path.write_text(harm(feed_text(RESIDENT, rows=people(1, 2))), encoding="utf-8", newline="")
    assert take_in(path) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"エラー: resident_FULL_000001.csv の {line} 行目: ")
    assert words in shown.err
    assert "\n対応: " in shown.err
    assert residents() == []
    ((state, reason),) = fetch("SELECT state, reason FROM platform_feed_file")
    assert state == "refused"
    assert words in reason


def test_the_file_sent_again_sound_lands_after_the_refusal(tmp_path: Path) -> None:
    path = tmp_path / "resident_FULL_000001.csv"
    text = feed_text(RESIDENT, rows=people(1, 2))
    path.write_text(cut_last_line(text), encoding="utf-8")
    assert take_in(path) == 2
    path.write_text(text, encoding="utf-8")
    assert take_in(path) == 0
    assert len(residents()) == 2
    states = fetch("SELECT state FROM platform_feed_file ORDER BY id")
    assert states == [("refused",), ("applied",)]


def test_a_missing_sequence_names_the_file_that_must_come_first(tmp_path: Path, capsys: Capture) -> None:
    first = write_feed(tmp_path, layout=RESIDENT, rows=people(1), seq=1)
    third = write_feed(tmp_path, layout=RESIDENT, rows=people(3), mode="DIFF", seq=3)
    assert take_in(first, third) == 2
    shown = capsys.readouterr().err
    assert "差分のファイル通番 000003 の前の 000002 がまだ取り込まれていません" in shown
    assert "対応: 通番 000002 から順に取り込むか、全件ファイルを取り込んでください" in shown
    assert residents() == [addressee_no(1)]
    second = write_feed(tmp_path, layout=RESIDENT, rows=people(2), mode="DIFF", seq=2)
    assert take_in(second, third) == 0
    assert residents() == [addressee_no(number) for number in (1, 2, 3)]


def test_an_older_file_is_refused(tmp_path: Path, capsys: Capture) -> None:
    new = write_feed(tmp_path, layout=RESIDENT, rows=people(1), seq=5)
    old = write_feed(tmp_path, layout=RESIDENT, rows=people(2), seq=4)
    assert take_in(new, old) == 2
    assert "ファイル通番 000004 は、取り込み済みの 000005 より後ではありません" in capsys.readouterr().err
    assert residents() == [addressee_no(1)]


def test_the_files_after_a_refused_one_wait(tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "resident_FULL_000001.csv"
    broken.write_text(header(RESIDENT), encoding="utf-8")
    sound = write_feed(tmp_path, layout=RESIDENT, rows=people(1), seq=2)
    assert take_in(broken, sound) == 2
    assert capsys.readouterr().out == ""
    assert residents() == []


ROW_FAULTS = [
    ({"ido_nengappi": "2026-02-30"}, "「異動年月日」が暦にある年月日（YYYY-MM-DD）ではありません"),
    ({"shimei": "長" * 101}, "「氏名」が 100 文字を超えています（101 文字）"),
    ({"kojinbango": my_number(1)}, "同じ個人番号が他の行にあります"),
    ({"kojinbango": my_number(2)[:-1] + str((int(my_number(2)[-1]) + 1) % 10)}, "検査数字が合いません"),
    ({"tsuzukigara": "55"}, "「続柄」"),
    ({"atenabango": ""}, "宛名番号"),
    ({"seinengappi": "2030-01-01"}, "生年月日"),
]


@pytest.mark.parametrize(("items", "words"), ROW_FAULTS)
def test_a_bad_row_waits_on_the_worklist_while_the_others_land(
    items: dict[str, object], words: str, tmp_path: Path, capsys: Capture
) -> None:
    rows = [resident(1), resident(2, **items), resident(3)]
    assert take_in(write_feed(tmp_path, layout=RESIDENT, rows=rows)) == 0
    shown = capsys.readouterr().out
    assert "3 行のうち 2 行を取り込みました、確認が必要な行 1（kyufu feeds worklist）" in shown
    assert residents() == [addressee_no(1), addressee_no(3)]
    assert main(["feeds", "worklist"]) == 0
    listed = capsys.readouterr().out
    assert "resident_FULL_000001.csv の 4 行目" in listed
    assert words in listed
    assert "確認が必要な行: 1 件" in listed


def test_no_message_and_no_row_of_the_worklist_tells_a_personal_number(
    tmp_path: Path, capsys: Capture
) -> None:
    rows = [resident(number, **items) for number, (items, _) in enumerate(ROW_FAULTS, start=2)]
    take_in(write_feed(tmp_path, layout=RESIDENT, rows=[resident(1), *rows]))
    main(["feeds", "worklist"])
    shown = capsys.readouterr()
    kept = "".join(row[0] for row in fetch("SELECT content || message FROM platform_rejected_row"))
    assert "見本" in kept
    for number in {str(row["kojinbango"]) for row in [resident(1), *rows]}:
        assert number not in shown.out + shown.err + kept
    assert "見本" not in shown.out + shown.err


def test_a_wrong_insurer_number_waits_or_lands_marked_as_wished(tmp_path: Path, capsys: Capture) -> None:
    layout = FEEDS["insurance"].layout
    take_in(write_feed(tmp_path, layout=RESIDENT, rows=people(1)))
    row = {**INSURANCE, "atenabango": addressee_no(1), "hokensha_bango": "06130489"}
    first = write_feed(tmp_path, layout=layout, rows=[row], seq=1)
    second = write_feed(tmp_path, layout=layout, rows=[row], mode="DIFF", seq=2)
    assert take_in(first) == 0
    assert "確認が必要な行 1" in capsys.readouterr().out
    assert take_in(second, more=("--insurer-check", "warn")) == 0
    assert fetch("SELECT check_digit_agrees FROM evidence_insurance") == [(False,)]


def test_applications_are_taken_in_on_somebodys_responsibility(tmp_path: Path, capsys: Capture) -> None:
    family = World(tmp_path).family()
    path = write_feed(tmp_path, layout=APPLICATION, rows=[paper(family, 1)], mode="DIFF", seq=1)
    assert take_in(path) == 2
    assert "誰が行うかが分かりません" in capsys.readouterr().err
    assert take_in(path, more=tuple(CLERK)) == 0
    assert fetch("SELECT actor_id FROM cases_application_transition LIMIT 1") == [("S0001",)]


def test_a_file_that_is_not_there_is_said_without_its_folder(tmp_path: Path, capsys: Capture) -> None:
    assert take_in(tmp_path / "nothing.csv") == 2
    shown = capsys.readouterr().err
    assert "エラー: nothing.csv を開けません。" in shown
    assert str(tmp_path) not in shown


def test_evidence_of_a_person_who_is_not_known_is_not_lost(tmp_path: Path, capsys: Capture) -> None:
    row = {**INSURANCE, "atenabango": addressee_no(77)}
    take_in(write_feed(tmp_path, layout=FEEDS["insurance"].layout, rows=[row]))
    known = registry.addressee_ids([addressee_no(77)])
    waiting = fetch("SELECT count(*) FROM platform_rejected_row WHERE state = 'open'")[0][0]
    held = fetch("SELECT count(*) FROM evidence_insurance")[0][0]
    assert (waiting, held) == ((0, 1) if known else (1, 0))
