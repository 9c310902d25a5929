"""`kyufu documents` as a clerk types it, on an empty municipality and on a printed one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cli.main import main
from kyufu.documents import jobs, operations
from kyufu.documents.content import Kind
from kyufu.documents.jobs import Job
from kyufu.documents.models import Document, PrintRun
from tests.documents.sources import Source

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = ["--on", "2026-08-01", "--staff", "S0001", "--staff-name", "訓練職員", "--office", "港北区保険年金課"]


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Print into a folder of the test's own; the server runs already."""
    settings.VAR_DIR, settings.SCHEMA = tmp_path, "yokohama"
    monkeypatch.setattr("kyufu.cli.main.prepare_django", lambda: None)
    return tmp_path


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    """Two certificates that are due, the second with no address to send it to."""
    made = Source([1, 2], withheld={21: "送付先が登録されていません。"})
    real = operations.job

    def job(kind: Kind) -> Job:
        return made.job() if kind is Kind.CERTIFICATE else real(kind)

    for module in (operations, jobs):
        monkeypatch.setattr(module, "job", job)
    return made


def test_nothing_due_is_said_for_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", "print", *CLERK]) == 0
    out = capsys.readouterr().out
    for kind in Kind:
        assert f"{kind.label}：印刷するものはありません。" in out
    assert not PrintRun.objects.exists()


def test_print_says_what_lies_where(source: Source, capsys: pytest.CaptureFixture[str], var: Path) -> None:
    assert main(["documents", "print", "--kind", "certificate", *CLERK]) == 0
    out = capsys.readouterr().out
    assert "小児医療証：印刷 1 件 1 ページ、除外 1 件" in out
    assert str(var / "documents" / "yokohama" / "20260801-certificate-") in out


def test_list_shows_runs_and_what_is_missing(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    main(["documents", "print", "--kind", "certificate", *CLERK])
    main(
        [
            "documents",
            "reprint",
            "--kind",
            "certificate",
            "--subject",
            "1",
            "--reason",
            "窓口での汚損",
            *CLERK,
        ]
    )
    capsys.readouterr()
    assert main(["documents", "list"]) == 0
    newest, _, first, _, missing = capsys.readouterr().out.splitlines()
    assert "再印刷（窓口での汚損）" in newest
    assert "令和8年8月1日　小児医療証　対象 2 件・印刷 1 件 1 ページ・除外 1 件　実行者 S0001" in first
    assert first.startswith("印刷番号 ")
    assert missing == "未印刷　小児医療証　1 件：送付先が登録されていません。"


def test_reprint_needs_a_reason_and_a_first_print(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["documents", "reprint", "--kind", "certificate", "--subject", "1"]
    assert main([*ask, "--reason", "  ", *CLERK]) == 1
    assert "再印刷の理由が入力されていません" in capsys.readouterr().err
    assert main([*ask, "--reason", "汚損", *CLERK]) == 1
    assert "まだ一度も印刷していません" in capsys.readouterr().err
    assert not Document.objects.exists()


def test_preview_is_private_and_not_a_print(source: Source, tmp_path: Path) -> None:
    picture = tmp_path / "look.png"
    ask = ["documents", "preview", "--kind", "certificate", "--subject", "1", "--on", "2026-08-01"]
    assert main([*ask, "--out", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    assert not Document.objects.exists()


def test_preview_gives_the_reason_why_it_cannot_be_printed(
    source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = [
        "documents",
        "preview",
        "--kind",
        "certificate",
        "--subject",
        "2",
        "--on",
        "2026-08-01",
        "--out",
        "x.png",
    ]
    assert main(ask) == 1
    assert "送付先が登録されていません" in capsys.readouterr().err


def test_preview_wants_a_picture_file(capsys: pytest.CaptureFixture[str]) -> None:
    ask = [
        "documents",
        "preview",
        "--kind",
        "certificate",
        "--subject",
        "1",
        "--on",
        "2026-08-01",
        "--out",
        "x.pdf",
    ]
    assert main(ask) == 2
    assert ".png" in capsys.readouterr().err


def test_a_wrong_date_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["documents", "print", "--on", "2026/08/01", *CLERK[2:]])
    assert stopped.value.code == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err


def print_run() -> str:
    """The number of the newest print run, as it is typed."""
    return str(PrintRun.objects.latest("pk").pk)


def test_a_damaged_range_is_printed_again_and_what_was_left_out_is_listed(
    source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    source.indices, source.withheld = [1, 2, 3, 4], {}
    main(["documents", "print", "--kind", "certificate", *CLERK])
    gone = Document.objects.get(running_no=3).subject_id
    source.indices.remove(gone)
    capsys.readouterr()
    ask = ["documents", "reprint-range", print_run(), "--from", "2", "--to", "4", "--reason", "紙詰まり"]
    assert main([*ask, *CLERK[2:]]) == 0
    said = capsys.readouterr().out
    assert "小児医療証：印刷 2 件 2 ページ、除外 1 件" in said
    assert "元の通し番号 3：印刷しませんでした。" in said
    assert PrintRun.objects.count() == 2


def test_a_range_outside_of_the_run_is_refused(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    main(["documents", "print", "--kind", "certificate", *CLERK])
    ask = ["documents", "reprint-range", print_run(), "--from", "1", "--to", "2", "--reason", "紙詰まり"]
    assert main([*ask, *CLERK[2:]]) == 1
    assert "この印刷にありません（1 から 1 まで）" in capsys.readouterr().err
    assert PrintRun.objects.count() == 1


def test_check_says_what_lies_in_a_run_and_that_it_does_not_tie(
    source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """The certificates of the test were never issued: that is what does not tie."""
    main(["documents", "print", "--kind", "certificate", *CLERK])
    capsys.readouterr()
    assert main(["documents", "check", print_run()]) == 1
    said = capsys.readouterr().out
    assert f"印刷番号 {print_run()}　小児医療証　対象 2 件・印刷 1 件 1 ページ・除外 1 件" in said
    assert "港北区　洋形長3号（二つ窓）　1 件 1 ページ　通し番号 1～1　ファイル 1" in said
    assert "不一致：交付の記録がない医療証が 1 件あります。" in said
    assert "突合の結果：一致しません。" in said


def test_check_of_a_run_that_ties_is_well(
    source: Source, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kyufu.cases.api.count_no_certificates", lambda **_: 0)
    main(["documents", "print", "--kind", "certificate", *CLERK])
    capsys.readouterr()
    assert main(["documents", "check", print_run()]) == 0
    assert "突合の結果：すべて一致しました。" in capsys.readouterr().out


def test_check_of_no_run_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", "check", "999"]) == 2
    assert "印刷番号 999 の印刷はありません" in capsys.readouterr().err
