"""Runs (一括処理) on the pages: what there is to start, how far a run is, and to cancel or resume it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError
from kyufu.runs import api as runs
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.fields import DayField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.screens import StaffRequest, screen

MENU = "一括処理・確認事項"
RUN, KIND, PLACE = "run", "run_kind", "runs"
PURPOSE = "一括処理の実行と確認"
PAGE = 20
SHOWN_UNDONE = 200
MINUTE, HOUR = 60, 3600


class RunForm(PageForm):
    """What a run is told: the day that it works for."""

    on = DayField(label="基準日")


class Startable(NamedTuple):
    """A kind of run that the person may start, with the run of it that is open, if one is."""

    kind: runs.RunKind
    open_run: runs.RunSeen | None


class RunLine(NamedTuple):
    """A run on a list, with the title of its kind."""

    run: runs.RunSeen
    title: str


@screen(
    "runs",
    title="一括処理",
    function=Function.PRINT,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_list(request: StaffRequest) -> HttpResponse:
    """List the kinds of run that the person may start, and the latest runs of them."""
    at = clock.current_instant()
    kinds = [one for one in runs.all_kinds() if runs.may_handle(one.code, rights=request.rights)]
    token = request.GET.get("before", "")
    before = int(opened(request, token=token, kind=PLACE)) if token else None
    found = runs.latest_runs(kinds=[one.code for one in kinds], limit=PAGE + 1, before=before, at=at)
    titles = {one.code: one.title for one in kinds}
    open_runs = {one.kind: one for one in found if one.is_open}
    context: dict[str, Any] = {
        "startable": [Startable(one, open_runs.get(one.code)) for one in kinds],
        "rows": [RunLine(one, titles[one.kind]) for one in found[:PAGE]],
        "is_first": before is None,
        "next_place": found[PAGE - 1].run_id if len(found) > PAGE else None,
        "attended": runs.is_attended(at=at),
    }
    return render(request, "pages/runs.html", context)


@screen(
    "run_start",
    title="一括処理の開始",
    function=Function.PRINT,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
)
def start(request: StaffRequest, *, token: str) -> HttpResponse:
    """Say how many are due and ask for the day; then start the run."""
    kind = _kind(request, code=opened(request, token=token, kind=KIND))
    form = RunForm(request.POST if request.method == "POST" else None)
    form.fields["on"].label = kind.day_label
    if not kind.day_label:
        del form.fields["on"]
    if request.method != "POST":
        return _start_page(request, kind=kind, form=form)
    if not form.is_valid():
        return _start_page(request, kind=kind, form=form, status=INVALID)
    arguments = {name: day.isoformat() for name, day in form.cleaned_data.items()}
    try:
        run_id = runs.start_run(
            kind.code, arguments=arguments, rights=request.rights, at=clock.current_instant()
        )
    except KyufuError as refusal:
        return _start_page(request, kind=kind, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, f"「{kind.title}」を始めました。この画面を離れても、処理は続きます。")
    return go_to(request, code="run", kind=RUN, key=run_id)


@screen("run", title="一括処理の進み具合", function=None, level=Level.NONE, purpose=PURPOSE, methods=("GET",))
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show how far a run is, and what came of it."""
    return _page(request, run=_run(request, token=token), token=token)


@screen(
    "run_cancel", title="一括処理の中止", function=None, level=Level.NONE, purpose=PURPOSE, methods=("POST",)
)
def cancel(request: StaffRequest, *, token: str) -> HttpResponse:
    """Cancel a run; what it has done stays done."""
    run = _run(request, token=token)
    try:
        ended = runs.cancel_run(run.run_id, rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _page(request, run=run, token=token, refusal=refusal, status=CONFLICT)
    said = "中止しました。" if ended else "中止を指示しました。きりのよいところで止まります。"
    messages.success(request, said)
    return redirect(reverse("run", kwargs={"token": token}))


@screen(
    "run_resume", title="一括処理の再開", function=None, level=Level.NONE, purpose=PURPOSE, methods=("POST",)
)
def resume(request: StaffRequest, *, token: str) -> HttpResponse:
    """Let a run that ended early go on from what is left."""
    run = _run(request, token=token)
    try:
        runs.resume_run(run.run_id, rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _page(request, run=run, token=token, refusal=refusal, status=CONFLICT)
    messages.success(request, "再開しました。続きから進みます。")
    return redirect(reverse("run", kwargs={"token": token}))


def in_words(left: timedelta | None) -> str:
    """How long something takes as a person says it; empty where it is not known."""
    if left is None:
        return ""
    seconds = int(left.total_seconds())
    if seconds < MINUTE:
        return "1分以内"
    if seconds < HOUR:
        return f"約{round(seconds / MINUTE)}分"
    return f"約{seconds // HOUR}時間{seconds % HOUR // MINUTE}分"


def _kind(request: StaffRequest, *, code: str) -> runs.RunKind:
    """A kind that the person may have done; of the others nothing is said."""
    try:
        kind = runs.kind_of(code)
    except BadInput:
        raise Http404 from None
    if not runs.may_handle(code, rights=request.rights):
        raise Http404
    return kind


def _run(request: StaffRequest, *, token: str) -> runs.RunSeen:
    run = runs.find_run(int(opened(request, token=token, kind=RUN)), at=clock.current_instant())
    _kind(request, code=run.kind)
    return run


def _start_page(
    request: StaffRequest,
    *,
    kind: runs.RunKind,
    form: RunForm,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "kind": kind,
        "form": form,
        "due": None if kind.due is None else kind.due(),
        "refusal": refusal,
        "attended": runs.is_attended(at=clock.current_instant()),
    }
    return render(request, "pages/run_start.html", context, status=status)


def _page(
    request: StaffRequest,
    *,
    run: runs.RunSeen,
    token: str,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    at, kind = clock.current_instant(), runs.kind_of(run.kind)
    undone = runs.undone_of(run.run_id, limit=SHOWN_UNDONE + 1)
    context = {
        "run": run,
        "kind": kind,
        "told": _told(run, kind=kind),
        "time_left": in_words(run.time_left(at=at)),
        "steps": runs.steps_of(run.run_id),
        "undone": undone[:SHOWN_UNDONE],
        "more_undone": len(undone) > SHOWN_UNDONE,
        "may_see_cases": request.rights.may(Function.CASE, level=Level.READ),
        "attended": not run.is_open or runs.is_attended(at=at),
        "refusal": refusal,
        "this_page": reverse("run", kwargs={"token": token}),
    }
    return render(request, "pages/run.html", context, status=status)


def _told(run: runs.RunSeen, *, kind: runs.RunKind) -> list[tuple[str, str]]:
    """What the run was told, in words: the day that was typed."""
    day = run.arguments.get("on")
    if not day or not kind.day_label:
        return []
    parsed = DayField(label="").to_python(day)
    return [(kind.day_label, f"{format_wareki(parsed)}（{parsed.year}年）")]
