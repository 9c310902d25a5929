"""A damaged range of a print run printed again: the same documents with the same content, as a run of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from kyufu.documents import jobs
from kyufu.documents.content import Kind
from kyufu.documents.damage import damage_of, find_run
from kyufu.documents.ledger import Order
from kyufu.documents.operations import Printed, reason_for, run_job
from kyufu.documents.wording import WATERMARK
from kyufu.platform.actors import Actor


def reprint_range(
    run_id: int,
    *,
    first: int,
    last: int,
    reason: str,
    by: Actor,
    at: datetime,
    report: Callable[[int, int], None],
    reprints: int | None = None,
) -> Printed:
    """Print the documents with the running numbers `first` to `last` of a run again; `at` is now.

    What is not due any more, or would say something else than it did, is left out with its reason. `reprints` is how
    many re-prints of the run were seen by who asks. Raises BadInput for what is no run; Refused without a reason, for a
    range outside of the run, where it was printed again since it was seen, and as `print_certificates`.
    """
    written = reason_for(reason)
    run = find_run(run_id)
    damage = damage_of(run, first=first, last=last, reprints=reprints)
    kind, watermark = Kind(run.kind), WATERMARK if run.synthetic else ""
    order = Order(uuid4(), kind, run.document_date, by, at, written, watermark, damage)
    return run_job(jobs.job(kind), order=order, municipality=None, report=report)
