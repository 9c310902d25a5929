"""The summary that closes the demonstration: the same figures for the terminal (Japanese) and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Figures of one run of the main job; every mapping is from a Japanese label to a count."""

    municipality: str
    scheme: str
    subsidy: str
    as_of: str
    kept: tuple[str, ...]
    population: Mapping[str, int]
    feeds: Mapping[str, Mapping[str, int]]
    worklists: Mapping[str, int]
    applications: Mapping[str, int]
    acquired: Mapping[str, int]
    rejected: Mapping[str, int]
    cannot_decide: Mapping[str, int]
    prefecture: Mapping[str, int]
    refused_steps: Mapping[str, int]
    printed: Mapping[str, int]
    not_printed: Mapping[str, int]
    folders: tuple[str, ...]
    seconds: Mapping[str, float]


def write_summary(summary: Summary, *, path: Path) -> None:
    """Write the summary as JSON with sorted, stable layout."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(summary), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def format_summary(summary: Summary) -> str:
    """The summary as a clerk reads it, in Japanese."""
    lines = [f"■ {summary.municipality} {summary.scheme}　集計（基準日 {summary.as_of}）"]
    if summary.kept:
        lines += ["", "前回から引き継いだもの", *(f"  ・{item}" for item in summary.kept)]
    lines += _block("登録", summary.population, unit="")
    for feed, counts in summary.feeds.items():
        lines.append(
            "  " + _padded(feed) + "　".join(f"{label} {count:,}" for label, count in counts.items())
        )
    lines += _block("確認が必要なもの（作業一覧）", summary.worklists, unit="件")
    lines += _block("申請", summary.applications, unit="件")
    lines += _block("取得", summary.acquired, unit="件")
    lines += _block("却下（理由別）", summary.rejected, unit="件")
    lines += _block("判定できないもの（理由別）", summary.cannot_decide, unit="件")
    lines += _block(f"{summary.subsidy}の対象", summary.prefecture, unit="件")
    lines += _block("決裁・交付を止めたもの（理由別）", summary.refused_steps, unit="件")
    lines += _block("印刷", summary.printed, unit="")
    lines += _block("印刷を止めたもの（理由別）", summary.not_printed, unit="件")
    lines += ["", "PDF の場所", *(f"  {folder}" for folder in summary.folders)]
    lines += ["", "所要時間"]
    lines += [f"  {_padded(stage)}{took:>8.1f} 秒" for stage, took in summary.seconds.items()]
    lines.append(f"  {_padded('合計')}{sum(summary.seconds.values()):>8.1f} 秒")
    return "\n".join(lines)


def _block(title: str, counts: Mapping[str, int], *, unit: str) -> list[str]:
    if not counts:
        return ["", f"{title}　なし"]
    return [
        "",
        title,
        *(f"  {_padded(label)}{count:>10,} {unit}".rstrip() for label, count in counts.items()),
    ]


def _padded(label: str, *, width: int = 44) -> str:
    """Pad to a column on the terminal, where a full-width character takes two cells."""
    cells = sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in label)
    return label + " " * max(1, width - cells)
