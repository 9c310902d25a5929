"""Renewals (更新処理) on the pages: plan one, see its counts beside last year's, its worklists, and approve it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.documents import api as documents
from kyufu.law.child.differing import Effect
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalState
from kyufu.runs import api as runs
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.renewal_forms import ActForm, ApproveForm, ApproveOutsideForm, GiveUpForm, PlanForm
from kyufu.web.pages.runs import MENU, in_words
from kyufu.web.pages.wards import ward_label
from kyufu.web.screens import StaffRequest, screen

RENEWAL, PLACE = "renewal", "renewal_place"
PURPOSE = "更新処理の実行と確認"
PAGE = 20
PERMILLE = 1_000


class CountLine(NamedTuple):
    """A list with how many children it holds now and held the last time; shares in tenths of a percent."""

    sorted: renewal.Sorted
    children: int
    permille: int
    former: int | None
    former_permille: int | None
    key: str

    @property
    def percent(self) -> str:
        """The share now."""
        return f"{self.permille / 10:.1f}％"

    @property
    def former_percent(self) -> str:
        """The share the last time."""
        return "" if self.former_permille is None else f"{self.former_permille / 10:.1f}％"


@screen("renewals", title="更新処理", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD, purpose=PURPOSE,
        menu=MENU, methods=("GET",))  # fmt: skip
def show_list(request: StaffRequest) -> HttpResponse:
    """List the renewals, newest first."""
    token = request.GET.get("before", "")
    before = int(opened(request, token=token, kind=PLACE)) if token else None
    rows = renewal.latest_renewals(limit=PAGE + 1, before=before)
    context = {
        "rows": rows[:PAGE],
        "next_place": rows[PAGE - 1].renewal_id if len(rows) > PAGE else None,
        "may_plan": renewal.may_head(request.rights, function=Function.CASE, level=Level.UPDATE),
        "may_see": renewal.may_head(request.rights, function=Function.CASE, level=Level.READ),
    }
    return render(request, "pages/renewals.html", context)


@screen("renewal_plan", title="更新処理の立案", function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose=PURPOSE)  # fmt: skip
def plan(request: StaffRequest) -> HttpResponse:
    """Plan a renewal; nothing is judged yet."""
    form = PlanForm(request.POST if request.method == "POST" else None, initial=_wished(request))
    if request.method != "POST":
        return _plan_page(request, form=form)
    if not form.is_valid():
        return _plan_page(request, form=form, status=INVALID)
    data = form.cleaned_data
    wished = renewal.Plan(
        renewal.RenewalKind(data["kind"]), data["on"], data["issue_day"], None, data["is_trial"]
    )
    try:
        number = renewal.plan_renewal(
            wished,
            municipality=settings.KYUFU_MUNICIPALITY,
            rights=request.rights,
            at=clock.current_instant(),
        )
    except KyufuError as refusal:
        return _plan_page(request, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "立案しました。条件を確かめて、対象者の確定と判定を始めてください。")
    return go_to(request, code="renewal", kind=RENEWAL, key=number)


@screen("renewal", title="更新処理の内容", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show where a renewal stands: counts beside the last time's, and what is next."""
    return _page(request, number=_number(request, token=token))


@screen("renewal_act", title="更新処理を進める", function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def act(request: StaffRequest, *, token: str) -> HttpResponse:
    """Start or resume the next step, pause it, or end a trial."""
    number, at = _number(request, token=token, level=Level.UPDATE), clock.current_instant()
    form = ActForm(request.POST)
    if not form.is_valid():
        return _page(request, number=number, status=INVALID)
    try:
        said = _act(form.cleaned_data["act"], number=number, request=request, at=at)
    except KyufuError as refusal:
        return _page(request, number=number, refusal=refusal, status=CONFLICT)
    messages.success(request, said)
    return go_to(request, code="renewal", kind=RENEWAL, key=number)


@screen("renewal_give_up", title="更新処理を取りやめる", function=Function.CASE, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("POST",))  # fmt: skip
def give_up(request: StaffRequest, *, token: str) -> HttpResponse:
    """Give a renewal up before it takes effect, with the reason."""
    number, form = _number(request, token=token, level=Level.UPDATE), GiveUpForm(request.POST)
    if not form.is_valid():
        return _page(request, number=number, give_up_form=form, status=INVALID)
    try:
        renewal.give_up(
            number, why=form.cleaned_data["why"], rights=request.rights, at=clock.current_instant()
        )
    except KyufuError as refusal:
        return _page(request, number=number, refusal=refusal, status=CONFLICT)
    messages.success(request, "取りやめました。何も反映していません。")
    return go_to(request, code="renewal", kind=RENEWAL, key=number)


@screen("renewal_approve", title="更新処理の承認", function=Function.APPROVAL, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose="更新処理の承認", methods=("POST",))  # fmt: skip
def approve(request: StaffRequest, *, token: str) -> HttpResponse:
    """Approve the judged renewal as it was seen, as the second person."""
    number = _number(request, token=token, function=Function.APPROVAL, level=Level.UPDATE)
    form = _approve_form_of(number)(request.POST)
    if not form.is_valid():
        return _page(request, number=number, approve_form=form, status=INVALID)
    try:
        said = _approve(number, data=form.cleaned_data, request=request)
    except KyufuError as refusal:
        return _page(request, number=number, refusal=refusal, status=CONFLICT)
    messages.success(request, said)
    return go_to(request, code="renewal", kind=RENEWAL, key=number)


def _approve(number: int, *, data: dict[str, Any], request: StaffRequest) -> str:
    rights, at = request.rights, clock.current_instant()
    if renewal.find_renewal(number).kind is renewal.RenewalKind.REPLAY:
        letters = renewal.approve_corrections(number, seen=data["seen"], rights=rights, at=at)
        return f"承認しました。{letters:,}人へのお知らせを、一括処理の画面から印刷できます。資格は変えていません。"
    renewal.approve_renewal(number, seen=data["seen"], rights=rights, at=at, why=data.get("why", ""))
    return "承認しました。本庁の担当が反映を始められます。"


def _act(wish: str, *, number: int, request: StaffRequest, at: Any) -> str:
    if wish == "go":
        renewal.start_next(number, rights=request.rights, at=at)
        return "始めました。この画面を離れても、処理は続きます。"
    if wish == "pause":
        renewal.pause(number, rights=request.rights, at=at)
        return "一時停止を指示しました。きりのよいところで止まり、済んだ分は残ります。"
    renewal.close_trial(number, rights=request.rights, at=at)
    return "終えました。何も反映していません。"


def _number(
    request: StaffRequest, *, token: str, function: Function = Function.CASE, level: Level = Level.READ
) -> int:
    """The renewal of an address; of renewals nothing is said to who does not hold the right at the head office."""
    number = int(opened(request, token=token, kind=RENEWAL))
    if not renewal.may_head(request.rights, function=function, level=level):
        raise Http404
    return number


def _wished(request: StaffRequest) -> dict[str, str]:
    """The kind that a list leads to."""
    kind = request.GET.get("kind", "")
    return {"kind": kind} if kind in list(renewal.RenewalKind) else {}


def _plan_page(
    request: StaffRequest, *, form: PlanForm, refusal: KyufuError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal,
        "base": renewal.BASE,
        "kinds": list(renewal.RenewalKind),
        "may_plan": renewal.may_head(request.rights, function=Function.CASE, level=Level.UPDATE),
    }
    return render(request, "pages/renewal_plan.html", context, status=status)


def _page(
    request: StaffRequest,
    *,
    number: int,
    give_up_form: GiveUpForm | None = None,
    approve_form: ApproveForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    at, seen = clock.current_instant(), renewal.find_renewal(number)
    run = renewal.run_of(number, at=at)
    is_open = run is not None and run.is_open
    may_carry = renewal.may_head(request.rights, function=Function.CASE, level=Level.UPDATE)
    context: dict[str, Any] = {
        "renewal": seen,
        "base": renewal.BASE,
        "key": f"{number}",
        "run": run,
        "is_open": is_open,
        "run_title": "" if run is None else runs.kind_of(run.kind).title,
        "time_left": "" if run is None else in_words(run.time_left(at=at)),
        "attended": not is_open or runs.is_attended(at=at),
        "next_act": "" if is_open or not may_carry else _NEXT_ACTS.get(seen.state, ""),
        "may_pause": is_open and may_carry,
        "may_close": seen.state is RenewalState.JUDGED and seen.is_trial and may_carry,
        "give_up_form": (give_up_form or GiveUpForm()) if seen.state in _CANCELLABLE and may_carry else None,
        "approve_form": _approve_form(request, seen=seen, form=approve_form),
        "own_plan": seen.planned_by == request.rights.staff_no,
        "former": renewal.former_of(seen),
        "steps": renewal.steps_of(number),
        "refusal": refusal,
        **_figures(seen),
    }
    return render(request, "pages/renewal.html", context, status=status)


_NEXT_ACTS = {
    RenewalState.PLANNED: "対象者の確定と判定を始める",
    RenewalState.FROZEN: "判定を続きから始める",
    RenewalState.APPROVED: "資格・医療証・通知への反映を始める",
    RenewalState.EFFECTING: "反映を続きから始める",
    RenewalState.EFFECTED: "医療証と通知の印刷を始める",
}
_CANCELLABLE = frozenset(
    {RenewalState.PLANNED, RenewalState.FROZEN, RenewalState.JUDGED, RenewalState.APPROVED}
)


def _is_replay(seen: renewal.RenewalSeen) -> bool:
    return seen.kind is renewal.RenewalKind.REPLAY


def _tells_of_owed(seen: renewal.RenewalSeen) -> bool:
    return any(one.effect is Effect.OWED for one in renewal.difference_counts(seen.renewal_id))


def _approve_form_of(number: int) -> type[ApproveForm]:
    return ApproveOutsideForm if renewal.is_outside(number) else ApproveForm


def _approve_form(
    request: StaffRequest, *, seen: renewal.RenewalSeen, form: ApproveForm | None
) -> ApproveForm | None:
    if seen.state is not RenewalState.JUDGED or not (
        _tells_of_owed(seen) if _is_replay(seen) else not seen.is_trial
    ):
        return None
    if not renewal.may_head(request.rights, function=Function.APPROVAL, level=Level.UPDATE):
        return None
    number = seen.renewal_id
    return form or _approve_form_of(number)(initial={"seen": renewal.digest_of(number)})


def _figures(seen: renewal.RenewalSeen) -> dict[str, Any]:
    """The counts: by list beside the last time's, by reason with the next step, by ward, left out, and ties."""
    number, former = seen.renewal_id, renewal.former_of(seen)
    return {
        "lines": _lines(seen, former=former),
        "expectations": renewal.expectations_of(number),
        "is_replay": _is_replay(seen),
        "no_amount": renewal.NO_AMOUNT,
        "differences": [(one, f"{number}:{one.effect}") for one in renewal.difference_counts(number)],
        "early": renewal.early_count(number),
        "reasons": [
            (one, renewal.next_of(one.sorted, reason_code=one.reason_code), f"{number}:{one.sorted}")
            for one in renewal.counts_by_reason(number)
        ],
        "left_out": [(one, f"{number}:{one.reason}") for one in renewal.left_out_counts(number)],
        "found": renewal.found_counts(number),
        "wards": [(ward_label(one.ward_code), one) for one in renewal.ward_counts(number)],
        "refusals": [
            (renewal.REFUSALS.get(code, code), children)
            for code, children in renewal.refusal_counts(number).items()
        ],
        "ties": [(documents.Kind(one.document).label, one) for one in renewal.ties_of(number)],
    }


def _lines(seen: renewal.RenewalSeen, *, former: renewal.RenewalSeen | None) -> list[CountLine]:
    now = {one.sorted: one.children for one in renewal.sorted_counts(seen.renewal_id)}
    before = {one.sorted: one.children for one in renewal.sorted_counts(former.renewal_id)} if former else {}
    return [
        CountLine(
            one,
            now.get(one, 0),
            _permille(now.get(one, 0), of=seen.in_count),
            before.get(one, 0) if former else None,
            _permille(before.get(one, 0), of=former.in_count) if former else None,
            f"{seen.renewal_id}:{one}",
        )
        for one in renewal.Sorted
        if one in now or one in before
    ]


def _permille(part: int, *, of: int | None) -> int:
    return part * PERMILLE // of if of else 0
