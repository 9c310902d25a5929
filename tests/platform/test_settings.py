"""Settings from the environment: where the database is, and under which name the municipality's schema lies."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import kyufu.platform.settings as module
from kyufu.platform.errors import BadInput

Read = Callable[..., dict[str, Any]]
SOURCE = str(module.__file__)
# What a password may hold; NUL cannot be sent at all.
PASSWORDS = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read the settings anew under an environment of nothing but what is given."""
    for name in list(os.environ):
        if name.startswith("KYUFU_"):
            monkeypatch.delenv(name)

    def read_with(**environment: str) -> dict[str, Any]:
        with monkeypatch.context() as context:
            for name, value in environment.items():
                context.setenv(f"KYUFU_{name}", value)
            return runpy.run_path(SOURCE)

    return read_with


def database(read: Read, url: str) -> dict[str, Any]:
    """The database that a URL names."""
    found: dict[str, Any] = read(DATABASE_URL=url)["DATABASES"]["default"]
    return {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://clerk:secret@db.example:5433/city", ("city", "clerk", "secret", "db.example", "5433")),
        ("postgresql://clerk@db.example/city", ("city", "clerk", "", "db.example", "")),
        ("postgres://clerk:p%40ss%2Fw%3Ard@db/city", ("city", "clerk", "p@ss/w:rd", "db", "")),
        ("postgresql://%E8%81%B7%E5%93%A1@db/%E5%B8%82", ("市", "職員", "", "db", "")),
        ("postgresql://[::1]:5433/city", ("city", "", "", "::1", "5433")),
        ("postgresql:///city?host=/var/run/postgresql", ("city", "", "", "/var/run/postgresql", "")),
        ("postgresql://clerk@/city?host=/run/pg&port=5434", ("city", "clerk", "", "/run/pg", "5434")),
        ("postgresql://clerk@%2Frun%2FPg/city", ("city", "clerk", "", "/run/Pg", "")),
    ],
)
def test_a_url_names_the_database_by_tcp_or_socket(read: Read, url: str, expected: tuple[str, ...]) -> None:
    assert tuple(database(read, url).values()) == expected


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(password=PASSWORDS)
def test_any_password_survives_its_encoding(read: Read, password: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in password.encode())
    assert database(read, f"postgresql://clerk:{encoded}@db/city")["PASSWORD"] == password


def test_what_the_url_asks_of_the_connection_is_passed_on(read: Read) -> None:
    """A demand for encryption that is dropped silently would be worse than none."""
    options = read(DATABASE_URL="postgresql://db/city?sslmode=verify-full&connect_timeout=5")["DATABASES"][
        "default"
    ]["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"]) == ("verify-full", "5")
    assert "search_path=kyufu" in options["options"]


def test_without_a_url_the_embedded_server_of_the_folder_is_used(read: Read, tmp_path: Path) -> None:
    one = read(VAR=str(tmp_path / "one"))["DATABASES"]["default"]["HOST"]
    other = read(VAR=str(tmp_path / "other"))["DATABASES"]["default"]["HOST"]
    assert one != other
    assert read(VAR=str(tmp_path / "one"))["DATABASES"]["default"]["HOST"] == one


@pytest.mark.parametrize("name", ["kyufu", "yokohama", "city_141003", "_city", "c" * 57])
def test_a_schema_name_is_used_as_it_is(read: Read, name: str) -> None:
    found = read(SCHEMA=name)
    assert found["SCHEMA"] == name
    assert f"search_path={name},pg_temp " in found["DATABASES"]["default"]["OPTIONS"]["options"] + " "


@pytest.mark.parametrize(
    "name",
    [
        "", "141003", "my city", "city;drop", "city,public", 'city"', "city'", "横浜", "city-1", "$user",
        "Yokohama",  # the server would look for it in small letters
        "pg_city",  # kept by PostgreSQL for itself
        "c" * 58,  # with the vault's ending the server would cut it off
        "city\n",
    ],
)  # fmt: skip
def test_a_schema_name_that_the_server_would_read_otherwise_is_refused(read: Read, name: str) -> None:
    with pytest.raises(BadInput, match="KYUFU_SCHEMA"):
        read(SCHEMA=name)


def test_the_session_speaks_utc_and_iso_whatever_the_server_prefers(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone'), split_part(current_setting('DateStyle'), ',', 1)")
        assert cursor.fetchone() == ("UTC", "ISO")


def test_a_secret_key_is_made_once_for_an_installation(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, again, other = (
        str(read(VAR=str(tmp_path / name))["SECRET_KEY"]) for name in ("one", "one", "other")
    )
    assert one == again != other
    assert len(one) >= 48
    monkeypatch.setenv("KYUFU_SECRET_KEY", "given")
    assert str(read()["SECRET_KEY"]) == "given"


def test_a_url_of_the_running_server_connects(read: Read) -> None:
    found = settings.DATABASES["default"]
    host = str(found["HOST"])
    user, port, name = found["USER"], found["PORT"], found["NAME"]
    url = f"postgresql://{user}@/{name}?host={host}" + (f"&port={port}" if port else "")
    parts = database(read, url)
    with psycopg.connect(
        host=parts["HOST"], port=parts["PORT"] or None, user=parts["USER"], dbname=parts["NAME"],
        password=found.get("PASSWORD") or None,
    ) as connection:  # fmt: skip
        row = connection.execute("SELECT current_database()").fetchone()
    assert row == (name,)


def test_debug_pages_are_never_shown(read: Read) -> None:
    assert read()["DEBUG"] is False
