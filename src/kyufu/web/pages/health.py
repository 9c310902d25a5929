"""For the IT section: the state of the system, and the queue of runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.platform.feeds.worklist import last_files
from kyufu.runs import api as runs
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT
from kyufu.web.pages.health_checks import all_checks, worst
from kyufu.web.pages.links import opened
from kyufu.web.pages.worklists import LAYOUTS
from kyufu.web.screens import StaffRequest, screen

JOB, PLACE = "job", "jobs"
MENU = "運用"
PURPOSE = "システムの運用"
PAGE = 50


@screen(
    "health",
    title="システムの状態",
    function=Function.OPERATIONS,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show(request: StaffRequest) -> HttpResponse:
    """Show how every part of the system is, what to do where it is not well, and the last files that came."""
    at = clock.current_instant()
    checks = all_checks(at=at, folder=settings.VAR_DIR)
    context = {
        "checks": checks,
        "worst": worst(checks),
        "at": at,
        "files": [(one, LAYOUTS.get(one.layout, one.layout)) for one in last_files()],
    }
    return render(request, "pages/health.html", context)


@screen(
    "jobs",
    title="ジョブ（一括処理の待ち行列）",
    function=Function.OPERATIONS,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_jobs(request: StaffRequest) -> HttpResponse:
    """List the runs of every kind, newest first, with how they stand and since when."""
    return _jobs(request)


@screen(
    "job_cancel",
    title="ジョブの中止",
    function=Function.OPERATIONS,
    level=Level.UPDATE,
    purpose=PURPOSE,
    methods=("POST",),
)
def cancel(request: StaffRequest, *, token: str) -> HttpResponse:
    """Cancel a run whatever its kind, as when the machine is to be stopped."""
    run_id = int(opened(request, token=token, kind=JOB))
    try:
        runs.cancel_run(run_id, rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _jobs(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "中止を指示しました。実行中のものは、きりのよいところで止まります。")
    return redirect(reverse("jobs"))


@screen(
    "job_retry",
    title="ジョブの再実行",
    function=Function.OPERATIONS,
    level=Level.UPDATE,
    purpose=PURPOSE,
    methods=("POST",),
)
def retry(request: StaffRequest, *, token: str) -> HttpResponse:
    """Put a run that ended early back into the queue, for the one who asked for it."""
    run_id = int(opened(request, token=token, kind=JOB))
    try:
        runs.resume_run(run_id, rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _jobs(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "順番待ちに戻しました。続きから進みます。")
    return redirect(reverse("jobs"))


def show_alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature is Django's
    """Say to a load balancer that this server and its database answer; nothing else."""
    # Every request before this one has asked the database for its terminal: that it came here says enough.
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _jobs(request: StaffRequest, *, refusal: KyufuError | None = None, status: int = 200) -> HttpResponse:
    at = clock.current_instant()
    titles = {one.code: one.title for one in runs.all_kinds()}
    token = request.GET.get("before", "")
    before = int(opened(request, token=token, kind=PLACE)) if token else None
    found = runs.latest_runs(kinds=list(titles), limit=PAGE + 1, before=before, at=at)
    context: dict[str, Any] = {
        "rows": [(one, titles[one.kind]) for one in found[:PAGE]],
        "is_first": before is None,
        "next_place": found[PAGE - 1].run_id if len(found) > PAGE else None,
        "workers": runs.workers(at=at),
        "attended": runs.is_attended(at=at),
        "may_act": request.rights.may(Function.OPERATIONS, level=Level.UPDATE),
        "refusal": refusal,
    }
    return render(request, "pages/jobs.html", context, status=status)
