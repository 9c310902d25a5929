"""Does a print run still tie: the ledger in itself, the files and manifest in its folder, and its certificates?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db.models import F

from kyufu.cases import api as cases
from kyufu.documents import files
from kyufu.documents.content import Kind
from kyufu.documents.damage import find_run
from kyufu.documents.manifest import JSON_NAME, PAGE_NAME, Manifest, as_json, faults_of, manifest_of
from kyufu.documents.models import PrintRun

BLOCK = 1 << 20


class Checked(NamedTuple):
    """A print run as it was checked: its manifest, and what does not tie, in Japanese (empty: all ties)."""

    manifest: Manifest
    faults: tuple[str, ...]


def check_run(run_id: int) -> Checked:
    """Check that a run ties: ledger, files by their hashes, manifest, certificates; raises BadInput for no run."""
    run, manifest = find_run(run_id), manifest_of(run_id)
    folder = files.root() / run.folder
    found = (*faults_of(run_id), *_certificates(run), *_replaced(run), *_folder(folder, manifest=manifest))
    return Checked(manifest, found)


def _certificates(run: PrintRun) -> Iterator[str]:
    """Every printed certificate must be one that was issued."""
    if run.kind != Kind.CERTIFICATE:
        return
    unknown = cases.count_no_certificates(
        among=f"SELECT subject_id FROM documents_document WHERE run_id = {run.pk:d}"
    )
    if unknown:
        yield f"交付の記録がない医療証が {unknown:,} 件あります。"


def _replaced(run: PrintRun) -> Iterator[str]:
    """A document of a damaged range must stand for one of that range with the same subject and content."""
    if run.reprint_of_id is None:
        return
    astray = run.printed.exclude(
        replaces__run_id=run.reprint_of_id,
        replaces__subject_id=F("subject_id"),
        replaces__content_digest=F("content_digest"),
    ).count()
    if astray:
        yield f"元の帳票と合わない再印刷が {astray:,} 件あります。"


def _folder(folder: Path, *, manifest: Manifest) -> Iterator[str]:
    if not folder.is_dir():
        yield "印刷用のフォルダが見つかりません。"
        return
    for file in manifest.files:
        path = folder / file.name
        if not path.is_file():
            yield f"ファイル {file.name} が見つかりません。"
        elif _sha256(path) != file.sha256:
            yield f"ファイル {file.name} の内容が、印刷したときと違います。"
    expected = {file.name for file in manifest.files} | {JSON_NAME, PAGE_NAME}
    for path in sorted(folder.iterdir()):
        if path.name not in expected:
            yield f"記録にないファイル {path.name} があります。"
    written = folder / JSON_NAME
    if not written.is_file() or written.read_text(encoding="utf-8") != as_json(manifest):
        yield "送付票（manifest.json）が、印刷の記録と合いません。"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
