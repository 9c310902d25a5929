"""Django settings from the environment; without one the embedded database under `var/` is used."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from kyufu.platform import embedded
from kyufu.platform.errors import BadInput

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(os.environ.get("KYUFU_VAR", BASE_DIR / "var"))
SCHEMA = os.environ.get("KYUFU_SCHEMA", "kyufu")
DATABASE_URL = os.environ.get("KYUFU_DATABASE_URL", "")
FONT_DIRS = tuple(
    Path(folder) for folder in os.environ.get("KYUFU_FONT_DIRS", "").split(os.pathsep) if folder
)

if not SCHEMA.isidentifier() or not SCHEMA.isascii():
    raise BadInput(
        "KYUFU_SCHEMA の名前が使えません。",
        remedy="英字または下線で始まる、英数字と下線だけの名前にしてください。",
    )


def _database() -> dict[str, object]:
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"options": f"-c search_path={SCHEMA} -c timezone=UTC -c datestyle=ISO -c temp_buffers=128MB"},
        "CONN_MAX_AGE": 60,
    }
    if not DATABASE_URL:
        return common | {
            "NAME": embedded.DATABASE,
            "USER": embedded.DATABASE_USER,
            "HOST": str(embedded.socket_folder(VAR_DIR)),
            "PORT": str(embedded.PORT),
        }
    url = urlsplit(DATABASE_URL)
    host = url.hostname or parse_qs(url.query).get("host", [""])[0]
    return common | {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
    }


DATABASES = {"default": _database()}
# No page is served yet, so nothing outlives the process that would need the same key again.
SECRET_KEY = os.environ.get("KYUFU_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "kyufu.platform.apps.PlatformConfig",
    "kyufu.registry.apps.RegistryConfig",
    "kyufu.evidence.apps.EvidenceConfig",
    "kyufu.cases.apps.CasesConfig",
    "kyufu.documents.apps.DocumentsConfig",
]
SILENCED_SYSTEM_CHECKS: list[str] = []
