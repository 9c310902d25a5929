"""Corrections of past decisions that two persons approved (過去の決定の訂正): what a guardian is told of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.staff.api import two_persons_constraint


class Correction(models.Model):
    """A child for whom a corrected rule gives more than was decided; `source` is the replay that found it.

    It changes no entitlement: it invites the guardian to apply for what was paid. Stands as written.
    """

    id = models.BigAutoField(primary_key=True)
    child_id = models.BigIntegerField(db_index=True)
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.IntegerField()
    found_by = models.CharField(max_length=20)
    approved_by = models.CharField(max_length=20)
    approved_by_name = models.CharField(max_length=100)
    approved_by_office = models.CharField(max_length=100)
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "cases_correction"
        constraints = (
            models.UniqueConstraint(name="cases_correction_once", fields=("source", "child_id")),
            two_persons_constraint(
                name="cases_correction_two_persons", first="found_by", second="approved_by"
            ),
        )


class CorrectionPart(models.Model):
    """Days for which it gives more: the class that was held and the one that should have been (NULL: none)."""

    id = models.BigAutoField(primary_key=True)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    was_class = models.CharField(max_length=40, null=True)
    now_class = models.CharField(max_length=40)

    class Meta:
        db_table = "cases_correction_part"
        constraints = (
            models.UniqueConstraint(name="cases_correction_part_once", fields=("correction", "since")),
            models.CheckConstraint(
                name="cases_correction_part_days", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        )
