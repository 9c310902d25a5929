"""A trial computation (試算) for the counter: what a household would pay, in all, a month, and when."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.decision import Reason
from kyufu.law.kokuho.answer import Answer, distinct
from kyufu.law.kokuho.premium.assessment import assess
from kyufu.law.kokuho.premium.facts import Household
from kyufu.law.kokuho.premium.instalments import (
    Instalment,
    InstalmentFacts,
    InstalmentPlan,
    judge_instalments,
)
from kyufu.law.kokuho.premium.value import Premium

RULE = "kokuho-trial"


class TrialFacts(NamedTuple):
    """The household as it would be, and the month of the first instalment it could pay."""

    household: Household
    first_due: YearMonth


class Trial(NamedTuple):
    """The premium, how much that is for each month insured (below a yen cut off), and the instalments."""

    premium: Premium
    monthly: int
    instalments: tuple[Instalment, ...]


def try_premium(facts: TrialFacts, *, municipality: str) -> Answer[Trial]:
    """A trial: the same assessment as the real one, marked as an estimate that binds nobody."""
    assessed = assess(facts.household, municipality=municipality)
    premium = assessed.value
    if not isinstance(premium, Premium):
        return Answer(RULE, municipality, premium, *assessed[3:])
    owed = InstalmentFacts(facts.household.fiscal_year, premium.total, facts.first_due)
    planned = judge_instalments(owed, municipality=municipality)
    instalments = planned.value.instalments if isinstance(planned.value, InstalmentPlan) else ()
    monthly = premium.total // premium.months if premium.months else 0
    note = Reason("trial", "試算です。実際の保険料（税）は決定の通知によります")
    return Answer(
        RULE,
        municipality,
        Trial(premium, monthly, instalments),
        (note, *assessed.reasons),
        (*assessed.steps, *planned.steps),
        distinct((*assessed.citations, *planned.citations)),
        assessed.parameter_version,
        assessed.facts_hash,
    )
