"""`kyufu documents` as a clerk types it, on an empty municipality and on a printed one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cli.main import main
from kyufu.documents import operations
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

    monkeypatch.setattr(operations, "job", job)
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
