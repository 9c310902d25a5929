"""Approve or send back one application as somebody saw it: refused where it was judged again since."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kyufu.cases.desk import decision_digest
from kyufu.cases.operations.approval import approve_application, send_back
from kyufu.cases.queries import fetch
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

CHANGED_TEXT = "表示したあとに判定が変わりました。"
CHANGED_REMEDY = "新しい判定の内容を確かめてから、もう一度処理してください。"


@transaction.atomic
def approve_seen(application_id: int, *, seen: str, by: Actor, at: datetime) -> None:
    """Approve the decision whose digest is `seen`; raises Refused where the latest one is another."""
    _refuse_if_changed(application_id, seen=seen)
    approve_application(application_id, by=by, at=at)


@transaction.atomic
def send_back_seen(application_id: int, *, seen: str, by: Actor, at: datetime, why: str) -> None:
    """Send back the decision whose digest is `seen`; raises Refused where the latest one is another."""
    _refuse_if_changed(application_id, seen=seen)
    send_back(application_id, by=by, at=at, why=why)


def _refuse_if_changed(application_id: int, *, seen: str) -> None:
    """Hold the application until the transaction ends, so that no judgement comes between."""
    rows = fetch(
        "SELECT decision_id FROM cases_application WHERE id = %(id)s FOR UPDATE", {"id": application_id}
    )
    decision_id = rows[0][0] if rows else None
    if decision_id is None or decision_digest(decision_id) != seen:
        raise Refused(CHANGED_TEXT, remedy=CHANGED_REMEDY)
