"""The worked example of docs/explanation/time-axes.md, as the software plays it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from kyufu.evidence import operations
from kyufu.evidence.api import income_of, inquiries_needed, record_income
from kyufu.evidence.checks import calendar_year_before
from kyufu.law.child.facts import Declared, Deductions, Dependants, IncomeEvidence, Incomes, IncomeSource
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN


def in_japan(month: int, day: int, hour: int, minute: int) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=JAPAN).astimezone(UTC)


def evidence(source: IncomeSource, *, obtained_on: date, salary: int) -> IncomeEvidence:
    """Salary of 2025."""
    return IncomeEvidence(
        2026, calendar_year_before(2026), Declared.YES, source, obtained_on, Incomes(salary=salary), Deductions(),
        Dependants(), None, None,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_was_known_when(
    person: Callable[[str], int], clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mother = person("000000000000001")
    assert [one.addressee_id for one in inquiries_needed([mother], tax_year=2026)] == [mother]

    def record(given: IncomeEvidence, *, at: datetime, note: str = "") -> None:
        monkeypatch.setattr(operations, "current_instant", lambda: at)
        monkeypatch.setattr(operations, "current_date_in_japan", lambda: at.astimezone(JAPAN).date())
        record_income(given, addressee_id=mother, by=clerk, note=note)

    certificate, network = IncomeSource.CERTIFICATE, IncomeSource.NETWORK
    paper = evidence(certificate, obtained_on=date(2026, 7, 3), salary=3_000_000)
    record(paper, at=in_japan(7, 3, 10, 12))
    corrected = evidence(certificate, obtained_on=date(2026, 7, 3), salary=3_300_000)
    record(corrected, at=in_japan(7, 5, 9, 30), note="入力誤り")
    answer = evidence(network, obtained_on=date(2026, 7, 20), salary=3_300_000)
    record(answer, at=in_japan(7, 20, 14, 0))
    late = evidence(network, obtained_on=date(2026, 10, 2), salary=9_900_000)
    record(late, at=in_japan(10, 2, 21, 0))

    def known(at: datetime) -> set[IncomeEvidence]:
        return set(income_of([mother], known_at=at)[mother])

    assert known(in_japan(7, 3, 10, 11)) == set()
    assert known(in_japan(7, 4, 0, 0)) == {paper}
    assert known(in_japan(7, 5, 9, 30)) == {corrected}
    assert known(in_japan(8, 1, 9, 0)) == {corrected, answer}
    assert set(income_of([mother])[mother]) == {corrected, answer, late}
    assert inquiries_needed([mother], tax_year=2026) == ()
