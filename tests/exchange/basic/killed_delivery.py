"""A process that delivers and is killed: arguments are where to stop, the test database, and the folder of files."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from kyufu.cli.main import prepare_django


def die(*_: object, **__: object) -> None:
    """End as a machine ends: without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(stop: str, *, database: str, var: Path) -> None:
    """Deliver as an officer, and stop at one of the places."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = database
        options = connections[alias].settings_dict["OPTIONS"]
        options["options"] = options["options"].replace(
            f"search_path={settings.SCHEMA},", "search_path=public,"
        )
    from kyufu.audit.api import acting
    from kyufu.exchange.basic import folders
    from kyufu.exchange.basic.operations import deliveries
    from kyufu.platform.access import Access, Channel
    from kyufu.platform.actors import Actor
    from tests.exchange.basic.parts import hand_over

    settings.VAR_DIR = var
    places = {
        "writing": (deliveries, "finish"),
        "ledger": (deliveries, "write_reads"),
        "publishing": (deliveries, "publish"),
        "renamed": (folders, "_sync"),
    }
    setattr(*places[stop], die)
    actor = Actor("S0001", "職員1", "情報システム課")
    with acting(Access(actor, "端末01", Channel.COMMAND, "kyufu exchange basic", "提供", UUID(int=7))):
        hand_over()


if __name__ == "__main__":
    prepare_django()
    main(sys.argv[1], database=sys.argv[2], var=Path(sys.argv[3]))
