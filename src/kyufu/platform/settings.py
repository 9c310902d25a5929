"""Django settings from the environment; without one the embedded database under `var/` is used."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.utils.functional import SimpleLazyObject

from kyufu.platform import embedded
from kyufu.platform.databases import (
    ORDINARY,
    OWNER,
    VAULT,
    Place,
    connection_to,
    embedded_place,
    place_of,
    vault_schema,
)
from kyufu.platform.errors import BadInput
from kyufu.platform.web_settings import *  # noqa: F403 - Django reads its settings from this module's names
from kyufu.platform.web_settings import WEB_APPS, secret_key

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(os.environ.get("KYUFU_VAR", BASE_DIR / "var"))
SCHEMA = os.environ.get("KYUFU_SCHEMA", "kyufu")
DATABASE_URL = os.environ.get("KYUFU_DATABASE_URL", "")
OWNER_DATABASE_URL = os.environ.get("KYUFU_OWNER_DATABASE_URL", "")
VAULT_DATABASE_URL = os.environ.get("KYUFU_VAULT_DATABASE_URL", "")
AUDIT_KEY_FILE = Path(os.environ.get("KYUFU_AUDIT_KEY_FILE", VAR_DIR / "audit" / "signing-key"))
FONT_DIRS = tuple(
    Path(folder) for folder in os.environ.get("KYUFU_FONT_DIRS", "").split(os.pathsep) if folder
)

# What the server would fold, cut off or keep for itself would be created under one name and looked for under another.
if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,56}", SCHEMA):
    raise BadInput(
        "KYUFU_SCHEMA の名前が使えません。",
        remedy="英小文字か下線で始め、英小文字・数字・下線の57文字以内にしてください（pg_ で始まるものは不可）。",
    )


def _databases() -> dict[str, Place]:
    """The connections of the three accounts; the vault has none where its server is not named."""
    if not DATABASE_URL:
        sockets = str(embedded.socket_folder(VAR_DIR))
        ordinary, owner, vault = (
            embedded_place(socket_folder=sockets, user=user)
            for user in (embedded.ORDINARY_USER, embedded.DATABASE_USER, embedded.VAULT_USER)
        )
    else:
        ordinary = place_of(DATABASE_URL)
        owner = place_of(OWNER_DATABASE_URL or DATABASE_URL)
        vault = place_of(VAULT_DATABASE_URL) if VAULT_DATABASE_URL else {}
    found = {
        ORDINARY: connection_to(ordinary, schema=SCHEMA),
        OWNER: connection_to(owner, schema=SCHEMA),
    }
    return {**found, VAULT: connection_to(vault, schema=vault_schema(SCHEMA))} if vault else found


DATABASES = _databases()
DATABASE_ROUTERS = ["kyufu.platform.routing.VaultRouter"]
# Named apart from the connections: the tests let the owner stand in for the ordinary account.
ORDINARY_ACCOUNT = str(DATABASES[ORDINARY]["USER"])
# Made or read where something is signed or sealed: a command that needs no secret leaves no file behind.
SECRET_KEY = SimpleLazyObject(lambda: secret_key(VAR_DIR))
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    *WEB_APPS,
    "kyufu.platform.apps.PlatformConfig",
    "kyufu.staff.apps.StaffConfig",
    "kyufu.audit.apps.AuditConfig",
    "kyufu.ordinance.apps.OrdinanceConfig",
    "kyufu.mynumber.apps.MynumberConfig",
    "kyufu.registry.apps.RegistryConfig",
    "kyufu.evidence.apps.EvidenceConfig",
    "kyufu.cases.apps.CasesConfig",
    "kyufu.attachments.apps.AttachmentsConfig",
    "kyufu.documents.apps.DocumentsConfig",
    "kyufu.exchange.basic.apps.BasicConfig",
    "kyufu.runs.apps.RunsConfig",
    "kyufu.renewal.apps.RenewalConfig",
    "kyufu.web.apps.WebConfig",
]
AUTH_USER_MODEL = "staff.Account"
SILENCED_SYSTEM_CHECKS: list[str] = []
