"""The stretches of an application: what a child is entitled to from the first day on, whenever it is judged.

An answer speaks for its stretch of a certificate year only. Asked one after another, from the earliest day that
the application can entitle to the day of the judgement, the stretches do not depend on how late that day is.
"""

from __future__ import annotations

from datetime import date

from kyufu.law.child.city import City
from kyufu.law.child.day import rulebook
from kyufu.law.child.deciding import judge_in
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.overlay import Overlay


def judge_stretches_in(facts: ChildFacts, *, city: City, on: date, overlay: Overlay) -> tuple[Decision, ...]:
    """Judge a new application for every stretch up to a day; the last answer is that of the day itself.

    Begins with the first stretch in which the child is entitled, so that a child who is entitled from the stretch
    of the day on, or never was, has one answer.
    """
    latest = judge_in(facts, city=city, on=on, overlay=overlay)
    rules = rulebook(overlay, city=city).rules_on(on)
    if facts.applied_on is None or latest.period is None or rules is None:
        return (latest,)
    earliest = max(facts.applied_on - rules.backdating, rules.known.start)
    earlier = _judge_between(facts, city=city, since=earliest, until=latest.period.start, overlay=overlay)
    first = next((at for at, one in enumerate(earlier) if one.outcome is Outcome.ELIGIBLE), None)
    return (latest,) if first is None else (*earlier[first:], latest)


def _judge_between(
    facts: ChildFacts, *, city: City, since: date, until: date, overlay: Overlay
) -> list[Decision]:
    """The answers of the stretches that end on or before `until`, each asked on the day after the one before."""
    found: list[Decision] = []
    day = since
    while day < until:
        one = judge_in(facts, city=city, on=day, overlay=overlay)
        if one.period is None or one.period.end is None or one.period.end > until:
            break
        found.append(one)
        day = one.period.end
    return found
