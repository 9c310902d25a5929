"""The worklists of a renewal (更新処理): who is sorted so, left out, or left as it was, and a sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.law.child.labels import reason_label
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.renewal import api as renewal
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.links import opened
from kyufu.web.pages.mismatches import lines_of
from kyufu.web.pages.renewals import PURPOSE, RENEWAL
from kyufu.web.pages.wards import ward_label
from kyufu.web.pages.worklists import key_of, names_of
from kyufu.web.screens import StaffRequest, screen

LIST, ROW = "renewal_list", "renewal_row"
PAGE = 50
SEPARATOR = ":"


@screen("renewal_list", title="更新処理の一覧表", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_sorted(request: StaffRequest, *, token: str) -> HttpResponse:
    """List the children of one list, each with the reason and the next step."""
    number, code = _list(request, token=token)
    sorted_as = _of(renewal.Sorted, code=code)
    rows = renewal.sorted_rows(
        number, sorted_as=sorted_as, reason=None, wards=None, limit=PAGE + 1, after=place_after(request)
    )
    context = _context(request, number=number, rows=rows) | {
        "heading": sorted_as.label,
        "list_key": f"{number}{SEPARATOR}{code}",
        "screen": "renewal_list",
    }
    return render(request, "pages/renewal_list.html", context)


@screen("renewal_left_out", title="更新処理の対象外", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_left_out(request: StaffRequest, *, token: str) -> HttpResponse:
    """List those of the base who are not in the run, for one reason."""
    number, code = _list(request, token=token)
    reason = _of(renewal.LeftOut, code=code)
    rows = renewal.left_out_rows(
        number, reason=reason, wards=None, limit=PAGE + 1, after=place_after(request)
    )
    shown = rows[:PAGE]
    people = people_of(request, ids=[one.child_id for one in shown])
    context = {
        "reason": reason,
        "renewal": renewal.find_renewal(number),
        "rows": [(one, people.get(one.child_id), _ward_of(one, people=people), key_of(one.child_id, people=people))
                 for one in shown],
        "next_place": shown[-1].row_id if len(rows) > PAGE else None,
        "list_key": f"{number}{SEPARATOR}{code}",
    }  # fmt: skip
    return render(request, "pages/renewal_left_out.html", context)


@screen("renewal_refused", title="更新処理で反映を見送った児童", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_refused(request: StaffRequest, *, token: str) -> HttpResponse:
    """List those who were left as they were when the renewal took effect."""
    number = head_only(request, number=int(opened(request, token=token, kind=RENEWAL)))
    rows = renewal.refused_rows(number, wards=None, limit=PAGE + 1, after=place_after(request))
    shown = rows[:PAGE]
    people = people_of(request, ids=[one.child_id for one in shown])
    context = {
        "renewal": renewal.find_renewal(number),
        "rows": [
            (one, people.get(one.child_id), renewal.REFUSALS.get(one.refusal, one.refusal),
             key_of(one.child_id, people=people))
            for one in shown
        ],
        "next_place": shown[-1].row_id if len(rows) > PAGE else None,
        "key": f"{number}",
    }  # fmt: skip
    return render(request, "pages/renewal_refused.html", context)


@screen("renewal_found", title="更新処理の突合で見つかった食い違い", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_found(request: StaffRequest, *, token: str) -> HttpResponse:
    """List what differed from register and evidence when the entitled were matched, and how each letter stands."""
    number = head_only(request, number=int(opened(request, token=token, kind=RENEWAL)))
    rows = renewal.found_rows(number, limit=PAGE + 1, after=place_after(request))
    shown = rows[:PAGE]
    context = {
        "renewal": renewal.find_renewal(number),
        "rows": lines_of(request, rows=shown),
        "next_place": shown[-1].mismatch_id if len(rows) > PAGE else None,
        "key": f"{number}",
    }
    return render(request, "pages/renewal_found.html", context)


@screen("renewal_sample", title="更新処理の抜取り確認", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_sample(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a few of each list, drawn by the hash of the base, with the reasons of the law."""
    number = head_only(request, number=int(opened(request, token=token, kind=RENEWAL)))
    rows = renewal.sample_rows(number, wards=None)
    answers = renewal.answers_of([one.child_id for one in rows], renewal_id=number)
    context = _context(request, number=number, rows=rows) | {
        "heading": "抜取り確認",
        "list_key": "",
        "screen": "renewal_sample",
        "answers": {
            row.row_id: [reason.text for reason in answers[row.row_id].reasons]
            for row in rows
            if row.row_id in answers
        },
    }
    return render(request, "pages/renewal_list.html", context)


def _context(request: StaffRequest, *, number: int, rows: Iterable[renewal.SortedRow]) -> dict[str, Any]:
    found = tuple(rows)
    shown = found[:PAGE]
    people = people_of(request, ids=[one.child_id for one in shown])
    return {
        "renewal": renewal.find_renewal(number),
        "rows": [
            {
                "row": one,
                "person": people.get(one.child_id),
                "key": key_of(one.child_id, people=people),
                "ward": ward_label(one.ward_code),
                "reason": reason_label(one.reason_code),
                "next": renewal.next_of(one.sorted, reason_code=one.reason_code),
            }
            for one in shown
        ],
        "next_place": shown[-1].row_id if len(found) > PAGE else None,
    }


def _ward_of(row: renewal.LeftOutRow, *, people: Mapping[int, registry.PersonView]) -> str:
    """The ward in charge; of a child without application that where it lives, as far as the register tells it."""
    person = people.get(row.child_id)
    return ward_label(row.ward_code or ("" if person is None else person.ward_code))


def _list(request: StaffRequest, *, token: str) -> tuple[int, str]:
    """The renewal and the list of an address."""
    number, _, code = opened(request, token=token, kind=LIST).partition(SEPARATOR)
    return head_only(request, number=int(number)), code


def head_only(request: StaffRequest, *, number: int) -> int:
    """The number of a renewal; raises Http404 for whoever does not hold the right at the head office."""
    if not renewal.may_head(request.rights, function=Function.CASE, level=Level.READ):
        raise Http404
    return number


def _of(kind: Any, *, code: str) -> Any:
    try:
        return kind(code)
    except ValueError:
        raise Http404 from None


def place_after(request: StaffRequest) -> int:
    """The place in a list after which its page begins; 0 for the first."""
    token = request.GET.get("after", "")
    return int(opened(request, token=token, kind=ROW)) if token else 0


def people_of(request: StaffRequest, *, ids: list[int]) -> Any:
    """Who the children of a list are, as far as whoever asks may see."""
    return names_of(request, ids=ids, today=clock.current_date_in_japan())
