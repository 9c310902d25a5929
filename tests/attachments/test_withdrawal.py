"""Withdrawn with a reason, deleted after its days, recorded both times; and no other way out of the database."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kyufu.attachments.api import (
    attachment_by_id,
    attachment_limits,
    attachments_of,
    delete_withdrawn_attachments,
    withdraw_attachment,
)
from kyufu.attachments.states import ATTACHMENT_PAIRS, ATTACHMENTS, AttachmentState, Scan
from kyufu.platform.errors import BadInput, Refused
from tests.attachments.files import pdf
from tests.attachments.papers import AT, CLERK, OTHER, attach
from tests.attachments.test_receiving import last_event, run
from tests.cases.test_guards import is_start_known, is_step_known
from tests.cases.world import Family

DAYS = attachment_limits(on=AT.date()).withdrawn_days


def withdrawn(application: int) -> int:
    """An attachment that was withdrawn at AT."""
    attachment = attach(application)
    withdraw_attachment(attachment, by=OTHER, at=AT, why="別人の書類でした")
    return attachment


def delete(*, after: int) -> int:
    """Delete what is due so many days after AT."""
    return delete_withdrawn_attachments(
        by=CLERK, on=(AT + timedelta(days=after)).date(), at=AT + timedelta(days=after)
    )


def test_a_withdrawal_says_who_and_why_and_keeps_the_content(application: int) -> None:
    row = attachment_by_id(withdrawn(application))
    assert (row.state, row.withdrawn_by, row.why) == (
        "withdrawn", "鶴見区保険年金課　取下　次郎", "別人の書類でした",
    )  # fmt: skip
    assert row.withdrawn_at == AT
    assert run("SELECT count(*) FROM attachments_attachment_content") == [(1,)]


def test_after_a_withdrawal_the_same_file_may_be_attached_again(application: int) -> None:
    withdrawn(application)
    attach(application)
    assert [row.state for row in attachments_of(application)] == ["withdrawn", "received"]


def test_a_withdrawal_needs_a_reason(application: int) -> None:
    attachment = attach(application)
    with pytest.raises(BadInput, match="理由"):
        withdraw_attachment(attachment, by=OTHER, at=AT, why="　 ")
    assert attachment_by_id(attachment).state == "received"


def test_the_second_who_withdraws_is_told_of_the_first(application: int) -> None:
    attachment = withdrawn(application)
    with pytest.raises(Refused, match="取下　次郎がすでに取り下げています"):
        withdraw_attachment(attachment, by=CLERK, at=AT, why="二度目")


def test_a_content_is_deleted_after_its_days_and_not_before(application: int, family: Family) -> None:
    attachment = withdrawn(application)
    kept = attach(application, pdf(text="KEPT"))
    assert delete(after=DAYS) == 0
    assert delete(after=DAYS + 1) == 1
    assert attachment_by_id(attachment).state == "deleted"
    assert attachment_by_id(kept).state == "received"
    assert run("SELECT attachment_id FROM attachments_attachment_content") == [(kept,)]
    assert last_event("attachment_deleted") == [family.child]
    assert delete(after=DAYS + 1) == 0


def test_a_deletion_that_breaks_off_leaves_the_content(
    application: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kyufu.attachments import operations

    attachment = withdrawn(application)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(operations, "record_event", killed)
    with pytest.raises(KeyboardInterrupt):
        delete(after=DAYS + 1)
    assert attachment_by_id(attachment).state == "withdrawn"
    assert run("SELECT count(*) FROM attachments_attachment_content") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attachments_attachment SET name = 'x'",
        "UPDATE attachments_attachment SET state = 'deleted'",
        "UPDATE attachments_attachment SET scan = 'clean'",
        "DELETE FROM attachments_attachment",
        "UPDATE attachments_attachment_content SET sealed = ''",
        "DELETE FROM attachments_attachment_content",
        "UPDATE attachments_attachment_transition SET why = 'x'",
        "DELETE FROM attachments_attachment_transition",
    ],
)
def test_the_database_lets_nothing_be_rewritten(application: int, statement: str) -> None:
    withdrawn(application)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_knows_the_steps_of_the_table_and_no_other(transactional_db: None) -> None:
    known = {
        (source, target)
        for source, target in product(ATTACHMENTS.pairs, repeat=2)
        if is_step_known(ATTACHMENTS, from_state=source, to_state=target)
    }
    assert known == {(source, target) for source, targets in ATTACHMENTS.pairs.items() for target in targets}


def test_the_database_knows_where_an_attachment_begins(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ATTACHMENTS.history_table} DISABLE TRIGGER USER")
        starts = {state for state in ATTACHMENTS.pairs if is_start_known(ATTACHMENTS, state=state)}
        cursor.execute(f"ALTER TABLE {ATTACHMENTS.history_table} ENABLE TRIGGER USER")
    assert starts == ATTACHMENTS.start


def test_every_state_and_answer_has_a_word() -> None:
    assert {state.label for state in AttachmentState} == {"受付済", "取下げ", "削除済"}
    assert {scan.label for scan in Scan} == {"検査済", "未検査"}
    assert set(ATTACHMENT_PAIRS) == set(AttachmentState)
