"""Accounts: the list, one account with its grants, and what is done to it (ID管理簿)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.forms import PageForm, ReasonForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.rights_forms import AccountForm, Choices, RenewForm
from kyufu.web.screens import StaffRequest, screen

ACCOUNT, LIST_PLACE = "account", "accounts"
PAGE = 50
PURPOSE = "アカウント・権限の管理"
MENU = "権限"


@screen(
    "accounts",
    title="アカウントの一覧",
    function=Function.RIGHTS,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_list(request: StaffRequest) -> HttpResponse:
    """List the accounts in the order of the staff number, fifty at a time."""
    token = request.GET.get("after", "")
    after = opened(request, token=token, kind=LIST_PLACE) if token else ""
    today = clock.current_date_in_japan()
    rows = staff.list_accounts(on=today, limit=PAGE + 1, after=after)
    shown = rows[:PAGE]
    context = {
        "rows": shown,
        "is_first": not after,
        "next_place": shown[-1].staff_no if len(rows) > PAGE else None,
        "overdue": staff.accounts_not_renewed(on=today),
    }
    return render(request, "pages/accounts.html", context)


@screen(
    "account",
    title="アカウント",
    function=Function.RIGHTS,
    level=Level.READ,
    purpose=PURPOSE,
    methods=("GET",),
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show one account: its days, state and grants."""
    return _page(request, account=_account(request, token=token))


@screen(
    "account_add",
    title="アカウントの登録",
    function=Function.RIGHTS,
    level=Level.UPDATE,
    purpose=PURPOSE,
    menu=MENU,
)
def add(request: StaffRequest) -> HttpResponse:
    """Register the account of one person."""
    form = AccountForm(request.POST if request.method == "POST" else None, offices=office_choices())
    if request.method != "POST" or not form.is_valid():
        return render(request, "pages/account_add.html", {"form": form}, status=_status(form))
    refusal = attempt(
        lambda: _add(request, form=form),
        kind=EventKind.ACCOUNT_CHANGED,
        detail={"操作": "登録", "職員番号": form.cleaned_data["staff_no"], "理由": form.cleaned_data["why"]},
    )
    if refusal is not None:
        return render(request, "pages/account_add.html", {"form": form, "refusal": refusal}, status=CONFLICT)
    messages.success(request, "アカウントを登録しました。仮のパスワードを本人に渡してください。")
    return redirect(reverse("accounts"))


def _add(request: StaffRequest, *, form: AccountForm) -> None:
    data = form.cleaned_data
    staff.add_account(
        staff_no=data["staff_no"],
        personnel_no=data["personnel_no"],
        name=data["name"],
        kana=data["kana"],
        kind=form.kind_asked(),
        office=data["office"],
        usable_from=data["usable_from"],
        expires_on=data["expires_on"],
        password=data["password"],
        by=request.access.actor,
        at=clock.current_instant(),
        why=data["why"],
    )


@screen(
    "account_renew", title="アカウントの更新", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",),
)  # fmt: skip
def renew(request: StaffRequest, *, token: str) -> HttpResponse:
    """Let an account go on to another day."""
    form = RenewForm(request.POST)

    def act(account_id: int) -> None:
        expires_on = form.cleaned_data["expires_on"]
        staff.renew_account(
            account_id, expires_on=expires_on, rights=request.rights, at=clock.current_instant()
        )

    return _done(request, token=token, form=form, act=act, said="更新", kind=EventKind.ACCOUNT_CHANGED)


@screen(
    "account_lock", title="アカウントの停止", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",), reauth=True,
)  # fmt: skip
def lock(request: StaffRequest, *, token: str) -> HttpResponse:
    """Stop an account at once."""
    form = ReasonForm(request.POST)

    def act(account_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.lock_account(account_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(request, token=token, form=form, act=act, said="停止", kind=EventKind.ACCOUNT_LOCKED)


@screen(
    "account_unlock", title="アカウントの停止の解除", function=Function.RIGHTS, level=Level.UPDATE,
    purpose=PURPOSE, methods=("POST",), reauth=True,
)  # fmt: skip
def unlock(request: StaffRequest, *, token: str) -> HttpResponse:
    """Open a locked account again."""
    form = ReasonForm(request.POST)

    def act(account_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.unlock_account(account_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(request, token=token, form=form, act=act, said="停止の解除", kind=EventKind.ACCOUNT_UNLOCKED)


@screen(
    "account_reset", title="サインインの再設定の申し出", function=Function.RIGHTS, level=Level.UPDATE,
    purpose=PURPOSE, methods=("POST",), reauth=True,
)  # fmt: skip
def ask_reset(request: StaffRequest, *, token: str) -> HttpResponse:
    """Ask that somebody who forgot the password or lost the second factor may begin anew."""
    form = ReasonForm(request.POST)

    def act(account_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.propose_reset(account_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(
        request, token=token, form=form, act=act, said="サインインの再設定の申し出", kind=EventKind.PROPOSED
    )


@screen(
    "account_end", title="アカウントの廃止", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",), reauth=True,
)  # fmt: skip
def end(request: StaffRequest, *, token: str) -> HttpResponse:
    """End an account for good."""
    form = ReasonForm(request.POST)

    def act(account_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.end_account(account_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(request, token=token, form=form, act=act, said="廃止", kind=EventKind.ACCOUNT_CHANGED)


def office_choices() -> Choices:
    """The offices of today to pick from, by code."""
    today = clock.current_date_in_japan()
    return [(one.code, f"{one.name}（{one.code}）") for one in staff.list_offices(on=today)]


def _done(
    request: StaffRequest,
    *,
    token: str,
    form: PageForm,
    act: Callable[[int], None],
    said: str,
    kind: EventKind,
) -> HttpResponse:
    """Do an act to the account of an address where its form is filled; the page again where it is not."""
    account = _account(request, token=token)
    if not form.is_valid():
        return _page(request, account=account, form=form, status=INVALID)
    detail = {"操作": said, "職員番号": account.staff_no, "理由": form.cleaned_data.get("reason", "")}
    refusal = attempt(lambda: act(account.account_id), kind=kind, detail=detail)
    if refusal is not None:
        return _page(request, account=account, refusal=refusal, status=CONFLICT)
    messages.success(request, f"アカウントの{said}をしました。")
    return go_to(request, code="account", kind=ACCOUNT, key=account.account_id)


def _account(request: StaffRequest, *, token: str) -> staff.AccountSeen:
    account_id = int(opened(request, token=token, kind=ACCOUNT))
    found = staff.account_by_id(account_id, on=clock.current_date_in_japan())
    if found is None:
        raise Http404
    return found


def _page(
    request: StaffRequest,
    *,
    account: staff.AccountSeen,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    may_change = request.rights.may(Function.RIGHTS, level=Level.UPDATE)
    context: dict[str, Any] = {
        "account": account,
        "grants": staff.grants_of(account.account_id),
        "form": form,
        "reason_form": form if isinstance(form, ReasonForm) else ReasonForm(),
        "renew_form": form if isinstance(form, RenewForm) else RenewForm(),
        "refusal": refusal,
        "may_change": may_change and account.staff_no != request.rights.staff_no,
    }
    return render(request, "pages/account.html", context, status=status)


def _status(form: PageForm) -> int:
    return INVALID if form.is_bound else 200
