"""Settings of the web server, from the environment; without any it serves this machine alone, over http.

`KYUFU_ALLOWED_HOSTS` names the hosts under which others may reach it. Then, and only then, https is required: cookies
are Secure with the `__Host-` prefix, and plain requests are refused. A proxy in front is named by address in
`KYUFU_TRUSTED_PROXIES`; what it says about the client is believed of nobody else.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from kyufu.platform.errors import BadInput

SECRET_FILE = "secret-key"  # noqa: S105 - the name of the file
# The secret before the present one: what was sealed under it can still be opened, and nothing is sealed under it.
KYUFU_SECRET_KEY_OLD = os.environ.get("KYUFU_SECRET_KEY_OLD", "")
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def secret_key(var_dir: Path) -> str:
    """The secret of the installation: from `KYUFU_SECRET_KEY`, or from a file only this user can read.

    The file is made at first use; several processes that start at once agree on one.
    """
    given = os.environ.get("KYUFU_SECRET_KEY", "")
    if given:
        return given
    file = var_dir / SECRET_FILE
    if not file.exists():
        _keep_once(file, content=secrets.token_urlsafe(64))
    return file.read_text(encoding="ascii")


def missing_secret(var_dir: Path) -> Path | None:
    """The file in which the secret should lie and does not; None where it is there or given by the environment."""
    file = var_dir / SECRET_FILE
    return None if os.environ.get("KYUFU_SECRET_KEY", "") or file.exists() else file


def _keep_once(file: Path, *, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(content)
    try:
        # A link appears whole or not at all, and not over one that another process has made meanwhile.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _networks(name: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in _listed(name))
    except ValueError:
        raise BadInput(
            f"{name} に、アドレスとして読めないものがあります。",
            remedy="10.1.2.3 または 10.1.2.0/24 の形で、コンマで区切って指定してください。",
        ) from None


def _origins(server: str) -> list[str]:
    """The origin of the identity provider, where one is set; its passwords and codes go over https alone."""
    if not server:
        return []
    address = urlsplit(server)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise BadInput(
            "KYUFU_OIDC_SERVER が https のアドレスではありません。",
            remedy="認証基盤のアドレスを https:// から指定してください。",
        )
    return [f"{address.scheme}://{address.netloc}"]


NAMED_HOSTS = _listed("KYUFU_ALLOWED_HOSTS")
HTTPS = bool(NAMED_HOSTS)
ALLOWED_HOSTS = NAMED_HOSTS or LOOPBACK_HOSTS
KYUFU_TRUSTED_PROXIES = _networks("KYUFU_TRUSTED_PROXIES")
# The header in which a trusted proxy states the fingerprint (SHA-256) of the terminal's client certificate.
KYUFU_CLIENT_CERTIFICATE_HEADER = os.environ.get("KYUFU_CLIENT_CERTIFICATE_HEADER", "")

# A city's own identity provider; accounts are never made by it, only found by their staff number.
OIDC_SERVER = os.environ.get("KYUFU_OIDC_SERVER", "")
OIDC_NAME = os.environ.get("KYUFU_OIDC_NAME", "庁内の認証基盤")
OIDC_PROVIDER_ID = "city"
OIDC_ORIGINS = _origins(OIDC_SERVER)

WEB_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "kyufu.web.middleware.TrustNamedProxies",
    "kyufu.web.middleware.LogRequests",
    "kyufu.web.middleware.SetHeaders",
    "csp.middleware.CSPMiddleware",
    "kyufu.web.middleware.RefuseLargeBodies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kyufu.web.middleware.RefuseUnregisteredTerminals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kyufu.web.middleware.EndSessions",
    "kyufu.web.middleware.ShowErrors",
]
ROOT_URLCONF = "kyufu.web.urls"
WSGI_APPLICATION = "kyufu.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the libraries, whose pages ours replace.
        "DIRS": [Path(__file__).resolve().parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Counters of attempts are shared by all workers, so they stand in the database.
# From so many entries on what is over is taken out at each writing (assumed; thousands of staff make far fewer).
CACHES = {
    "default": {
        "BACKEND": "kyufu.web.cache.LosslessCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": int(os.environ.get("KYUFU_CACHE_ENTRIES", "10000"))},
    }
}

# Passwords: Argon2id as the OWASP Password Storage Cheat Sheet recommends; what a password must be is `staff`'s policy.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["kyufu.web.signin.backend.StaffBackend"]

SESSION_ENGINE = "kyufu.web.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# Strict would lose the session on coming back from the identity provider.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Longer than any absolute session length; what ends a session is the policy of `staff`.
SESSION_COOKIE_AGE = int(timedelta(days=1).total_seconds())
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "kyufu.web.errors.show_csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
# `TrustNamedProxies` takes the header away where the peer is not a named proxy.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KYUFU_TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": a browser then sends `Origin: null` with its own forms, which the check of their origin refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that leads to the city's identity provider ends there, and browsers look at where it ends.
        "form-action": [SELF, *OIDC_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Whose law the pages judge by and whose papers they print.
KYUFU_MUNICIPALITY = os.environ.get("KYUFU_MUNICIPALITY", "yokohama")

# A scanned application of several pages fits; what is larger is not one (assumed).
KYUFU_BODY_BYTES = int(os.environ.get("KYUFU_BODY_BYTES", str(20 * 1024 * 1024)))
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Files that are sent stay in memory until they are sealed: nothing of them is written to a disk in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = KYUFU_BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Reads a file on its standard input; status 0 is clean, 1 infected, anything else a failure. Empty: nothing is scanned.
KYUFU_SCAN_COMMAND = os.environ.get("KYUFU_SCAN_COMMAND", "")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# The least and most characters of a reason that says something and fits the log (assumed).
KYUFU_REASON_LENGTHS = (5, 200)

ACCOUNT_ADAPTER = "kyufu.web.signin.adapters.StaffAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_no"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_USER_DISPLAY = "kyufu.web.signin.adapters.display_of"
ACCOUNT_FORMS = {
    "login": "kyufu.web.signin.forms.SignInForm",
    "change_password": "kyufu.web.signin.forms.ChangePasswordForm",
    "reauthenticate": "kyufu.web.signin.forms.ConfirmPasswordForm",
}
# Per terminal address; the lock of one account after few failures is `staff`'s (assumed).
ACCOUNT_RATE_LIMITS = {
    "login": os.environ.get("KYUFU_SIGN_IN_RATE", "30/m/ip"),
    "login_failed": "60/5m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "kyufu.web.signin.adapters.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Kyufu"
# One step either way: the clocks of pocket devices run apart by half a minute (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "kyufu.web.signin.forms.CodeForm",
    "authenticate_webauthn": "kyufu.web.signin.forms.KeyForm",
    "reauthenticate": "kyufu.web.signin.forms.ConfirmCodeForm",
    "reauthenticate_webauthn": "kyufu.web.signin.forms.ConfirmKeyForm",
    "add_webauthn": "kyufu.web.signin.forms.AddKeyForm",
    "activate_totp": "kyufu.web.signin.forms.ActivateTOTPForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SOCIALACCOUNT_ADAPTER = "kyufu.web.signin.oidc.StaffSocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
KYUFU_OIDC_STAFF_NO_CLAIM = os.environ.get("KYUFU_OIDC_STAFF_NO_CLAIM", "sub")
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": os.environ.get("KYUFU_OIDC_SCOPE", "openid").split(),
            "APPS": [
                {
                    "provider_id": OIDC_PROVIDER_ID,
                    "name": OIDC_NAME,
                    "client_id": os.environ.get("KYUFU_OIDC_CLIENT_ID", ""),
                    "secret": os.environ.get("KYUFU_OIDC_CLIENT_SECRET", ""),
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
        }
    }
    if OIDC_SERVER
    else {}
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kyufu.web.logs.OneLineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "kyufu": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Writes the addresses that were asked for, and what was wrong with them, as the client sent them.
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
