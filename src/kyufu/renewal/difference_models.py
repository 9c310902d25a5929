"""What was found beyond the lists: days of past decisions that differ, and losses whose reason began before."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.law.child.differing import Effect


class Difference(models.Model):
    """Days for which a replay answers otherwise than was decided; stands as written.

    `was_class` is what was held, `now_class` what the corrected rule gives (NULL: none).
    """

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey("renewal.Renewal", on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    application_id = models.BigIntegerField()
    replayed_id = models.BigIntegerField()
    ward_code = models.CharField(max_length=6)
    since = models.DateField()
    until = models.DateField(null=True)
    was_class = models.CharField(max_length=40, null=True)
    now_class = models.CharField(max_length=40, null=True)
    effect = models.CharField(max_length=10)

    class Meta:
        db_table = "renewal_difference"
        constraints = (
            models.UniqueConstraint(name="renewal_difference_once", fields=("renewal", "replayed_id", "since")),
            models.CheckConstraint(
                name="renewal_difference_effect", condition=Q(effect__in=sorted(map(str, Effect)))
            ),
            models.CheckConstraint(
                name="renewal_difference_days", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="renewal_difference_differs",
                condition=Q(was_class__isnull=False, now_class__isnull=True)
                | Q(was_class__isnull=True, now_class__isnull=False)
                | Q(was_class__isnull=False, now_class__isnull=False) & ~Q(was_class=F("now_class")),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["renewal", "effect", "id"], name="renewal_difference_list"),)


class EarlyLoss(models.Model):
    """A child of a renewal's losses whose reason began before the day that it is judged for; stands as written."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey("renewal.Renewal", on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    application_id = models.BigIntegerField()
    ward_code = models.CharField(max_length=6)
    reason_code = models.CharField(max_length=60)
    judged_for = models.DateField()
    began_on = models.DateField()

    class Meta:
        db_table = "renewal_early_loss"
        constraints = (
            models.UniqueConstraint(name="renewal_early_loss_once", fields=("renewal", "child_id")),
            models.CheckConstraint(
                name="renewal_early_loss_before", condition=Q(began_on__lt=F("judged_for"))
            ),
        )
