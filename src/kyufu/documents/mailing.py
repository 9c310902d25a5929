"""Cards that were printed in bulk and go out by mail together: which prints have some left, and all of one mailed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.documents.content import Kind
from kyufu.documents.models import PrintRun
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput

# Older prints have been mailed long ago, or their cards have to be looked into one by one.
LATEST = 20
_BATCH = f"SELECT subject_id FROM documents_document WHERE kind = '{Kind.CERTIFICATE.value}' AND NOT reprint"


class BulkPrint(NamedTuple):
    """A bulk print of cards, and how many of its cards wait within the wards asked for."""

    run_id: int
    made_at: datetime
    documents: int
    waiting: int


def bulk_prints_to_mail(wards: Collection[str] | None) -> tuple[BulkPrint, ...]:
    """The latest bulk prints of cards of which some wait to be mailed, newest first; names nobody."""
    bulk = PrintRun.objects.filter(kind=Kind.CERTIFICATE, documents__gt=1, reprint_reason="").order_by("-id")
    runs = list(bulk.values_list("id", "made_at", "documents")[:LATEST])
    if not runs:
        return ()
    ids = ",".join(str(run_id) for run_id, _, _ in runs)
    batches = _BATCH.replace("subject_id", "subject_id, run_id", 1) + f" AND run_id IN ({ids})"
    waiting = cases.count_waiting(wards, batches=batches)
    return tuple(BulkPrint(*run, waiting[run[0]]) for run in runs if run[0] in waiting)


def mail_bulk_print(
    run_id: int, *, wards: Collection[str] | None, expected: int, handed_on: date, by: Actor, at: datetime
) -> int:
    """Record the cards of a bulk print that wait within the wards as mailed; gives how many stayed, to be judged again.

    Raises BadInput for what is no bulk print, Refused where not as many wait as were seen.
    """
    if not PrintRun.objects.filter(id=run_id, kind=Kind.CERTIFICATE, documents__gt=1).exists():
        raise BadInput("その一括印刷はありません。", remedy="一覧から選び直してください。")
    batch = f"{_BATCH} AND run_id = {int(run_id)}"
    return cases.mail_batch(wards, batch=batch, expected=expected, handed_on=handed_on, by=by, at=at)
