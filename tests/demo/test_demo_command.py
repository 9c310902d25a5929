"""`kyufu demo make` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.demo.city import read_manifest


def run(*arguments: str) -> int:
    return main(["demo", "make", *arguments])


def test_it_makes_the_files_and_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--residents", "300", "--out", str(tmp_path), "--seed", "4") == 0
    shown = capsys.readouterr()
    assert "住民 300 人" in shown.out
    assert "resident_FULL_000001.csv" in shown.out
    assert "わざと誤らせた行が 7 件" in shown.out
    assert "連携ファイルにまとめています" in shown.err
    assert "完了" in shown.err
    assert read_manifest(tmp_path).seed == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--residents", "0"), "住民の数は1人から"),
        (("--residents", "10", "--municipality", "kobe"), "市区町村「kobe」"),
        (("--residents", "10", "--as-of", "2026-02-30"), "基準日を読み取れません"),
    ],
)
def test_a_wrong_wish_is_refused_in_japanese(
    arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--out", str(tmp_path)) == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert "対応: " in shown or "住民の数" in shown
    assert list(tmp_path.iterdir()) == []


def test_another_day_moves_the_band_and_the_tax_years(tmp_path: Path) -> None:
    assert run("--residents", "200", "--out", str(tmp_path), "--as-of", "2025-05-01") == 0
    manifest = read_manifest(tmp_path)
    assert (manifest.as_of, manifest.register_day) == ("2025-05-01", "2025-04-09")
    years = {line.split(",")[3] for line in (tmp_path / "tax_FULL_000001.csv").read_text().splitlines()[2:-1]}
    assert years == {"2023", "2024"}
