"""Two people at once: only one confirms, only one session opens, and no failure is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, build_town, days, hire, rows

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 6
END = date(2028, 3, 31)


@pytest.fixture
def town() -> Town:
    """The town in tables that all threads see."""
    return build_town()


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads of their own, started together; "done" or what the refusal says."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], object]) -> str:
        barrier.wait()
        try:
            step()
        except Refused as refusal:
            return refusal.message
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def third_administrator(town: Town) -> int:
    third = hire("A003", name="管理　三郎", office="HQ")
    town.grant(third, role="rights", office="HQ", scheme=staff.Scheme.COMMON)
    return third


@pytest.mark.requirement("YOK-203")
def test_of_two_confirmers_at_once_one_confirms(town: Town) -> None:
    confirmers = [town.rights(account) for account in (town.second_admin, third_administrator(town))]
    for _ in range(TRIES):
        grant = town.ask(town.clerk)
        said = at_once(
            *(lambda g=grant, r=rights: staff.confirm_grant(g, rights=r, at=NOW) for rights in confirmers)
        )
        assert said.count("done") == 1
        steps = rows(
            "SELECT actor_id FROM staff_grant_transition WHERE subject_id = %s AND to_state = 'confirmed'",
            [grant],
        )
        kept = rows("SELECT confirmed_by_id FROM staff_grant WHERE id = %s", [grant])
        assert steps == kept


def test_of_a_confirmation_and_a_refusal_at_once_one_happens(town: Town) -> None:
    third = third_administrator(town)
    for _ in range(TRIES):
        grant = town.ask(town.clerk)
        said = at_once(
            lambda grant=grant: staff.confirm_grant(grant, rights=town.rights(town.second_admin), at=NOW),
            lambda grant=grant: staff.refuse_grant(grant, rights=town.rights(third), at=NOW, why="不要"),
        )
        assert said.count("done") == 1


def test_of_two_confirmers_of_a_proposal_one_confirms(town: Town) -> None:
    content = {"key": "k1"}
    confirmers = [town.second_admin, third_administrator(town)]
    for number in range(TRIES):
        proposal = staff.propose(
            ProposalKind.RIGHTS_REVIEW, content=content, subject=f"r{number}",
            by=town.rights(town.admin).actor(), at=NOW,
        )  # fmt: skip
        said = at_once(
            *(
                lambda proposal=proposal, account=account: staff.confirm(
                    proposal, seen=staff.content_digest(content), true_now=content,
                    rights=town.rights(account), at=NOW,
                )
                for account in confirmers
            )
        )  # fmt: skip
        assert said.count("done") == 1


@pytest.mark.requirement("YOK-167")
def test_of_two_sign_ins_at_once_one_opens(town: Town) -> None:
    for number in range(TRIES):
        keys = [f"k{number}a", f"k{number}b"]
        said = at_once(
            *(
                lambda key=key: staff.record_success(town.clerk, session_key=key, terminal_id=None, at=NOW)
                for key in keys
            )
        )
        assert said.count("done") == 1
        for key in keys:
            staff.end_session(key, at=NOW)


@pytest.mark.requirement("TKY-140")
def test_failures_at_once_are_all_counted(town: Town) -> None:
    limit = staff.sign_in_policy(TODAY).failures_before_lock
    at_once(*(lambda: staff.record_failure("C001", at=NOW) for _ in range(limit + 2)))
    assert rows("SELECT state, failed_count FROM staff_account WHERE id = %s", [town.clerk]) == [
        ("locked", limit)
    ]


def test_of_two_pairs_of_first_administrators_at_once_one_is_appointed(town: Town) -> None:
    april = YEAR_END + days(1)
    pairs = [
        [
            hire(f"A{first + one}", name="管理　六郎", office="HQ", usable_from=april, expires_on=END)
            for one in (0, 1)
        ]
        for first in (200, 300)
    ]
    said = at_once(
        *(
            lambda pair=pair: staff.appoint_first_administrators(
                pair[0], second_id=pair[1], office="HQ", at=at(april)
            )
            for pair in pairs
        )
    )
    assert said.count("done") == 1
    assert rows("SELECT count(*) FROM staff_grant WHERE valid @> %s", [april]) == [(2,)]


def test_of_two_accounts_for_one_person_at_once_one_is_made(town: Town) -> None:
    said = at_once(
        *(
            lambda number=number: hire(number, name="見本　六郎", personnel_no="P600")
            for number in ("C601", "C602")
        )
    )
    assert said.count("done") == 1
    assert rows("SELECT count(*) FROM staff_account WHERE personnel_no = 'P600'") == [(1,)]
