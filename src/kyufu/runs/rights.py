"""Who may have a kind of run done: a run is about every ward, so that the right is asked at the head office."""

from __future__ import annotations

from kyufu.runs.kinds import RunKind, kind_of
from kyufu.staff.api import Forbidden, OfficeKind, Rights, list_offices, require

ONLY_HEAD = "一括処理はすべての区にわたるため、本庁の権限が必要です。"
ASK_HEAD = "本庁の担当に依頼してください。１件ずつの処理は、申請の画面からできます。"


def may_handle(code: str, *, rights: Rights) -> bool:
    """Does the person hold the right of the kind of run, at the head office?"""
    return _may(kind_of(code), rights=rights)


def require_kind(kind: RunKind, *, rights: Rights) -> None:
    """Raise Forbidden where the person does not hold the right of the kind at the head office."""
    require(rights, kind.function, level=kind.level, scheme=kind.scheme)
    if not _may(kind, rights=rights):
        raise Forbidden(ONLY_HEAD, remedy=ASK_HEAD)


def _may(kind: RunKind, *, rights: Rights) -> bool:
    heads = (one.code for one in list_offices(on=rights.on) if one.kind is OfficeKind.HEAD)
    return any(
        rights.may(kind.function, level=kind.level, scheme=kind.scheme, office=office) for office in heads
    )
