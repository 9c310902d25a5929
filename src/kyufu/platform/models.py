"""What the platform records: feed files, rows that did not land, and changes of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from kyufu.platform.cluster import CLUSTER
from kyufu.platform.feeds.states import WORKLIST
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class FeedFile(models.Model):
    """A feed file as received: what it said of itself, and what became of it."""

    layout = models.CharField(max_length=30)
    mode = models.CharField(max_length=4)
    seq = models.IntegerField(null=True)
    municipality = models.CharField(max_length=6)
    made_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    reason = models.TextField()
    row_count = models.IntegerField(null=True)
    landed_count = models.IntegerField(null=True)
    rejected_count = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "platform_feed_file"
        constraints = (
            models.CheckConstraint(
                name="feed_file_state", condition=Q(state__in=("received", "applied", "refused"))
            ),
            models.CheckConstraint(
                name="feed_file_counts_tie",
                condition=~Q(state="applied")
                | Q(row_count=models.F("landed_count") + models.F("rejected_count")),
            ),
            models.UniqueConstraint(
                name="feed_file_received_once", fields=("layout", "sha256"), condition=Q(state="received")
            ),
            models.UniqueConstraint(
                name="feed_file_applied_once", fields=("layout", "sha256"), condition=Q(state="applied")
            ),
            models.UniqueConstraint(
                name="feed_file_sequence_once", fields=("layout", "seq"), condition=Q(state="applied")
            ),
        )


class RejectedRow(models.Model):
    """A row that did not land: why, and its content with the individual number blanked."""

    file = models.ForeignKey(FeedFile, on_delete=models.PROTECT)
    line = models.IntegerField()
    row_no = models.IntegerField()
    column = models.CharField(max_length=50)
    code = models.CharField(max_length=30)
    message = models.TextField()
    content = models.TextField()
    state = models.CharField(max_length=16, db_default="open")

    class Meta:
        db_table = WORKLIST.subject_table
        constraints = (
            states_constraint(WORKLIST.pairs, name="rejected_row_state"),
            models.UniqueConstraint(name="rejected_row_once", fields=("file", "row_no")),
        )
        indexes = (
            models.Index(name="rejected_row_open", fields=("file", "line"), condition=Q(state="open")),
        )


class RejectedRowTransition(Transition):
    """A step of a rejected row: resolved or dismissed, by whom, when and why."""

    subject = models.ForeignKey(RejectedRow, on_delete=models.PROTECT)

    class Meta:
        db_table = WORKLIST.history_table
        constraints = (pairs_constraint(WORKLIST.pairs, start=WORKLIST.start, name="rejected_row_steps"),)


class TransactionId(_TextField):
    """PostgreSQL's xid8: the number of the transaction that wrote a row."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - the signature is Django's
        """The column type."""
        return "xid8"


class Change(models.Model):
    """The facts of an already known addressee changed; a decision that was made before is stale."""

    addressee_id = models.BigIntegerField()
    source = models.CharField(max_length=20)
    what = models.CharField(max_length=50)
    xid = TransactionId(db_default=RawSQL("pg_current_xact_id()", ()))
    cluster = models.BigIntegerField(db_default=CLUSTER)
    recorded_at = models.DateTimeField(db_default=RawSQL("clock_timestamp()", ()))

    class Meta:
        db_table = "platform_change"
        indexes = (models.Index(name="change_of_addressee", fields=("addressee_id", "recorded_at")),)
