"""`kyufu demo run` as a process of its own, and its tables, papers and files as an outsider reads them."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings

from kyufu.platform import embedded
from tests.documents.reading import page_texts

ROOT = Path(__file__).resolve().parents[2]
KYUFU = [sys.executable, "-m", "kyufu.cli.main"]
RESIDENTS = 1_500
SEED = 3
JUDGED_AGAIN = "判定のあとに住民・所得・保険などの事実が変わりました"


def shared_server() -> str:
    """The address of the server that the tests use, by the account that owns the tables."""
    if settings.DATABASE_URL:
        return str(settings.OWNER_DATABASE_URL or settings.DATABASE_URL)
    return _embedded(embedded.DATABASE_USER)


def _embedded(account: str, *, sockets: Path | None = None) -> str:
    folder = sockets or embedded.socket_folder(settings.VAR_DIR)
    return f"postgresql://{account}@:{embedded.PORT}/{embedded.DATABASE}?host={folder}"


def accounts_of(url: str) -> dict[str, str]:
    """The addresses of the three accounts, for a run on a server that is given; none where it makes its own."""
    if not url:
        return {"KYUFU_DATABASE_URL": ""}
    if settings.DATABASE_URL:
        given = {"DATABASE_URL": settings.DATABASE_URL, "OWNER_DATABASE_URL": url,
                 "VAULT_DATABASE_URL": settings.VAULT_DATABASE_URL}  # fmt: skip
        return {f"KYUFU_{name}": str(value) for name, value in given.items()}
    return {
        "KYUFU_DATABASE_URL": _embedded(embedded.ORDINARY_USER),
        "KYUFU_OWNER_DATABASE_URL": url,
        "KYUFU_VAULT_DATABASE_URL": _embedded(embedded.VAULT_USER),
    }


def fresh_schema() -> str:
    """A name that no other run has."""
    return f"kyufu_test_{uuid4().hex[:12]}"


@dataclass
class CityRun:
    """A demonstration in a folder and a schema of its own; without a `url` on a server of its own."""

    var: Path
    schema: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What the command finds in its environment."""
        return {
            **os.environ,
            "KYUFU_VAR": str(self.var),
            "KYUFU_SCHEMA": self.schema,
            **accounts_of(self.url),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUTF8": "1",
        }

    def command(self, *arguments: str) -> list[str]:
        """The command as a clerk starts it."""
        wish = ["--residents", str(RESIDENTS), "--seed", str(SEED), *arguments]
        return [*KYUFU, "demo", "run", "--no-serve", *wish]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run to the end, whatever the end is."""
        return self._ended(self.command(*arguments))

    def kyufu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command, on this city."""
        return self._ended([*KYUFU, *arguments])

    def _ended(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)

    def start(self) -> subprocess.Popen[str]:
        """Start a run whose progress is read line by line; its error output carries it.

        It leads a group of processes, so that it can be killed with the web server that it starts.
        """
        return subprocess.Popen(
            self.command(), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of an outsider, who knows only the schema."""
        if self.url:
            return psycopg.connect(self.url, options=f"-c search_path={self.schema}")
        return psycopg.connect(
            host=str(embedded.socket_folder(self.var)), port=embedded.PORT, dbname=embedded.DATABASE,
            user=embedded.DATABASE_USER, options=f"-c search_path={self.schema}",
        )  # fmt: skip

    def vault_rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the vault, by its own account; nothing else may look into it."""
        own = _embedded(embedded.VAULT_USER, sockets=embedded.socket_folder(self.var))
        url = accounts_of(self.url).get("KYUFU_VAULT_DATABASE_URL", own)
        with psycopg.connect(url, options=f"-c search_path={self.schema}_vault") as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connect() as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def count(self, source: str, *values: Any) -> int:
        """How many rows a table, with a condition where there is one, has."""
        return int(self.rows(f"SELECT count(*) FROM {source}", *values)[0][0])

    def tables(self) -> list[str]:
        """The tables of the schema."""
        return [
            row[0] for row in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = %s", self.schema)
        ]

    @property
    def summary(self) -> dict[str, Any]:
        """The summary as the last run wrote it."""
        found: dict[str, Any] = json.loads((self.var / "demo" / "summary.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the generator says that it made."""
        found: dict[str, Any] = json.loads((self.feeds / "manifest.json").read_text(encoding="utf-8"))
        return found

    @property
    def feeds(self) -> Path:
        """The folder of the feed files."""
        return self.var / "demo" / "feeds"

    def fed(self, layout: str) -> Iterator[dict[str, str]]:
        """The data rows that the files of a layout hold, by item name."""
        for path in sorted(self.feeds.glob(f"{layout}_*.csv")):
            lines = path.read_text(encoding="utf-8").splitlines()[1:]
            yield from (row for row in csv.DictReader(lines) if row["N"] == "D")

    @property
    def paper_folder(self) -> Path:
        """The folder of the print runs of this municipality."""
        return self.var / "documents" / self.schema

    def papers(self) -> list[Path]:
        """The printed files, wherever they lie."""
        return sorted((self.var / "documents").rglob("*.pdf"))

    @cached_property
    def pages(self) -> dict[Path, list[str]]:
        """The text of each page of each printed file, without white space."""
        return {path: page_texts(path.read_bytes()) for path in self.papers()}

    def page_of(self, *, kind: str) -> list[tuple[str, str]]:
        """Each printed document of a kind: the addressee number it went to, and the text of its pages."""
        found = self.rows(
            """SELECT a.addressee_no, r.folder, f.name, d.page, d.pages FROM documents_document d
                 JOIN documents_print_file f ON f.id = d.file_id JOIN documents_print_run r ON r.id = d.run_id
                 JOIN registry_addressee a ON a.id = d.addressee_id WHERE d.kind = %s ORDER BY a.addressee_no""",
            kind,
        )
        return [
            (
                number,
                "".join(self.pages[self.paper_folder / folder / name][page - 1 : page - 1 + pages]),
            )
            for number, folder, name, page, pages in found
        ]

    def remove(self) -> None:
        """Leave nothing behind on a server that others use; stop one that is our own."""
        if not self.url:
            embedded.stop(self.var)
            return
        with self.connect() as connection:
            connection.execute(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE'.encode())
        self.vault_rows(f'DROP SCHEMA IF EXISTS "{self.schema}_vault" CASCADE')


def long_numbers(text: str, *, digits: int = 12) -> set[str]:
    """Every stretch of so many digits in a text, also inside longer ones."""
    return {
        run[at : at + digits]
        for run in re.findall(rf"\d{{{digits},}}", text)
        for at in range(len(run) - digits + 1)
    }
