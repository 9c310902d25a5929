"""The tables of runs: what was asked for and how far it is, what it left undone, and the workers that are alive."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.runs.states import OPEN_STATES, RUNS, RunState


class Worker(models.Model):
    """A worker (処理係) at work: on which machine, and when it was last heard of."""

    name = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "runs_worker"


class Run(models.Model):
    """A run (一括処理): its kind, what it was told, who answers for it, and how far the present attempt is.

    `arguments` are the days and codes that were typed, never anything about a person; `outcome` are labelled counts.
    """

    kind = models.CharField(max_length=40)
    arguments = models.JSONField()
    account_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=20)
    asked_by_name = models.CharField(max_length=100)
    asked_by_office = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, db_default=str(RunState.WAITING))
    attempt = models.IntegerField(db_default=0)
    worker_id = models.BigIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(db_default=0)
    total = models.BigIntegerField(db_default=0)
    outcome = models.JSONField(default=dict)
    message = models.TextField(db_default="")
    remedy = models.TextField(db_default="")

    class Meta:
        db_table = RUNS.subject_table
        constraints = (
            states_constraint(RUNS.pairs, name="run_state"),
            models.UniqueConstraint(
                name="run_one_of_a_kind",
                fields=("kind",),
                condition=Q(state__in=sorted(map(str, OPEN_STATES))),
            ),
            models.CheckConstraint(
                name="run_progress_in_bounds", condition=Q(done__gte=0) & Q(done__lte=F("total"))
            ),
            models.CheckConstraint(name="run_has_asker", condition=~Q(asked_by="")),
        )


class RunTransition(Transition):
    """A step of a run: started, taken up, ended, cancelled or resumed, by whom and why."""

    subject = models.ForeignKey(Run, on_delete=models.PROTECT)

    class Meta:
        db_table = RUNS.history_table
        constraints = (pairs_constraint(RUNS.pairs, start=RUNS.start, name="run_steps"),)


class RunRefusal(models.Model):
    """A case that the present attempt of a run left as it was: its receipt number, and why in words."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    application_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    reason = models.TextField()

    class Meta:
        db_table = "runs_refusal"
