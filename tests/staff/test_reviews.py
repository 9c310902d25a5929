"""The regular check of the rights table: one checks, another confirms, and it is on record with its outcome."""

from __future__ import annotations

import pytest

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Forbidden, SamePerson, Scheme
from tests.staff.town import NOW, TODAY, Town, at, days, hire


@pytest.fixture
def auditor(town: Town) -> int:
    """One who may read the rights and check them."""
    account = hire("D001", name="監査　花子", office="HQ")
    town.grant(account, role="auditor", office="HQ", scheme=Scheme.COMMON)
    return account


def check(town: Town, account: int, *, result: str = "全件確認、不要な権限なし") -> int:
    return staff.propose_rights_review(on=TODAY, result=result, rights=town.rights(account), at=NOW)


@pytest.mark.requirement("KWS-173", "TKY-147", "TKY-148")
def test_a_check_is_confirmed_by_another_and_recorded(town: Town, auditor: int) -> None:
    assert staff.last_rights_review() is None
    proposal = check(town, auditor)
    shown = staff.find_proposal(proposal, at=NOW)
    assert shown is not None
    assert (shown.content["on"], shown.content["rows"]) == ("2026-07-06", len(staff.rights_table(TODAY)))
    assert staff.last_rights_review() is None
    staff.confirm_rights_review(proposal, seen=shown.digest, rights=town.rights(town.admin), at=NOW)
    review = staff.last_rights_review()
    assert review is not None
    assert (review.checked_by.name, review.confirmed_by.name, review.at) == ("監査　花子", "管理　一郎", NOW)


def test_what_was_checked_must_still_be_so(town: Town, auditor: int) -> None:
    proposal = check(town, auditor)
    shown = staff.find_proposal(proposal, at=NOW)
    assert shown is not None
    town.grant(town.clerk)
    with pytest.raises(Refused, match="内容が変わっています"):
        staff.confirm_rights_review(proposal, seen=shown.digest, rights=town.rights(town.admin), at=NOW)
    assert staff.last_rights_review() is None


def test_who_checks_and_who_confirms(town: Town, auditor: int) -> None:
    with pytest.raises(Forbidden):
        check(town, town.clerk)
    with pytest.raises(Refused, match="点検の結果"):
        check(town, auditor, result=" ")
    own = check(town, town.admin)
    shown = staff.find_proposal(own, at=NOW)
    assert shown is not None
    with pytest.raises(SamePerson):
        staff.confirm_rights_review(own, seen=shown.digest, rights=town.rights(town.admin), at=NOW)
    with pytest.raises(Forbidden):
        staff.confirm_rights_review(own, seen=shown.digest, rights=town.rights(auditor), at=NOW)


def test_only_checks_that_wait_are_confirmed(town: Town, auditor: int) -> None:
    other = staff.propose(
        staff.ProposalKind.NUMBER_DISCLOSURE,
        content={"on": "x"},
        subject="S1-901",
        by=town.rights(auditor).actor(),
        at=NOW,
    )
    proposal = check(town, auditor)
    late = at(TODAY + days(99))
    for number, instant in ((other, NOW), (0, NOW), (proposal, late)):
        with pytest.raises(Refused, match="確認を待っている点検ではありません"):
            staff.confirm_rights_review(number, seen="", rights=town.rights(town.admin), at=instant)
