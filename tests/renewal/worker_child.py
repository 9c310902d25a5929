"""A worker in a process of its own, to be killed: blocks of three members, and slowly."""

from __future__ import annotations

import sys
import threading
import time

import django

PATIENCE = 60.0


def main(database: str, pause: float, point: str) -> None:
    """Take up runs, saying after every block how far it is; at one point wait to be killed."""
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"].replace(f"search_path={settings.SCHEMA}", "search_path=public")
    django.setup()
    from kyufu.renewal import population
    from kyufu.renewal.operations import effect
    from kyufu.runs import carrying, worker

    write = carrying.Progress.report

    def report(self: carrying.Progress, done: int, total: int) -> None:
        write(self, done, total)
        sys.stdout.write(f"{done}/{total}\n")
        sys.stdout.flush()
        time.sleep(PATIENCE if f"{done}/{total}" == point else pause)

    carrying.Progress.report = report  # type: ignore[method-assign]
    carrying.SECONDS_BETWEEN_REPORTS = 0.0
    worker.POLL_SECONDS = 0.05
    population.BLOCK = 3
    effect.FEW_BLOCKS = 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    worker.work_until(threading.Event())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
