"""What other modules may use of cases.

Before printing: iterate `certificates_to_print`, `rejections_to_notify` or `losses_to_notify`, ask
`refuse_if_stale` for the decisions of the block, and read them with `decisions`.
"""

from __future__ import annotations

from kyufu.cases.about import (
    ApplicationTold,
    CertificateInHand,
    Standing,
    applications_told,
    certificate_by_id,
    certificate_digest,
    standing_of,
)
from kyufu.cases.blocks import BulkResult, Refusal
from kyufu.cases.desk import (
    CaseFile,
    CertificateSeen,
    GuardianSeen,
    application_by_id,
    applications_about,
    applications_in,
    case_file,
    certificates_of,
    children_of_number,
    decision_digest,
    identity_of,
    state_counts_in,
)
from kyufu.cases.effect import MOVE_LABELS, Effect
from kyufu.cases.filing import FiledGuardian, Filing
from kyufu.cases.identity import FORM_OF, IdentityCheck, IdentityDocument, NumberDocument, Seen, faults_of
from kyufu.cases.intake import LAYOUT as APPLICATION_LAYOUT
from kyufu.cases.noticed import OpenApplication, open_applications
from kyufu.cases.open_cases import persons_with_cases, receipt_numbers_of
from kyufu.cases.operations.approval import approve_application, approve_decided, send_back
from kyufu.cases.operations.bulk_reception import receive_applications
from kyufu.cases.operations.estimate import estimate_change, work_estimate
from kyufu.cases.operations.handover import HandoverFiling, hand_over_certificate
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
    misfit_of,
    receive_application,
    withdraw_application,
)
from kyufu.cases.operations.seen_acts import close_seen, issue_seen, judge_seen
from kyufu.cases.operations.seen_approval import approve_seen, send_back_seen
from kyufu.cases.operations.seen_certificate import recover_seen, void_seen
from kyufu.cases.papers import CasePaper, paper_of
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
    decided_facts,
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
    ApplicantKind,
    ApplicationState,
    CertificateState,
    ChangeItem,
    Channel,
    EntitlementEvent,
    HandoverWay,
    Kind,
    LossCause,
    ReissueCause,
    japanese,
    japanese_matter,
)
from kyufu.cases.statistics import ReasonCount, findings_by_reason, outcomes_by_reason
from kyufu.cases.tallies import NOT_ASKED, Entitled, Monthly, SubsidyMonth, Tallies, subsidy_months, tallies
from kyufu.cases.trial import gather_facts, judge_trial
from kyufu.cases.worklists import (
    ApplicationQuery,
    HandoverSeen,
    QueuedRow,
    WaitingCard,
    applications_to_approve,
    certificates_to_hand_over,
    find_applications,
    find_by_number,
    handovers_of,
)
from kyufu.platform.actors import Actor

__all__ = [
    "APPLICATION_LAYOUT",
    "FORM_OF",
    "MOVE_LABELS",
    "NOT_ASKED",
    "OPEN_STATES",
    "Actor",
    "ApplicantKind",
    "ApplicationQuery",
    "ApplicationRow",
    "ApplicationState",
    "ApplicationTold",
    "BulkResult",
    "CaseFile",
    "CasePaper",
    "CertificateInHand",
    "CertificateRow",
    "CertificateSeen",
    "CertificateState",
    "ChangeItem",
    "Channel",
    "Effect",
    "Entitled",
    "EntitlementEvent",
    "EntitlementRow",
    "FiledGuardian",
    "Filing",
    "GuardianSeen",
    "HandoverFiling",
    "HandoverSeen",
    "HandoverWay",
    "IdentityCheck",
    "IdentityDocument",
    "Kind",
    "LossCause",
    "LossRow",
    "Monthly",
    "NumberDocument",
    "OpenApplication",
    "OutcomeCount",
    "QueuedRow",
    "ReasonCount",
    "Refusal",
    "ReissueCause",
    "RejectionRow",
    "Seen",
    "StaleRow",
    "Standing",
    "StepRow",
    "SubsidyMonth",
    "Tallies",
    "UndecidedRow",
    "WaitingCard",
    "application_by_id",
    "application_by_number",
    "application_history",
    "applications",
    "applications_about",
    "applications_in",
    "applications_to_approve",
    "applications_told",
    "approve_application",
    "approve_decided",
    "approve_seen",
    "case_file",
    "certificate_by_id",
    "certificate_digest",
    "certificate_history",
    "certificates_of",
    "certificates_to_hand_over",
    "certificates_to_print",
    "children_of_number",
    "close_application",
    "close_seen",
    "complete_application",
    "decided_facts",
    "decision_digest",
    "decisions",
    "entitlements_of",
    "estimate_change",
    "faults_of",
    "find_applications",
    "find_by_number",
    "findings_by_reason",
    "gather_facts",
    "hand_over_certificate",
    "handovers_of",
    "identity_of",
    "is_stale",
    "issue_application",
    "issue_approved",
    "issue_seen",
    "japanese",
    "japanese_matter",
    "judge_application",
    "judge_pending",
    "judge_seen",
    "judge_stale",
    "judge_trial",
    "losses_to_notify",
    "misfit_of",
    "open_applications",
    "outcome_counts",
    "outcomes_by_reason",
    "paper_of",
    "payer_number",
    "persons_with_cases",
    "receipt_numbers_of",
    "receive_application",
    "receive_applications",
    "recover_certificate",
    "recover_seen",
    "refuse_if_stale",
    "rejections_to_notify",
    "send_back",
    "send_back_seen",
    "stale_decisions",
    "standing_of",
    "state_counts",
    "state_counts_in",
    "subsidy_months",
    "tallies",
    "undecided_to_notify",
    "void_certificate",
    "void_seen",
    "wards_in_charge",
    "withdraw_application",
    "work_estimate",
]
