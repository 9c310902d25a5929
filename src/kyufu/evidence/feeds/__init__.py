"""The feeds of evidence: tax, insurance, public assistance and other schemes.

A full file that leaves a fact out takes nothing away: only its sender's cancellation does.
"""

from __future__ import annotations

from kyufu.evidence.feeds.periods import assistance_feed, insurance_feed, schemes_feed
from kyufu.evidence.feeds.tax import tax_feed
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.feeds.feed import Feed


def evidence_feeds(*, insurer_check: CheckDigit) -> tuple[Feed, ...]:
    """All feeds of evidence; `insurer_check`: does a wrong check digit of an insurer reject the row."""
    return (tax_feed(), insurance_feed(check=insurer_check), assistance_feed(), schemes_feed())
