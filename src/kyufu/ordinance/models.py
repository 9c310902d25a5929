"""Changes of parameters that a second person confirmed, and the estimates of what a proposed change would do."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q

from kyufu.law.parameters.entries import Certainty
from kyufu.staff.api import two_persons_constraint

RUNNING, DONE, FAILED = "running", "done", "failed"


class Change(models.Model):
    """One dated value that replaces another from a day on, append-only: what, from whom, confirmed by whom.

    The value stands in the column of its kind. The order of the ids is the order in which later ones win.
    """

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey("staff.Proposal", on_delete=models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    municipality = models.CharField(max_length=40)
    file = models.CharField(max_length=80)
    table_name = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    column_name = models.CharField(max_length=40)
    number_value = models.BigIntegerField(null=True)
    text_value = models.CharField(max_length=200, null=True)
    flag_value = models.BooleanField(null=True)
    valid = DateRangeField()
    source = models.CharField(max_length=400)
    certainty = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    proposed_by_id = models.CharField(max_length=20)
    proposed_by_name = models.CharField(max_length=100)
    proposed_by_office = models.CharField(max_length=100)
    proposed_at = models.DateTimeField()
    confirmed_by_id = models.CharField(max_length=20)
    confirmed_by_name = models.CharField(max_length=100)
    confirmed_by_office = models.CharField(max_length=100)
    confirmed_at = models.DateTimeField()

    class Meta:
        db_table = "ordinance_change"
        indexes = (models.Index(fields=["municipality", "id"], name="ordinance_change_order"),)
        constraints = (
            models.UniqueConstraint(name="ordinance_change_once", fields=["proposal", "position"]),
            two_persons_constraint(
                name="ordinance_change_two_persons", first="proposed_by_id", second="confirmed_by_id"
            ),
            models.CheckConstraint(
                name="ordinance_change_one_value",
                condition=Q(number_value__isnull=False, text_value__isnull=True, flag_value__isnull=True)
                | Q(number_value__isnull=True, text_value__isnull=False, flag_value__isnull=True)
                | Q(number_value__isnull=True, text_value__isnull=True, flag_value__isnull=False),
            ),
            models.CheckConstraint(
                name="ordinance_change_days",
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
            ),
            models.CheckConstraint(
                name="ordinance_change_certainty",
                condition=Q(certainty__in=sorted(map(str, Certainty))),
            ),
            models.CheckConstraint(name="ordinance_change_sourced", condition=~Q(source="") & ~Q(reason="")),
            models.CheckConstraint(
                name="ordinance_change_in_order", condition=Q(proposed_at__lte=F("confirmed_at"))
            ),
        )


class Estimate(models.Model):
    """影響試算: how many people a proposed change would give or take what; counts, and the cases they come from.

    It speaks for one base (hash of who was judged), one day, and the two versions of the parameters.
    """

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey("staff.Proposal", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8)
    judged_on = models.DateField()
    version_before = models.CharField(max_length=80)
    version_after = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    base_hash = models.CharField(max_length=64, db_default="")
    counts = models.JSONField(null=True)
    gaining = ArrayField(models.BigIntegerField(), db_default=[])
    losing = ArrayField(models.BigIntegerField(), db_default=[])

    class Meta:
        db_table = "ordinance_estimate"
        indexes = (models.Index(fields=["proposal", "-id"], name="ordinance_estimate_latest"),)
        constraints = (
            models.CheckConstraint(
                name="ordinance_estimate_states", condition=Q(state__in=[RUNNING, DONE, FAILED])
            ),
            models.CheckConstraint(
                name="ordinance_estimate_done",
                condition=Q(state=DONE, counts__isnull=False, ended_at__isnull=False) & ~Q(base_hash="")
                | Q(state=FAILED, counts__isnull=True, ended_at__isnull=False)
                | Q(state=RUNNING, counts__isnull=True, ended_at__isnull=True),
            ),
        )
