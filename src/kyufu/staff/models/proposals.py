"""Proposals that take effect when a second person has seen and confirmed the same content (二人確認)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.staff.states import PROPOSAL_PAIRS, PROPOSALS
from kyufu.staff.two_persons import two_persons_constraint


class Proposal(models.Model):
    """What one person proposes: canonical JSON and its SHA-256; it never holds personal data in clear."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=100)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16)
    proposed_by_id = models.CharField(max_length=20)
    proposed_by_name = models.CharField(max_length=100)
    proposed_by_office = models.CharField(max_length=100)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by_id = models.CharField(max_length=20, null=True)
    confirmed_by_name = models.CharField(max_length=100)
    confirmed_by_office = models.CharField(max_length=100)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = PROPOSALS.subject_table
        constraints = (
            states_constraint(PROPOSAL_PAIRS, name="staff_proposal_states"),
            two_persons_constraint(
                name="staff_proposal_two_persons", first="proposed_by_id", second="confirmed_by_id"
            ),
            models.CheckConstraint(
                name="staff_proposal_confirmed",
                condition=~Q(state="confirmed")
                | Q(confirmed_by_id__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="staff_proposal_in_time",
                condition=Q(proposed_at__lt=F("expires_at"))
                & (Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=F("expires_at"))),
            ),
            models.UniqueConstraint(
                name="staff_proposal_one_open", fields=("kind", "subject"), condition=Q(state="proposed")
            ),
        )


class ProposalTransition(Transition):
    """Proposed, confirmed, refused, withdrawn or lapsed: by whom, when and why."""

    subject = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = PROPOSALS.history_table
        constraints = (pairs_constraint(PROPOSAL_PAIRS, start=PROPOSALS.start, name="staff_proposal_steps"),)
