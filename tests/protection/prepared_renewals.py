"""Calls of the walk about renewals: one that was judged, everybody in its base, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kyufu.platform.clock import current_instant
from kyufu.renewal import api as renewal
from kyufu.renewal.api import Plan, RenewalKind, Sorted
from tests.cases.world import quiet
from tests.protection.prepared_mismatches import plant_found
from tests.protection.scene import Scene
from tests.runs.conftest import rights_at
from tests.web.town import Town, build_town

Call = Callable[[Scene], object]
# The night before the certificates of the scene run out.
DAY, ISSUED = date(2027, 8, 1), date(2027, 7, 20)
EVERYBODY = {"wards": None, "limit": 50, "after": 0}


def planned(town: Town) -> int:
    """A renewal of everybody, planned by the head office."""
    plan = Plan(RenewalKind.YEARLY, DAY, ISSUED, None, False)
    rights = rights_at(town, role="head")
    return renewal.plan_renewal(plan, municipality="yokohama", rights=rights, at=current_instant())


def judged(town: Town | None = None) -> int:
    """The same, judged: it waits for its approval."""
    town = town or build_town()
    by = rights_at(town, role="head").actor()
    number = planned(town)
    renewal.judge_renewal(number, by=by, at=current_instant(), report=quiet)
    return number


def _all_rows(_: Scene) -> object:
    """Every list of a renewal, and the answers about those on it."""
    number = judged()
    rows = [
        row for one in Sorted for row in renewal.sorted_rows(number, sorted_as=one, reason=None, **EVERYBODY)
    ]
    left_out = renewal.left_out_rows(number, reason=None, **EVERYBODY)
    assert rows
    assert left_out
    answers = renewal.answers_of([row.child_id for row in rows], renewal_id=number)
    refused = renewal.refused_rows(number, **EVERYBODY)
    plant_found(number)
    found = (
        renewal.found_rows(number, limit=50, after=0),
        renewal.early_rows(number, **EVERYBODY),
        renewal.difference_rows(number, effect=None, **EVERYBODY),
    )
    assert found[0]
    return rows, left_out, answers, refused, found, renewal.sample_rows(number, wards=None)


def _all_counts(_: Scene) -> object:
    number = judged()
    found = renewal.find_renewal(number)
    return (
        found,
        renewal.former_of(found),
        renewal.latest_renewals(limit=5),
        renewal.counts_by_reason(number),
        renewal.left_out_counts(number),
        renewal.refusal_counts(number),
        renewal.sorted_counts(number),
        renewal.steps_of(number),
        renewal.ties_of(number),
        renewal.found_counts(number),
        renewal.digest_of(number),
        renewal.expectations_of(number),
        renewal.is_outside(number),
        renewal.early_count(number),
        renewal.difference_counts(number),
    )


def _approved(_: Scene) -> object:
    town = build_town()
    number = judged(town)
    second = rights_at(town, role="approver")
    renewal.approve_renewal(
        number, seen=renewal.digest_of(number), rights=second, at=current_instant(), why="件数を確かめたため"
    )
    return renewal.find_renewal(number)


LISTS = (
    "answers_of",
    "difference_rows",
    "early_rows",
    "found_rows",
    "left_out_rows",
    "refused_rows",
    "sample_rows",
    "sorted_rows",
)
COUNTS = (
    "counts_by_reason", "difference_counts", "digest_of", "early_count", "expectations_of",
    "find_renewal", "former_of", "found_counts", "is_outside", "latest_renewals",
    "left_out_counts",
    "refusal_counts", "sorted_counts", "steps_of", "ties_of",
)  # fmt: skip
RENEWALS: Mapping[str, Call] = {
    **{f"renewal.{name}": _all_rows for name in LISTS},
    **{f"renewal.{name}": _all_counts for name in COUNTS},
    "renewal.approve_renewal": _approved,
    "renewal.freeze_renewal": lambda _: judged(),
    "renewal.judge_renewal": lambda _: judged(),
    "renewal.ward_counts": lambda _: renewal.ward_counts(judged()),
    "renewal.plan_renewal": lambda _: planned(build_town()),
}
