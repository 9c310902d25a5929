"""Makes a demo city: plans the chunks, lets two processes make them, and puts the files together."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from kyufu.demo.city.assembly import AssemblyPlan, assemble
from kyufu.demo.city.chunk import (
    FAULT,
    FILES,
    RESIDENTS_PER_CHUNK,
    ChunkPlan,
    ChunkResult,
    make_chunk,
    register_day,
)  # fmt: skip
from kyufu.demo.city.manifest import FeedFile, Manifest
from kyufu.demo.city.places import towns_of
from kyufu.law.child.cities import MUNICIPALITIES
from kyufu.platform.errors import BadInput

T = TypeVar("T")
Report = Callable[[str, int, int], None]
Run = Callable[..., Iterable[Any]]

GENERATOR_VERSION = 1
_MOST_RESIDENTS = 20_000_000
_MAKING, _ASSEMBLING = "住民と資料を作成しています", "連携ファイルにまとめています"


def make_city(
    *,
    residents: int,
    out: Path,
    seed: int,
    municipality: str,
    as_of: date,
    report: Report,
    processes: int = 2,
) -> Manifest:
    """Write the feed files of a synthetic city and its manifest into the folder `out`, all of them or none.

    The same arguments give the same bytes whatever the number of processes. `residents` are those registered
    on the day of the full files, three weeks before `as_of`; `report(stage, done, total)` hears of progress.
    Raises BadInput for a number of residents, a municipality or a folder that cannot be used.
    """
    code = check_wish(residents=residents, municipality=municipality)
    _make_folder(out)
    with _parts_folder(out) as parts, _workers(processes) as run:
        plans = _chunk_plans(residents=residents, seed=seed, as_of=as_of, code=code, parts=parts)
        results = _followed(run(make_chunk, plans), stage=_MAKING, total=len(plans), report=report)
        files = _followed(
            run(assemble, _assembly_plans(code=code, as_of=as_of, chunks=len(plans), parts=parts)),
            stage=_ASSEMBLING,
            total=len(FILES),
            report=report,
        )
        for file in files:
            (parts / file.name).replace(out / file.name)
    manifest = _manifest(results, files=files, residents=residents, seed=seed, code=code, as_of=as_of)
    manifest.write(out)
    return manifest


def check_wish(*, residents: int, municipality: str) -> str:
    """The code of the municipality; raises BadInput for a municipality or a number of residents without a city."""
    code = _municipality_code(municipality)
    if not 1 <= residents <= _MOST_RESIDENTS:
        raise BadInput(f"住民の数は1人から{_MOST_RESIDENTS:,}人の間で指定してください。")
    return code


def _municipality_code(name: str) -> str:
    if name not in MUNICIPALITIES:
        raise BadInput(
            f"市区町村「{name}」の見本は作成できません。", remedy=f"指定できる値: {'、'.join(MUNICIPALITIES)}"
        )
    return MUNICIPALITIES[name].code


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            "出力先のフォルダを作成できません。",
            remedy="同じ名前のファイルがないか、書き込めるかを確認してください。",
        ) from error


@contextmanager
def _parts_folder(out: Path) -> Iterator[Path]:
    """A folder for the parts beside the files, removed whatever happens."""
    parts = Path(tempfile.mkdtemp(prefix=".parts-", dir=out))
    try:
        yield parts
    finally:
        shutil.rmtree(parts, ignore_errors=True)


@contextmanager
def _workers(processes: int) -> Iterator[Run]:
    """Something that maps a function over plans in order: the process itself, or a pool."""
    if processes == 1:
        yield map
        return
    # Forked, not spawned: the children only compute, and a caller needs no importable main module.
    with ProcessPoolExecutor(max_workers=processes, mp_context=get_context("fork")) as pool:
        yield pool.map


def _chunk_plans(*, residents: int, seed: int, as_of: date, code: str, parts: Path) -> list[ChunkPlan]:
    towns = towns_of(code)
    firsts = range(0, residents, RESIDENTS_PER_CHUNK)
    return [
        ChunkPlan(number, min(RESIDENTS_PER_CHUNK, residents - first), seed, as_of, towns, parts)
        for number, first in enumerate(firsts)
    ]


def _assembly_plans(*, code: str, as_of: date, chunks: int, parts: Path) -> list[AssemblyPlan]:
    """Plans of all files: full ones made on the day of the register, differences on the last day."""
    made = {"FULL": (1, register_day(as_of)), "DIFF": (2, as_of - timedelta(days=1))}
    return [
        AssemblyPlan(layout, mode, made[mode][0], code, f"{made[mode][1]}T22:00:00+09:00", chunks, parts)
        for layout, mode in FILES
    ]


def _followed(results: Iterable[T], *, stage: str, total: int, report: Report) -> list[T]:
    report(stage, 0, total)
    kept: list[T] = []
    for result in results:
        kept.append(result)
        report(stage, len(kept), total)
    return kept


def _manifest(
    results: list[ChunkResult], *, files: list[FeedFile], residents: int, seed: int, code: str, as_of: date
) -> Manifest:
    counts = Counter[str]()
    for result in results:
        counts.update(result.counts)
    faults = {name: count for name, count in counts.items() if name.startswith(FAULT)}
    return Manifest(
        generator_version=GENERATOR_VERSION,
        municipality=code,
        seed=seed,
        as_of=as_of.isoformat(),
        register_day=register_day(as_of).isoformat(),
        residents=residents,
        counts={name: counts[name] for name in sorted(counts) if name not in faults},
        on_purpose={name.removeprefix(FAULT): faults[name] for name in sorted(faults)},
        files=tuple(files),
    )
