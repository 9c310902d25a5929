"""The approver's work: the queue, one case side by side, and several at once, each looked at and each by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.law.child.telling import Told
from kyufu.law.decision import Decision
from kyufu.law.parameters.overlay import Overlay
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.batch import most_at_once
from kyufu.web.pages.case_access import APPLICATION, row_of
from kyufu.web.pages.case_view import case_of
from kyufu.web.pages.explaining import evidence_in, headline, told_of
from kyufu.web.pages.forms import DecideForm, SendBackForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

QUEUE_PLACE = "approvals"
PAGE = 50
DECIDING = "申請の決裁"
BETWEEN = "."
FROM_APPLICATION = "申請日"
# The figures by which a decision is told apart from another on one line.
KEY_FIGURES = ("age", "band", "judged_income", "city_income_limit", "entitled_from", "benefit_class")
NOTHING_CHOSEN = "申請が選ばれていません。"
NOTHING_CONFIRMED = "「内容を確認した」に印のある申請がありません。"
NOT_THERE = "もう決裁を待っていません（ほかの職員が処理したか、判定し直されました）。"
OWN = "判定した職員は、その決裁をできません。"


class Line(NamedTuple):
    """A decision on the queue: why, how old the child is, what is worth a look, and whether it may be chosen."""

    row: cases.QueuedRow
    child: registry.PersonView | None
    sentence: str
    age: str
    flags: tuple[str, ...]
    is_own: bool

    @property
    def may_choose(self) -> bool:
        """May it be approved with others: judged by another, and not stale?"""
        return not self.is_own and not self.row.against


class Looked(NamedTuple):
    """A chosen decision as it is to be looked at: its line, explanation, key figures and digest."""

    line: Line
    told: Told
    figures: tuple[tuple[str, str], ...]
    digest: str


class Result(NamedTuple):
    """What became of one of several: approved, or the reason why not."""

    application_id: int
    number: str
    refusal: str


@screen(
    "approvals",
    title="決裁待ちの一覧",
    function=Function.APPROVAL,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    menu="申請・届出",
    methods=("GET",),
)
def show_queue(request: StaffRequest) -> HttpResponse:
    """List the judged applications of the wards, the oldest first, with the reason and what is worth a look."""
    token = request.GET.get("after", "")
    after = int(opened(request, token=token, kind=QUEUE_PLACE)) if token else 0
    return _queue(request, after=after)


def _queue(request: StaffRequest, *, after: int = 0, error: str = "", status: int = 200) -> HttpResponse:
    rows = cases.applications_to_approve(scope_of(request).wards, limit=PAGE + 1, after=after)
    shown = rows[:PAGE]
    context = {
        "lines": _lines(request, rows=shown, decisions=_decisions(shown)),
        "is_first": not after,
        "next_place": shown[-1].application_id if len(rows) > PAGE else None,
        "page_size": PAGE,
        "most": most_at_once(clock.current_date_in_japan()),
        "error": error,
    }
    return render(request, "pages/approvals.html", context, status=status)


def _decisions(rows: Sequence[cases.QueuedRow]) -> dict[int, Decision]:
    return cases.decisions([row.decision_id for row in rows]) if rows else {}


def _lines(
    request: StaffRequest, *, rows: Sequence[cases.QueuedRow], decisions: dict[int, Decision]
) -> list[Line]:
    today = clock.current_date_in_japan()
    people = registry.people({row.child_id for row in rows}, valid_on=today, today=today) if rows else {}
    return [
        _line(request, row=row, decision=decisions[row.decision_id], child=people.get(row.child_id))
        for row in rows
    ]


def _line(
    request: StaffRequest, *, row: cases.QueuedRow, decision: Decision, child: registry.PersonView | None
) -> Line:
    values = {step.quantity.name: step.value for step in decision.steps}
    marks = (
        (row.by_mail, "郵送で本人確認"),
        (values.get("period_start_cause") == FROM_APPLICATION, "申請が遅れ、申請日からの資格"),
        (row.is_changed, "前の判定と異なる"),
        (child is not None and child.protected, "支援措置"),
        (row.has_open_periods, "判定できない過去の期間がある"),
    )
    age = values.get("age")
    return Line(
        row=row,
        child=child,
        sentence=headline(decision, kind=row.kind),
        age="" if age is None else f"{age}歳",
        flags=tuple(text for holds, text in marks if holds),
        is_own=row.judged_by_id == request.access.actor.staff_id,
    )


@screen(
    "approval",
    title="決裁（申請・資料・判定の突合せ）",
    function=Function.APPROVAL,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    methods=("GET",),
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show side by side what was entered, what the evidence says and what the law decided."""
    row = row_of(request, token=token)
    case = case_of(row)
    if case.decision is None or row.decision_id is None:
        raise Http404
    facts = cases.decided_facts([row.decision_id])[row.decision_id]
    queued = cases.applications_to_approve([row.ward_code], limit=1, after=0, only=[row.application_id])
    lines = _lines(request, rows=queued, decisions={row.decision_id: case.decision})
    approves = request.rights.may(Function.APPROVAL, level=Level.UPDATE, scheme=Scheme.CHILD)
    context = {
        "row": row,
        "case": case,
        "file": case.file,
        "matter": cases.japanese_matter(cases.Kind(row.kind), matter=row.matter),
        "identity": cases.identity_of(row.application_id),
        "line": lines[0] if lines else None,
        "told": told_of(case.decision, guardians=case.guardians, kind=row.kind),
        "evidence": evidence_in(facts, guardians=case.guardians, hides_home=case.is_protected),
        "may_decide": approves and bool(lines) and lines[0].may_choose,
        "may_send_back": approves and bool(lines) and not lines[0].is_own,
        "approve_form": DecideForm(initial={"seen": case.seen}),
        "send_back_form": SendBackForm(initial={"seen": case.seen}),
        "last_step": case.steps[-1].step_id,
    }
    return render(request, "pages/approval.html", context)


@screen(
    "approvals_review",
    title="まとめて決裁する申請の確認",
    function=Function.APPROVAL,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    methods=("POST",),
)
def review(request: StaffRequest) -> HttpResponse:
    """Show each of the chosen decisions with its reason and figures, to be confirmed one by one."""
    chosen = _chosen(request)
    most = most_at_once(clock.current_date_in_japan())
    if not chosen:
        return _queue(request, error=NOTHING_CHOSEN, status=INVALID)
    if len(chosen) > most:
        said = f"一度に決裁できるのは{most}件までです（{len(chosen)}件が選ばれています）。"
        return _queue(request, error=said, status=INVALID)
    return _review(request, chosen=chosen)


def _chosen(request: StaffRequest) -> list[int]:
    tokens = dict.fromkeys(request.POST.getlist("chosen"))
    return [int(opened(request, token=token, kind=APPLICATION)) for token in tokens]


def _review(
    request: StaffRequest, *, chosen: Collection[int], error: str = "", status: int = 200
) -> HttpResponse:
    rows = cases.applications_to_approve(
        scope_of(request).wards, limit=len(chosen), after=0, only=sorted(chosen)
    )
    decisions = _decisions(rows)
    lines = _lines(request, rows=rows, decisions=decisions)
    choosable = [line for line in lines if line.may_choose]
    digests = cases.decision_digests([line.row.decision_id for line in choosable])
    overlay = confirmed_overlay(settings.KYUFU_MUNICIPALITY)
    looked = [
        _looked(
            line,
            decision=decisions[line.row.decision_id],
            digest=digests[line.row.decision_id],
            overlay=overlay,
        )
        for line in choosable
    ]
    left = [(line.row.number, line.row.against or OWN) for line in lines if not line.may_choose]
    context = {
        "looked": looked,
        "left": left,
        "gone": len(set(chosen)) - len(rows),
        "error": error,
        "not_there": NOT_THERE,
    }
    return render(request, "pages/approvals_review.html", context, status=status)


def _looked(line: Line, *, decision: Decision, digest: str, overlay: Overlay) -> Looked:
    told = told_of(decision, guardians=(), kind=line.row.kind, overlay=overlay)
    figures = tuple(
        (step.label, f"{step.figure}（{step.doubt}）" if step.doubt else step.figure)
        for section in told.sections
        for step in section.steps
        if step.name in KEY_FIGURES
    )
    return Looked(line, told, figures, digest)


@screen(
    "approvals_decide",
    title="まとめて決裁した結果",
    function=Function.APPROVAL,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    methods=("POST",),
)
def decide(request: StaffRequest) -> HttpResponse:
    """Approve the decisions that were confirmed, each by what was seen of it; the others are listed with why not."""
    confirmed = _confirmed(request)
    if not confirmed:
        chosen = _chosen(request)
        if not chosen:
            return _queue(request, error=NOTHING_CHOSEN, status=INVALID)
        return _review(request, chosen=chosen, error=NOTHING_CONFIRMED, status=INVALID)
    most = most_at_once(clock.current_date_in_japan())
    if len(confirmed) > most:
        return _queue(request, error=f"一度に決裁できるのは{most}件までです。", status=INVALID)
    wards = scope_of(request)
    rows = [(cases.application_by_id(one), seen) for one, seen in confirmed.items()]
    for row, _ in rows:
        wards.require_ward(row.ward_code)
    results = [_approve(request, row=row, seen=seen) for row, seen in rows]
    context: dict[str, Any] = {
        "approved": [one for one in results if not one.refusal],
        "refused": [one for one in results if one.refusal],
    }
    return render(request, "pages/approvals_decided.html", context, status=200)


def _confirmed(request: StaffRequest) -> dict[int, str]:
    """What was confirmed, with the digest of what was seen of it; raises Http404 for a made-up one."""
    found: dict[int, str] = {}
    for value in request.POST.getlist("confirmed"):
        token, _, seen = value.partition(BETWEEN)
        found[int(opened(request, token=token, kind=APPLICATION))] = seen
    return found


def _approve(request: StaffRequest, *, row: cases.ApplicationRow, seen: str) -> Result:
    try:
        cases.approve_seen(row.application_id, seen=seen, by=request.access.actor, at=clock.current_instant())
    except KyufuError as refusal:
        return Result(row.application_id, row.number, str(refusal))
    return Result(row.application_id, row.number, "")
