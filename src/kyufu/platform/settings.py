"""Django settings from the environment; without one the embedded database under `var/` is used."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kyufu.platform import embedded
from kyufu.platform.errors import BadInput

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(os.environ.get("KYUFU_VAR", BASE_DIR / "var"))
SCHEMA = os.environ.get("KYUFU_SCHEMA", "kyufu")
DATABASE_URL = os.environ.get("KYUFU_DATABASE_URL", "")
FONT_DIRS = tuple(
    Path(folder) for folder in os.environ.get("KYUFU_FONT_DIRS", "").split(os.pathsep) if folder
)

# What the server would fold, cut off or keep for itself would be created under one name and looked for under another.
if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", SCHEMA):
    raise BadInput(
        "KYUFU_SCHEMA の名前が使えません。",
        remedy="英小文字か下線で始め、英小文字・数字・下線の63文字以内にしてください（pg_ で始まるものは不可）。",
    )


def _database() -> dict[str, object]:
    url = urlsplit(DATABASE_URL)
    asked = dict(parse_qsl(url.query))
    session = f"-c search_path={SCHEMA} -c timezone=UTC -c datestyle=ISO -c temp_buffers=128MB"
    if not DATABASE_URL:
        place = {
            "NAME": embedded.DATABASE,
            "USER": embedded.DATABASE_USER,
            "HOST": str(embedded.socket_folder(VAR_DIR)),
            "PORT": str(embedded.PORT),
        }
    else:
        place = {
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": _host(url) or asked.pop("host", ""),
            "PORT": str(url.port or asked.pop("port", "")),
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **place,
        "OPTIONS": {**asked, "options": f"{asked.get('options', '')} {session}".strip()},
        "CONN_MAX_AGE": 60,
    }


def _host(url: SplitResult) -> str:
    """The host as libpq reads it: a socket's folder stands there percent-encoded, and keeps its capitals."""
    written = url.netloc.rpartition("@")[2].partition(":")[0]
    return unquote(written) if written.startswith("%") else url.hostname or ""


DATABASES = {"default": _database()}
# No page is served yet, so nothing outlives the process that would need the same key again.
SECRET_KEY = os.environ.get("KYUFU_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "kyufu.platform.apps.PlatformConfig",
    "kyufu.staff.apps.StaffConfig",
    "kyufu.audit.apps.AuditConfig",
    "kyufu.mynumber.apps.MynumberConfig",
    "kyufu.registry.apps.RegistryConfig",
    "kyufu.evidence.apps.EvidenceConfig",
    "kyufu.cases.apps.CasesConfig",
    "kyufu.documents.apps.DocumentsConfig",
    "kyufu.web.apps.WebConfig",
]
AUTH_USER_MODEL = "staff.Account"
SILENCED_SYSTEM_CHECKS: list[str] = []
