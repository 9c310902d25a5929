"""What other modules may use of cases.

Before printing: iterate `certificates_to_print`, `rejections_to_notify` or `losses_to_notify`, ask
`refuse_if_stale` for the decisions of the block, and read them with `decisions`.
"""

from __future__ import annotations

from kyufu.cases.queries import (
    ApplicationRow,
    CertificateRow,
    EntitlementRow,
    LossRow,
    OutcomeCount,
    RejectionRow,
    StepRow,
    UndecidedRow,
    application_by_number,
    application_history,
    applications,
    certificate_history,
    certificates_to_print,
    decisions,
    entitlements_of,
    losses_to_notify,
    outcome_counts,
    rejections_to_notify,
    state_counts,
    undecided_to_notify,
)
from kyufu.cases.staleness import StaleRow, is_stale, refuse_if_stale, stale_decisions
from kyufu.platform.actors import Actor

__all__ = [
    "Actor",
    "ApplicationRow",
    "CertificateRow",
    "EntitlementRow",
    "LossRow",
    "OutcomeCount",
    "RejectionRow",
    "StaleRow",
    "StepRow",
    "UndecidedRow",
    "application_by_number",
    "application_history",
    "applications",
    "certificate_history",
    "certificates_to_print",
    "decisions",
    "entitlements_of",
    "is_stale",
    "losses_to_notify",
    "outcome_counts",
    "refuse_if_stale",
    "rejections_to_notify",
    "stale_decisions",
    "state_counts",
    "undecided_to_notify",
]
