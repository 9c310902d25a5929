"""Two clerks at two counters, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from kyufu.evidence.api import income_of, record_income
from kyufu.platform.actors import Actor
from kyufu.registry.api import NonResident, PossibleDuplicate, register_non_resident
from tests.evidence.records import income

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = (Actor("S0001", "職員　一郎", "鶴見区保険年金課"), Actor("S0002", "職員　二郎", "西区保険年金課"))


def at_once(act: Callable[[Actor], object]) -> list[object]:
    """Have both clerks act at the same moment; what each got, or the error that each met."""
    together = Barrier(len(CLERKS))

    def run(clerk: Actor) -> object:
        try:
            together.wait()
            return act(clerk)
        except PossibleDuplicate as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(CLERKS)) as pool:
        return [done.result() for done in [pool.submit(copy_context().run, run, each) for each in CLERKS]]


def test_one_paper_entered_twice_at_once_is_recorded_once(person: Callable[[str], int]) -> None:
    guardian = person("000000000000001")

    first, second = at_once(lambda clerk: record_income(income(), addressee_id=guardian, by=clerk, note=""))

    assert first == second
    assert income_of([guardian])[guardian] == (income(),)


def test_corrections_at_once_follow_each_other(person: Callable[[str], int]) -> None:
    guardian = person("000000000000001")
    record_income(income(salary=0), addressee_id=guardian, by=CLERKS[0], note="")

    at_once(
        lambda clerk: record_income(
            income(salary=int(clerk.staff_id[1:])), addressee_id=guardian, by=clerk, note="訂正"
        )
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revision, salary, upper(recorded) IS NULL FROM evidence_income ORDER BY revision"
        )
        rows = cursor.fetchall()
    assert [(revision, known) for revision, _, known in rows] == [(0, False), (1, False), (2, True)]
    assert {salary for _, salary, _ in rows} == {0, 1, 2}


def test_a_person_registered_twice_at_once_is_registered_once(db: None) -> None:
    paper = NonResident(
        "架空　花子",
        "カクウ　ハナコ",
        "2",
        date(1990, 1, 1),
        "",
        "131016",
        "",
        "東京都",
        "千代田区",
        "千代田",
        "１番",
        "",
    )

    results = at_once(
        lambda clerk: register_non_resident(
            paper,
            valid_from=date(2024, 4, 1),
            distinct_from=(),
            by=clerk,
            reason="申請書",
            at=datetime(2024, 7, 1, tzinfo=UTC),
        )
    )

    registered = [result for result in results if isinstance(result, int)]
    (refused,) = [result for result in results if isinstance(result, PossibleDuplicate)]
    assert refused.candidates == tuple(registered)
