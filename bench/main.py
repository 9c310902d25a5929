"""The runner: `bin/bench [NAME ...] [--json]` measures and sets each figure beside its limit."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter
from unicodedata import east_asian_width

import bench
from bench import Figure
from kyufu.cli.main import prepare_django
from kyufu.platform.errors import KyufuError


def names() -> list[str]:
    """The benchmarks that there are: the modules of this package with a `run`."""
    found = (module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "main")
    return [name for name in sorted(found) if hasattr(importlib.import_module(f"bench.{name}"), "run")]


def usual() -> list[str]:
    """Those that are measured where none is named: all that need nothing beside the development environment."""
    return [
        name for name in names() if not getattr(importlib.import_module(f"bench.{name}"), "ON_REQUEST", False)
    ]


def measure(name: str) -> list[Figure]:
    """Run one benchmark; raises ValueError when it measured nothing."""
    figures = list(importlib.import_module(f"bench.{name}").run())
    if not figures:
        raise ValueError(f"bench/{name}.py gave no figure")
    return figures


def table(results: Iterable[tuple[str, Figure]]) -> Iterator[str]:
    """One line for each figure: name, value, limit, ok or NG, note."""
    yield _line("計測", "項目", "値", "限度", "判定", "備考")
    for name, figure in results:
        sign = "≦" if figure.direction == "max" else "≧"
        limit = "" if figure.limit is None else f"{sign} {_number(figure.limit)}"
        verdict = "" if figure.limit is None else "ok" if figure.is_met else "NG"
        yield _line(name, figure.name, f"{_number(figure.value)} {figure.unit}", limit, verdict, figure.note)


def as_json(results: Iterable[tuple[str, Figure]]) -> str:
    """The same figures as a list of objects."""
    rows = [
        {
            "bench": name,
            "name": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            "limit": figure.limit,
            "direction": figure.direction,
            "ok": figure.is_met,
            "note": figure.note,
        }
        for name, figure in results
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _line(*cells: str) -> str:
    widths = (20, 46, 22, 10, 5, 0)
    return " ".join(_padded(cell, width=width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _padded(text: str, *, width: int) -> str:
    """Pad to a width on the terminal, where a Japanese character takes two places."""
    taken = sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
    return text + " " * max(0, width - taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns 1 where a limit is not met, 2 for an error."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="速度を測り、限度と並べて示す")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="名前",
        help="測るもの（省くと spark を除くすべて）: " + "、".join(names()),
    )
    parser.add_argument("--json", action="store_true", help="JSON で出力する")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"{'、'.join(unknown)} という計測はありません。")
    try:
        prepare_django()
        results = list(_measured(options.names or usual()))
    except KyufuError as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    print(as_json(results) if options.json else "\n".join(table(results)))
    return 0 if all(figure.is_met for _, figure in results) else 1


def _measured(chosen: Iterable[str]) -> Iterator[tuple[str, Figure]]:
    for name in chosen:
        began = perf_counter()
        print(f"{name} …", end="", file=sys.stderr, flush=True)
        figures = measure(name)
        print(f" {perf_counter() - began:.1f} 秒", file=sys.stderr)
        for figure in figures:
            yield name, figure


if __name__ == "__main__":
    sys.exit(main())
