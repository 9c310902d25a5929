"""`kyufu requirements`: the 要件適合表, the rows of docs/requirements.csv beside what the tests proved."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

CATALOGUE = Path(__file__).resolve().parents[3] / "docs" / "requirements.csv"
RESULTS = Path("test") / "requirements.json"
DOCUMENTS = {
    "YOK": "横浜市 小児医療費助成",
    "KWS": "川崎市 小児医療費助成",
    "TKY": "東京都 自立支援医療（精神通院）",
    "ATG": "厚木市 国民健康保険",
    "SPR": "札幌市 子ども医療費助成",
}


class Status(Enum):
    """How a row stands; the value is the word of the table."""

    IMPLEMENTED = "実装済"
    STAND_IN = "模擬"
    OPERATOR = "運用"
    NOT_YET = "未"


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement: its id, the text of the source, what it is, and how many tests prove it."""

    id: str
    requirement: str
    category: str
    lines: str
    status: Status
    tests: int

    @property
    def document(self) -> str:
        """The three letters of the document it comes from."""
        return self.id.partition("-")[0]


def register(subparsers: Subparsers) -> None:
    """Add `requirements`."""
    command = subparsers.add_parser(
        "requirements", help="要件適合表を表示する（直前の bin/test の結果による）"
    )
    command.add_argument("--document", choices=sorted(DOCUMENTS), help="一つの評価書だけを表示する")
    command.add_argument("--csv", action="store_true", help="CSV で出力する")
    command.add_argument("--results", type=Path, metavar="ファイル", help="試験結果（既定 var の下）")
    command.set_defaults(run=run_requirements)


def run_requirements(options: argparse.Namespace) -> int:
    """Print the table."""
    # Reading the settings fixes them; every other command is free to choose its environment before.
    from kyufu.platform.settings import VAR_DIR

    rows = fit(CATALOGUE, results=read_results(options.results or VAR_DIR / RESULTS))
    chosen = [row for row in rows if options.document in (None, row.document)]
    if options.csv:
        write_csv(chosen)
    else:
        print("\n".join(markdown(chosen)))
    return 0


def read_results(file: Path) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What the last run of the tests wrote: {id: {"passed" | "stand_in" | "failed": [tests]}}."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(
            f"試験結果 {file} がありません。", remedy="先に bin/test を実行してください。"
        ) from None
    try:
        results: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"試験結果 {file} の {error.lineno} 行目が JSON として読めません。"
        raise BadInput(message, remedy="bin/test をもう一度実行してください。") from None
    return results


def fit(catalogue: Path, *, results: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Row]:
    """Join the catalogue with the results, in the catalogue's order."""
    with catalogue.open(encoding="utf-8", newline="") as file:
        return [_row(record, outcome=results.get(record["id"], {})) for record in csv.DictReader(file)]


def _row(record: Mapping[str, str], *, outcome: Mapping[str, Sequence[str]]) -> Row:
    return Row(
        id=record["id"],
        requirement=record["requirement"],
        category=record["category"],
        lines=record["lines"],
        status=_status(record["kind"], outcome=outcome),
        tests=len(outcome.get("passed", ())) + len(outcome.get("stand_in", ())),
    )


def _status(kind: str, *, outcome: Mapping[str, Sequence[str]]) -> Status:
    """A row with a failing test is not implemented, whatever else passed."""
    if outcome.get("failed"):
        return Status.NOT_YET
    if outcome.get("passed"):
        return Status.IMPLEMENTED
    if outcome.get("stand_in"):
        return Status.STAND_IN
    return Status.OPERATOR if kind == "operator" else Status.NOT_YET


def markdown(rows: Sequence[Row]) -> Iterator[str]:
    """The table in Markdown: totals of each document, then the rows."""
    yield "# 要件適合表"
    yield ""
    yield "- 実装済: その要件を証明する試験がすべて合格したもの"
    yield "- 模擬: 外部のシステムの代わりに模擬サーバーを使って確かめたもの"
    yield "- 運用: ソフトウェアの外で自治体が行うもの"
    yield "- 未: まだ実装していないもの、または証明する試験がないもの"
    yield ""
    yield f"| 評価書 | {' | '.join(status.value for status in Status)} | 計 |"
    yield f"|---|{'---:|' * (len(Status) + 1)}"
    for code, counts in _totals(rows).items():
        yield _total_line(f"{code} {DOCUMENTS[code]}", counts=counts)
    yield _total_line("合計", counts=Counter(row.status for row in rows))
    for code, name in DOCUMENTS.items():
        own = [row for row in rows if row.document == code]
        if own:
            yield from _section(f"{code} {name}", rows=own)


def _totals(rows: Iterable[Row]) -> dict[str, Counter[Status]]:
    totals: dict[str, Counter[Status]] = {}
    for row in rows:
        totals.setdefault(row.document, Counter())[row.status] += 1
    return totals


def _total_line(name: str, *, counts: Counter[Status]) -> str:
    return f"| {name} | {' | '.join(str(counts[status]) for status in Status)} | {counts.total()} |"


def _section(title: str, *, rows: Iterable[Row]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| 番号 | 適合 | 試験 | 要件（原文の要約） | 原文の行 |"
    yield "|---|---|---:|---|---|"
    for row in rows:
        text = row.requirement.replace("|", "\\|")
        yield f"| {row.id} | {row.status.value} | {row.tests or ''} | {text} | {row.lines} |"


def write_csv(rows: Iterable[Row]) -> None:
    """The same table as CSV on standard output."""
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("番号", "適合", "試験数", "区分", "要件", "原文の行"))
    table.writerows(
        (row.id, row.status.value, row.tests, row.category, row.requirement, row.lines) for row in rows
    )
