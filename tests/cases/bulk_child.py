"""A bulk run in a process of its own, to be killed: judge, approve and issue in small blocks, slowly."""

from __future__ import annotations

import sys
import time
from datetime import date

import django


def main(database: str) -> None:
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"].replace(f"search_path={settings.SCHEMA}", "search_path=public")
    django.setup()
    from kyufu.audit.api import acting
    from kyufu.cases import api as cases
    from kyufu.cases import blocks
    from tests.cases.world import APPROVER, AT, CLERK, LATER
    from tests.conftest import TESTER

    def report(done: int, total: int) -> None:
        sys.stdout.write(f"{done}/{total}\n")
        sys.stdout.flush()
        time.sleep(0.05)

    blocks.BLOCK = blocks.run_blocks.__kwdefaults__["size"] = 3
    on = date(2026, 8, 1)
    with acting(TESTER):
        cases.judge_pending(municipality="yokohama", on=on, by=CLERK, at=AT, report=report)
        cases.approve_decided(by=APPROVER, at=AT, report=report)
        cases.issue_approved(municipality="yokohama", on=on, by=LATER, at=AT, report=report)
    sys.stdout.write("end\n")


if __name__ == "__main__":
    main(sys.argv[1])
