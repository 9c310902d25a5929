"""The public reads of cases: each notes whose data it gave and which (DESIGN, promise 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kyufu.audit.api import notes_asked, notes_found, notes_streamed, the_same
from kyufu.cases import queries, staleness
from kyufu.cases.queries import CertificateRow, LossRow, RejectionRow, UndecidedRow, fetch

CERTIFICATE = "医療証の記載事項"
REJECTION = "却下の通知の対象"
LOSS = "資格喪失の通知の対象"
UNDECIDED = "確認書類の依頼の対象"
DECISION = "決定の内容と判定に用いた事実"
APPLICATIONS = "申請の一覧"
APPLICATION = "申請の内容"
HISTORY = "申請の経過"
CERTIFICATE_HISTORY = "医療証の発行履歴"
ENTITLEMENTS = "資格の期間と区分"
STALE = "判定のあとに変わった事実"


def _child_and_guardian(row: CertificateRow | LossRow | RejectionRow | UndecidedRow) -> tuple[int, int]:
    return row.child_id, row.guardian_id


def _subjects_of(decision_ids: Collection[int]) -> list[int]:
    statement = "SELECT DISTINCT addressee_id FROM cases_decision_subject WHERE decision_id = ANY(%(ids)s)"
    return [row[0] for row in fetch(statement, {"ids": list(decision_ids)})]


def _children_of(application_ids: Iterable[int]) -> list[int]:
    statement = "SELECT DISTINCT child_id FROM cases_application WHERE id = ANY(%(ids)s)"
    return [row[0] for row in fetch(statement, {"ids": list(application_ids)})]


def _child_on(certificate_id: int) -> list[int]:
    statement = "SELECT child_id FROM cases_certificate WHERE id = %(id)s"
    return [row[0] for row in fetch(statement, {"id": certificate_id})]


certificates_to_print = notes_streamed(
    queries.certificates_to_print, what=CERTIFICATE, whose=_child_and_guardian
)
rejections_to_notify = notes_streamed(queries.rejections_to_notify, what=REJECTION, whose=_child_and_guardian)
losses_to_notify = notes_streamed(queries.losses_to_notify, what=LOSS, whose=_child_and_guardian)
undecided_to_notify = notes_streamed(queries.undecided_to_notify, what=UNDECIDED, whose=_child_and_guardian)
decisions = notes_asked(queries.decisions, what=DECISION, whose=_subjects_of)
decided_facts = notes_asked(queries.decided_facts, what=DECISION, whose=_subjects_of)
applications = notes_found(
    queries.applications, what=APPLICATIONS, whose=lambda rows: [row.child_id for row in rows]
)
application_by_number = notes_found(
    queries.application_by_number, what=APPLICATION, whose=lambda row: [row.child_id]
)
application_history = notes_asked(
    queries.application_history, what=HISTORY, whose=lambda application_id: _children_of([application_id])
)
certificate_history = notes_asked(queries.certificate_history, what=CERTIFICATE_HISTORY, whose=_child_on)
entitlements_of = notes_asked(queries.entitlements_of, what=ENTITLEMENTS, whose=the_same)
stale_decisions = notes_found(
    staleness.stale_decisions, what=STALE, whose=lambda rows: _children_of(row.application_id for row in rows)
)
