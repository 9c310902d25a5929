"""Tables of the review of readings; those of the log itself are SQL (`tables_sql.py`), because they are partitioned."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from kyufu.audit.review_states import PAIRS, REVIEWS
from kyufu.platform.db import no_overlap
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint


class Review(models.Model):
    """The review of one recorded reading: why it was chosen, who read, and what came of it.

    The names are kept as text, so that the review outlives the record, whose retention (保存期間) ends earlier.
    """

    read_id = models.BigIntegerField()
    read_at = models.DateTimeField()
    reference = models.UUIDField(null=True)
    reader_id = models.CharField(max_length=50)
    reader_name = models.TextField()
    reader_office = models.TextField()
    score = models.IntegerField()
    signals = ArrayField(models.CharField(max_length=30))
    reasons = ArrayField(models.TextField())
    sample = models.CharField(max_length=40, db_default="")
    finding = models.CharField(max_length=12, null=True)
    state = models.CharField(max_length=10, db_default="open")

    class Meta:
        db_table = REVIEWS.subject_table
        constraints = (
            states_constraint(PAIRS, name="reading_review_state"),
            models.UniqueConstraint(name="reading_review_once", fields=("read_id", "read_at")),
            models.CheckConstraint(
                name="reading_review_finding",
                condition=Q(finding__isnull=True) | Q(finding__in=("justified", "unjustified")),
            ),
            models.CheckConstraint(
                name="reading_review_closed_with", condition=~Q(state="closed") | Q(finding__isnull=False)
            ),
        )
        indexes = (
            models.Index(name="reading_review_queue", fields=("-score", "id"), condition=~Q(state="closed")),
            models.Index(name="reading_review_reader", fields=("reader_id", "state")),
        )


class ReviewTransition(Transition):
    """A step of a review, by whom, when, and what was said (the reader's explanation, the reviewer's finding)."""

    subject = models.ForeignKey(Review, on_delete=models.PROTECT)

    class Meta:
        db_table = REVIEWS.history_table
        constraints = (
            pairs_constraint(PAIRS, start=REVIEWS.start, name="reading_review_steps"),
            models.CheckConstraint(name="reading_review_said", condition=~Q(why="")),
        )


class WatchedPerson(models.Model):
    """A person in the public eye (著名人など), whose readings are reviewed; the list is kept by the privacy staff."""

    addressee_id = models.BigIntegerField()
    valid = DateRangeField()
    reason = models.TextField()
    recorded_by = models.CharField(max_length=50)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "reading_watched_person"
        constraints = (no_overlap(name="reading_watched_once", key="addressee_id"),)
