"""`kyufu privacy`: what an assessment (特定個人情報保護評価) asks to publish, and what changed since the last print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.platform.clock import current_date_in_japan
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

NEW_ASSESSMENT = 3


def register(subparsers: Subparsers) -> None:
    """Add `privacy`."""
    parser = subparsers.add_parser("privacy", help="特定個人情報保護評価の基礎資料を出力し、前回と比べる")
    parser.add_argument("--json", type=Path, metavar="ファイル", help="次に比べるための保存先")
    parser.add_argument(
        "--compare", type=Path, metavar="ファイル", help="比べる前回の出力（--json で保存したもの）"
    )
    parser.add_argument(
        "--incident", choices=("yes", "no"), help="対象期間に重大事故があったか（しきい値判断に使う）"
    )
    add_staff(parser, required=False)
    parser.set_defaults(run=print_privacy)


@runs_for("特定個人情報保護評価の基礎資料の作成")
def print_privacy(options: argparse.Namespace) -> int:
    """Print it, or what changed; 3 where a change calls for a new assessment."""
    from kyufu.privacy.api import (
        Verdict,
        change_lines,
        collect_print,
        compare,
        print_lines,
        read_print,
        to_json,
    )

    before = read_print(options.compare) if options.compare else None
    incident = {"yes": True, "no": False, None: None}[options.incident]
    found = collect_print(on=current_date_in_japan(), incident=incident)
    if options.json:
        _save(options.json, text=to_json(found))
    if before is None:
        print("\n".join(print_lines(found)))
        return 0
    changes = compare(before=before, after=found)
    print("\n".join(change_lines(changes)))
    return NEW_ASSESSMENT if any(one.rule.verdict is Verdict.IMPORTANT for one in changes) else 0


def _save(path: Path, *, text: str) -> None:
    """Write the file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise BadInput(
            f"{path.name} に保存できません。", remedy="置き場所と権限を確かめてください。"
        ) from None
