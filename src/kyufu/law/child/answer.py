"""The answer of an age band."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.decision import Outcome, Reason


class Answer(NamedTuple):
    """The answer of a band: outcome, class of benefit, and the reasons (more than one where evidence lacks)."""

    outcome: Outcome
    benefit_class: str | None
    reasons: tuple[Reason, ...]
