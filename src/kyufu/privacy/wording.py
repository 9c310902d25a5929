"""The print and a comparison of two prints as Japanese text for the privacy officer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from kyufu.law.calendar.wareki import format_wareki
from kyufu.privacy.changes import PrintChange
from kyufu.privacy.content import PrivacyPrint, RecordFile, Scale

INCIDENTS = {True: "発生あり", False: "発生なし", None: "未入力（--incident で指定する）"}
CERTAINTIES = {"official": "公表資料", "secondary": "二次資料", "assumed": "仮定（担当者の確認が必要）"}
NO_CHANGE = "前回の出力から変わったものはありません。"


def print_lines(found: PrivacyPrint) -> Iterator[str]:
    """The lines of the print."""
    yield f"特定個人情報保護評価の基礎資料（{format_wareki(date.fromisoformat(found.on))}現在）"
    yield ""
    yield from _scale_lines(found.scale)
    yield ""
    yield "■ 特定個人情報ファイルと記録項目"
    yield from _file_lines([file for file in found.files if file.assessed])
    yield "■ 職員に関するファイルと記録項目（評価書の対象外）"
    yield from _file_lines([file for file in found.files if not file.assessed])
    yield "■ システムの機能"
    for function in found.functions:
        yield f"・{function.label}：{'、'.join(function.screens) or '画面なし'}"
    yield ""
    yield from _connection_lines(found)
    yield ""
    yield "■ 保管期間"
    for kept in found.retention:
        yield f"・{kept.label}：{kept.years}年（{kept.certainty}）"


def change_lines(changes: Sequence[PrintChange]) -> Iterator[str]:
    """The lines of a comparison, those that call for a new assessment first, with the rule behind each."""
    if not changes:
        yield NO_CHANGE
        return
    for verdict, group in groupby(changes, key=lambda one: one.rule.verdict):
        listed = list(group)
        yield f"■ {verdict.label}：{len(listed)}件"
        for rule, alike in groupby(listed, key=lambda one: one.rule):
            yield f"・{rule.heading}"
            yield from (f"    {_said(one)}" for one in alike)
            yield f"    → {rule.reason}（{CERTAINTIES[rule.certainty]}：{rule.source}）"


def _said(one: PrintChange) -> str:
    """What changed as a sentence; bands and names say from what to what."""
    if one.rule.change == "office_file_changed":
        return f"{one.what}が変わった"
    ending = one.rule.change.rpartition("_")[2]
    return one.what + {"added": "が加わった", "removed": "がなくなった"}.get(ending, "に変わった")


def _file_lines(files: Sequence[RecordFile]) -> Iterator[str]:
    for number, file in enumerate(files, start=1):
        yield f"{number}. {file.name}（本人の数：{file.persons}、{len(file.items)}項目：{file.item_band}）"
        for place, item in enumerate(file.items, start=1):
            yield f"    {place}. {item.label}"
    yield ""


def _scale_lines(scale: Scale) -> Iterator[str]:
    yield "■ しきい値判断"
    yield f"・対象人数：{scale.persons}"
    yield f"・使用者数：{scale.users}（委託事業者の利用者：{'あり' if scale.has_contractors else 'なし'}）"
    yield f"・重大事故：{INCIDENTS[scale.incident]}"
    yield f"・実施が義務付けられる評価：{scale.due}"


def _connection_lines(found: PrivacyPrint) -> Iterator[str]:
    yield "■ 他のシステムとの接続"
    for source in found.sources:
        yield f"・入手：{source.label}（連携ファイル {source.key}）"
    for receiver in found.receivers:
        items = "、".join(item.label for item in receiver.items)
        yield f"・移転：{receiver.label}（{receiver.law}）　項目：{items}"
