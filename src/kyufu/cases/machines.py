"""The two state machines of this module, bound to their tables."""

from __future__ import annotations

from kyufu.cases.states import APPLICATION_PAIRS, APPLICATION_START, CERTIFICATE_PAIRS, CERTIFICATE_START
from kyufu.platform.transitions import Machine

APPLICATIONS = Machine(
    subject_table="cases_application",
    history_table="cases_application_transition",
    start=frozenset(map(str, APPLICATION_START)),
    pairs={str(state): frozenset(map(str, after)) for state, after in APPLICATION_PAIRS.items()},
)
CERTIFICATES = Machine(
    subject_table="cases_certificate",
    history_table="cases_certificate_transition",
    start=frozenset(map(str, CERTIFICATE_START)),
    pairs={str(state): frozenset(map(str, after)) for state, after in CERTIFICATE_PAIRS.items()},
)
