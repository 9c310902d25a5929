"""The accounts by which Kyufu speaks to the database, each with no more than its work needs.

`default` is the ordinary account: it reads and writes rows and changes no table. `owner` makes the tables, chains the
log and ends what is past its time. `vault` owns the schema of the individual numbers and sees nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kyufu.platform import embedded

ORDINARY, OWNER, VAULT = "default", "owner", "vault"

APPLICATION = "kyufu"
"""What our own sessions call themselves, so that the log tells direct SQL apart (whoever may write may claim it)."""

Place = dict[str, Any]


def vault_schema(schema: str) -> str:
    """The schema of the vault that belongs to a municipality's schema."""
    return f"{schema}_vault"


def embedded_place(*, socket_folder: str, user: str) -> Place:
    """The embedded server, by one of the accounts that it was given when it was made."""
    return {"NAME": embedded.DATABASE, "USER": user, "HOST": socket_folder, "PORT": str(embedded.PORT)}


def place_of(url: str) -> Place:
    """The server, database and account that a URL names, as Django takes them; its query goes on to libpq."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts) or asked.pop("host", ""),
        "PORT": str(parts.port or asked.pop("port", "")),
        "OPTIONS": asked,
    }


def connection_to(place: Mapping[str, Any], *, schema: str) -> Place:
    """A connection whose session looks into one schema, speaks UTC and ISO dates."""
    # PostgreSQL looks among temporary tables first unless they are named: one could stand in for a table of the schema.
    asked = dict(place.get("OPTIONS", {}))
    session = f"-c search_path={schema},pg_temp -c timezone=UTC -c datestyle=ISO -c temp_buffers=128MB"
    return {
        "ENGINE": "django.db.backends.postgresql",
        **place,
        "OPTIONS": {
            **asked,
            "application_name": APPLICATION,
            "options": f"{asked.get('options', '')} {session}".strip(),
        },
        "CONN_MAX_AGE": 60,
    }


def _host(url: SplitResult) -> str:
    """The host as libpq reads it: a socket's folder stands there percent-encoded, and keeps its capitals."""
    written = url.netloc.rpartition("@")[2].partition(":")[0]
    return unquote(written) if written.startswith("%") else url.hostname or ""
