"""Print runs (印刷の実行) for the head office's mail room: what lies in each, and a damaged range printed again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError
from kyufu.renewal.api import may_head
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.fields import ReasonField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.runs import MENU
from kyufu.web.screens import StaffRequest, screen

RUN, PLACE = "print_run", "print_runs"
PURPOSE = "印刷物の仕分けと発送"
PAGE = 20
SHOWN_LEFT_OUT = 200
# Printed while the browser waits; more is a matter of the shell.
MOST_AT_ONCE = 500
REOPEN = "画面を開き直してください。"
NUMBER = {
    "required": "通し番号を入力してください。",
    "invalid": "通し番号は数字で入力してください。",
    "min_value": "通し番号は1以上で入力してください。",
    "max_value": "通し番号が大きすぎます。",
}
MOST = 9_999_999


class RangeForm(PageForm):
    """A damaged range of a print run; `reprints` is how many re-prints of it were seen."""

    first = forms.IntegerField(label="最初の通し番号", min_value=1, max_value=MOST, error_messages=NUMBER)
    last = forms.IntegerField(label="最後の通し番号", min_value=1, max_value=MOST, error_messages=NUMBER)
    reason = ReasonField(
        label="再印刷の理由", help_text="例：紙詰まりで破れた。氏名や住所は書かないでください。"
    )
    reprints = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": REOPEN, "invalid": REOPEN}
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a range that goes forward and is printed while a person waits."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first is not None and last is not None:
            if last < first:
                self.add_error("last", "最初の通し番号以上の番号を入力してください。")
            elif last - first >= MOST_AT_ONCE:
                self.add_error(
                    "last",
                    f"画面から一度に再印刷できるのは{MOST_AT_ONCE}件までです。範囲を分けるか、システムの担当に依頼してください。",
                )
        return data


@screen("print_runs", title="印刷の記録", function=Function.PRINT, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, menu=MENU, methods=("GET",))  # fmt: skip
def show_list(request: StaffRequest) -> HttpResponse:
    """List the print runs, newest first."""
    token = request.GET.get("before", "")
    before = int(opened(request, token=token, kind=PLACE)) if token else None
    rows = documents.runs(limit=PAGE + 1, before=before)
    context = {
        "rows": rows[:PAGE],
        "next_place": rows[PAGE - 1].run_id if len(rows) > PAGE else None,
        "may_see": _may(request, level=Level.READ),
    }
    return render(request, "pages/print_runs.html", context)


@screen("print_run", title="印刷の内容（送付票）", function=Function.PRINT, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show what lies in a print run: by ward and envelope, by file, what was left out, and its re-prints."""
    return _page(request, run_id=_run_id(request, token=token, level=Level.READ))


@screen("print_run_reprint", title="破損した範囲の再印刷", function=Function.PRINT, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose="破損した印刷物の再印刷", methods=("POST",))  # fmt: skip
def reprint(request: StaffRequest, *, token: str) -> HttpResponse:
    """Print a damaged range again, with the reason, as a run of its own."""
    run_id, form = _run_id(request, token=token, level=Level.UPDATE), RangeForm(request.POST)
    if not form.is_valid():
        return _page(request, run_id=run_id, form=form, status=INVALID)
    try:
        printed = documents.reprint_range(
            run_id, **form.cleaned_data, by=request.access.actor, at=clock.current_instant(),
            report=lambda _done, _total: None,
        )  # fmt: skip
    except KyufuError as refusal:
        return _page(request, run_id=run_id, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{printed.documents:,}件を再印刷のファイルにしました。")
    if printed.exceptions:
        messages.warning(
            request, f"{printed.exceptions:,}件は印刷していません。下の一覧で理由を確かめてください。"
        )
    return go_to(request, code="print_run", kind=RUN, key=printed.run_id or run_id)


def _may(request: StaffRequest, *, level: Level) -> bool:
    return may_head(request.rights, function=Function.PRINT, level=level)


def _run_id(request: StaffRequest, *, token: str, level: Level) -> int:
    """The run of an address; of print runs nothing is said to who does not hold the right at the head office."""
    run_id = int(opened(request, token=token, kind=RUN))
    if not _may(request, level=level):
        raise Http404
    return run_id


def _page(
    request: StaffRequest,
    *,
    run_id: int,
    form: RangeForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    try:
        manifest = documents.manifest_of(run_id)
    except BadInput:
        raise Http404 from None
    reprints = documents.reprints_of(run_id)
    has_numbers = bool(manifest.files) and all(one.first for one in manifest.files)
    offered = has_numbers and _may(request, level=Level.UPDATE)
    context = {
        "manifest": manifest,
        "faults": documents.faults_of(run_id),
        "reprints": reprints,
        "not_again": documents.not_printed_again(run_id, limit=SHOWN_LEFT_OUT) if manifest.reprint_of else (),
        "form": (form or RangeForm(initial={"reprints": len(reprints)})) if offered else None,
        "refusal": refusal,
        "has_numbers": has_numbers,
    }
    return render(request, "pages/print_run.html", context, status=status)
