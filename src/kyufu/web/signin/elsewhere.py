"""An account that is in use elsewhere: whoever gave both factors may end the other session and begin here.

A browser that crashed leaves a session that nobody can sign out. There are never two sessions at once: the other one
ends before this one begins.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.web import errors
from kyufu.web.signin import records
from kyufu.web.signin.proofs import BY_PROVIDER, Proof, has_proven, is_fresh

KEPT = "kyufu_in_use_elsewhere"
_CARRIED = (*Proof, BY_PROVIDER, AUTHENTICATION_METHODS_SESSION_KEY)


def proofs_given(request: HttpRequest) -> dict[str, Any] | None:
    """What the session has proven, to be kept while the person decides; None where a factor is missing."""
    if not all(has_proven(request, proof=proof) for proof in Proof):
        return None
    return {str(key): request.session[key] for key in _CARRIED if key in request.session}


def offer(request: HttpRequest, *, account_id: int, proofs: dict[str, Any], refusal: Refused) -> HttpResponse:
    """The page that refuses the second session, and offers to end the first one."""
    request.session[KEPT] = {"account": account_id, "proofs": proofs}
    return render(request, "account/elsewhere.html", {"refusal": refusal}, status=HTTPStatus.CONFLICT)


def begin_here(request: HttpRequest) -> HttpResponse:
    """End the other session of the account and open this one; raises Refused where the proofs have grown old."""
    if request.method != "POST":
        return errors.show_not_allowed(request, methods=["POST"])
    kept = request.session.pop(KEPT, None)
    if kept is None or request.user.is_authenticated:
        raise _too_late()
    request.session.update(kept["proofs"])
    if not all(is_fresh(request, proof=proof) for proof in Proof):
        request.session.flush()
        raise _too_late()
    account: Any = get_user_model().objects.get(pk=kept["account"])
    account.backend = "kyufu.web.signin.backend.StaffBackend"
    staff.end_sessions([account.pk], at=clock.current_instant())
    records.record_of_account(
        request,
        kind=EventKind.SESSION_ENDED,
        account_id=account.pk,
        detail={"step": "ended from elsewhere"},
    )
    get_adapter(request).login(request, account)
    return HttpResponseRedirect("/")


def _too_late() -> Refused:
    return Refused("本人の確認から時間が過ぎました。", remedy="サインインの画面からやり直してください。")
