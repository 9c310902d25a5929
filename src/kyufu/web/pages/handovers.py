"""Cards that were issued and neither handed over nor mailed; those of a bulk print are marked as mailed at once."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.fields import DayField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.screens import StaffRequest, screen

PLACE, PRINT = "handovers", "bulk_print"
PAGE = 50
REOPEN = "画面を開き直してください。"


class WaitingLine(NamedTuple):
    """A card that waits, and the child it is for."""

    card: cases.WaitingCard
    child: registry.PersonView | None


class PrintLine(NamedTuple):
    """A bulk print with the form that marks what is left of it as mailed."""

    bulk: documents.BulkPrint
    form: MailForm


class MailForm(PageForm):
    """All cards of a bulk print that wait were mailed on a day; `expected` is how many were seen to wait."""

    expected = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": REOPEN, "invalid": REOPEN}
    )
    mailed_on = DayField(label="郵送した日")
    checked = forms.BooleanField(
        label="窓口で渡すために抜いた証がないことを確かめた",
        error_messages={"required": "確かめてから印を付けてください。"},
    )

    def clean_mailed_on(self) -> Any:
        """The day; one to come is refused."""
        day = self.cleaned_data["mailed_on"]
        if day > clock.current_date_in_japan():
            raise forms.ValidationError("今日より後の日付です。郵送した日を入力してください。")
        return day


@screen(
    "handovers",
    title="手渡し・郵送を待つ医療証",
    function=Function.CERTIFICATE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="医療証の交付",
    menu="申請・届出",
    methods=("GET",),
)
def show_waiting(request: StaffRequest) -> HttpResponse:
    """List the cards in use of the wards that nobody has been given, the oldest first."""
    return _page(request)


@screen(
    "handovers_mail",
    title="一括で印刷した医療証の郵送の記録",
    function=Function.CERTIFICATE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="医療証の交付",
    methods=("POST",),
)
def mail_print(request: StaffRequest, *, token: str) -> HttpResponse:
    """Record all cards of a bulk print that wait within the wards of the right as mailed."""
    run_id = int(opened(request, token=token, kind=PRINT))
    form = MailForm(request.POST, auto_id=_ids(run_id))
    if not form.is_valid():
        return _page(request, sent={run_id: form}, form=form, status=INVALID)
    data = form.cleaned_data
    try:
        stayed = documents.mail_bulk_print(
            run_id, wards=_updating(request).wards, expected=data["expected"], handed_on=data["mailed_on"],
            by=request.access.actor, at=clock.current_instant(),
        )  # fmt: skip
    except KyufuError as refusal:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{data['expected'] - stayed:,}件の医療証を、郵送したと記録しました。")
    if stayed:
        said = f"{stayed:,}件は判定のあとに事実が変わったため、記録していません。1件ずつ開いて判定し直してください。"
        messages.warning(request, said)
    return redirect(reverse("handovers"))


def _updating(request: StaffRequest) -> Scope:
    return scope_of(request, function=Function.CERTIFICATE, level=Level.UPDATE)


def _ids(run_id: int) -> str:
    return f"id_print{run_id}_%s"


def _prints(request: StaffRequest, *, sent: dict[int, MailForm]) -> list[PrintLine]:
    wards, today = _updating(request).wards, clock.current_date_in_japan()
    return [
        PrintLine(one, sent.get(one.run_id) or _fresh(one, mailed_on=today))
        for one in (documents.bulk_prints_to_mail(wards) if wards else ())
    ]


def _fresh(one: documents.BulkPrint, **first: Any) -> MailForm:
    return MailForm(initial={"expected": one.waiting, **first}, auto_id=_ids(one.run_id))


def _page(
    request: StaffRequest,
    *,
    sent: dict[int, MailForm] | None = None,
    form: MailForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    token = request.GET.get("after", "")
    after = int(opened(request, token=token, kind=PLACE)) if token else 0
    found = documents.certificates_to_hand_over(scope_of(request).wards, limit=PAGE + 1, after=after)
    shown, today = found[:PAGE], clock.current_date_in_japan()
    people = registry.people({one.child_id for one in shown}, valid_on=today, today=today) if shown else {}
    context = {
        "lines": [WaitingLine(one, people.get(one.child_id)) for one in shown],
        "prints": [] if after else _prints(request, sent=sent or {}),
        "form": form,
        "refusal": refusal,
        "is_first": not after,
        "next_place": shown[-1].certificate_id if len(found) > PAGE else None,
        "page_size": PAGE,
    }
    return render(request, "pages/handovers.html", context, status=status)
