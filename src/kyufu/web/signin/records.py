"""Who stands in the log while somebody signs in, proves again who they are, or signs out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.http import HttpRequest

from kyufu.audit.api import EventKind, acting, record_event
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel
from kyufu.platform.errors import Refused
from kyufu.staff.api import Reset, rights_of

SCREEN = "sign-in"
PURPOSE = "本人の確認"


@contextmanager
def acting_as(request: HttpRequest, *, account_id: int) -> Iterator[None]:
    """Let an account stand as the actor of what is written, at the terminal of the request."""
    rights = rights_of(account_id, on=clock.current_date_in_japan())
    with acting(
        Access(
            actor=rights.actor(),
            terminal=terminal_name(request),
            channel=Channel.SCREEN,
            screen=SCREEN,
            purpose=PURPOSE,
            reference=uuid4(),
        )
    ):
        yield


def record_of_account(
    request: HttpRequest, *, kind: EventKind, account_id: int, detail: dict[str, str] | None = None
) -> None:
    """Write down an event of an account that is known."""
    with acting_as(request, account_id=account_id):
        record_event(kind, detail=detail or {})


def record_of_nobody(request: HttpRequest, *, kind: EventKind, detail: dict[str, str]) -> None:
    """Write down an event before anyone is known: the terminal stands in the detail."""
    record_event(kind, detail={"terminal": terminal_name(request), **detail})


def record_reset(done: Reset, *, proposed_by: str) -> None:
    """Write down in the present transaction that two administrators let somebody in again, never the password."""
    whose = {"職員番号": done.staff_no, "申し出た職員": proposed_by}
    record_event(EventKind.CONFIRMED, detail={"操作": "サインインの再設定", **whose})
    record_event(EventKind.PASSWORD_CHANGED, detail={"操作": "仮のパスワード", **whose})
    record_event(
        EventKind.SECOND_FACTOR_CHANGED, detail={"操作": "すべて削除", "件数": str(done.factors), **whose}
    )


def account_of(request: HttpRequest) -> int:
    """The id of the account that is signed in; raises Refused where none is."""
    if request.user.pk is None:
        raise Refused("サインインしていません。", remedy="サインインしてから操作してください。")
    return request.user.pk


def terminal_name(request: HttpRequest) -> str:
    """The name of the registered terminal that the request came from."""
    return str(request.terminal.name)  # type: ignore[attr-defined]
