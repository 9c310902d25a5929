"""What children hold beside a replayed decision, and the corrections that two persons approved, for their letters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from kyufu.audit.api import notes_asked, notes_streamed, the_same
from kyufu.cases.correction_models import Correction, CorrectionPart
from kyufu.cases.queries import asked_of, fetch, stream_rows
from kyufu.law.calendar.period import Period
from kyufu.platform.actors import Actor
from kyufu.staff.api import refuse_same_person

HELD = "再点検する資格の期間と区分"
CORRECTION = "訂正のお知らせの対象"


class HeldPeriod(NamedTuple):
    """A period of entitlement that is held true now, with the decision behind it."""

    decision_id: int
    period: Period
    benefit_class: str


class CorrectedDays(NamedTuple):
    """Days for which a corrected rule gives more: the class that was held (None: none) and the right one."""

    period: Period
    was_class: str | None
    now_class: str


class Corrected(NamedTuple):
    """A child with the days; the application and decision are those of the first."""

    child_id: int
    application_id: int
    decision_id: int
    days: tuple[CorrectedDays, ...]


class CorrectionRow(NamedTuple):
    """A correction whose letter is due."""

    correction_id: int
    application_id: int
    application_no: str
    decision_id: int
    child_id: int
    guardian_id: int
    municipality: str
    days: tuple[CorrectedDays, ...]


def _held_periods(child_ids: Collection[int]) -> dict[int, tuple[HeldPeriod, ...]]:
    """The periods of entitlement of children that are held true now, in order."""
    rows = fetch(
        """SELECT child_id, decision_id, lower(valid), upper(valid), benefit_class FROM cases_entitlement
            WHERE superseded_at IS NULL AND child_id = ANY(%(ids)s) ORDER BY child_id, lower(valid)""",
        {"ids": list(child_ids)},
    )
    found: dict[int, list[HeldPeriod]] = {}
    for child_id, decision_id, start, end, benefit_class in rows:
        found.setdefault(child_id, []).append(HeldPeriod(decision_id, Period(start, end), benefit_class))
    return {child: tuple(periods) for child, periods in found.items()}


@transaction.atomic
def record_corrections(
    found: Sequence[Corrected], *, source: int, found_by: str, by: Actor, at: datetime
) -> int:
    """Write down corrections as the second person, each child once for a source; gives how many.

    Raises SamePerson where whoever found them approves them.
    """
    refuse_same_person(first=found_by, second=by.staff_id)
    rows = Correction.objects.bulk_create(
        Correction(
            child_id=one.child_id, application_id=one.application_id, decision_id=one.decision_id, source=source,
            found_by=found_by, approved_by=by.staff_id, approved_by_name=by.name, approved_by_office=by.office,
            approved_at=at,
        )
        for one in found
    )  # fmt: skip
    CorrectionPart.objects.bulk_create(
        CorrectionPart(
            correction=row, since=days.period.start, until=days.period.end, was_class=days.was_class,
            now_class=days.now_class,
        )
        for row, one in zip(rows, found, strict=True)
        for days in one.days
    )  # fmt: skip
    return len(rows)


def _corrections_to_notify(
    *, only: int | None = None, but: str | None = None, among: str | None = None
) -> Iterator[CorrectionRow]:
    """Every correction, in the order of its record; `only`, `but` and `among` as for certificates."""
    statement = f"""
        SELECT k.id, a.id, a.number, k.decision_id, k.child_id, g.addressee_id, d.municipality,
               array_agg(p.since ORDER BY p.since), array_agg(p.until ORDER BY p.since),
               array_agg(p.was_class ORDER BY p.since), array_agg(p.now_class ORDER BY p.since)
          FROM cases_correction k JOIN cases_application a ON a.id = k.application_id
          JOIN cases_decision d ON d.id = k.decision_id
          JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
          JOIN cases_correction_part p ON p.correction_id = k.id
         WHERE {asked_of("k.id", but=but, among=among)} GROUP BY k.id, a.id, d.id, g.addressee_id ORDER BY k.id"""
    for row in stream_rows(statement, parameters={"only": only}):
        yield CorrectionRow._make((*row[:7], tuple(_days(*one) for one in zip(*row[7:], strict=True))))


def _days(since: date, until: date | None, was_class: str | None, now_class: str) -> CorrectedDays:
    return CorrectedDays(Period(since, until), was_class, now_class)


def corrections_of(source: str) -> str:
    """An SQL select of the corrections of a replay, by an SQL expression of its number."""
    return f"SELECT id FROM cases_correction WHERE source = {source}"


held_periods = notes_asked(_held_periods, what=HELD, whose=the_same)
corrections_to_notify = notes_streamed(
    _corrections_to_notify, what=CORRECTION, whose=lambda row: (row.child_id, row.guardian_id)
)
