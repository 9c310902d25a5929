"""A process of its own for the test of the real server: `make` a town and say who may sign in, or `drop` its schema."""

from __future__ import annotations

import json
import sys
from uuid import uuid4

from kyufu.cli.main import prepare_django

prepare_django()

from kyufu.audit.api import acting  # noqa: E402
from kyufu.platform.access import Access, Channel  # noqa: E402
from kyufu.platform.schema import drop_schema, ensure_tables  # noqa: E402
from tests.web.town import MAKER, build_town  # noqa: E402


def make() -> None:
    """Make the tables, the town and one counter clerk."""
    ensure_tables()
    access = Access(
        actor=MAKER,
        terminal="試験",
        channel=Channel.COMMAND,
        screen="test",
        purpose="試験",
        reference=uuid4(),
    )
    with acting(access):
        town = build_town()
        account_id, staff_no = town.account()
        town.grant(account_id, role="counter")
    print(json.dumps({"staff_no": staff_no}))


{"make": make, "drop": drop_schema}[sys.argv[1]]()
