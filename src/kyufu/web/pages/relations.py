"""The residents whom a member of staff should not look up without cause: themselves and their family."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.audit.api import EventKind, note_read
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff import api as staff
from kyufu.staff.api import RELATION_NAMES, Function, Level, Relation
from kyufu.web.pages.accounts import ACCOUNT, PURPOSE
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.audit_forms import AddresseeField, PersonForm
from kyufu.web.pages.fields import PickField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.screens import StaffRequest, screen

SHOWN = "職員との関係（宛名番号）"


class RelationForm(PersonForm):
    """An addressee and what they are to the member of staff."""

    addressee_no = AddresseeField()
    relation = PickField(label="関係", choices=[(str(one), name) for one, name in RELATION_NAMES.items()])


class RelationEndForm(PageForm):
    """Whose relation is taken away."""

    addressee_no = AddresseeField()


@screen("relations", title="本人・家族の宛名番号", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show whose readings by this person are reviewed."""
    return _page(request, account=_account(request, token=token))


@screen("relation_add", title="本人・家族の宛名番号の登録", function=Function.RIGHTS, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",), reauth=True)  # fmt: skip
def add(request: StaffRequest, *, token: str) -> HttpResponse:
    """Note an addressee as the person or their family."""
    form = RelationForm(request.POST)

    def act(account_id: int) -> None:
        staff.link_addressee(
            account_id, addressee_no=form.cleaned_data["addressee_no"],
            relation=Relation(form.cleaned_data["relation"]), rights=request.rights,
        )  # fmt: skip

    return _done(request, token=token, form=form, act=act, said="本人・家族の宛名番号の登録")


@screen("relation_end", title="本人・家族の宛名番号の取消し", function=Function.RIGHTS, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",), reauth=True)  # fmt: skip
def end(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take a relation away."""
    form = RelationEndForm(request.POST)

    def act(account_id: int) -> None:
        number = form.cleaned_data["addressee_no"]
        staff.unlink_addressee(account_id, addressee_no=number, rights=request.rights)

    return _done(request, token=token, form=form, act=act, said="本人・家族の宛名番号の取消し")


def _done(
    request: StaffRequest, *, token: str, form: PageForm, act: Callable[[int], None], said: str
) -> HttpResponse:
    account = _account(request, token=token)
    if not form.is_valid():
        return _page(request, account=account, form=form, status=INVALID)
    detail = {"操作": said, "職員番号": account.staff_no}
    refusal = attempt(lambda: act(account.account_id), kind=EventKind.ACCOUNT_CHANGED, detail=detail)
    if refusal is not None:
        return _page(request, account=account, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{said}をしました。")
    return go_to(request, code="relations", kind=ACCOUNT, key=account.account_id)


def _account(request: StaffRequest, *, token: str) -> staff.AccountSeen:
    account_id = int(opened(request, token=token, kind=ACCOUNT))
    found = staff.account_by_id(account_id, on=clock.current_date_in_japan())
    if found is None:
        raise Http404
    return found


def _page(
    request: StaffRequest,
    *,
    account: staff.AccountSeen,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = staff.addressees_of_staff(account.account_id)
    known = registry.addressee_ids({number for number, _ in rows})
    if known:
        note_read(list(known.values()), what=SHOWN)
    context = {
        "account": account,
        "rows": [(number, RELATION_NAMES[Relation(relation)]) for number, relation in rows],
        "form": form,
        "new_form": form if isinstance(form, RelationForm) else RelationForm(),
        "refusal": refusal,
    }
    return render(request, "pages/relations.html", context, status=status)
