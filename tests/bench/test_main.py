"""The runner of the benchmarks: verdicts, table, JSON and exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bench import Figure, main

# The command looks whether the database answers before it measures anything.
pytestmark = pytest.mark.django_db

FAST = Figure("判定", 52_000.0, "人/秒", 30_000, "min")
SLOW = Figure("取込", 25.5, "倍", 20, "max", note="20万人")
PLAIN = Figure("件数", 3.0, "件")


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put benchmarks with given figures in the place of the real ones, which take minutes."""

    def put(**figures: list[Figure]) -> None:
        modules = {
            f"bench.{name}": SimpleNamespace(run=lambda found=found: found) for name, found in figures.items()
        }
        monkeypatch.setattr(main, "names", lambda: sorted(figures))
        monkeypatch.setattr(main.importlib, "import_module", modules.__getitem__)

    return put


@pytest.mark.parametrize(
    ("value", "limit", "direction", "met"),
    [
        (20.0, 20.0, "max", True),
        (20.1, 20.0, "max", False),
        (30_000.0, 30_000.0, "min", True),
        (29_999.0, 30_000.0, "min", False),
        (1e9, None, "max", True),
    ],
)
def test_a_figure_knows_whether_it_meets_its_limit(
    value: float, limit: float | None, direction: str, met: bool
) -> None:
    assert Figure("x", value, "倍", limit, direction).is_met is met  # type: ignore[arg-type]


def test_every_real_benchmark_is_found_and_none_is_called_main() -> None:
    found = main.names()

    assert found
    assert "main" not in found


def test_what_needs_an_extra_is_measured_only_where_it_is_named() -> None:
    assert set(main.names()) - set(main.usual()) == {"spark"}


def test_all_limits_met_is_success(benches: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    benches(judge=[FAST, PLAIN])

    assert main.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "52,000 人/秒" in lines[1]
    assert "≧ 30,000" in lines[1]
    assert " ok" in lines[1]
    assert "ok" not in lines[2]


def test_a_limit_that_is_not_met_is_failure(
    benches: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    benches(judge=[FAST], importing=[SLOW])

    assert main.main([]) == 1
    output = capsys.readouterr().out
    assert "NG" in output
    assert "≦ 20" in output


def test_one_name_runs_that_one_alone(
    benches: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    benches(judge=[FAST], importing=[SLOW])

    assert main.main(["judge"]) == 0
    assert "取込" not in capsys.readouterr().out


def test_json_holds_every_field(benches: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    benches(importing=[SLOW])

    assert main.main(["--json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "bench": "importing",
            "name": "取込",
            "value": 25.5,
            "unit": "倍",
            "limit": 20,
            "direction": "max",
            "ok": False,
            "note": "20万人",
        }
    ]


def test_a_name_that_is_not_there_is_refused(
    benches: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    benches(judge=[FAST])

    with pytest.raises(SystemExit) as error:
        main.main(["gone"])
    assert error.value.code == 2
    assert "gone" in capsys.readouterr().err


def test_a_benchmark_without_figures_is_an_error(benches: Callable[..., None]) -> None:
    benches(judge=[])

    with pytest.raises(ValueError, match=r"bench/judge\.py gave no figure"):
        main.main([])


def test_columns_line_up_under_japanese_headings() -> None:
    lines = list(main.table([("judge", FAST), ("import", SLOW)]))

    widths = {
        sum(
            2 if ord(character) > 0x2E7F or character in "≦≧" else 1 for character in line[: line.index(mark)]
        )
        for line, mark in zip(lines, ("判定", "ok", "NG"), strict=True)
    }
    assert len(widths) == 1
