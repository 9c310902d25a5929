"""The regular check of the rights table (権限対応表の点検): done by one person, confirmed by another, on record."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.staff.functions import Function, Level
from kyufu.staff.models import Proposal
from kyufu.staff.operations.proposals import (
    Content,
    ProposalKind,
    Proposed,
    confirm,
    find_proposal,
    propose,
)
from kyufu.staff.rights import Rights, require
from kyufu.staff.rights_table import export_rights_table


class Review(NamedTuple):
    """A check that was confirmed: who checked, who confirmed and when."""

    checked_by: Actor
    confirmed_by: Actor
    at: datetime


@transaction.atomic
def propose_rights_review(*, on: date, result: str, rights: Rights, at: datetime) -> int:
    """Say what the check of the table of a day has found, for a second person to confirm; returns the proposal's id.

    Whoever may read the rights may check them. Source: 川崎市 L230, 東京都 L2036, 厚木市 L2056-L2058.
    """
    require(rights, Function.RIGHTS, level=Level.READ)
    if not result.strip():
        raise Refused("点検の結果がありません。", remedy="確かめたことと、改めることを記入してください。")
    return propose(
        ProposalKind.RIGHTS_REVIEW, content=_content(on=on, result=result),
        subject=f"権限対応表 {on.isoformat()}", by=rights.actor(), at=at,
    )  # fmt: skip


@transaction.atomic
def confirm_rights_review(proposal_id: int, *, seen: str, rights: Rights, at: datetime) -> Proposed:
    """Confirm a check as the second person; refused where the rights of that day are no longer what was checked."""
    found = find_proposal(proposal_id, at=at)
    if found is None or found.kind is not ProposalKind.RIGHTS_REVIEW:
        raise Refused("確認を待っている点検ではありません。", remedy="一覧を開き直してください。")
    day, result = date.fromisoformat(str(found.content["on"])), str(found.content["result"])
    return confirm(proposal_id, seen=seen, true_now=_content(on=day, result=result), rights=rights, at=at)


def last_rights_review() -> Review | None:
    """The check that was confirmed last, None where there was none."""
    row = Proposal.objects.filter(kind=ProposalKind.RIGHTS_REVIEW, state="confirmed").order_by("-id").first()
    if row is None or row.confirmed_by_id is None or row.confirmed_at is None:
        return None
    return Review(
        Actor(row.proposed_by_id, row.proposed_by_name, row.proposed_by_office),
        Actor(row.confirmed_by_id, row.confirmed_by_name, row.confirmed_by_office),
        row.confirmed_at,
    )


def _content(*, on: date, result: str) -> Content:
    table = export_rights_table(on)
    return {
        "on": on.isoformat(),
        "table": hashlib.sha256(table.encode()).hexdigest(),
        "rows": table.count("\n") - 1,
        "result": result,
    }
