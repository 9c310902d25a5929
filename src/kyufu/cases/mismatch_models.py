"""Differences between what was told and what register and evidence tell (食い違い), as a worklist with its history."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kyufu.cases.mismatch_kinds import MISMATCHES, MismatchKind
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint


class Mismatch(models.Model):
    """A difference that a guardian is to report: kind and day, no name and no place.

    `decision_id` is the decision by which the item was last told, `mark` what tells one change from another; the same
    difference is one row, whatever becomes of it, so that nothing is written about it twice.
    """

    id = models.BigAutoField(primary_key=True)
    child_id = models.BigIntegerField()
    guardian_id = models.BigIntegerField()
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=60)
    since = models.DateField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=16, db_default="open")

    class Meta:
        db_table = MISMATCHES.subject_table
        constraints = (
            states_constraint(MISMATCHES.pairs, name="cases_mismatch_states"),
            models.UniqueConstraint(
                name="cases_mismatch_once", fields=("child_id", "kind", "decision", "mark")
            ),
            models.CheckConstraint(
                name="cases_mismatch_kind", condition=Q(kind__in=sorted(map(str, MismatchKind)))
            ),
        )
        indexes = (models.Index(name="cases_mismatch_open", fields=("id",), condition=Q(state="open")),)


class MismatchTransition(Transition):
    """A step of a difference: who, when and why."""

    subject = models.ForeignKey(Mismatch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = MISMATCHES.history_table
        constraints = (
            pairs_constraint(MISMATCHES.pairs, start=MISMATCHES.start, name="cases_mismatch_steps"),
        )
