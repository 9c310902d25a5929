"""The state of the system, one line for each part: how it is, in words, and what to do where it is not well.

The limits are decisions of this system (assumed): a seal is made every hour, a verification and the closing of what
is over every day (docs/guides/daily-jobs.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind
from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform.clock import JAPAN
from kyufu.registry import api as registry
from kyufu.runs import api as runs

GIGABYTE = 1024**3
LEAST_FREE, LOW_FREE = 0.05, 0.15
SEAL_LATE, SEAL_VERY_LATE = timedelta(hours=2), timedelta(hours=24)
DAILY_LATE = timedelta(hours=36)
QUEUE_LATE = timedelta(minutes=10)
SEEN_RUNS = 50
NEVER = "まだ行われていません"


class Condition(StrEnum):
    """How a part of the system is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """The word that is shown."""
        return {"ok": "正常", "warning": "注意", "broken": "異常"}[self.value]


class Check(NamedTuple):
    """One part of the system: how it is, what was found, and what to do (empty: nothing)."""

    title: str
    condition: Condition
    found: str
    remedy: str


def all_checks(*, at: datetime, folder: Path) -> list[Check]:
    """Look at every part; `folder` is where the system keeps its files."""
    return [
        _database(), _migrations(), _worker(at), _queue(at), _seal(at), _verification(at), _daily(at), _vault(),
        _disk(folder),
    ]  # fmt: skip


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    found = f"PostgreSQL {version.partition(' ')[0]}、{size / GIGABYTE:.2f} GB"
    return Check("データベース", Condition.OK, found, "")


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return Check("表の版", Condition.OK, "最新です", "")
    return Check(
        "表の版", Condition.BROKEN, f"適用していない更新が{len(waiting)}件あります",
        "利用を止めてから kyufu database start を実行してください。",
    )  # fmt: skip


def _worker(at: datetime) -> Check:
    known = runs.workers(at=at)
    alive = [one for one in known if one.is_alive]
    if alive:
        seen = "、".join(one.name for one in alive)
        return Check("処理係", Condition.OK, f"{len(alive)}台が動いています（{seen}）", "")
    found = "処理係が動いていません" + (f"（最後の応答：{_moment(known[0].seen_at)}）" if known else "")
    return Check(
        "処理係", Condition.BROKEN, found, "kyufu worker を起動してください。待っている処理から始まります。"
    )


def _queue(at: datetime) -> Check:
    counts = runs.run_counts()
    waiting, running, failed = (counts.get(one, 0) for one in ("waiting", "running", "failed"))
    found = f"順番待ち {waiting}件、実行中 {running}件、停止（失敗） {failed}件"
    seen = _latest(at)
    if any(one.is_lost for one in seen):
        return Check(
            "一括処理",
            Condition.BROKEN,
            f"{found}。応答のない処理があります",
            "ジョブの画面で再開してください。",
        )
    if any(one.state is runs.RunState.WAITING and at - one.asked_at > QUEUE_LATE for one in seen):
        return Check(
            "一括処理",
            Condition.WARNING,
            f"{found}。長く待っている処理があります",
            "処理係の状態を確かめてください。",
        )
    if failed:
        return Check(
            "一括処理", Condition.WARNING, found, "ジョブの画面で理由を確かめ、解消したら再開してください。"
        )
    return Check("一括処理", Condition.OK, found, "")


def _latest(at: datetime) -> tuple[runs.RunSeen, ...]:
    return runs.latest_runs(kinds=[one.code for one in runs.all_kinds()], limit=SEEN_RUNS, before=None, at=at)


def _seal(at: datetime) -> Check:
    state, oldest = audit.log_state(), audit.oldest_unsealed_at()
    last = f"最後の封印 {_moment(state.last_block_at)}" if state.last_block_at else "まだ封印していません"
    if oldest is None:
        return Check("操作記録の封印", Condition.OK, f"{last}。封印待ちの記録はありません", "")
    age = at - oldest
    found = f"{last}。もっとも古い封印待ちの記録は{_age(age)}前のものです"
    if age < SEAL_LATE:
        return Check("操作記録の封印", Condition.OK, found, "")
    condition = Condition.WARNING if age < SEAL_VERY_LATE else Condition.BROKEN
    return Check("操作記録の封印", condition, found, "kyufu audit chain が毎時動いているか確かめてください。")


def _verification(at: datetime) -> Check:
    state = audit.log_state()
    title, remedy = "操作記録の検証", "kyufu audit verify が毎晩動いているか確かめてください。"
    if state.verified_at is None:
        return Check(title, Condition.WARNING, NEVER, remedy)
    problem = state.verdict.get("問題", "なし")
    found = f"{_moment(state.verified_at)}に検証"
    if problem != "なし":
        return Check(
            title, Condition.BROKEN, f"{found}。問題が見つかっています",
            "何も変更せず、監査・個人情報保護の担当に連絡してください。",
        )  # fmt: skip
    late = at - state.verified_at > DAILY_LATE
    return Check(
        title,
        Condition.WARNING if late else Condition.OK,
        f"{found}。問題はありません",
        remedy if late else "",
    )


def _daily(at: datetime) -> Check:
    last = audit.last_event_at(EventKind.RIGHTS_LAPSED)
    title, remedy = "日次の処理（権限の失効）", "kyufu staff lapse が毎日動いているか確かめてください。"
    if last is None:
        # A day on which nothing lapses leaves no event, so that the want of one is no fault by itself.
        return Check(title, Condition.OK, "失効の記録はありません（対象がない日は記録されません）", "")
    late = at - last > timedelta(days=40)
    found = f"最後に失効させた日時 {_moment(last)}"
    return Check(title, Condition.WARNING if late else Condition.OK, found, remedy if late else "")


def _vault() -> Check:
    if not registry.numbers.vault_is_open():
        return Check(
            "個人番号の金庫", Condition.WARNING, "開設されていません",
            "個人番号を扱うときは、kyufu vault init で開設してください。",
        )  # fmt: skip
    waiting = registry.numbers.letters_waiting()
    if waiting:
        return Check(
            "個人番号の金庫", Condition.WARNING, f"受け箱で{waiting}件が登録を待っています",
            "kyufu vault drain が動いているか確かめてください。",
        )  # fmt: skip
    return Check("個人番号の金庫", Condition.OK, "開設済み。受け箱は空です", "")


def _disk(folder: Path) -> Check:
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    found = f"空き {usage.free / GIGABYTE:.1f} GB（全体の{share:.0%}）"
    remedy = "印刷済みのフォルダや古いバックアップを、定められた手順で整理してください。"
    for limit, condition in ((LEAST_FREE, Condition.BROKEN), (LOW_FREE, Condition.WARNING)):
        if share < limit:
            return Check("保存場所の空き", condition, found, remedy)
    return Check("保存場所の空き", Condition.OK, found, "")


def worst(checks: list[Check]) -> Condition:
    """The worst condition among the parts."""
    found = {one.condition for one in checks}
    return next((one for one in (Condition.BROKEN, Condition.WARNING) if one in found), Condition.OK)


def _parts(age: timedelta) -> Iterator[str]:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    if hours >= 48:
        yield f"{hours // 24}日"
    elif hours:
        yield f"{hours}時間"
    else:
        yield f"{minutes}分"


def _age(age: timedelta) -> str:
    return "".join(_parts(age))


def _moment(at: datetime) -> str:
    here = at.astimezone(JAPAN)
    return f"{format_wareki(here.date())} {here:%H:%M}"
