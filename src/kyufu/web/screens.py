"""The one way to publish a page: who may open it is checked, and what it read is logged, before it answers.

Order of the checks: HTTP method, terminal, signed in, password in date and second factor, right, recent
re-authentication and stated reason where the screen is a sensitive one. Then the view runs, its template included,
inside `audit.api.acting`, which writes the log of reads on leaving; only then is the answer released.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import NamedTuple, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, path, reverse

from kyufu.audit.api import EventKind, acting, record_event
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel, Opening
from kyufu.staff.api import (
    AccountKind,
    Forbidden,
    Function,
    Level,
    Rights,
    Scheme,
    TerminalSeen,
    require,
    rights_of,
)
from kyufu.web import errors, reasons
from kyufu.web.signin import gate
from kyufu.web.signin.records import account_of


class StaffRequest(HttpRequest):
    """The request as a published view receives it: checked, and knowing who asks and for what."""

    screen: Screen
    access: Access
    rights: Rights
    terminal: TerminalSeen


# A view takes the request and the parts of the address by name; mypy cannot say the latter of every view.
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Screen:
    """A published page; `code` is the name of its address, `menu` the heading it stands under (empty: not there).

    What stands in the menu has an address without parts.
    """

    code: str
    title: str
    function: Function | None
    level: Level
    purpose: str
    scheme: Scheme
    menu: str
    contractors: bool
    methods: tuple[str, ...]
    opens: Opening | None
    reauth: bool


class MenuGroup(NamedTuple):
    """A heading of the menu and the screens below it, each with its address."""

    heading: str
    entries: list[tuple[Screen, str]]


_SCREENS: dict[str, Screen] = {}
# The place of each screen in the list of addresses, which is that of the menu: modules may load one another earlier.
_PLACES: dict[str, int] = {}


def screen(
    code: str,
    *,
    title: str,
    function: Function | None,
    level: Level,
    purpose: str,
    scheme: Scheme = Scheme.COMMON,
    menu: str = "",
    contractors: bool = False,
    methods: Sequence[str] = ("GET", "POST"),
    opens: Opening | None = None,
    reauth: bool = False,
    asks: View = reasons.ask_reason,
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Publish a view as the screen `code`, for those who hold `level` of `function` (in any of their offices).

    With `opens` the screen is a sensitive one: it requires a recent re-authentication, and the view itself runs only
    for a POST that states a `reason`; everything else is answered by `asks(request, error=..., **parts)`. With `reauth`
    it requires the recent re-authentication alone. For an object
    that belongs to an office the view calls `require_office` as well. `contractors` opens it to contractors (委託先);
    `function` None opens it to everyone who is signed in.
    """
    published = Screen(
        code,
        title,
        function,
        level,
        purpose,
        scheme,
        menu,
        contractors,
        tuple(methods),
        opens,
        reauth or opens is not None,
    )
    if code in _SCREENS:
        raise ValueError(f"screen {code} is published twice")
    _SCREENS[code] = published

    def publish(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, **parts: str) -> HttpResponseBase:
            return _answered(request, screen=published, view=view, asks=asks, parts=parts)

        answer.screen = published  # type: ignore[attr-defined]
        return answer

    return publish


def route(pattern: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
    """The address of a published view, named by the code of its screen."""
    code = view.screen.code  # type: ignore[attr-defined]
    _PLACES.setdefault(code, len(_PLACES))
    return path(pattern, view, name=code)


def all_screens() -> list[Screen]:
    """Every published screen, by code: for the menu, and for what the municipality publishes (別添)."""
    return [_SCREENS[code] for code in sorted(_SCREENS)]


def require_office(request: StaffRequest, *, office: str) -> None:
    """Refuse an object of an office (code) that the account's right to this screen does not reach; raises Forbidden."""
    here = request.screen
    if here.function is not None:
        require(request.rights, here.function, level=here.level, scheme=here.scheme, office=office)


def menu_for(rights: Rights) -> list[MenuGroup]:
    """The menu of an account: the screens it may open, under their headings, in the order of their addresses."""
    groups: dict[str, MenuGroup] = {}
    for entry in sorted(_SCREENS.values(), key=lambda one: _PLACES.get(one.code, len(_PLACES))):
        if entry.menu and may_open(rights, screen=entry):
            group = groups.setdefault(entry.menu, MenuGroup(entry.menu, []))
            group.entries.append((entry, reverse(entry.code)))
    return list(groups.values())


def may_open(rights: Rights, *, screen: Screen) -> bool:
    """Does the account hold the right of a screen, and is the screen open to its kind of account?"""
    if rights.kind is AccountKind.CONTRACTOR and not screen.contractors:
        return False
    if screen.function is None:
        return True
    return rights.may(screen.function, level=screen.level, scheme=screen.scheme)


def _answered(
    request: HttpRequest, *, screen: Screen, view: View, asks: View, parts: dict[str, str]
) -> HttpResponseBase:
    if request.method not in screen.methods:
        return errors.show_not_allowed(request, methods=screen.methods)
    turned_away = gate.turned_away(request)
    if turned_away is not None:
        return turned_away
    staff = _known(request, screen=screen)
    if screen.reauth and may_open(staff.rights, screen=screen) and not gate.has_fresh_proof(staff):
        return gate.ask_for_proof(staff)
    if screen.opens is None:
        return _released(staff, view=view, parts=parts)
    reason = reasons.stated_reason(staff)
    if not reason.is_given:
        return _released(staff, view=asks, parts={**parts, "error": reason.error})
    staff.access = staff.access._replace(
        purpose=f"{screen.purpose}（理由：{reason.text}）", opened=frozenset({screen.opens})
    )
    return _released(staff, view=view, parts=parts)


def _known(request: HttpRequest, *, screen: Screen) -> StaffRequest:
    """The request with who asks, from where and for what."""
    staff = cast(StaffRequest, request)
    staff.screen = screen
    staff.rights = rights_of(account_of(request), on=clock.current_date_in_japan())
    staff.access = Access(
        actor=staff.rights.actor(),
        terminal=staff.terminal.name,
        channel=Channel.SCREEN,
        screen=screen.code,
        purpose=screen.purpose,
        reference=uuid4(),
    )
    return staff


def _released(request: StaffRequest, *, view: View, parts: dict[str, str]) -> HttpResponse:
    """The finished answer of a view, after the log of what it read is written; a stream cannot be one."""
    with acting(request.access):
        try:
            _refuse_without_right(request)
            response = view(request, **parts)
        except Forbidden:
            record_event(EventKind.FORBIDDEN, detail={"screen": request.screen.code})
            raise
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if response.streaming:
            raise TypeError(f"screen {request.screen.code} streams; its reads would be logged too late")
    return response


def _refuse_without_right(request: StaffRequest) -> None:
    here = request.screen
    if request.rights.kind is AccountKind.CONTRACTOR and not here.contractors:
        raise Forbidden(
            "委託先の職員は、この画面を使えません。", remedy="必要なときは、所管課の職員に依頼してください。"
        )
    if here.function is not None:
        require(request.rights, here.function, level=here.level, scheme=here.scheme)
