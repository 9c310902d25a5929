"""The page of one application: what comes next and who does it, the acts, and why the law decides so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.law.decision import Decision, Outcome
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.attachments import attachments_of
from kyufu.web.pages.case_access import PURPOSE, changes_since
from kyufu.web.pages.case_forms import CloseForm, HandoverForm, PrintForm
from kyufu.web.pages.explaining import (
    Missing,
    Whose,
    evidence_in,
    guardian_words,
    missing_in,
    told_of,
)
from kyufu.web.pages.forms import DecideForm, PageForm, SendBackForm
from kyufu.web.pages.scope import may_in_ward
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest

_S = cases.ApplicationState
JUDGED_FIRST = frozenset({_S.RECEIVED})
JUDGED_AGAIN = frozenset({_S.UNDECIDED, _S.SENT_BACK})
CLOSING = frozenset({_S.ISSUED, _S.REJECTED})
ENDED = frozenset({_S.WITHDRAWN, _S.CLOSED})
COMPLETE = "intake_complete"
# Which record has to bear a reported loss out, and what to do where it does not.
_BY_REGISTER = "住民記録に載るのを待ってください。転出届・死亡届がまだなら、届出を案内してください。"
LOSS_REMEDY = {
    str(cases.LossCause.MOVED_OUT): _BY_REGISTER,
    str(cases.LossCause.DIED): _BY_REGISTER,
    str(cases.LossCause.AGE): "生年月日と喪失の日を確かめてください。",
    str(
        cases.LossCause.PUBLIC_ASSISTANCE
    ): "生活保護の連携ファイルに載るのを待つか、保護の担当に確かめてください。",
    str(
        cases.LossCause.OTHER_SCHEME
    ): "他制度の連携ファイルに載るのを待つか、その制度の担当に確かめてください。",
}
CLERK, ANOTHER = "窓口担当", "判定した人とは別の人"


class NextStep(NamedTuple):
    """What comes next, and who does it (empty: nothing does)."""

    what: str
    who: str


class LinkedMissing(NamedTuple):
    """What is missing, with the screens that are open to this member of staff: code, sealed ticket, words."""

    reason: str
    request: str
    links: list[tuple[str, str, str]]


@dataclass(slots=True)
class Asked:
    """What is shown beyond the application as it stands: an act that was refused, or a form with its errors.

    `typed` keeps what was typed into a form that was refused; what the form was made from is taken afresh.
    """

    refusal: KyufuError | None = None
    forms: dict[str, PageForm] = field(default_factory=dict)
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200


@dataclass(slots=True)
class Case:
    """All that the page knows of an application."""

    row: cases.ApplicationRow
    file: cases.CaseFile
    steps: tuple[cases.StepRow, ...]
    persons: list[dict[str, Any]]
    guardians: tuple[Whose, ...]
    decision: Decision | None
    seen: str
    stale: str
    paper: documents.Paper | None
    handovers: tuple[cases.HandoverSeen, ...]
    certificates: tuple[cases.CertificateSeen, ...]

    @property
    def state(self) -> cases.ApplicationState:
        """Where it stands."""
        return cases.ApplicationState(self.row.state)

    @property
    def is_protected(self) -> bool:
        """Is somebody of the case protected (支援措置), so that addresses are kept from the page?"""
        return any(one["person"] is not None and one["person"].protected for one in self.persons)

    @property
    def card(self) -> cases.CertificateSeen | None:
        """The certificate of this application that is in use."""
        return next((one for one in self.certificates if one.state == cases.CertificateState.ISSUED), None)


def case_of(row: cases.ApplicationRow) -> Case:
    """Look up all that the page of an application shows."""
    file = cases.case_file(row.application_id)
    persons = _persons(row, file=file)
    decision_id = row.decision_id
    with_card = row.state in CLOSING | ENDED
    return Case(
        row=row,
        file=file,
        steps=cases.application_history(row.application_id),
        persons=persons,
        guardians=guardian_words((one.addressee_id, one.relation) for one in file.guardians),
        decision=None if decision_id is None else cases.decisions([decision_id])[decision_id],
        seen="" if decision_id is None else cases.decision_digest(decision_id),
        stale="" if decision_id is None else cases.refuse_if_stale([decision_id]).get(decision_id, ""),
        paper=documents.paper_of(row.application_id),
        handovers=cases.handovers_of(row.application_id) if with_card else (),
        certificates=tuple(
            one
            for one in (cases.certificates_of([row.child_id]) if with_card else ())
            if one.application_id == row.application_id
        ),
    )


def _persons(row: cases.ApplicationRow, *, file: cases.CaseFile) -> list[dict[str, Any]]:
    today = clock.current_date_in_japan()
    ids = [row.child_id, *(one.addressee_id for one in file.guardians)]
    people = registry.people(ids, valid_on=today, today=today)
    relations = ["児童", *(one.relation for one in file.guardians)]
    return [
        {"person": people.get(one), "relation": relation, "key": Ticket(one, PURPOSE, row.number).key}
        for one, relation in zip(ids, relations, strict=True)
    ]


def next_step(case: Case) -> NextStep:
    """What comes next for an application and who does it."""
    if case.stale and case.state not in ENDED:
        return NextStep("再判定（判定のあとに事実が変わりました）", CLERK)
    if is_unconfirmed_loss(case.state, kind=case.row.kind, outcome=case.decision and case.decision.outcome):
        return NextStep("喪失の事由が記録に載ったことの確認と再判定", CLERK)
    if case.state is _S.ISSUED:
        return _after_issue(case)
    if case.state is _S.REJECTED:
        return NextStep("却下通知書の送付、完結" if _is_printed(case) else "却下通知書の印刷", CLERK)
    return {
        _S.RECEIVED: NextStep("判定", CLERK),
        _S.INCOMPLETE: NextStep("補正（足りない本人確認・書類の受領）", CLERK),
        _S.JUDGED: NextStep("決裁", ANOTHER),
        _S.UNDECIDED: NextStep("足りない資料の受領と再判定", CLERK),
        _S.SENT_BACK: NextStep("差戻しの理由を確かめて再判定", CLERK),
        _S.APPROVED: NextStep("医療証の交付", CLERK),
    }.get(case.state, NextStep("ありません（処理は終わっています）", ""))


def _after_issue(case: Case) -> NextStep:
    if case.card is None:
        return NextStep("完結", CLERK)
    if not _is_printed(case):
        return NextStep("医療証の印刷", CLERK)
    handed = any(one.certificate_id == case.card.certificate_id for one in case.handovers)
    return NextStep("完結" if handed else "医療証の手渡しまたは郵送", CLERK)


def _is_printed(case: Case) -> bool:
    return case.paper is not None and case.paper.printed_at is not None


def case_page(
    request: StaffRequest, *, row: cases.ApplicationRow, asked: Asked | None = None
) -> HttpResponse:
    """The page of an application; with 409 and what has changed meanwhile where an act was refused."""
    case, asked = case_of(row), asked or Asked()
    last = case.steps[-1].step_id if case.steps else 0
    context = {
        "case": case,
        "row": row,
        "file": case.file,
        "matter": cases.japanese_matter(cases.Kind(row.kind), matter=row.matter),
        "next": next_step(case),
        "last_step": last,
        "may_see_persons": request.rights.may(Function.PERSON, level=Level.READ),
        "refusal": asked.refusal,
        "changes": changes_since(case.steps, step=request.POST.get("step", "")) if asked.refusal else (),
        "form": next(iter(asked.forms.values()), None),
        "child_key": case.persons[0]["key"],
        "may_try": _may(request, row=row, code="trial"),
        "offers_complete": row.state == _S.INCOMPLETE and _may(request, row=row, code=COMPLETE),
        **_told(request, case=case),
        **_unconfirmed(case),
        **_acts(request, case=case),
        **_forms(case, asked=asked, last=last),
        **attachments_of(request, row=row),
    }
    return render(request, "pages/application.html", context, status=asked.status)


def _told(request: StaffRequest, *, case: Case) -> dict[str, Any]:
    """The latest decision told step by step, with its evidence and what it lacks."""
    decision, row = case.decision, case.row
    if decision is None or row.decision_id is None:
        return {"told": None}
    facts = cases.decided_facts([row.decision_id])[row.decision_id]
    missing = missing_in(decision, child=row.child_id, guardians=case.guardians)
    return {
        "told": told_of(decision, guardians=case.guardians, kind=row.kind),
        "evidence": evidence_in(facts, guardians=case.guardians, hides_home=case.is_protected),
        "missing": [_linked(request, one=one, row=row) for one in missing],
    }


def _unconfirmed(case: Case) -> dict[str, Any]:
    """A loss that was reported and that no record bears out yet: what to do until one does."""
    held = is_unconfirmed_loss(
        case.state, kind=case.row.kind, outcome=case.decision and case.decision.outcome
    )
    return {"is_unconfirmed_loss": held, "loss_remedy": LOSS_REMEDY.get(case.row.matter, "") if held else ""}


def is_unconfirmed_loss(state: str, *, kind: str, outcome: Outcome | None) -> bool:
    """Is a report of loss on hold because, by the records, the child is still entitled?"""
    return state == _S.UNDECIDED and kind == cases.Kind.LOSS and outcome is Outcome.ELIGIBLE


def _linked(request: StaffRequest, *, one: Missing, row: cases.ApplicationRow) -> LinkedMissing:
    links = [
        (code, Ticket(person, PURPOSE, row.number).key, words)
        for code, person, words in one.links
        if _may(request, row=row, code=code)
    ]
    return LinkedMissing(one.reason, one.request, links)


def _acts(request: StaffRequest, *, case: Case) -> dict[str, bool]:
    """What this member of staff may do now; what the state forbids is not offered."""
    row, state = case.row, case.state
    is_judge = case.file.judged_by_id == request.access.actor.staff_id
    decides = state is _S.JUDGED and _may(request, row=row, code="application_approve")
    paper, may_judge = case.paper, _may(request, row=row, code="application_judge")
    prints = paper is not None and not case.stale
    return {
        "may_judge": may_judge and state in JUDGED_FIRST,
        "may_judge_again": may_judge and (state in JUDGED_AGAIN or (bool(case.stale) and state is not _S.WITHDRAWN)),
        "may_decide": decides and not is_judge and not case.stale,
        "may_send_back": decides and not is_judge,
        "is_judge": decides and is_judge,
        "may_issue": state is _S.APPROVED and not case.stale and _may(request, row=row, code="application_issue"),
        "may_close": state in CLOSING and _may(request, row=row, code="application_close"),
        "may_preview": prints and _may(request, row=row, code="application_preview"),
        "may_reveal": prints and case.is_protected and _may(request, row=row, code="application_preview_open"),
        "may_print": prints and _may(request, row=row, code="application_print"),
        "has_pdf": prints and paper is not None and paper.is_alone,
        "may_hand": prints and case.card is not None and _is_printed(case)
        and _may(request, row=row, code="application_handover"),
    }  # fmt: skip


def _may(request: StaffRequest, *, row: cases.ApplicationRow, code: str) -> bool:
    return may_in_ward(request, code=code, ward_code=row.ward_code)


def _forms(case: Case, *, asked: Asked, last: int) -> dict[str, PageForm]:
    """The forms of the page: those that were sent with their errors, the others fresh."""
    today = clock.current_date_in_japan()
    made_from = {"seen": case.seen, "step": last, "recorded": _recorded(case.handovers, card=case.card)}

    def kept(name: str, **first: Any) -> dict[str, Any]:
        return {**first, **asked.typed.get(name, {}), **made_from}

    fresh: dict[str, PageForm] = {
        "approve_form": DecideForm(initial=kept("approve_form")),
        "send_back_form": SendBackForm(initial=kept("send_back_form")),
        "close_form": CloseForm(initial=kept("close_form"), auto_id="id_close_%s"),
        "print_form": PrintForm(initial=kept("print_form"), auto_id="id_print_%s"),
        "handover_form": HandoverForm(
            initial=kept("handover_form", handed_on=today, handed_to="guardian"), auto_id="id_hand_%s"
        ),
    }
    return fresh | {name: form for name, form in asked.forms.items() if name in fresh}


def _recorded(handovers: Sequence[cases.HandoverSeen], *, card: cases.CertificateSeen | None) -> int:
    return sum(card is not None and one.certificate_id == card.certificate_id for one in handovers)
