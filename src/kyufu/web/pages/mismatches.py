"""Worklist of what guardians are to report (届出の勧奨): what differs, the next step, and how the letter stands."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.cases import api as cases
from kyufu.cases.api import MismatchKind, MismatchSeen
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.runs import api as runs
from kyufu.staff.api import Forbidden, Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.application_papers import DOTS_PER_INCH, PRINTING, SHELTERED
from kyufu.web.pages.forms import MismatchForm, PageForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import OUTSIDE_REMEDY, OUTSIDE_TEXT, scope_of
from kyufu.web.pages.stated import stated
from kyufu.web.pages.worklists import PAGE, PURPOSE, key_of, names_of, place
from kyufu.web.screens import StaffRequest, screen

MISMATCH = "mismatch"
PRINT, MATCH = "print_urging", "match_register"
REPORTED = "届出を受け付けています（処理中）。手紙は出しません。"
ASKED = "保留の申請の「確認書類ご提出のお願い」で確認しています。手紙は出しません。"
SHELTERED_REMEDY = "下見には出せません。印刷すると、送付先に届くように印字されます。"
_ENDED = {
    cases.AGREED: "届出の決裁、または事実の一致により終了",
    MismatchForm.RESOLVED: "職員が確認して終了",
    MismatchForm.DISMISSED: "届出は要らないため終了",
}


class MismatchLine(NamedTuple):
    """A difference with the child, and in words how its letter stands."""

    row: MismatchSeen
    person: registry.PersonView | None
    key: str
    letter: Any
    printed: bool

    @property
    def over(self) -> str:
        """How it ended, empty while it is open."""
        if self.row.state in _ENDED:
            return _ENDED[self.row.state]
        return "" if self.row.stands else _ENDED[cases.AGREED]


@screen(
    "mismatches",
    title="届出の勧奨が必要な食い違い",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_list(request: StaffRequest) -> HttpResponse:
    """List what differs from register and evidence, narrowed to one kind where asked."""
    return _page(request)


@screen(
    "mismatch_settle",
    title="届出の勧奨の完了",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("POST",),
)
def settle(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a difference by hand with the reason."""
    number, form = _reached(request, token=token), MismatchForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=INVALID)
    try:
        cases.settle_mismatch(
            number, resolved=form.cleaned_data["outcome"] == MismatchForm.RESOLVED, by=request.access.actor,
            at=clock.current_instant(), reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except KyufuError as refusal:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "確認を終えました。届け出た内容は変えていません。")
    return redirect(reverse("mismatches"))


@screen(
    "mismatch_preview",
    title="届出のお願いの下見",
    function=Function.PRINT,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    methods=("GET",),
)
def preview(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a letter as it would be printed today; nothing counts as printed."""
    number, today = _reached(request, token=token), clock.current_date_in_japan()
    (seen,) = cases.mismatches_among(f"SELECT {number:d}", limit=1, after=0)
    people = registry.people([seen.child_id, seen.guardian_id], valid_on=today, today=today)
    if any(one.protected for one in people.values()):
        raise Refused(SHELTERED, remedy=SHELTERED_REMEDY)
    with stated(request, purpose=request.access.purpose, case_no=seen.number):
        pages = documents.preview(
            documents.Kind.URGING, subject_id=number, on=today, today=today, dots_per_inch=DOTS_PER_INCH,
            municipality=settings.KYUFU_MUNICIPALITY,
        )  # fmt: skip
    pictures = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in pages]
    answer = render(request, "pages/mismatch_preview.html", {"pictures": pictures})
    answer["Cache-Control"] = "no-store"
    return answer


def lines_of(request: StaffRequest, *, rows: Collection[MismatchSeen]) -> list[MismatchLine]:
    """The lines of differences, with the names that the right reaches and how each letter stands."""
    people = names_of(request, ids=[one.child_id for one in rows], today=clock.current_date_in_japan())
    letters = documents.letters_of(documents.Kind.URGING, subject_ids=[one.mismatch_id for one in rows])
    return [
        MismatchLine(
            one,
            people.get(one.child_id),
            key_of(one.child_id, people=people),
            *_letter(one, letter=letters.get(one.mismatch_id, documents.NOT_YET)),
        )
        for one in rows
    ]


def _letter(row: MismatchSeen, *, letter: documents.LetterSeen) -> tuple[Any, ...]:
    """How a letter stands in words, or the time at which it was printed; and whether it was."""
    if letter.printed_at is not None:
        return letter.printed_at, True
    if row.is_reported:
        return REPORTED, False
    if row.is_asked:
        return ASKED, False
    return (f"印刷できませんでした：{letter.left_out}" if letter.left_out else "印刷を待っています"), False


def _page(
    request: StaffRequest,
    *,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    scope, kind = scope_of(request), _kind(request)
    wards = None if scope.is_head else scope.wards
    rows = cases.mismatches_in(wards, kind=kind, limit=PAGE + 1, after=place(request, kind=MISMATCH))
    shown = rows[:PAGE]
    context = {
        "counts": cases.mismatch_counts(wards),
        "kind": kind,
        "narrowed": f"&kind={kind}",
        "rows": lines_of(request, rows=shown),
        "next_place": shown[-1].mismatch_id if len(rows) > PAGE else None,
        "may_print": runs.may_handle(PRINT, rights=request.rights),
        "may_match": runs.may_handle(MATCH, rights=request.rights),
        "may_preview": request.rights.may(Function.PRINT, level=Level.READ),
        "may_settle": request.rights.may(Function.CASE, level=Level.UPDATE),
        "waiting": documents.count_due(documents.Kind.URGING) if scope.is_head else None,
        "form": form,
        "settle_form": form or MismatchForm(),
        "refusal": refusal,
    }
    return render(request, "pages/mismatches.html", context, status=status)


def _kind(request: StaffRequest) -> MismatchKind | None:
    """The kind that the list is narrowed to; None where none is named."""
    return next((one for one in MismatchKind if one.value == request.GET.get("kind")), None)


def _reached(request: StaffRequest, *, token: str) -> int:
    """The difference of an address, of a child whom the right reaches; raises Forbidden."""
    number = int(opened(request, token=token, kind=MISMATCH))
    person, today = cases.person_of_mismatch(number), clock.current_date_in_japan()
    found = registry.people([person], valid_on=today, today=today)
    scope = scope_of(request)
    if not scope.is_head and person not in scope.held_of(found):
        raise Forbidden(OUTSIDE_TEXT, remedy=OUTSIDE_REMEDY)
    return number
