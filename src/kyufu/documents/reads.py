"""The public reads of the print ledger that are about a person: each notes whose data it gave (DESIGN, promise 8)."""

from __future__ import annotations

from kyufu.audit.api import notes_asked
from kyufu.documents import queries

PRINTED = "印刷した帳票の経過"

pages_to = notes_asked(queries.pages_to, what=PRINTED, whose=lambda addressee_id: (addressee_id,))
