"""The state of the system, one line for each part: how it is, in words, and what to do where it is not well.

The limits are decisions of this system (assumed): a seal is made every hour, a verification and the closing of what
is over every day (docs/guides/daily-jobs.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

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


class Space(NamedTuple):
    """What is free of a disk, and how much it holds, in bytes."""

    free: int
    total: int


def all_checks(*, at: datetime, folder: Path) -> list[Check]:
    """Look at every part; `folder` is where the system keeps its files."""
    log, known = audit.log_state(), runs.workers(at=at)
    return [
        _database(),
        migrations_check(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys()),
        worker_check(known),
        queue_check(runs.run_counts(), latest=_latest(at), at=at),
        seal_check(log, oldest=audit.oldest_unsealed_at(), at=at),
        verification_check(log, at=at),
        daily_check(audit.last_event_at(EventKind.DAILY_DONE), at=at),
        _vault(),
        disk_check(_space_of(folder)),
    ]


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    found = f"PostgreSQL {version.partition(' ')[0]}、{size / GIGABYTE:.2f} GB"
    return Check("データベース", Condition.OK, found, "")


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this program, read once: the files of a process do not change, and there are hundreds."""
    return frozenset(MigrationLoader(None).graph.nodes)


def migrations_check(waiting: Collection[tuple[str, str]]) -> Check:
    """Are the tables those of this program? `waiting` are the migrations that were not applied."""
    if not waiting:
        return Check("表の版", Condition.OK, "最新です", "")
    return Check(
        "表の版", Condition.BROKEN, f"適用していない更新が{len(waiting)}件あります",
        "利用を止めてから kyufu database start を実行してください。",
    )  # fmt: skip


def worker_check(known: Sequence[runs.WorkerSeen]) -> Check:
    """Is there a worker that is heard of?"""
    alive = [one for one in known if one.is_alive]
    if alive:
        seen = "、".join(one.name for one in alive)
        return Check("処理係", Condition.OK, f"{len(alive)}台が動いています（{seen}）", "")
    found = "処理係が動いていません" + (f"（最後の応答：{_moment(known[0].seen_at)}）" if known else "")
    return Check(
        "処理係", Condition.BROKEN, found, "kyufu worker を起動してください。待っている処理から始まります。"
    )


def queue_check(counts: Mapping[str, int], *, latest: Sequence[runs.RunSeen], at: datetime) -> Check:
    """Do runs move, and did none of them end early?"""
    title = "一括処理"
    waiting, running, failed = (counts.get(one, 0) for one in ("waiting", "running", "failed"))
    found = f"順番待ち {waiting}件、実行中 {running}件、停止（失敗） {failed}件"
    if any(one.is_lost for one in latest):
        remedy = "ジョブの画面で再開してください。"
        return Check(title, Condition.BROKEN, f"{found}。応答のない処理があります", remedy)
    if any(one.state is runs.RunState.WAITING and at - one.asked_at > QUEUE_LATE for one in latest):
        remedy = "処理係の状態を確かめてください。"
        return Check(title, Condition.WARNING, f"{found}。長く待っている処理があります", remedy)
    if failed:
        remedy = "ジョブの画面で理由を確かめ、解消したら再開してください。"
        return Check(title, Condition.WARNING, found, remedy)
    return Check(title, Condition.OK, found, "")


def _latest(at: datetime) -> tuple[runs.RunSeen, ...]:
    return runs.latest_runs(kinds=[one.code for one in runs.all_kinds()], limit=SEEN_RUNS, before=None, at=at)


def seal_check(log: audit.LogState, *, oldest: datetime | None, at: datetime) -> Check:
    """Is the log sealed in time? `oldest` is the oldest record that no seal covers."""
    last = f"最後の封印 {_moment(log.last_block_at)}" if log.last_block_at else "まだ封印していません"
    if oldest is None:
        return Check("操作記録の封印", Condition.OK, f"{last}。封印待ちの記録はありません", "")
    age = at - oldest
    found = f"{last}。もっとも古い封印待ちの記録は{_age(age)}前のものです"
    if age < SEAL_LATE:
        return Check("操作記録の封印", Condition.OK, found, "")
    condition = Condition.WARNING if age < SEAL_VERY_LATE else Condition.BROKEN
    return Check("操作記録の封印", condition, found, "kyufu audit chain が毎時動いているか確かめてください。")


def verification_check(log: audit.LogState, *, at: datetime) -> Check:
    """Was the log verified lately, and whole?"""
    title, remedy = "操作記録の検証", "kyufu audit verify が毎晩動いているか確かめてください。"
    if log.verified_at is None:
        return Check(title, Condition.WARNING, NEVER, remedy)
    problem = log.verdict.get("問題", "なし")
    found = f"{_moment(log.verified_at)}に検証"
    if problem != "なし":
        return Check(
            title, Condition.BROKEN, f"{found}。問題が見つかっています",
            "何も変更せず、監査・個人情報保護の担当に連絡してください。",
        )  # fmt: skip
    late = at - log.verified_at > DAILY_LATE
    return Check(
        title,
        Condition.WARNING if late else Condition.OK,
        f"{found}。問題はありません",
        remedy if late else "",
    )


def daily_check(last: datetime | None, *, at: datetime) -> Check:
    """Did the daily job come to its end lately?"""
    title, remedy = "日次の処理", "kyufu staff lapse が毎日動いているか確かめてください。"
    if last is None:
        return Check(title, Condition.WARNING, NEVER, remedy)
    late = at - last > DAILY_LATE
    found = f"最後に終わった日時 {_moment(last)}"
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


def _space_of(folder: Path) -> Space:
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Space(usage.free, usage.total)


def disk_check(space: Space) -> Check:
    """Is there room for what is to be printed and kept?"""
    share = space.free / space.total
    found = f"空き {space.free / GIGABYTE:.1f} GB（全体の{share:.0%}）"
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
