"""The judgement of a municipality's child subsidy (小児・子ども医療費助成): facts in, Decision out.

First what excludes the child (not entitled), then what is lacking (cannot be decided), then the age band with
the income test where the era has one, then from which day the application entitles.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ALWAYS, ONE_DAY, Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.answer import Answer
from kyufu.law.child.answers import GuardianIncome, answer_of, stretch_of
from kyufu.law.child.application import entitled_from
from kyufu.law.child.bands import index_on
from kyufu.law.child.causes import END_CAUSES, START_CAUSES
from kyufu.law.child.city import City
from kyufu.law.child.day import ChildLife, DayRules, Rulebook, rulebook
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.hashing import facts_hash
from kyufu.law.child.parameters import CityBand
from kyufu.law.child.prefecture import find_prefecture_subsidy
from kyufu.law.child.quantities import (
    ANSWER_QUANTITIES,
    BENEFIT_CLASS,
    CASE_QUANTITIES,
    ENTITLED_FROM,
    MET_ON,
    PERIOD_QUANTITIES,
    unrecorded,
)
from kyufu.law.child.requirements import (
    Bound,
    Requirements,
    bounds_of,
    exclusion_blocks,
    find_lacking,
    find_refusals,
    look_up,
)
from kyufu.law.decision import Decision, Finding, Outcome
from kyufu.law.parameters.overlay import Overlay
from kyufu.law.records import maker
from kyufu.law.tracing import Block, Trace

SCHEME = "child"
# Looking a member up in its class costs as much as a function call.
ELIGIBLE, NOT_ELIGIBLE = Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE


# Start, end, and the codes of what begins and what ends the period.
Cut = tuple[date, date, str, str]


class Case(NamedTuple):
    """One judgement under way: the facts, the day, its rules, what was looked up, and the book of the rules."""

    facts: ChildFacts
    on: date
    rules: DayRules
    life: ChildLife | None
    found: Requirements
    bounds: list[Bound]
    book: Rulebook


_case = maker(Case)
_decision = maker(Decision)
_period = maker(Period)


def judge_in(facts: ChildFacts, *, city: City, on: date, overlay: Overlay) -> Decision:
    """Judge one child for one day under a municipality's rules; pure, and the same in every process."""
    book = rulebook(overlay, city=city)
    rules = book.rules_on(on)
    if rules is None:
        unknown = book.reasons.say_rules_unknown(book.parameters.known.start)
        return _decide(
            facts,
            on=on,
            period=None,
            answer=Answer(Outcome.CANNOT_DECIDE, None, (unknown,)),
            blocks=(),
            findings=book.undecided_with_city,
            book=book,
        )
    life = None if facts.birth_date is None else book.life_of(facts.birth_date)
    found = look_up(facts, on=on, life=life, city_code=city.code, parallel=rules.parallel)
    case = _case((facts, on, rules, life, found, bounds_of(found), book))
    refusals = find_refusals(found, birth_date=facts.birth_date, on=on, reasons=book.reasons)
    if refusals:
        more = exclusion_blocks(found)
        return _close(case, answer=Answer(Outcome.NOT_ELIGIBLE, None, refusals), more=more)
    case.bounds.append((found.insurance.period, "insurance"))
    lacking = find_lacking(facts, found=found, reasons=book.reasons)
    if lacking or life is None:
        return _close(case, answer=Answer(Outcome.CANNOT_DECIDE, None, lacking))
    return _judge_band(case, life=life)


def _judge_band(case: Case, *, life: ChildLife) -> Decision:
    """Answer by the age band that holds the day; the requirements apart from income are met."""
    facts, on, rules, _, _, bounds, book = case
    index = index_on(life.city, day=on)
    if index is None or facts.applied_on is None:
        raise ValueError("a case with all requirements met has a band and an application")
    income = GuardianIncome(facts.guardians, rules=rules)
    band = life.city.spans[index].band
    answer = answer_of(band, income=income)
    met_on = max([period.start for period, _ in bounds])
    is_first_known = met_on == rules.known.start and not _began_on(met_on, case=case)
    only_known_from = met_on if is_first_known else None
    stretch = stretch_of(answer, life=life.city, index=index, within=rules.year, income=income)
    bounds.append((stretch, "band"))
    if answer.outcome is not ELIGIBLE:
        return _close(case, answer=answer, more=_band_blocks(band, income=income))
    met_on, start = entitled_from(
        facts, applied_on=facts.applied_on, met_on=met_on, life=life.city, rules=rules, book=book
    )
    if on < start:
        more = _band_blocks(band, income=income)
        told = format_wareki(met_on) + ("以前" if met_on == only_known_from else "")
        return _close_before_application(case, first_met=told, applied_on=start, more=more)
    year = ALWAYS if band.crosses_years else rules.year
    if start > year.start:
        bounds.append((Period(start, None), "application"))
    cut = _cut(bounds, year=year)
    entitled = _period((cut[0], cut[1]))
    finding, prefecture_blocks = find_prefecture_subsidy(
        life.prefecture, on=on, entitled=entitled, income=income
    )
    blocks = (
        _case_block(case),
        *_band_blocks(band, income=income),
        _answer_block(
            book.class_label(answer.benefit_class),
            met_on=met_on,
            start=start,
            cut=cut,
            only_known_from=only_known_from,
        ),
        *prefecture_blocks,
    )
    return _decide(
        facts, on=on, period=entitled, answer=answer, blocks=blocks, findings=(finding,), book=book
    )


def _began_on(day: date, *, case: Case) -> bool:
    """Whether something of the child's own began on a day: its life, or a requirement other than the age."""
    if day == case.facts.birth_date:
        return True
    return any(period.start == day for period, cause in case.bounds if cause != "age")


def _answer_block(
    label: str | None, *, met_on: date, start: date, cut: Cut, only_known_from: date | None
) -> Block:
    """The answer's steps; the first day that the rules know is not told as the day on which something began."""
    period = _period_values(cut)
    if only_known_from is None or met_on != only_known_from:
        return ANSWER_QUANTITIES, (label, met_on, start, *period)
    unknown = unrecorded(MET_ON, since=met_on)
    if start != met_on:
        return (BENEFIT_CLASS, unknown, ENTITLED_FROM, *PERIOD_QUANTITIES), (label, None, start, *period)
    names = (BENEFIT_CLASS, unknown, unrecorded(ENTITLED_FROM, since=met_on), *PERIOD_QUANTITIES)
    return names, (label, None, None, *period)


def _close_before_application(
    case: Case, *, first_met: str, applied_on: date, more: tuple[Block, ...]
) -> Decision:
    days = case.rules.certificate.backdating_days
    reason = case.book.reasons.say_before_application(first_met=first_met, applied_on=applied_on, days=days)
    case.bounds.append((Period(date.min, applied_on), "application"))
    return _close(case, answer=Answer(Outcome.NOT_ELIGIBLE, None, (reason,)), more=more)


def _close(case: Case, *, answer: Answer, more: tuple[Block, ...] = ()) -> Decision:
    """The decision of a child who is not entitled, or on whom cannot be decided."""
    cut = _cut([*case.bounds, (case.rules.known, "rules")], year=case.rules.year)
    book = case.book
    findings = book.without_city if answer.outcome is NOT_ELIGIBLE else book.undecided_with_city
    blocks = (_case_block(case), *more, (PERIOD_QUANTITIES, _period_values(cut)))
    period = Period(cut[0], cut[1])
    return _decide(
        case.facts, on=case.on, period=period, answer=answer, blocks=blocks, findings=findings, book=book
    )


def _cut(bounds: list[Bound], *, year: Period) -> Cut:
    """The certificate year cut to the bounds, all of which hold the day."""
    start, end = year.start, year.end or date.max
    start_cause = end_cause = "year"
    for (bound_start, bound_end), cause in bounds:
        if bound_start > start:
            start, start_cause = bound_start, cause
        if bound_end is not None and bound_end < end:
            end, end_cause = bound_end, cause
    return start, end, start_cause, end_cause


def _period_values(cut: Cut) -> tuple[date | str, ...]:
    start, end, start_cause, end_cause = cut
    return start, START_CAUSES[start_cause], end - ONE_DAY, END_CAUSES[end_cause]


def _case_block(case: Case) -> Block:
    facts, on, rules, life, found, _, _ = case
    birth = facts.birth_date
    year = rules.year
    age = None
    if birth is not None and birth <= on:
        age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    values = (
        on,
        year.start,
        year.last_day,
        birth,
        age,
        None if life is None else rules.fiscal_year - life.first_grade_year + 1,
        found.residence.period.start if found.residence.covered else None,
        found.insurance.period.start if found.insurance.covered else None,
        facts.applied_on,
        len(facts.guardians),
    )
    return CASE_QUANTITIES, values


def _band_blocks(band: CityBand, *, income: GuardianIncome) -> tuple[Block, ...]:
    """The band, the income test as far as it was made, and the comparison with the city's limit where it has
    one.
    """
    if income.made is None:
        return (band.block,)
    made = income.made
    if not band.asks_for_income:
        return band.block, *made.blocks
    return band.block, *made.blocks, *made.city_blocks(limited=band.income_limited)


def _decide(
    facts: ChildFacts,
    *,
    on: date,
    period: Period | None,
    answer: Answer,
    blocks: tuple[Block, ...],
    findings: tuple[Finding, ...],
    book: Rulebook,
) -> Decision:
    outcome, benefit_class, reasons = answer
    return _decision(
        (
            SCHEME,
            book.city.key,
            on,
            outcome,
            period,
            benefit_class,
            reasons,
            findings,
            Trace(blocks),
            book.citations,
            book.city.rule,
            book.version,
            facts_hash(facts),
        )
    )
