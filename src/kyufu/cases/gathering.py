"""Gather what the law is asked about: cases, and what registry and evidence know of their persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from kyufu.audit.api import reading_as
from kyufu.cases.judging import Question
from kyufu.cases.queries import fetch
from kyufu.cases.states import Kind
from kyufu.evidence import api as evidence
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import (
    ChildFacts,
    Guardian,
    IncomeEvidence,
    InsuranceCoverage,
    OtherScheme,
)
from kyufu.registry import api as registry

FACTS = "判定に用いる事実（住民記録・医療保険・生活保護・他制度・所得）"
# A report on an entitlement does not move the day from which its application entitles.
APPLIED_ON = """CASE WHEN a.kind = 'new' THEN a.received_on ELSE coalesce(
    (SELECT max(o.received_on) FROM cases_application o
       JOIN cases_approval p ON p.decision_id = o.decision_id
       JOIN cases_decision d ON d.outcome = 'eligible'
            AND (d.id = o.decision_id OR d.principal_id = o.decision_id)
      WHERE o.child_id = a.child_id AND o.kind = 'new' AND o.received_on <= a.received_on), a.received_on) END"""


class GuardianOnCase(NamedTuple):
    """A guardian of the application: who, and as what."""

    addressee_id: int
    relation: str


class Case(NamedTuple):
    """What the law needs to know about an application itself."""

    application_id: int
    number: str
    kind: str
    state: str
    child_id: int
    applied_on: date | None
    judged_for: date
    guardians: tuple[GuardianOnCase, ...]


class Gathered(NamedTuple):
    """Questions in the order of their cases, and the view of the database that their facts were read in.

    `unregistered` are cases whose child has no record in the register (any more): the law cannot be asked.
    """

    cases: tuple[Case, ...]
    questions: tuple[Question, ...]
    unregistered: tuple[Case, ...]
    snapshot: str
    gathered_at: datetime


def gather(application_ids: Sequence[int], *, on: date) -> Gathered:
    """Read cases and facts in one view of the database; the view is noted before the first fact is read."""
    with steady_view(), reading_as(FACTS):
        snapshot, gathered_at = fetch("SELECT pg_current_snapshot()::text, clock_timestamp()", {})[0]
        found = _cases(application_ids, on=on)
        persons = registry.person_facts(sorted({case.child_id for case in found}))
        cases = tuple(case for case in found if case.child_id in persons)
        return Gathered(
            cases=cases,
            questions=known_questions(cases, persons=persons),
            unregistered=tuple(case for case in found if case.child_id not in persons),
            snapshot=snapshot,
            gathered_at=gathered_at,
        )


def gather_child(
    child_id: int, *, guardians: Sequence[GuardianOnCase], applied_on: date | None, on: date
) -> ChildFacts | None:
    """What registry and evidence know of a child and its guardians today, for a trial; None for nobody registered."""
    case = Case(0, "", str(Kind.NEW), "", child_id, applied_on, on, tuple(guardians))
    with steady_view(), reading_as(FACTS):
        persons = registry.person_facts([child_id])
        return known_questions((case,), persons=persons)[0].facts if child_id in persons else None


@contextmanager
def steady_view() -> Iterator[None]:
    """A transaction in which every query sees the same moment.

    Inside a transaction of the caller its own isolation stays: what is then read later than the snapshot
    makes a decision stale too early at worst, never too late.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _cases(application_ids: Sequence[int], *, on: date) -> tuple[Case, ...]:
    rows = fetch(
        f"""SELECT a.id, a.number, a.kind, a.state, a.child_id, {APPLIED_ON}, coalesce(a.event_on, %(on)s),
                  array_agg(g.addressee_id ORDER BY g.position), array_agg(g.relation ORDER BY g.position)
             FROM cases_application a JOIN cases_application_guardian g ON g.application_id = a.id
            WHERE a.id = ANY(%(ids)s) GROUP BY a.id ORDER BY a.id""",
        {"ids": list(application_ids), "on": on},
    )
    return tuple(
        Case._make((*row[:7], tuple(map(GuardianOnCase._make, zip(row[7], row[8], strict=True)))))
        for row in rows
    )


def gather_children(child_ids: Sequence[int], *, applied_on: date) -> dict[int, Question]:
    """The question of children without a case, as if one guardian of whom nothing is known applied on a day.

    For what might be (試算), never for a decision. Who is not in the register is left out.
    """
    persons = registry.person_facts(child_ids)
    insurances = evidence.insurance_of(child_ids)
    assistance = evidence.public_assistance_of(child_ids)
    schemes = evidence.other_schemes_of(child_ids)
    return {
        child: Question(
            facts=facts_known(
                person,
                insurances=insurances.get(child, ()),
                assistance=assistance.get(child, ()),
                schemes=schemes.get(child, ()),
                guardians=[("other", ())],
                applied_on=applied_on,
            ),
            on=applied_on,
        )
        for child, person in persons.items()
    }


def facts_known(
    person: registry.PersonFacts,
    *,
    insurances: Sequence[InsuranceCoverage],
    assistance: Sequence[Period],
    schemes: Sequence[OtherScheme],
    guardians: Iterable[tuple[str, Sequence[IncomeEvidence]]],
    applied_on: date | None,
) -> ChildFacts:
    """The facts of the law from what registry and evidence told; guardians as (relation, incomes) in their order."""
    return ChildFacts(
        birth_date=person.birth_date,
        residences=person.residences,
        insurances=tuple(insurances),
        public_assistance=tuple(assistance),
        other_schemes=tuple(schemes),
        guardians=tuple(
            Guardian(ref=f"guardian-{position}", relation=relation, incomes=tuple(incomes))
            for position, (relation, incomes) in enumerate(guardians, start=1)
        ),
        applied_on=applied_on,
        died_on=person.died_on,
    )


def known_questions(
    cases: Sequence[Case], *, persons: Mapping[int, registry.PersonFacts], known_at: datetime | None = None
) -> tuple[Question, ...]:
    """The questions of cases, in their order, from the evidence as known now or at an instant."""
    children = sorted({case.child_id for case in cases})
    insurances = evidence.insurance_of(children, known_at=known_at)
    assistance = evidence.public_assistance_of(children, known_at=known_at)
    schemes = evidence.other_schemes_of(children, known_at=known_at)
    guardians = sorted({one.addressee_id for case in cases for one in case.guardians})
    incomes = evidence.income_of(guardians, known_at=known_at)
    return tuple(
        Question(
            facts=facts_known(
                persons[case.child_id],
                insurances=insurances.get(case.child_id, ()),
                assistance=assistance.get(case.child_id, ()),
                schemes=schemes.get(case.child_id, ()),
                guardians=[(one.relation, incomes.get(one.addressee_id, ())) for one in case.guardians],
                applied_on=case.applied_on,
            ),
            on=case.judged_for,
            from_first_day=case.kind == Kind.NEW,
        )
        for case in cases
    )
