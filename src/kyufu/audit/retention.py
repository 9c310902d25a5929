"""Deletion of records past their retention (保存期間), a month's partition at a time, and only of what is sealed.

A partition is deleted when even its youngest record is past its time. Before, the whole log is verified: what was
tampered with must not vanish. The chain keeps the digests; a signed note and an event say what was deleted.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kyufu.audit.chain import LOCK, head_block
from kyufu.audit.events import EventKind
from kyufu.audit.parameters import limits, retention
from kyufu.audit.partitions import Partition, list_partitions
from kyufu.audit.recording import record_event
from kyufu.audit.retired import Retirement, note_retirement
from kyufu.audit.signing import Signer, public_keys
from kyufu.audit.verification import verify
from kyufu.platform.errors import Refused
from kyufu.platform.schema import owner_alias

_CHAIN_FIRST = "kyufu audit chain を実行してから、もう一度実行してください。"


class Expired(NamedTuple):
    """A partition past its time: how many records it holds, and since when it may go."""

    partition: Partition
    records: int
    since: date


def expired_partitions(*, on: date) -> list[Expired]:
    """The candidates of deletion (削除の候補) by the retention in force on a day, oldest first."""
    years = {kind: rule.years for kind, rule in retention(on=on).items()}
    found = []
    with connections[owner_alias()].cursor() as cursor:
        for partition in list_partitions(using=owner_alias()):
            since = partition.end.replace(year=partition.end.year + years[partition.stream])
            if since <= on:
                cursor.execute(f"SELECT count(*) FROM {partition.name}")
                found.append(Expired(partition, cursor.fetchone()[0], since))
    return sorted(found, key=lambda one: one.partition.month)


def delete_expired(*, on: date, at: datetime, signer: Signer) -> list[Expired]:
    """Delete the candidates; raises Refused where the log does not verify or holds what is not yet sealed."""
    candidates = expired_partitions(on=on)
    if not candidates:
        return []
    _refuse_doubtful_log(on=on, at=at)
    for candidate in candidates:
        _delete(candidate, at=at, signer=signer)
    return candidates


def _refuse_doubtful_log(*, on: date, at: datetime) -> None:
    allowed = limits(on=on)
    verdict = verify(
        at=at, keys=public_keys(settings.AUDIT_KEY_FILE), patience=allowed.patience,
        longest=allowed.longest_transaction,
    )  # fmt: skip
    if verdict.findings:
        raise Refused(
            f"記録の検証で問題が見つかったため、削除を取りやめました：{verdict.findings[0]}",
            remedy="kyufu audit verify で確かめ、個人情報保護の担当へ報告してください。",
        )


def _delete(expired: Expired, *, at: datetime, signer: Signer) -> None:
    partition, alias = expired.partition, owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"LOCK TABLE {partition.stream} IN ACCESS EXCLUSIVE MODE")
        ids, count = _sealed_content(cursor, partition=partition)
        head = head_block(cursor)
        if head is not None and count:
            note = Retirement(
                at, partition.stream, partition.end, ids, count, head.no, head.hash, signer.key_id
            )
            note_retirement(cursor, retirement=note, signer=signer)
        cursor.execute(f"DROP TABLE {partition.name}")
        record_event(
            EventKind.LOG_DELETED,
            detail={
                "表": partition.stream,
                "月": f"{partition.month:%Y-%m}",
                "件数": str(count),
                "番号": ids,
                "封印": head.hash.hex() if head else "",
            },
            using=alias,
        )


def _sealed_content(cursor: CursorWrapper, *, partition: Partition) -> tuple[str, int]:
    cursor.execute(
        "WITH sealed AS MATERIALIZED (SELECT coalesce(range_agg(r), '{}') AS ids FROM audit_block b, unnest(b.ids) r "
        "WHERE b.stream = %s) SELECT coalesce(range_agg(int8range(p.id, p.id, '[]')), '{}')::text, count(*), "
        f"count(*) FILTER (WHERE NOT p.id <@ (SELECT ids FROM sealed)) FROM {partition.name} p",
        [partition.stream],
    )
    ids, count, loose = cursor.fetchone()
    if loose:
        raise Refused(f"封印されていない記録が{loose}件あります。", remedy=_CHAIN_FIRST)
    return ids, count
