"""Print what a renewal made, through the print runs of documents, and tie certificates, pages and ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move
from kyufu.renewal.lists import FOUND
from kyufu.renewal.models import Renewal, Tie
from kyufu.renewal.operations.planning import locked, refuse_unless
from kyufu.renewal.states import RENEWALS, RenewalState

Report = Callable[[int, int], None]
DECISIONS = "SELECT decision_id FROM renewal_outcome WHERE renewal_id = {} AND decision_id IS NOT NULL"
# In the order in which they are put into envelopes; what is due to a renewal, as an SQL select.
SUBJECTS: Mapping[Kind, Callable[[int], str]] = {
    Kind.CERTIFICATE: lambda number: cases.cards_of(DECISIONS.format(number)),
    Kind.LOSS: lambda number: cases.losses_of(DECISIONS.format(number)),
    Kind.MISSING_FACTS: lambda number: cases.requests_of(DECISIONS.format(number)),
    Kind.URGING: lambda number: cases.urgings_of(FOUND.format(number)),
}


def print_renewal(renewal_id: int, *, by: Actor, on: date, at: datetime, report: Report) -> Mapping[str, str]:
    """Print the certificates and letters of an effected renewal and end it, when everything ties; labelled counts.

    What was printed before is not printed again. Raises Refused where it has not taken effect, another print is under
    way, or certificates, pages and ledger do not tie.
    """
    row = Renewal.objects.filter(pk=renewal_id).first()
    if row is None or row.state != RenewalState.DONE:
        with transaction.atomic():
            row = locked(renewal_id)
            refuse_unless(row, state=RenewalState.EFFECTED)
    report(0, len(SUBJECTS))
    for done, kind in enumerate(SUBJECTS, start=1):
        documents.print_letters(
            kind, by=by, on=on, at=at, report=lambda _done, _total: None, municipality=row.municipality,
            watermark=documents.watermark_here(),
        )  # fmt: skip
        report(done - 1, len(SUBJECTS))
    return _tie(renewal_id, by=by, at=at)


def accounts_of(renewal_id: int) -> dict[Kind, documents.Account]:
    """How the documents of a renewal stand in the ledger now."""
    return {
        kind: documents.account_for(kind, among=select(int(renewal_id))) for kind, select in SUBJECTS.items()
    }


@transaction.atomic
def _tie(renewal_id: int, *, by: Actor, at: datetime) -> Mapping[str, str]:
    row = locked(renewal_id)
    if row.state == RenewalState.DONE:
        return {}
    refuse_unless(row, state=RenewalState.EFFECTED)
    told: dict[str, str] = {}
    for kind, account in accounts_of(renewal_id).items():
        if account.due != account.printed + account.left_out:
            raise Refused(
                f"{kind.label}の件数（{account.due:,}件）が、印刷（{account.printed:,}件）と"
                f"見送り（{account.left_out:,}件）の合計と合いません。",
                remedy="もう一度印刷してください。続くときはシステムの担当へ連絡してください。",
            )
        Tie.objects.create(
            renewal=row, document=kind.value, due=account.due, printed=account.printed, left_out=account.left_out,
            pages=account.pages, at=at,
        )  # fmt: skip
        told[kind.label] = (
            f"{account.printed:,}件（{account.pages:,}ページ）、印刷できず{account.left_out:,}件"
        )
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.DONE, by=by, at=at,
        why="印刷と突合の終了",
    )  # fmt: skip
    return told
