"""Pages of sign-in where allauth's own would allow too much."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.http import Http404, HttpRequest, HttpResponseBase

from kyufu.platform.errors import Refused


def remove_key(request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Take a security key away, unless it is the last second factor; raises Refused then."""
    key = Authenticator.objects.filter(pk=pk, user_id=request.user.pk).first()
    if key is None:
        raise Http404
    if not get_adapter().can_delete_authenticator(key):
        raise Refused(
            "二つ目の認証がなくなるため、このキーは解除できません。",
            remedy="先に認証アプリか別のキーを登録してください。",
        )
    answer: HttpResponseBase = webauthn.remove_webauthn(request, pk=pk)
    return answer
