"""Propose a change of parameters, and confirm it as the second person (基準値の変更の申し出と承認)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.range import Range

from kyufu.audit.api import EventKind, record_event
from kyufu.law.parameters.overlay import Change
from kyufu.ordinance.changes import (
    ChangeSet,
    confirmed_overlay,
    content_of,
    find_change_set,
    latest_estimate,
    lines_of,
    refuse_misfit,
)
from kyufu.ordinance.models import Change as Row
from kyufu.ordinance.wishes import BadWish, Wish, changes_wished
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Rights

SUBJECT_LENGTH = 100
# Two confirmations at once would each be checked without the other.
LOCK = 7_209_251_940_113_641


@transaction.atomic
def propose_change(wishes: Sequence[Wish], *, municipality: str, reason: str, by: Actor, at: datetime) -> int:
    """Propose changes for a second person, checked as the files are, and return the proposal's id.

    Raises BadWish naming what does not fit, Refused where the same change waits already.
    """
    before = confirmed_overlay(municipality)
    changes = changes_wished(wishes, municipality=municipality, overlay=before)
    _refuse_no_change(changes, municipality=municipality)
    content = content_of(changes, municipality=municipality, reason=reason, before=before)
    subject = _subject(changes, municipality=municipality)
    proposal_id = staff.propose(ProposalKind.PARAMETERS, content=content, subject=subject, by=by, at=at)
    record_event(EventKind.PROPOSED, detail={"種類": "基準値の変更", "件名": subject, "理由": reason})
    return proposal_id


@transaction.atomic
def confirm_change(proposal_id: int, *, seen: str, rights: Rights, at: datetime) -> ChangeSet:
    """Confirm a change as the second person; it takes effect from its first day on, for judgements made from now on.

    Decisions already made stand until they are judged again by an explicit run. Raises Refused without an estimate of
    the versions in question, or where what was seen is no longer so.
    """
    _lock()
    found = find_change_set(proposal_id, at=at)
    if found is None:
        raise Refused("確認を待っている申し出ではありません。", remedy="一覧を開き直してください。")
    refuse_misfit(found)
    _refuse_without_estimate(found)
    before = confirmed_overlay(found.municipality)
    now = content_of(found.changes, municipality=found.municipality, reason=found.reason, before=before)
    staff.confirm(proposal_id, seen=seen, true_now=now, rights=rights, at=at)
    by = rights.actor()
    Row.objects.bulk_create(
        _row(change, position=position, of=found, by=by, at=at)
        for position, change in enumerate(found.changes, start=1)
    )
    detail = {"件名": found.proposed.subject, "変更の数": str(len(found.changes)), "版": found.version_after}
    record_event(EventKind.PARAMETERS_CHANGED, detail=detail)
    return found


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _refuse_without_estimate(found: ChangeSet) -> None:
    estimate = latest_estimate(found)
    if estimate is None or not estimate.is_present:
        raise Refused(
            "この変更の影響を、今の基準値ではまだ試算していません。",
            remedy="影響試算を実行し、結果を確かめてから承認してください。",
        )


def _refuse_no_change(changes: Sequence[Change], *, municipality: str) -> None:
    lines = lines_of(changes, municipality=municipality, before=confirmed_overlay(municipality))
    for at, line in enumerate(lines):
        if {value for _, value in line.old} == {line.new}:
            raise BadWish("今の値と同じです。", at=at, field="value")


def _subject(changes: Sequence[Change], *, municipality: str) -> str:
    lines = lines_of(changes, municipality=municipality, before=confirmed_overlay(municipality))
    more = f" ほか{len(lines) - 1}件" if len(lines) > 1 else ""
    return f"{lines[0].name[: SUBJECT_LENGTH - len(more)]}{more}"


def _row(change: Change, *, position: int, of: ChangeSet, by: Actor, at: datetime) -> Row:
    first = of.proposed.proposed_by
    return Row(
        proposal_id=of.proposed.proposal_id,
        position=position,
        municipality=of.municipality,
        file=change.file,
        table_name=change.table,
        key=change.key,
        column_name=change.column,
        **_value_columns(change),
        valid=Range(change.period.start, change.period.end),
        source=change.source,
        certainty=str(change.certainty),
        reason=of.reason,
        proposed_by_id=first.staff_id,
        proposed_by_name=first.name,
        proposed_by_office=first.office,
        proposed_at=of.proposed.proposed_at,
        confirmed_by_id=by.staff_id,
        confirmed_by_name=by.name,
        confirmed_by_office=by.office,
        confirmed_at=at,
    )


def _value_columns(change: Change) -> dict[str, Any]:
    # A flag is a number to Python, so it is asked for first.
    if isinstance(change.value, bool):
        return {"flag_value": change.value}
    return {"number_value" if isinstance(change.value, int) else "text_value": change.value}
