"""What is noticed before an application is received: those of the same children that are still open, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.queries import fetch
from kyufu.cases.states import OPEN_STATES

_OPEN = """
SELECT a.id, a.number, a.kind, a.matter, a.state, a.ward_code, a.child_id, a.received_on,
       t.actor_name, t.actor_office, t.at
  FROM cases_application a
  JOIN cases_application_transition t ON t.subject_id = a.id AND t.from_state IS NULL
 WHERE a.child_id = ANY(%(ids)s) AND a.state = ANY(%(open)s)
 ORDER BY a.id
"""


class OpenApplication(NamedTuple):
    """An application that is not settled yet, with who received it (受付者) and when."""

    application_id: int
    number: str
    kind: str
    matter: str
    state: str
    ward_code: str
    child_id: int
    received_on: date
    clerk_name: str
    clerk_office: str
    received_at: datetime


def open_applications(child_ids: Collection[int]) -> tuple[OpenApplication, ...]:
    """The applications of the children that are still open, in the order of their receipt."""
    rows = fetch(_OPEN, {"ids": list(child_ids), "open": sorted(map(str, OPEN_STATES))})
    note_read(child_ids, what="処理中の申請の有無")
    return tuple(OpenApplication(*row) for row in rows)
