"""The addresses of sign-in: those of allauth's pages that staff need, and no others (no sign-up, no e-mail)."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings

from kyufu.web.signin.elsewhere import begin_here
from kyufu.web.signin.entrances import entrance
from kyufu.web.signin.views import remove_key

urlpatterns = [
    entrance("sign-in/", account.login, name="account_login"),
    entrance("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    entrance("sign-in/here/", begin_here, name="sign_in_here"),
    entrance("sign-out/", account.logout, name="account_logout"),
    entrance("account/", mfa.index, name="mfa_index"),
    entrance("account/password/", account.password_change, name="account_change_password"),
    entrance("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    entrance("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    entrance("account/confirm/key/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    entrance("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    entrance("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    entrance("account/keys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    entrance("account/keys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    entrance("account/keys/<int:pk>/remove/", remove_key, name="mfa_remove_webauthn"),
    entrance("account/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    entrance("account/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
PROVIDER = [
    entrance("sign-in/provider/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    entrance("sign-in/provider/<str:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
]
if settings.OIDC_SERVER:
    urlpatterns += PROVIDER
