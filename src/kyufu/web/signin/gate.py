"""What every screen asks first: is somebody signed in, with a password in date and a second factor?"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff.api import PasswordState, age_of_password
from kyufu.web.signin.proofs import Proof, has_proven, is_by_provider, is_fresh

NOTHING_DONE = "本人の確認をやり直す前の操作は、行われていません。もう一度入力してください。"


def turned_away(request: HttpRequest) -> HttpResponse | None:
    """Where somebody must go before any screen opens to them; None where nothing is missing."""
    account = request.user
    if not account.is_authenticated:
        return _on_the_way(request, to="account_login")
    if not hasattr(request, "terminal"):
        raise Refused("端末の確認ができていません。", remedy="システムの担当へ連絡してください。")
    if not is_by_provider(request) and not _has_current_password(
        account.password_set_at, is_temporary=account.password_is_temporary
    ):
        return _on_the_way(request, to="account_change_password")
    if has_proven(request, proof=Proof.SECOND_FACTOR):
        return None
    if is_mfa_enabled(account):
        return _on_the_way(request, to="mfa_reauthenticate")
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _has_current_password(set_at: datetime, *, is_temporary: bool) -> bool:
    today = clock.current_date_in_japan()
    return age_of_password(set_at, is_temporary=is_temporary, on=today) is PasswordState.CURRENT


def has_fresh_proof(request: HttpRequest) -> bool:
    """Were password and second factor both proven so lately that a sensitive act may follow?"""
    return _stale_method(request) is None


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Send the person to prove again what is stale, and back to the page they came to or sent a form from."""
    method = _stale_method(request)
    if method is None:
        raise Refused("本人の確認は済んでいます。", remedy="画面を開き直してください。")
    return HttpResponseRedirect(f"{method}?{urlencode({'next': _way_back(request)})}")


def _way_back(request: HttpRequest) -> str:
    """The address itself where it can be opened; otherwise the page of ours that its form stood on, or home."""
    allowed = getattr(getattr(request, "screen", None), "methods", ("GET",))
    if "GET" in allowed:
        return request.path
    messages.info(request, NOTHING_DONE)
    page = urlsplit(request.META.get("HTTP_REFERER", ""))
    return page.path if page.netloc == request.get_host() and page.path.startswith("/") else "/"


def _stale_method(request: HttpRequest) -> str | None:
    """The address at which the first stale proof is given again."""
    methods = {
        one["id"]: one["url"] for one in get_adapter(request).get_reauthentication_methods(request.user)
    }
    password = methods.pop("reauthenticate", None)
    # Who came by the provider may have no password that works: the second factor is proof enough.
    if password is not None and not is_by_provider(request) and not is_fresh(request, proof=Proof.PASSWORD):
        return str(password)
    if not is_fresh(request, proof=Proof.SECOND_FACTOR):
        return str(next(iter(methods.values()), reverse("mfa_activate_totp")))
    return None


def _on_the_way(request: HttpRequest, *, to: str) -> HttpResponse:
    address = reverse(to)
    if request.method != "GET" or request.path == "/":
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(f"{address}?{urlencode({'next': request.path})}")


def may_change_factors(request: HttpRequest) -> bool:
    """May the settings of the second factor change now? At first enrolment, or after a fresh proof."""
    account = request.user
    return account.is_authenticated and (not is_mfa_enabled(account) or has_fresh_proof(request))
