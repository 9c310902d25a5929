"""Calls of the walk about what guardians are to report: a sheltered child has another insurance, and nobody told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.db import connection

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.law.calendar.period import Period
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.clock import current_instant
from tests.cases.world import quiet
from tests.evidence.records import INSURANCE_BY_HAND
from tests.protection.scene import AT, CHILD, LATER, ON, Scene

Call = Callable[[Scene], object]
ALL = "SELECT id FROM cases_mismatch"
_PLANT = """
INSERT INTO cases_mismatch (child_id, guardian_id, application_id, decision_id, kind, mark, since, found_at)
SELECT c.child_id, c.guardian_id, c.application_id, c.decision_id, 'insurance_ended', 'planted', '2026-10-01', now()
  FROM cases_certificate c RETURNING id, child_id
"""


def plant_mismatches() -> list[tuple[int, int]]:
    """A difference of every child with a certificate, in the open: for screens; gives id and child."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANT)
        return list(cursor.fetchall())


def plant_found(renewal_id: int) -> None:
    """The same, as found by a renewal."""
    planted = plant_mismatches()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO renewal_found (renewal_id, mismatch_id, child_id) VALUES (%s, %s, %s)",
            [(renewal_id, *one) for one in planted],
        )


def matched(scene: Scene) -> cases.Matched:
    """A clerk enters another insurance of the sheltered child, and everybody is matched."""
    another = INSURANCE_BY_HAND._replace(insurer_no="01130012", valid=Period(date(2026, 10, 1), None))
    evidence.record_insurance(
        another, addressee_id=scene.ids[CHILD], corrects=None, by=LATER, note="", check=CheckDigit.UNTESTED
    )
    found = cases.match_with_register(by=LATER, at=AT)
    assert found.open_ones
    return found


def _listed(scene: Scene) -> object:
    matched(scene)
    return (
        cases.mismatches_in(None, kind=None, limit=9, after=0),
        cases.mismatches_among(ALL, limit=9, after=0),
        cases.mismatch_counts(None),
        cases.mismatch_counts_among(ALL),
    )


def _urged(scene: Scene) -> object:
    """Who is written to, the letters as printed, and how they stand."""
    numbers = [number for number, _ in matched(scene).open_ones]
    due = list(cases.mismatches_to_urge())
    documents.print_letters(documents.Kind.URGING, by=LATER, on=ON, at=current_instant(), report=quiet)
    return due, documents.letters_of(documents.Kind.URGING, subject_ids=numbers), documents.runs()


def _settled(scene: Scene) -> object:
    number = matched(scene).open_ones[0][0]
    person = cases.person_of_mismatch(number)
    cases.settle_mismatch(number, resolved=True, by=LATER, at=AT, reason="届出済")
    return person


MISMATCHES: Mapping[str, Call] = {
    "cases.match_with_register": matched,
    **{
        f"cases.{name}": _listed
        for name in ("mismatch_counts", "mismatch_counts_among", "mismatches_among", "mismatches_in")
    },
    "cases.mismatches_to_urge": _urged,
    "documents.letters_of": _urged,
    "cases.person_of_mismatch": _settled,
    "cases.settle_mismatch": _settled,
}
