"""Each import contract is broken on purpose in a copy of the tree, and the linter must name it."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Each breaks a contract in a copy of the source, and asks the linter.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

FLOORS = "Imports run downwards only"
LAW_ALONE = "Law knows nothing of notation"
NOTATION_CALENDAR = "Notation knows of law only the calendar"
LAW_PURE = "Law is standard library without I/O"
PARAMETERS = "Parameters read their own files and nothing else"
NOTATION_PURE = "Notation is standard library without I/O"
DOORS = "Modules that hold state are entered by api.py alone"
PLATFORM_MODELS = "The tables of platform are its own"
LAW_FLOORS = "Law has floors of its own"
VAULT_DOOR = "The vault is asked by the registry, the exchange and the key commands alone"

OFFENCES = [
    (FLOORS, "law/decision.py", "import kyufu.platform.errors"),
    (FLOORS, "platform/errors.py", "import kyufu.registry.api"),
    (FLOORS, "registry/api.py", "import kyufu.evidence.api"),
    (FLOORS, "evidence/api.py", "import kyufu.cases.api"),
    (FLOORS, "cases/api.py", "import kyufu.documents.api"),
    (FLOORS, "documents/api.py", "import kyufu.cli.main"),
    (FLOORS, "documents/api.py", "import kyufu.exchange.basic.api"),
    (FLOORS, "web/apps.py", "import kyufu.privacy.api"),
    (FLOORS, "newcomer.py", "import kyufu.cli.main"),
    (LAW_ALONE, "law/decision.py", "import kyufu.notation.text"),
    (NOTATION_CALENDAR, "notation/text.py", "import kyufu.law.decision"),
    (LAW_PURE, "law/decision.py", "import django.db"),
    (LAW_PURE, "law/child/facts.py", "from psycopg import connect"),
    (LAW_PURE, "law/calendar/period.py", "import socket"),
    (LAW_PURE, "law/calendar/ages.py", "import subprocess"),
    (LAW_PURE, "law/calendar/ages.py", "import os"),
    (LAW_PURE, "law/income/__init__.py", "def late() -> None:\n    import pathlib"),
    (PARAMETERS, "law/parameters/__init__.py", "import urllib.request"),
    (PARAMETERS, "law/parameters/__init__.py", "import msgspec"),
    (NOTATION_PURE, "notation/text.py", "import time"),
    (NOTATION_PURE, "notation/text.py", "import structlog"),
    (DOORS, "cases/api.py", "import kyufu.registry.models"),
    (DOORS, "cases/api.py", "from kyufu.evidence import queries"),
    (DOORS, "cli/main.py", "from kyufu.cases.models import Application"),
    (DOORS, "documents/api.py", "import kyufu.cases.operations"),
    (DOORS, "cli/exchange.py", "import kyufu.exchange.basic.models"),
    (LAW_FLOORS, "law/calendar/period.py", "import kyufu.law.decision"),
    (LAW_FLOORS, "law/income/evidence.py", "import kyufu.law.child.facts"),
    (LAW_FLOORS, "law/newcomer.py", "import datetime"),
    (PLATFORM_MODELS, "registry/api.py", "import kyufu.platform.models"),
    (VAULT_DOOR, "cases/api.py", "import kyufu.mynumber.api"),
    (VAULT_DOOR, "privacy/api.py", "import kyufu.mynumber.api"),
    (VAULT_DOOR, "web/apps.py", "from kyufu.mynumber import api"),
    (VAULT_DOOR, "cli/feeds.py", "def late() -> None:\n    import kyufu.mynumber.api"),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter over a copy of the source, with the project's own contracts."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", str(tree / ".importlinter")],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """A copy of what the linter looks at."""
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    (tmp_path / "tests" / "quality").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "quality" / "contracts.py", tmp_path / "tests" / "quality")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def broken_contracts(output: str) -> list[str]:
    """The names that the linter reports as broken."""
    return [line.removesuffix(" BROKEN") for line in output.splitlines() if line.endswith(" BROKEN")]


def append(file: Path, text: str) -> None:
    """Add an offending line below what the file holds."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n{text}\n")


def test_the_tree_keeps_every_contract(copied_tree: Path) -> None:
    done = lint(copied_tree)

    assert done.returncode == 0, done.stdout
    assert done.stdout.count(" KEPT") == len(contract_names())


@pytest.mark.parametrize(("contract", "file", "offence"), OFFENCES)
def test_an_offence_breaks_its_contract(copied_tree: Path, contract: str, file: str, offence: str) -> None:
    append(copied_tree / "src" / "kyufu" / file, offence)

    done = lint(copied_tree)

    assert done.returncode == 1, done.stdout
    assert contract in done.stdout
    if not file.endswith("newcomer.py"):
        assert contract in broken_contracts(done.stdout)


def test_every_contract_has_an_offence() -> None:
    assert {contract for contract, _, _ in OFFENCES} == contract_names()


def test_a_module_that_is_not_there_is_an_error_and_not_a_kept_contract(copied_tree: Path) -> None:
    config = copied_tree / ".importlinter"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("    kyufu.documents\n    kyufu.staff", "    kyufu.gone\n    kyufu.staff"),
        encoding="utf-8",
    )

    assert lint(copied_tree).returncode != 0


def contract_names() -> set[str]:
    """The names of the contracts in the configuration."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    return {config[section]["name"] for section in config.sections() if ":contract:" in section}
