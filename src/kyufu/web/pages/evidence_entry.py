"""Evidence from a paper (課税証明書・資格確認書): entered, shown in words, recorded; corrected or taken back later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.evidence import api as evidence
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.evidence_forms import (
    EntryForm,
    IncomeForm,
    InsuranceForm,
    WithdrawForm,
    income_initial,
    insurance_initial,
)
from kyufu.web.pages.evidence_words import affected_by, income_words, insurance_words
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.people import person_on_page
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import PERSON, Ticket, stated, ticket_in, ticket_of
from kyufu.web.screens import StaffRequest, screen

INCOME_ENTRY, INSURANCE_ENTRY = "income_entry", "insurance_entry"
_BETWEEN = "/"
Entries = Sequence[evidence.Entry[Any]]


class Matter(NamedTuple):
    """Income or insurance: its word, and how it is read, entered, told and taken back."""

    code: str
    label: str
    entries: Callable[[list[int]], dict[int, Any]]
    form: Callable[..., EntryForm]
    initial: Callable[[Any], dict[str, Any]]
    words: Callable[[Any], list[str]]
    withdraw: Callable[..., int]


INCOME = Matter(
    "income", "所得", evidence.income_entries, IncomeForm, income_initial, income_words,
    evidence.withdraw_income_seen,
)  # fmt: skip
INSURANCE = Matter(
    "insurance", "医療保険", evidence.insurance_entries, InsuranceForm, insurance_initial, insurance_words,
    evidence.withdraw_insurance_seen,
)  # fmt: skip


class Desk(NamedTuple):
    """Who is entered for, what is in force of the matter, and the record that is corrected (None: a new one)."""

    matter: Matter
    ticket: Ticket
    person: Any
    entries: Entries
    record: evidence.Entry[Any] | None


@screen(
    "income_add",
    title="所得の入力",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="所得の入力",
)
def income_add(request: StaffRequest, *, token: str) -> HttpResponse:
    """Enter what a certificate of taxation says of a person."""
    return _add(request, ticket=ticket_of(request, token=token), matter=INCOME)


@screen(
    "insurance_add",
    title="医療保険の入力",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="医療保険の入力",
)
def insurance_add(request: StaffRequest, *, token: str) -> HttpResponse:
    """Enter what a paper of health insurance says of a person."""
    return _add(request, ticket=ticket_of(request, token=token), matter=INSURANCE)


@screen(
    "income_correct",
    title="所得の訂正",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="所得の訂正",
)
def income_correct(request: StaffRequest, *, token: str) -> HttpResponse:
    """Correct income that a clerk entered, with the reason."""
    return _correct(request, token=token, kind=INCOME_ENTRY, matter=INCOME)


@screen(
    "insurance_correct",
    title="医療保険の訂正",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="医療保険の訂正",
)
def insurance_correct(request: StaffRequest, *, token: str) -> HttpResponse:
    """Correct insurance that a clerk entered, with the reason."""
    return _correct(request, token=token, kind=INSURANCE_ENTRY, matter=INSURANCE)


@screen(
    "income_withdraw",
    title="所得の記録の取消し",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="所得の記録の取消し",
)
def income_withdraw(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take back income that was entered by mistake, with the reason."""
    return _withdraw(request, token=token, kind=INCOME_ENTRY, matter=INCOME)


@screen(
    "insurance_withdraw",
    title="医療保険の記録の取消し",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="医療保険の記録の取消し",
)
def insurance_withdraw(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take back insurance that was entered by mistake, with the reason."""
    return _withdraw(request, token=token, kind=INSURANCE_ENTRY, matter=INSURANCE)


def _add(request: StaffRequest, *, ticket: Ticket, matter: Matter) -> HttpResponse:
    with stated(request, purpose=f"{ticket.label}（{request.screen.title}）", case_no=ticket.case_no):
        desk = _desk(request, ticket=ticket, matter=matter)
        return _entered(request, desk=desk)


def _correct(request: StaffRequest, *, token: str, kind: str, matter: Matter) -> HttpResponse:
    record_id, ticket = _record_of(request, token=token, kind=kind)
    with stated(request, purpose=f"{ticket.label}（{request.screen.title}）", case_no=ticket.case_no):
        desk = _desk(request, ticket=ticket, matter=matter)
        return _entered(request, desk=desk._replace(record=_by_hand(desk, record_id=record_id)))


def _withdraw(request: StaffRequest, *, token: str, kind: str, matter: Matter) -> HttpResponse:
    record_id, ticket = _record_of(request, token=token, kind=kind)
    with stated(request, purpose=f"{ticket.label}（{request.screen.title}）", case_no=ticket.case_no):
        desk = _desk(request, ticket=ticket, matter=matter)
        record = _by_hand(desk, record_id=record_id)
        desk = desk._replace(record=record)
        form = WithdrawForm(request.POST) if request.method == "POST" else _fresh_withdrawal(desk)
        if not form.is_valid():
            return _withdrawal(request, desk=desk, form=form, status=INVALID if form.is_bound else 200)
        try:
            matter.withdraw(
                record_id,
                addressee_id=record.addressee_id,
                seen=form.cleaned_data["seen"],
                by=request.access.actor,
                reason=form.cleaned_data["reason"],
            )
        except KyufuError as refusal:
            fresh = _desk(request, ticket=ticket, matter=matter)._replace(record=record)
            return _withdrawal(request, desk=fresh, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{matter.label}の記録を取り消しました。")
    return go_to(request, code="person", kind=PERSON, key=ticket.key)


def _entered(request: StaffRequest, *, desk: Desk) -> HttpResponse:
    """The form, then what it means in words, then the record: in this order, and only what was shown."""
    form = _form(request, desk=desk)
    if not form.is_bound:
        return _page(request, desk=desk, form=form)
    if not form.is_valid():
        return _page(request, desk=desk, form=form, status=INVALID)
    if desk.record is not None and not form.cleaned_data["note"].strip():
        form.add_error("note", "訂正の理由を入力してください。")
        return _page(request, desk=desk, form=form, status=INVALID)
    if not form.is_confirmed:
        return _page(request, desk=desk, form=form, to_confirm=form.evidence())  # type: ignore[attr-defined]
    try:
        _record(request, desk=desk, form=form)
    except evidence.ChangedMeanwhile as refusal:
        fresh = _desk(request, ticket=desk.ticket, matter=desk.matter)._replace(record=desk.record)
        return _page(request, desk=fresh, form=form, refusal=refusal, status=CONFLICT)
    except KyufuError as refusal:
        return _page(request, desk=desk, form=form, refusal=refusal, status=INVALID)
    messages.success(request, f"{desk.matter.label}を登録しました。申請の判定をやり直せるようになりました。")
    return go_to(request, code="person", kind=PERSON, key=desk.ticket.key)


def _record(request: StaffRequest, *, desk: Desk, form: EntryForm) -> None:
    data, by = form.cleaned_data, request.access.actor
    owner = desk.ticket.person if desk.record is None else desk.record.addressee_id
    if isinstance(form, IncomeForm):
        evidence.record_income_seen(
            form.evidence(), addressee_id=owner, seen=data["seen"], by=by, note=data["note"].strip()
        )
    elif isinstance(form, InsuranceForm):
        evidence.record_insurance_seen(
            form.evidence(),
            addressee_id=owner,
            corrects=None if desk.record is None else desk.record.record_id,
            seen=data["seen"],
            by=by,
            note=data["note"].strip(),
            check=CheckDigit.TESTED,
        )


def _form(request: StaffRequest, *, desk: Desk) -> EntryForm:
    named: dict[str, Any] = {"today": clock.current_date_in_japan()}
    if desk.matter is INCOME:
        named["fixed"] = desk.record is not None
    initial = {} if desk.record is None else desk.matter.initial(desk.record.evidence)
    named["initial"] = initial | {"seen": evidence.digest_of(desk.entries)}
    return desk.matter.form(request.POST if request.method == "POST" else None, **named)


def _desk(request: StaffRequest, *, ticket: Ticket, matter: Matter) -> Desk:
    """The person of a ticket, let through by the ward, with the records in force."""
    person = person_on_page(request, ticket=ticket)
    scope_of(request).require_person(ticket.person, person=person)
    return Desk(matter, ticket, person, matter.entries([ticket.person])[ticket.person], None)


def _record_of(request: StaffRequest, *, token: str, kind: str) -> tuple[int, Ticket]:
    record_id, between, key = opened(request, token=token, kind=kind).partition(_BETWEEN)
    if not between:
        raise Http404
    return int(record_id), ticket_in(key)


def _by_hand(desk: Desk, *, record_id: int) -> evidence.Entry[Any]:
    """The record of an address, among those in force; raises Refused for one of a feed, or one changed meanwhile."""
    found = next((one for one in desk.entries if one.record_id == record_id), None)
    if found is None:
        raise Refused(
            f"この{desk.matter.label}の記録は、すでに訂正または取り消されています。",
            remedy="個人の画面を開き直し、いまの記録を確かめてください。",
        )
    if not found.is_by_hand:
        raise Refused(
            f"連携で届いた{desk.matter.label}の記録は、手では訂正・取消しできません。",
            remedy="送信元（税・保険の担当）に訂正を依頼してください。次の連携で直ります。",
        )
    return found


def _fresh_withdrawal(desk: Desk) -> WithdrawForm:
    return WithdrawForm(initial={"seen": evidence.digest_of(desk.entries)})


def _page(
    request: StaffRequest,
    *,
    desk: Desk,
    form: EntryForm,
    to_confirm: Any = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_shared(desk),
        "form": form,
        "refusal": refusal,
        "words": [] if to_confirm is None else desk.matter.words(to_confirm),
        "affected": [] if to_confirm is None else affected_by(request, person=desk.ticket.person),
        "shown": "" if to_confirm is None else form.content_digest(),
        "seen": form["seen"].value() if refusal is None else evidence.digest_of(desk.entries),
        "figure_groups": form.groups() if isinstance(form, IncomeForm) else [],
    }
    return render(request, "pages/evidence_entry.html", context, status=status)


def _withdrawal(
    request: StaffRequest, *, desk: Desk, form: WithdrawForm, refusal: KyufuError | None = None, status: int
) -> HttpResponse:
    words = [] if desk.record is None else desk.matter.words(desk.record.evidence)
    context = {**_shared(desk), "form": form, "refusal": refusal, "words": words,
               "affected": affected_by(request, person=desk.ticket.person)}  # fmt: skip
    return render(request, "pages/evidence_withdraw.html", context, status=status)


def _shared(desk: Desk) -> dict[str, Any]:
    keys = [(one, f"{one.record_id}{_BETWEEN}{desk.ticket.key}") for one in desk.entries]
    return {
        "matter": desk.matter,
        "ticket": desk.ticket,
        "person": desk.person,
        "record": desk.record,
        "entries": keys,
    }
