"""Progress and summary of the demonstration."""

from __future__ import annotations

import io
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kyufu.demo.progress import Stages
from kyufu.demo.summary import Summary, format_summary, write_summary

COUNTS = st.dictionaries(
    st.text("あア漢字abc（）", min_size=1, max_size=60), st.integers(0, 10**7), max_size=4
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def summary_of(**changes: object) -> Summary:
    figures: dict[str, object] = {
        "municipality": "横浜市",
        "scheme": "小児医療費助成",
        "subsidy": "県補助",
        "as_of": "令和8年8月1日",
        "kept": (),
        "population": {"住民": 20_000},
        "feeds": {"住民基本台帳": {"取込": 10, "エラー": 1}},
        "worklists": {},
        "applications": {"新規": 3},
        "acquired": {},
        "rejected": {"生活保護を受けているため": 2},
        "cannot_decide": {},
        "prefecture": {},
        "refused_steps": {},
        "printed": {"小児医療証": 1},
        "not_printed": {},
        "folders": ("var/documents/1",),
        "seconds": {"判定": 1.25},
    }
    return Summary(**(figures | changes))  # type: ignore[arg-type]


def test_a_terminal_sees_one_line_that_is_rewritten() -> None:
    out = Terminal()
    with Stages(out=out).stage("判定") as report:
        report(5_000, 20_000)
        report(20_000, 20_000)
    text = out.getvalue()
    assert text.count("\n") == 1
    assert "判定 5,000 / 20,000" in text
    assert text.endswith("秒）\n")


def test_a_log_sees_a_line_a_tenth_at_most() -> None:
    out = io.StringIO()
    with Stages(out=out).stage("判定") as report:
        for done in range(1, 1001):
            report(done, 1000)
    assert 10 <= len(out.getvalue().splitlines()) <= 13


def test_stages_keep_their_seconds_in_order_and_add_up_repeats() -> None:
    stages = Stages(out=io.StringIO())
    for title in ("取込", "判定", "取込"):
        with stages.stage(title):
            pass
    assert list(stages.seconds) == ["取込", "判定"]


def test_summary_file_and_terminal_say_the_same(tmp_path: Path) -> None:
    summary = summary_of()
    write_summary(summary, path=tmp_path / "demo" / "summary.json")
    stored = json.loads((tmp_path / "demo" / "summary.json").read_text(encoding="utf-8"))
    assert stored["rejected"] == {"生活保護を受けているため": 2}
    shown = format_summary(summary)
    assert "生活保護を受けているため" in shown
    assert "20,000" in shown
    assert "取得　なし" in shown


def test_summary_says_what_was_kept() -> None:
    assert "前回から引き継いだもの" in format_summary(summary_of(kept=("住民 20,000 人のデータ",)))
    assert "前回から引き継いだもの" not in format_summary(summary_of())


@given(rejected=COUNTS, cannot_decide=COUNTS)
def test_every_reason_is_shown_with_its_count(
    rejected: dict[str, int], cannot_decide: dict[str, int]
) -> None:
    shown = format_summary(summary_of(rejected=rejected, cannot_decide=cannot_decide))
    for label, count in (rejected | {}).items():
        assert label in shown
        assert f"{count:,} 件" in shown
    for label in cannot_decide:
        assert label in shown
