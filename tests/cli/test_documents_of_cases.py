"""`kyufu cases` and `kyufu documents` hand in hand: from the desk to the paper, again, and what is held back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.cli.documents import KINDS
from kyufu.cli.main import main
from tests.cases.world import Family, World, receive
from tests.documents.reading import page_texts
from tests.registry.persons import measure

STAFF = ["--staff", "S0001", "--staff-name", "判定　花子", "--office", "鶴見区"]
APPROVER = ["--staff", "S0002", "--staff-name", "決裁　次郎", "--office", "鶴見区"]
ON = ["--on", "2026-08-01"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def world(
    transactional_db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> World:
    """A city without anybody in it yet; papers go into a folder of the test's own, the server runs already."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    return World(tmp_path)


def decide() -> None:
    """Everything that waits is judged, approved and issued."""
    assert main(["cases", "judge", *ON, *STAFF]) == 0
    assert main(["cases", "approve", *APPROVER]) == 0
    assert main(["cases", "issue", *ON, *STAFF]) == 0


def certified(world: World, **items: str) -> Family:
    family = world.family(**items)  # type: ignore[arg-type]
    receive(family)
    decide()
    return family


def print_all(*more: str) -> int:
    return main(["documents", "print", *ON, *STAFF, *more])


def pages(folder: Path) -> list[str]:
    return [text for path in sorted(folder.rglob("*.pdf")) for text in page_texts(path.read_bytes())]


def subject() -> str:
    (row,) = cases.certificates_to_print()
    return str(row.certificate_id)


def test_each_kind_is_printed_and_said(world: World, tmp_path: Path, capsys: Capture) -> None:
    receive(world.family())
    poor = world.family()
    receive(poor)
    world.assist(poor, since="2026-07-01")
    decide()
    capsys.readouterr()
    assert print_all() == 0
    said = capsys.readouterr().out
    assert "小児医療証：印刷 1 件 1 ページ、除外 0 件" in said
    assert "却下通知書：印刷 1 件 1 ページ、除外 0 件" in said
    assert "資格喪失通知書：印刷するものはありません。" in said
    texts = pages(tmp_path / "documents")
    assert len(texts) == 2
    assert sum("却下" in text and "生活保護" in text for text in texts) == 1


def test_what_is_printed_is_not_due_any_more(world: World, tmp_path: Path, capsys: Capture) -> None:
    certified(world)
    print_all()
    capsys.readouterr()
    assert print_all() == 0
    assert capsys.readouterr().out.count("印刷するものはありません。") == len(KINDS)
    assert len(pages(tmp_path / "documents")) == 1


def test_a_training_print_says_so_on_every_page(world: World, tmp_path: Path) -> None:
    certified(world)
    print_all("--watermark", "見本・訓練用")
    assert all("見本・訓練用" in text for text in pages(tmp_path / "documents"))


def test_a_reprint_is_a_second_paper_with_its_reason(world: World, tmp_path: Path, capsys: Capture) -> None:
    certified(world)
    print_all()
    again = [
        "documents",
        "reprint",
        "--kind",
        "certificate",
        "--subject",
        subject(),
        "--reason",
        "印刷機の汚れ",
    ]
    assert main([*again, *ON, *STAFF]) == 0
    first, second = pages(tmp_path / "documents")
    assert first == second
    capsys.readouterr()
    main(["documents", "list"])
    assert "再印刷（印刷機の汚れ）" in capsys.readouterr().out


def test_a_paper_is_looked_at_before_it_is_printed(world: World, tmp_path: Path) -> None:
    certified(world)
    picture = tmp_path / "look.png"
    look = [
        "documents",
        "preview",
        "--kind",
        "certificate",
        "--subject",
        subject(),
        *ON,
        "--out",
        str(picture),
    ]
    assert main(look) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert pages(tmp_path / "documents") == []


def test_a_certificate_whose_facts_changed_is_held_back_and_listed(world: World, capsys: Capture) -> None:
    family = certified(world)
    world.assist(family, since="2026-07-01")
    capsys.readouterr()
    assert print_all("--kind", "certificate") == 0
    assert "印刷 0 件 0 ページ、除外 1 件" in capsys.readouterr().out
    main(["documents", "list"])
    assert "未印刷　小児医療証　1 件：" in capsys.readouterr().out


def test_a_protected_family_without_a_safe_address_gets_no_letter_home(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    family = world.family()
    world.send("protection", [measure(family.number + 2, sofusaki_jusho="", sofusaki_yubinbango="")])
    receive(family)
    decide()
    capsys.readouterr()
    assert print_all("--kind", "certificate") == 0
    assert "除外 1 件" in capsys.readouterr().out
    assert pages(tmp_path / "documents") == []
    main(["documents", "list"])
    assert "支援措置の対象ですが、送付先が登録されていません" in capsys.readouterr().out


def test_the_letter_goes_once_the_safe_address_is_known_and_the_case_judged_again(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    """A measure is a fact that came after the decision: the certificate comes by way of a change report."""
    family = world.family()
    world.send("protection", [measure(family.number + 2, sofusaki_jusho="", sofusaki_yubinbango="")])
    receive(family)
    decide()
    print_all("--kind", "certificate")
    world.send("protection", [measure(family.number + 2, rirekieda=1)])
    capsys.readouterr()
    print_all("--kind", "certificate")
    assert "印刷 0 件 0 ページ、除外 1 件" in capsys.readouterr().out
    receive(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=date(2026, 8, 1))
    decide()
    print_all("--kind", "certificate")
    assert "印刷 1 件 1 ページ、除外 0 件" in capsys.readouterr().out
    (text,) = pages(tmp_path / "documents")
    assert "港町一丁目１番地" in text
    assert "駒岡" not in text


def test_somebody_elses_case_stays_as_it_is(world: World, capsys: Capture) -> None:
    """One application by its number: the other waits."""
    receive(world.family())
    receive(world.family())
    first, second = (row.number for row in cases.applications())
    for step in (["judge", *ON, *STAFF], ["approve", *APPROVER], ["issue", *ON, *STAFF]):
        assert main(["cases", step[0], "--number", first, *step[1:]]) == 0
    assert print_all("--kind", "certificate") == 0
    assert "印刷 1 件" in capsys.readouterr().out
    assert [row.state for row in cases.applications()] == ["issued", "received"]
    assert main(["cases", "issue", "--number", second, *ON, *STAFF]) == 1
    assert "決裁済の申請ではありません" in capsys.readouterr().err


def test_the_list_goes_on_after_a_number(world: World, capsys: Capture) -> None:
    for _ in range(3):
        receive(world.family())
    first, *rest = (row.number for row in cases.applications())
    assert main(["cases", "list", "--after", first]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown[:2]] == rest
    assert shown[2:] == ["受付: 3 件"]


def test_the_list_of_one_state(world: World, capsys: Capture) -> None:
    certified(world)
    receive(world.family())
    capsys.readouterr()
    assert main(["cases", "list", "--state", "issued"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "新規" in line]
    assert len(lines) == 1
    assert lines[0].endswith("交付済")


def test_an_application_without_insurance_on_record_is_asked_about_by_letter(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    receive(world.family(insured=False))
    assert main(["cases", "judge", *ON, *STAFF]) == 0
    (row,) = cases.applications()
    assert row.state == "undecided"
    capsys.readouterr()
    assert print_all() == 0
    assert "確認書類ご提出のお願い：印刷 1 件" in capsys.readouterr().out
    (text,) = pages(tmp_path / "documents")
    assert "健康保険" in text
    assert row.number in text
