"""The comparison with the expectation against an account of its own: counted in Python from the lists of the tables."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import NamedTuple

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kyufu.law.child.cities import city_of
from kyufu.law.child.renewing import expectation_rules
from kyufu.law.parameters.overlay import NOTHING
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import Measure, RenewalKind, Sorted
from kyufu.renewal.expectation import compare_with_expectation
from kyufu.renewal.models import Renewal
from kyufu.renewal.states import BY_CONDITION, LeftOut

pytestmark = pytest.mark.django_db
RULES = expectation_rules(city_of("yokohama"), on=clock.current_date_in_japan())
SORTS = (Sorted.RENEWED, Sorted.CHANGED, Sorted.LOST, Sorted.UNDECIDED, Sorted.BROKEN)


class Account(NamedTuple):
    """How many children are on each list and left out for each reason."""

    sorted: dict[Sorted, int]
    left_out: dict[LeftOut, int]


ACCOUNTS = st.builds(
    Account,
    st.dictionaries(st.sampled_from(SORTS), st.integers(0, 12)),
    st.dictionaries(st.sampled_from(list(LeftOut)), st.integers(0, 6)),
)


def made(account: Account, *, kind: RenewalKind, years: int, is_effected: bool) -> Renewal:
    """A renewal with such an account, written past the triggers."""
    inside, outside = sum(account.sorted.values()), sum(account.left_out.values())
    on = clock.current_date_in_japan().replace(day=1, month=8)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        row = Renewal.objects.create(
            kind=kind, municipality="yokohama", on=on.replace(year=on.year + years),
            until=on.replace(year=on.year + years, day=2), issued_on=on, is_trial=False, planned_by="S1",
            planned_by_name="立案", planned_by_office="課", planned_at=clock.current_instant(),
            base_count=inside + outside, in_count=inside, left_out_count=outside,
            state="done" if is_effected else "judged",
            effected_count=inside if is_effected else None, refused_count=0 if is_effected else None,
        )  # fmt: skip
        children = itertools.count(1)
        for sorted_as, number in account.sorted.items():
            for _ in range(number):
                cursor.execute(
                    """INSERT INTO renewal_result (renewal_id, child_id, part, application_id, ward_code, block,
                              judged_for, sorted, reason_code, wants_card, scheme, outcome, reason_codes,
                              parameter_version, facts_hash, facts, content)
                       VALUES (%s, %s, 0, 1, '', 0, %s, %s, '', false, '', '', '{}', '', '', '', '')""",
                    [row.pk, next(children), row.on, str(sorted_as)],
                )
        for reason, number in account.left_out.items():
            for _ in range(number):
                cursor.execute(
                    """INSERT INTO renewal_member (renewal_id, child_id, ward_code, is_entitled, is_resident,
                              has_applied, left_out) VALUES (%s, %s, '', true, true, true, %s)""",
                    [row.pk, next(children), str(reason)],
                )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return row


def expected(
    now: Account, former: Account | None, *, kind: RenewalKind
) -> dict[Measure, tuple[int, int | None, bool]]:
    """Share now, share then, and whether it is outside, by an account of its own."""
    told: dict[Measure, tuple[int, int | None, bool]] = {}
    if kind is not RenewalKind.CHANGED:
        allowed = {
            Measure.RENEWED: RULES.renewed_points, Measure.CHANGED: RULES.changed_points,
            Measure.LOST: RULES.lost_points, Measure.UNDECIDED: RULES.undecided_points,
        }  # fmt: skip
        for measure, points in allowed.items():
            share = share_of(now, measure)
            before = None if former is None else share_of(former, measure)
            told[measure] = (share, before, before is not None and abs(share - before) > points * 10)
    own = sum(number for reason, number in now.left_out.items() if reason not in BY_CONDITION)
    base = sum(now.sorted.values()) + sum(now.left_out.values())
    left_out = own * 1000 // max(base, 1)
    told[Measure.LEFT_OUT] = (left_out, 0, left_out > RULES.left_out_percent * 10)
    return told


def share_of(account: Account, measure: Measure) -> int:
    """The share of a measure in tenths of a percent; what the law broke on counts as undecided."""
    counted: Counter[str] = Counter()
    for sorted_as, number in account.sorted.items():
        counted["undecided" if sorted_as is Sorted.BROKEN else str(sorted_as)] += number
    return counted[str(measure)] * 1000 // max(sum(account.sorted.values()), 1)


class TestAgainstAnAccountOfItsOwn(TestCase):
    """Each example in a transaction that is thrown away."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        now=ACCOUNTS,
        former=st.none() | ACCOUNTS,
        kind=st.sampled_from([RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE, RenewalKind.CHANGED]),
    )
    def test_the_query_says_what_the_account_says(
        self, now: Account, former: Account | None, kind: RenewalKind
    ) -> None:
        """Whatever the counts, with a last time and without."""
        if former is not None:
            made(former, kind=kind, years=0, is_effected=True)
        row = made(now, kind=kind, years=1, is_effected=False)
        compare_with_expectation(row, overlay=NOTHING)
        found = {
            one.measure: (one.found, one.reference, one.is_outside) for one in renewal.expectations_of(row.pk)
        }
        assert found == expected(now, former, kind=kind)
        assert renewal.is_outside(row.pk) == any(one[2] for one in found.values())

    def test_only_what_took_effect_for_an_earlier_day_is_the_last_time(self) -> None:
        """Neither a renewal that waits, nor one of another kind, nor one of a later day."""
        account = Account({Sorted.RENEWED: 10}, {})
        made(account, kind=RenewalKind.YEARLY, years=0, is_effected=False)
        made(account, kind=RenewalKind.MONTHLY, years=0, is_effected=True)
        made(account, kind=RenewalKind.YEARLY, years=3, is_effected=True)
        row = made(Account({Sorted.LOST: 10}, {}), kind=RenewalKind.YEARLY, years=1, is_effected=False)
        compare_with_expectation(row, overlay=NOTHING)
        assert {one.reference for one in renewal.expectations_of(row.pk)} == {None, 0}
        assert not renewal.is_outside(row.pk)

    def test_the_latest_of_several_is_the_last_time(self) -> None:
        """By its day, not by its number."""
        made(Account({Sorted.RENEWED: 10}, {}), kind=RenewalKind.YEARLY, years=1, is_effected=True)
        made(Account({Sorted.LOST: 10}, {}), kind=RenewalKind.YEARLY, years=0, is_effected=True)
        row = made(Account({Sorted.RENEWED: 10}, {}), kind=RenewalKind.YEARLY, years=2, is_effected=False)
        compare_with_expectation(row, overlay=NOTHING)
        references = {one.measure: one.reference for one in renewal.expectations_of(row.pk)}
        assert references[Measure.RENEWED] == 1000
        assert references[Measure.LOST] == 0

    def test_a_measure_is_compared_once(self) -> None:
        """A second comparison is refused: what was compared is what is approved."""
        from django.db import IntegrityError, transaction

        row = made(Account({Sorted.RENEWED: 1}, {}), kind=RenewalKind.YEARLY, years=1, is_effected=False)
        compare_with_expectation(row, overlay=NOTHING)
        with self.assertRaises(IntegrityError), transaction.atomic():
            compare_with_expectation(row, overlay=NOTHING)
