"""Who may do what with a renewal: it is about every ward, so that the right is asked at the head office."""

from __future__ import annotations

from kyufu.staff.api import Forbidden, Function, Level, OfficeKind, Rights, Scheme, list_offices, require

ONLY_HEAD = "更新処理はすべての区にわたるため、本庁の権限が必要です。"
ASK_HEAD = "本庁の担当に依頼してください。"


def may_head(rights: Rights, *, function: Function, level: Level) -> bool:
    """Does the person hold a right of the child subsidy at the head office?"""
    heads = (one.code for one in list_offices(on=rights.on) if one.kind is OfficeKind.HEAD)
    return any(rights.may(function, level=level, scheme=Scheme.CHILD, office=office) for office in heads)


def require_head(rights: Rights, *, function: Function, level: Level) -> None:
    """Raise Forbidden where the person does not hold the right at the head office."""
    require(rights, function, level=level, scheme=Scheme.CHILD)
    if not may_head(rights, function=function, level=level):
        raise Forbidden(ONLY_HEAD, remedy=ASK_HEAD)
