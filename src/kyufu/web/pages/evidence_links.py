"""The way from a person's page to the entry of evidence."""

from __future__ import annotations

from kyufu.staff.api import AccountKind, Function, Level, Scheme
from kyufu.web.screens import StaffRequest


def evidence_links(request: StaffRequest) -> dict[str, bool]:
    """What a page with a `ticket` needs for `pages/parts/evidence_entry_links.html`."""
    may = request.rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD)
    return {"may_enter_evidence": may and request.rights.kind is not AccountKind.CONTRACTOR}
