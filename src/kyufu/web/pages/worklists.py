"""Worklists of the head office: what needs a person's eye, how much of it there is, and the rows that did not land."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.platform.feeds import worklist as rejected
from kyufu.registry import api as registry
from kyufu.runs import api as runs
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.forms import PageForm, SettleForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.runs import MENU
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.pages.stated import Ticket
from kyufu.web.pages.undecided_words import Held, held_by
from kyufu.web.screens import StaffRequest, screen

ROW, ROWS, HOLD, CARD = "rejected_row", "rejected_rows", "undecided", "unrecovered"
PURPOSE = "確認事項の処理"
LOOKED_AT_FOR = "accuracy"
PAGE = 30
SETTLED = 10
LAYOUTS = {
    "resident": "住民記録",
    "protection": "支援措置",
    "tax": "税・所得",
    "insurance": "医療保険",
    "assistance": "生活保護",
    "schemes": "他制度",
    "application": "申請",
    "personnel": "人事異動",
}


class WorkLine(NamedTuple):
    """A worklist on the overview: how much is open (None: not counted for this person) and where it is."""

    title: str
    what: str
    total: int | None
    screen: str


class HeldLine(NamedTuple):
    """An application on hold with its reasons in words."""

    row: cases.UndecidedSeen
    held: tuple[Held, ...]


class ReasonLine(NamedTuple):
    """A reason with how many applications it holds up."""

    code: str
    total: int
    held: Held


@screen(
    "worklists",
    title="確認事項の一覧",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_all(request: StaffRequest) -> HttpResponse:
    """Show every worklist that the person may open, with how much is open on it."""
    lines = [one for one in _lines(request, scope=scope_of(request)) if one is not None]
    return render(request, "pages/worklists.html", {"lines": lines})


def _lines(request: StaffRequest, *, scope: Scope) -> list[WorkLine | None]:
    may, wards, today = request.rights.may, _wards(scope), clock.current_date_in_japan()
    whole = scope.is_head
    points = registry.PointKind
    return [
        WorkLine(
            "取り込めなかった行",
            "連携ファイルの誤りで取り込めなかった行",
            rejected.count_open_rows(),
            "rejected_rows",
        )
        if may(Function.FEED, level=Level.READ)
        else None,
        WorkLine(
            "保留（判定不能）の申請",
            "事実が足りず、判定できない申請",
            cases.state_counts_in(wards).get("undecided", 0),
            "undecided",
        ),
        WorkLine(
            "印字できない文字",
            "印刷の書体にない文字を含む氏名・住所",
            registry.count_points(points.UNDRAWABLE) if whole else None,
            "undrawable",
        ),
        WorkLine(
            "住民記録との食い違い",
            "全件の連携ファイルにいない住民（届出の勧奨の対象を含みます）",
            registry.count_points(points.DISCREPANCY) if whole else None,
            "discrepancies",
        ),
        WorkLine(
            "届出の勧奨が必要な食い違い",
            "届け出た内容が住民記録・医療保険と食い違っている児童（届出のお願いの対象）",
            sum(one.total for one in cases.mismatch_counts(wards)),
            "mismatches",
        ),
        WorkLine(
            "疑わしい保険者番号", "検証番号が合わないまま取り込んだ医療保険の資格", None, "doubtful_insurers"
        ),
        WorkLine("所得照会が必要な保護者", "課税台帳に所得がなく、ほかの資料もない保護者", None, "inquiries"),
        WorkLine(
            "回収していない医療証",
            "無効になった、または資格を失った児童の医療証",
            cases.count_unrecovered(wards, on=today),
            "unrecovered",
        )
        if may(Function.CERTIFICATE, level=Level.READ)
        else None,
    ]


@screen(
    "rejected_rows",
    title="取り込めなかった行",
    function=Function.FEED,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_rejected(request: StaffRequest) -> HttpResponse:
    """List the rows of feed files that did not land, with what to do; never what stands in them."""
    return _rejected_page(request)


@screen(
    "rejected_row_settle",
    title="取り込めなかった行の完了",
    function=Function.FEED,
    level=Level.UPDATE,
    purpose=PURPOSE,
    methods=("POST",),
)
def settle_rejected(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a row, as put right by another file or by hand, or as nothing, with the reason."""
    row_id = int(opened(request, token=token, kind=ROW))
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _rejected_page(request, form=form, status=INVALID)
    try:
        rejected.close_row(
            row_id, state=form.cleaned_data["outcome"], by=request.access.actor, at=clock.current_instant(),
            why=form.cleaned_data["reason"],
        )  # fmt: skip
    except KyufuError as refusal:
        return _rejected_page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "確認を終えました。")
    return redirect(reverse("rejected_rows"))


@screen(
    "undecided",
    title="保留（判定不能）の申請",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_undecided(request: StaffRequest) -> HttpResponse:
    """List the applications on hold, narrowed to one reason where asked, with the next step of each."""
    wards, code = _wards(scope_of(request)), request.GET.get("reason")
    rows = cases.undecided_in(wards, code=code, limit=PAGE + 1, after=place(request, kind=HOLD))
    shown = rows[:PAGE]
    context = {
        "reasons": [
            ReasonLine(one.code, one.total, held_by(one.code)) for one in cases.undecided_by_reason(wards)
        ],
        "rows": [HeldLine(one, tuple(held_by(reason) for reason in one.reason_codes)) for one in shown],
        "code": code,
        "next_place": shown[-1].application_id if len(rows) > PAGE else None,
        "may_print": runs.may_handle("print_missing_facts", rights=request.rights),
    }
    return render(request, "pages/undecided.html", context)


@screen(
    "unrecovered",
    title="回収していない医療証",
    function=Function.CERTIFICATE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_unrecovered(request: StaffRequest) -> HttpResponse:
    """List the certificates that nobody may use any more and that have not come back."""
    wards, today = _wards(scope_of(request)), clock.current_date_in_japan()
    rows = cases.unrecovered_in(wards, on=today, limit=PAGE + 1, after=place(request, kind=CARD))
    shown = rows[:PAGE]
    people = names_of(request, ids=[one.child_id for one in shown], today=today)
    context = {
        "rows": [
            {
                "card": one,
                "person": people.get(one.child_id),
                "key": key_of(one.child_id, people=people),
                "recover_key": _recover_key(one, people=people),
            }
            for one in shown
        ],
        "next_place": shown[-1].certificate_id if len(rows) > PAGE else None,
        "may_recover": request.rights.may(Function.CERTIFICATE, level=Level.UPDATE),
    }
    return render(request, "pages/unrecovered.html", context)


def _recover_key(card: cases.UnrecoveredSeen, *, people: dict[int, registry.PersonView]) -> str:
    """The ticket to record that a card came back; empty for a child whom the right does not reach."""
    is_reached = card.child_id in people
    return Ticket(card.child_id, LOOKED_AT_FOR, "").key_of(card.certificate_id) if is_reached else ""


def place(request: StaffRequest, *, kind: str) -> int:
    """The point after which a list goes on, from the sealed `after` of the address; 0 for the first page."""
    token = request.GET.get("after", "")
    return int(opened(request, token=token, kind=kind)) if token else 0


def names_of(request: StaffRequest, *, ids: list[int], today: date) -> dict[int, registry.PersonView]:
    """The persons that the right reaches, for those who may look at persons at all."""
    if not ids or not request.rights.may(Function.PERSON, level=Level.READ):
        return {}
    people = registry.people(sorted(set(ids)), valid_on=today, today=today)
    held = scope_of(request).held_of(people)
    return {one: person for one, person in people.items() if one in held}


def key_of(addressee_id: int, *, people: dict[int, registry.PersonView]) -> str:
    """The ticket of a person's page, empty for whom the right does not reach."""
    return Ticket(addressee_id, LOOKED_AT_FOR, "").key if addressee_id in people else ""


def _wards(scope: Scope) -> frozenset[str] | None:
    """The wards of a list: the whole city for the head office, whose cases may come from nowhere else."""
    return None if scope.is_head else scope.wards


def _rejected_page(
    request: StaffRequest,
    *,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = rejected.open_rows(limit=PAGE + 1, after=place(request, kind=ROWS))
    context: dict[str, Any] = {
        "rows": [(one, LAYOUTS.get(one.layout, one.layout)) for one in rows[:PAGE]],
        "next_place": rows[PAGE - 1].row_id if len(rows) > PAGE else None,
        "total": rejected.count_open_rows(),
        "settled": rejected.last_settled(limit=SETTLED),
        "may_settle": request.rights.may(Function.FEED, level=Level.UPDATE),
        "form": form,
        "settle_form": form or SettleForm(),
        "refusal": refusal,
    }
    return render(request, "pages/rejected_rows.html", context, status=status)
