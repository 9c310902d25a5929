"""A vault of the test's own: its key-encryption key in a folder of the test, its tables empty afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tests.mynumber.people import AT, CLERK, SECOND


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Path]:
    """An opened vault; gives the file of its key-encryption key."""
    from kyufu.mynumber import api as mynumber

    path = tmp_path / "vault" / "kek"
    monkeypatch.setenv("KYUFU_VAULT_KEY_FILE", str(path))
    for other in ("KYUFU_VAULT_KEY", "KYUFU_VAULT_KEY_COMMAND"):
        monkeypatch.delenv(other, raising=False)
    empty()
    mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=AT)
    yield path
    empty()


def empty() -> None:
    """Take everything out of the vault, past its guards: TRUNCATE is not what they watch."""
    with connections["vault"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = current_schema() AND tablename LIKE 'mynumber%%'"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY")
