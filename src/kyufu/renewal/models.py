"""The tables of renewals: the run, who is in its base, its blocks, the answers, and what was done with each."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Abs, Coalesce
from django.db.models.lookups import GreaterThan

from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.renewal.difference_models import Difference, EarlyLoss  # noqa: F401 - Django looks for tables here
from kyufu.renewal.states import (
    OPEN_STATES,
    PLANNABLE,
    RENEWALS,
    SCHEDULES,
    LeftOut,
    Measure,
    RenewalKind,
    RenewalState,
    ScheduleState,
    Sorted,
)
from kyufu.staff.api import two_persons_constraint

LAST_MONTH, LAST_DAY, LONGEST = 12, 28, 365
OPEN = Q(state__in=sorted(map(str, OPEN_STATES)), is_trial=False)


def _one_of(column: str, *, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{column}__in": sorted(map(str, values))}))


class Renewal(models.Model):
    """A renewal (更新処理): what was planned, the frozen base in numbers and as a hash, and who approved.

    `on` is the first day of the window and `until` the first day after it; `known_at` the moment as of which facts
    are read, `snapshot` what the database had finished when the base was frozen.
    """

    kind = models.CharField(max_length=12)
    municipality = models.CharField(max_length=40)
    on = models.DateField()
    until = models.DateField()
    issued_on = models.DateField(null=True)
    is_trial = models.BooleanField()
    state = models.CharField(max_length=16, db_default=str(RenewalState.PLANNED))
    planned_by = models.CharField(max_length=20)
    planned_by_name = models.CharField(max_length=100)
    planned_by_office = models.CharField(max_length=100)
    planned_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    snapshot = models.TextField(db_default="")
    base_count = models.IntegerField(null=True)
    in_count = models.IntegerField(null=True)
    left_out_count = models.IntegerField(null=True)
    base_hash = models.CharField(max_length=64, db_default="")
    parameter_version = models.CharField(max_length=80, db_default="")
    approved_by = models.CharField(max_length=20, null=True)
    approved_by_name = models.CharField(max_length=100, db_default="")
    approved_by_office = models.CharField(max_length=100, db_default="")
    approved_at = models.DateTimeField(null=True)
    approved_why = models.TextField(db_default="")
    effected_count = models.IntegerField(null=True)
    refused_count = models.IntegerField(null=True)
    matched_count = models.IntegerField(null=True)

    class Meta:
        db_table = RENEWALS.subject_table
        constraints = (
            states_constraint(RENEWALS.pairs, name="renewal_state"),
            _one_of("kind", values=RenewalKind, name="renewal_kind"),
            models.CheckConstraint(name="renewal_window", condition=Q(on__lt=F("until"))),
            models.CheckConstraint(
                name="renewal_everyone_accounted",
                condition=Q(base_count__isnull=True, in_count__isnull=True, left_out_count__isnull=True)
                | Q(
                    base_count__isnull=False, in_count__isnull=False, left_out_count__isnull=False,
                    base_count=F("in_count") + F("left_out_count"),
                ),
            ),
            models.CheckConstraint(
                name="renewal_effect_accounted",
                condition=Q(effected_count__isnull=True, refused_count__isnull=True)
                | Q(
                    effected_count__isnull=False, refused_count__isnull=False,
                    in_count=F("effected_count") + F("refused_count"),
                ),
            ),
            models.CheckConstraint(
                name="renewal_approved_before_effect",
                condition=~Q(state__in=["approved", "effecting", "effected"])
                | Q(approved_by__isnull=False, is_trial=False),
            ),
            two_persons_constraint(name="renewal_two_persons", first="planned_by", second="approved_by"),
            models.UniqueConstraint(name="renewal_one_open", fields=("kind", "on"), condition=OPEN),
        )  # fmt: skip


class RenewalTransition(Transition):
    """A step of a renewal: by whom, when and why."""

    subject = models.ForeignKey(Renewal, on_delete=models.PROTECT)

    class Meta:
        db_table = RENEWALS.history_table
        constraints = (pairs_constraint(RENEWALS.pairs, start=RENEWALS.start, name="renewal_steps"),)


class Block(models.Model):
    """A block of members, which is judged in one transaction and takes effect in another: the unit of resume."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    members = models.IntegerField()
    judged_at = models.DateTimeField(null=True)
    effected_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "renewal_block"
        constraints = (
            models.UniqueConstraint(name="renewal_block_once", fields=("renewal", "number")),
            models.CheckConstraint(
                name="renewal_block_order", condition=Q(effected_at__isnull=True) | Q(judged_at__isnull=False)
            ),
        )


class Member(models.Model):
    """A child of the frozen base, in the run (with its block) or left out with a reason; stands as written."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    application_id = models.BigIntegerField(null=True)
    decision_id = models.BigIntegerField(null=True)
    ward_code = models.CharField(max_length=6)
    is_entitled = models.BooleanField()
    is_resident = models.BooleanField()
    has_applied = models.BooleanField()
    judged_for = models.DateField(null=True)
    was_class = models.CharField(max_length=40, null=True)
    was_until = models.DateField(null=True)
    left_out = models.CharField(max_length=16, null=True)
    block = models.IntegerField(null=True)

    class Meta:
        db_table = "renewal_member"
        constraints = (
            models.UniqueConstraint(name="renewal_member_once", fields=("renewal", "child_id")),
            models.CheckConstraint(
                name="renewal_member_in_or_out",
                condition=Q(left_out__isnull=True, block__isnull=False, application_id__isnull=False)
                | Q(left_out__isnull=False, block__isnull=True),
            ),
            models.CheckConstraint(
                name="renewal_member_in_base",
                condition=Q(is_entitled=True) | Q(is_resident=True) | Q(has_applied=True),
            ),
            models.CheckConstraint(
                name="renewal_member_reason",
                condition=Q(left_out__isnull=True) | Q(left_out__in=sorted(map(str, LeftOut))),
            ),
        )
        indexes = (
            models.Index(fields=["renewal", "block", "child_id"], name="renewal_member_block"),
            models.Index(
                fields=["renewal", "left_out", "id"], name="renewal_member_left_out",
                condition=Q(left_out__isnull=False),
            ),
        )  # fmt: skip


class Result(models.Model):
    """The law's answer for a member; `part` counts the decisions of a replay, and is 0 otherwise.

    Stands as written: what was done with it is an effect.
    """

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    part = models.SmallIntegerField()
    application_id = models.BigIntegerField()
    replayed_id = models.BigIntegerField(null=True)
    ward_code = models.CharField(max_length=6)
    block = models.IntegerField()
    judged_for = models.DateField()
    sorted = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=60)
    wants_card = models.BooleanField()
    was_class = models.CharField(max_length=40, null=True)
    scheme = models.CharField(max_length=40)
    outcome = models.CharField(max_length=16)
    valid = DateRangeField(null=True)
    benefit_class = models.CharField(max_length=40, null=True)
    issues_certificate = models.BooleanField(null=True)
    reason_codes = ArrayField(models.CharField(max_length=60))
    parameter_version = models.CharField(max_length=80)
    facts_hash = models.CharField(max_length=80)
    facts = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "renewal_result"
        constraints = (
            models.UniqueConstraint(name="renewal_result_once", fields=("renewal", "child_id", "part")),
            _one_of("sorted", values=Sorted, name="renewal_result_sorted"),
        )
        indexes = (
            models.Index(fields=["renewal", "sorted", "id"], name="renewal_result_list"),
            models.Index(fields=["renewal", "block"], name="renewal_result_block"),
        )


class Outcome(models.Model):
    """What was done with a member: the decision it became, or why it was left as it was; stands as written."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    decision_id = models.BigIntegerField(null=True, db_index=True)
    refusal = models.CharField(max_length=12)

    class Meta:
        db_table = "renewal_outcome"
        constraints = (
            models.UniqueConstraint(name="renewal_outcome_once", fields=("renewal", "child_id")),
            models.CheckConstraint(
                name="renewal_outcome_or_refusal",
                condition=Q(decision_id__isnull=False, refusal="")
                | Q(decision_id__isnull=True) & ~Q(refusal=""),
            ),
        )


class Found(models.Model):
    """A difference that the renewal's matching with the register found (突合の食い違い); stands as written."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    child_id = models.BigIntegerField(db_index=True)
    mismatch_id = models.BigIntegerField()

    class Meta:
        db_table = "renewal_found"
        constraints = (models.UniqueConstraint(name="renewal_found_once", fields=("renewal", "mismatch_id")),)


class Tie(models.Model):
    """How a kind of document ties after printing: due to this renewal, printed, left out by the print with a reason."""

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    document = models.CharField(max_length=20)
    due = models.IntegerField()
    printed = models.IntegerField()
    left_out = models.IntegerField()
    pages = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "renewal_tie"
        constraints = (
            models.UniqueConstraint(name="renewal_tie_once", fields=("renewal", "document")),
            models.CheckConstraint(
                name="renewal_tie_ties",
                condition=Q(due=F("printed") + F("left_out")) & Q(pages__gte=F("printed")),
            ),
        )


class Expectation(models.Model):
    """What a judged renewal gave beside what was expected, in tenths of a percent; stands as written.

    `reference` is the share of the last time (NULL: there was none; nothing is outside), of those left out 0.
    """

    id = models.BigAutoField(primary_key=True)
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, db_index=False)
    measure = models.CharField(max_length=12)
    former = models.ForeignKey(
        Renewal, on_delete=models.PROTECT, null=True, db_index=False, related_name="later_expectations"
    )
    found = models.IntegerField()
    reference = models.IntegerField(null=True)
    allowed = models.IntegerField()
    is_outside = models.GeneratedField(
        expression=Coalesce(GreaterThan(Abs(F("found") - F("reference")), F("allowed")), Value(False)),
        output_field=models.BooleanField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        db_table = "renewal_expectation"
        constraints = (
            models.UniqueConstraint(name="renewal_expectation_once", fields=("renewal", "measure")),
            _one_of("measure", values=Measure, name="renewal_expectation_measure"),
        )


class Schedule(models.Model):
    """A renewal of the calendar, proposed by one person and confirmed by another; another one replaces it.

    The first day is `day` of `month` (NULL: of every month); it is planned `lead_days` before, and the day of issue
    lies `issue_days` before it. `judges`: the base is frozen and judged at once. `trouble` is why it could not be
    planned when it was last tried.
    """

    kind = models.CharField(max_length=12)
    month = models.SmallIntegerField(null=True)
    day = models.SmallIntegerField()
    lead_days = models.SmallIntegerField()
    issue_days = models.SmallIntegerField()
    judges = models.BooleanField()
    why = models.TextField()
    state = models.CharField(max_length=16, db_default=str(ScheduleState.PROPOSED))
    proposed_account = models.BigIntegerField()
    proposed_by = models.CharField(max_length=20)
    proposed_by_name = models.CharField(max_length=100)
    proposed_by_office = models.CharField(max_length=100)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=20, null=True)
    confirmed_by_name = models.CharField(max_length=100, db_default="")
    confirmed_by_office = models.CharField(max_length=100, db_default="")
    confirmed_at = models.DateTimeField(null=True)
    trouble = models.TextField(db_default="")

    class Meta:
        db_table = SCHEDULES.subject_table
        constraints = (
            states_constraint(SCHEDULES.pairs, name="renewal_schedule_state"),
            models.CheckConstraint(
                name="renewal_schedule_kind", condition=Q(kind__in=sorted(map(str, PLANNABLE)))
            ),
            models.CheckConstraint(
                name="renewal_schedule_days",
                condition=Q(day__range=(1, LAST_DAY), lead_days__range=(0, LONGEST), issue_days__gte=0)
                & Q(issue_days__lte=F("lead_days")),
            ),
            models.CheckConstraint(
                name="renewal_schedule_month",
                condition=Q(month__isnull=False, month__range=(1, LAST_MONTH))
                | Q(month__isnull=True) & ~Q(kind=str(RenewalKind.YEARLY)),
            ),
            models.CheckConstraint(
                name="renewal_schedule_confirmed",
                condition=~Q(state=str(ScheduleState.ACTIVE))
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            two_persons_constraint(
                name="renewal_schedule_two_persons", first="proposed_by", second="confirmed_by"
            ),
            models.UniqueConstraint(
                name="renewal_schedule_one_active", fields=("kind",), condition=Q(state=str(ScheduleState.ACTIVE))
            ),
        )  # fmt: skip


class ScheduleTransition(Transition):
    """A step of a schedule: by whom, when and why."""

    subject = models.ForeignKey(Schedule, on_delete=models.PROTECT)

    class Meta:
        db_table = SCHEDULES.history_table
        constraints = (
            pairs_constraint(SCHEDULES.pairs, start=SCHEDULES.start, name="renewal_schedule_steps"),
        )


class Occasion(models.Model):
    """A first day of a schedule that was taken care of, once: by which renewal, and how many days late."""

    id = models.BigAutoField(primary_key=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, db_index=False)
    on = models.DateField()
    due_on = models.DateField()
    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT)
    by_hand = models.BooleanField()
    planned_at = models.DateTimeField()
    late_days = models.IntegerField()
    judging_asked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "renewal_occasion"
        constraints = (
            models.UniqueConstraint(name="renewal_occasion_once", fields=("schedule", "on")),
            models.CheckConstraint(name="renewal_occasion_not_early", condition=Q(late_days__gte=0)),
        )
