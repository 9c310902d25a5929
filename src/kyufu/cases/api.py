"""What other modules may use of cases.

Before printing: iterate `certificates_to_print`, `rejections_to_notify` or `losses_to_notify`, ask
`refuse_if_stale` for the decisions of the block, and read them with `decisions`.
"""

from __future__ import annotations

from kyufu.cases.blocks import BulkResult, Refusal
from kyufu.cases.certificates import (
    CertificateListed,
    MonthTotal,
    certificate_listed,
    certificate_totals,
    certificates_in,
)
from kyufu.cases.desk import (
    CaseFile,
    CertificateSeen,
    GuardianSeen,
    application_by_id,
    applications_about,
    applications_in,
    case_file,
    certificates_of,
    decision_digest,
    state_counts_in,
)
from kyufu.cases.filing import FiledGuardian, Filing
from kyufu.cases.identity import IdentityCheck, IdentityDocument, NumberDocument, Seen
from kyufu.cases.intake import LAYOUT as APPLICATION_LAYOUT
from kyufu.cases.open_cases import persons_with_cases, receipt_numbers_of
from kyufu.cases.operations.approval import approve_application, approve_decided, send_back
from kyufu.cases.operations.bulk_reception import receive_applications
from kyufu.cases.operations.issue import (
    issue_application,
    issue_approved,
    recover_certificate,
    void_certificate,
)
from kyufu.cases.operations.judgement import judge_application, judge_pending, judge_stale
from kyufu.cases.operations.reception import (
    close_application,
    complete_application,
    receive_application,
    withdraw_application,
)
from kyufu.cases.operations.seen_approval import approve_seen, send_back_seen
from kyufu.cases.payer import payer_number
from kyufu.cases.queries import (
    ApplicationRow,
    CertificateRow,
    EntitlementRow,
    LossRow,
    OutcomeCount,
    RejectionRow,
    StepRow,
    UndecidedRow,
    outcome_counts,
    state_counts,
    wards_in_charge,
)
from kyufu.cases.reads import (
    application_by_number,
    application_history,
    applications,
    certificate_history,
    certificates_to_print,
    decisions,
    entitlements_of,
    losses_to_notify,
    rejections_to_notify,
    stale_decisions,
    undecided_to_notify,
)
from kyufu.cases.staleness import StaleRow, is_stale, refuse_if_stale
from kyufu.cases.states import (
    OPEN_STATES,
    ApplicationState,
    CertificateState,
    ChangeItem,
    Channel,
    EntitlementEvent,
    Kind,
    LossCause,
    ReissueCause,
    japanese,
    japanese_matter,
)
from kyufu.cases.statistics import ReasonCount, findings_by_reason, outcomes_by_reason
from kyufu.cases.backlog import (
    ReasonTotal,
    UndecidedSeen,
    UnrecoveredSeen,
    count_letters,
    count_pending,
    count_to_issue,
    count_to_judge_again,
    count_unrecovered,
    guardians_in_open_cases,
    undecided_by_reason,
    undecided_in,
    unrecovered_in,
)
from kyufu.platform.actors import Actor

__all__ = [
    "APPLICATION_LAYOUT",
    "OPEN_STATES",
    "Actor",
    "ApplicationRow",
    "ApplicationState",
    "BulkResult",
    "CaseFile",
    "CertificateListed",
    "CertificateRow",
    "CertificateSeen",
    "CertificateState",
    "ChangeItem",
    "Channel",
    "EntitlementEvent",
    "EntitlementRow",
    "FiledGuardian",
    "Filing",
    "GuardianSeen",
    "IdentityCheck",
    "IdentityDocument",
    "Kind",
    "LossCause",
    "LossRow",
    "MonthTotal",
    "NumberDocument",
    "OutcomeCount",
    "ReasonCount",
    "ReasonTotal",
    "Refusal",
    "ReissueCause",
    "RejectionRow",
    "Seen",
    "StaleRow",
    "StepRow",
    "UndecidedRow",
    "UndecidedSeen",
    "UnrecoveredSeen",
    "application_by_id",
    "application_by_number",
    "application_history",
    "applications",
    "applications_about",
    "applications_in",
    "approve_application",
    "approve_decided",
    "approve_seen",
    "case_file",
    "certificate_listed",
    "certificate_history",
    "certificate_totals",
    "certificates_in",
    "certificates_of",
    "certificates_to_print",
    "close_application",
    "complete_application",
    "count_letters",
    "count_pending",
    "count_to_issue",
    "count_to_judge_again",
    "count_unrecovered",
    "decision_digest",
    "decisions",
    "entitlements_of",
    "findings_by_reason",
    "guardians_in_open_cases",
    "is_stale",
    "issue_application",
    "issue_approved",
    "japanese",
    "japanese_matter",
    "judge_application",
    "judge_pending",
    "judge_stale",
    "losses_to_notify",
    "outcome_counts",
    "outcomes_by_reason",
    "payer_number",
    "persons_with_cases",
    "receipt_numbers_of",
    "receive_application",
    "receive_applications",
    "recover_certificate",
    "refuse_if_stale",
    "rejections_to_notify",
    "send_back",
    "send_back_seen",
    "stale_decisions",
    "state_counts",
    "state_counts_in",
    "undecided_by_reason",
    "undecided_in",
    "undecided_to_notify",
    "unrecovered_in",
    "void_certificate",
    "wards_in_charge",
    "withdraw_application",
]
