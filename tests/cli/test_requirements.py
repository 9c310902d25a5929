"""The 要件適合表: each status follows from the marks, and the totals tie."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from kyufu.cli import requirements
from kyufu.cli.main import main
from kyufu.cli.requirements import Status


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A result file as bin/test writes it."""
    file = tmp_path / "requirements.json"
    file.write_text(
        json.dumps(
            {
                "YOK-001": {"passed": ["a", "b"], "stand_in": ["c"]},
                "YOK-002": {"stand_in": ["a"]},
                "YOK-003": {"passed": ["a"], "failed": ["b"]},
                "YOK-204": {"passed": ["a"]},
            }
        ),
        encoding="utf-8",
    )
    return file


def statuses(results: Path) -> dict[str, Status]:
    """The status of each row of the real catalogue."""
    rows = requirements.fit(requirements.CATALOGUE, results=requirements.read_results(results))
    return {row.id: row.status for row in rows}


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("YOK-001", Status.IMPLEMENTED),
        ("YOK-002", Status.STAND_IN),
        ("YOK-003", Status.NOT_YET),
        ("YOK-004", Status.NOT_YET),
        ("YOK-163", Status.OPERATOR),
        ("YOK-204", Status.IMPLEMENTED),
    ],
)
def test_status(results: Path, row: str, status: Status) -> None:
    assert statuses(results)[row] is status


def test_the_catalogue_has_unique_ids_of_known_documents_and_kinds() -> None:
    with requirements.CATALOGUE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({row["id"] for row in rows}) == len(rows) == 1194
    assert {row["id"].partition("-")[0] for row in rows} == set(requirements.DOCUMENTS)
    assert {row["kind"] for row in rows} == {"software", "operator"}
    assert all(row["requirement"] for row in rows)


def test_the_markdown_totals_tie_to_the_rows(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requirements", "--results", str(results)]) == 0
    lines = capsys.readouterr().out.splitlines()

    total = next(line for line in lines if line.startswith("| 合計 |"))
    figures = [int(cell) for cell in re.findall(r"\d+", total)]
    assert figures[-1] == sum(figures[:-1]) == 1194
    for status, figure in zip(Status, figures, strict=False):
        assert (
            sum(f"| {status.value} |" in line for line in lines if re.match(r"\| [A-Z]{3}-\d{3} ", line))
            == figure
        )
    assert {line.count("|") - line.count("\\|") for line in lines if re.match(r"\| [A-Z]{3}-", line)} == {6}


def test_one_document(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requirements", "--document", "SPR", "--csv", "--results", str(results)]) == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 206
    assert all(row["番号"].startswith("SPR-") for row in rows)


def test_csv_counts_the_tests_that_prove_a_row(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["requirements", "--document", "YOK", "--csv", "--results", str(results)])

    rows = {row["番号"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert (rows["YOK-001"]["適合"], rows["YOK-001"]["試験数"]) == ("実装済", "3")
    assert (rows["YOK-004"]["適合"], rows["YOK-004"]["試験数"]) == ("未", "0")


def test_without_results_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requirements", "--results", str(tmp_path / "none.json")]) == 2

    assert "bin/test" in capsys.readouterr().err


def test_a_broken_result_file_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "half.json"
    file.write_text('{"YOK-001":\n {"passed": [', encoding="utf-8")

    assert main(["requirements", "--results", str(file)]) == 2
    assert "2 行目" in capsys.readouterr().err
