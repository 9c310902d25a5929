"""Sign-in by a city's own identity provider (OpenID Connect): it names a staff number, and never makes an account."""

from __future__ import annotations

from http import HTTPStatus

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff.api import refuse_unusable
from kyufu.web import errors
from kyufu.web.signin import records


class StaffSocialAdapter(DefaultSocialAccountAdapter):
    """Finds the account by the claim that `KYUFU_OIDC_STAFF_NO_CLAIM` names; nothing of the provider is stored."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Accounts are made in `staff`, by two persons."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the account of the staff number that the provider states, or refuse with a page."""
        claims = sociallogin.account.extra_data
        claims = {**claims.get("userinfo", claims), **claims.get("id_token", {})}
        staff_no = str(claims.get(settings.KYUFU_OIDC_STAFF_NO_CLAIM, ""))
        account = get_user_model().objects.filter(staff_no=staff_no).first()
        if account is None or not _may_sign_in(account.pk):
            records.record_of_nobody(
                request, kind=EventKind.SIGN_IN_REFUSED, detail={"step": "identity provider"}
            )
            raise ImmediateHttpResponse(
                errors.show_error(
                    request,
                    status=HTTPStatus.FORBIDDEN,
                    message="庁内の認証基盤が示した職員番号では、このシステムを使えません。",
                    remedy="アカウントの登録と状態を、権限管理者に確かめてください。",
                )
            )
        sociallogin.user = account


def _may_sign_in(account_id: int) -> bool:
    try:
        refuse_unusable(account_id, on=clock.current_date_in_japan())
    except Refused:
        return False
    return True
