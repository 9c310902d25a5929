"""From which day an application entitles: the day the requirements were met, or its own day when it came
late.
"""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.child.answers import answer_on
from kyufu.law.child.bands import Life
from kyufu.law.child.day import DayRules, Rulebook
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.parameters import CityBand
from kyufu.law.decision import Outcome


def entitled_from(
    facts: ChildFacts,
    *,
    applied_on: date,
    met_on: date,
    life: Life[CityBand],
    rules: DayRules,
    book: Rulebook,
) -> tuple[date, date]:
    """The day on which the requirements were met and the day from which the child is entitled.

    An application within `backdating_days` of the first reaches back to it; a later one entitles from its own
    day. Where an income that had excluded the child no longer does, the requirements count as met from that
    day.
    """
    if applied_on <= met_on or applied_on - met_on <= rules.backdating:
        return met_on, met_on
    newly_met = _income_newly_met(
        facts, since=applied_on - rules.backdating, until=applied_on, life=life, book=book
    )
    if newly_met is None:
        return met_on, applied_on
    return newly_met, newly_met


def _income_newly_met(
    facts: ChildFacts, *, since: date, until: date, life: Life[CityBand], book: Rulebook
) -> date | None:
    """The latest day in a window on which income ceases to exclude, by evidence of both sides of that day."""
    days = {start for start in life.starts if since <= start <= until}
    for rules in (book.rules_on(since), book.rules_on(until)):
        if rules is not None and since <= rules.year.start <= until:
            days.add(rules.year.start)
    changed = [day for day in days if _excludes(facts, on=day - ONE_DAY, life=life, book=book)]
    met = [day for day in changed if not _excludes(facts, on=day, life=life, book=book)]
    return max(met, default=None)


def _excludes(facts: ChildFacts, *, on: date, life: Life[CityBand], book: Rulebook) -> bool:
    rules = book.rules_on(on)
    if rules is None:
        return False
    answer = answer_on(on, life=life, guardians=facts.guardians, rules=rules)
    return answer is not None and answer.outcome is Outcome.NOT_ELIGIBLE
