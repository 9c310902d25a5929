"""Who is reading and writing now, from where and for what: asked by every function that shows a person's data."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused


class Channel(StrEnum):
    """The way by which somebody reads: a page, another system, a bulk run, or the command line."""

    SCREEN = "screen"
    API = "api"
    BATCH = "batch"
    COMMAND = "command"


class Opening(StrEnum):
    """A special act that the present access was let through to, by a right of its own and a stated reason."""

    PROTECTED_ADDRESS = "protected_address"
    NUMBER_SEARCH = "number_search"
    NUMBER_DISPLAY = "number_display"


class Access(NamedTuple):
    """One request or one run: who (kept as text), from which terminal, on which screen, for what purpose (利用目的).

    `reference` joins all records of the same request; `case_no` is the receipt number (受付番号), empty without one.
    """

    actor: Actor
    terminal: str
    channel: Channel
    screen: str
    purpose: str
    reference: UUID
    case_no: str = ""
    opened: frozenset[Opening] = frozenset()


class NoAccess(Refused):
    """A person's data were asked for by nobody and for no purpose."""


ACCESS: ContextVar[Access | None] = ContextVar("kyufu_access", default=None)


def current_access() -> Access:
    """The access under which the present code runs; raises NoAccess where there is none."""
    access = ACCESS.get()
    if access is None:
        raise NoAccess(
            "だれが何のために見るのかが分からないため、個人の情報を読み出せません。",
            remedy="サインインした画面、または担当者を示した命令から実行してください。",
        )
    return access


def require_opening(opening: Opening) -> Access:
    """The present access, if it was let through to the special act; raises Refused otherwise."""
    access = current_access()
    if opening not in access.opened:
        raise Refused(
            "この情報を表示する権限の確認がされていません。",
            remedy="権限のある職員が、理由を入力して表示してください。",
        )
    return access
