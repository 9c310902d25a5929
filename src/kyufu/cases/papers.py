"""Which document hangs on an application as it stands: certificate, rejection, request for papers, or loss."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.queries import fetch

PAPER = "申請から出る証・通知"


class CasePaper(NamedTuple):
    """A document of an application: its kind as documents know it, its subject, and the decision it stands on."""

    kind: str
    subject_id: int
    decision_id: int
    child_id: int
    guardian_id: int


_PAPERS = """
SELECT x.kind, x.subject_id, x.decision_id, a.child_id, g.addressee_id
  FROM cases_application a
  JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
  JOIN LATERAL (
    SELECT 1 AS place, 'certificate' AS kind, c.id AS subject_id, c.decision_id
      FROM cases_certificate c WHERE c.application_id = a.id AND c.state = 'issued'
    UNION ALL SELECT 2, 'rejection', a.id, a.decision_id WHERE a.state = 'rejected'
    UNION ALL SELECT 3, 'missing_facts', d.id, d.id FROM cases_decision d
      WHERE d.id = a.decision_id AND a.state = 'undecided' AND d.outcome = 'cannot_decide'
    UNION ALL SELECT 4, 'loss', e.id, e.decision_id FROM cases_entitlement_change e
      JOIN cases_decision d ON d.id = e.decision_id WHERE d.application_id = a.id AND e.event = 'lost'
  ) x ON TRUE
 WHERE a.id = %(id)s ORDER BY x.place, x.subject_id DESC LIMIT 1"""


def paper_of(application_id: int) -> CasePaper | None:
    """The document that an application as it stands gives rise to, the latest where there are several; or None."""
    rows = fetch(_PAPERS, {"id": application_id})
    if not rows:
        return None
    found = CasePaper(*rows[0])
    note_read({found.child_id, found.guardian_id}, what=PAPER)
    return found
