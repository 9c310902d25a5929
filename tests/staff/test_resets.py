"""Somebody is let in again by two others: what is proposed, who may confirm, and what is left of the old ways in."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Forbidden, PasswordState, ProposalKind, SamePerson
from tests.staff.town import NOW, TODAY, Town, days, hire, rows

pytestmark = pytest.mark.django_db
WHY = "職員証と本人の顔を窓口で確認"


def ask(town: Town, *, account: int | None = None, at: datetime = NOW) -> tuple[int, str]:
    """The first administrator asks for the clerk; the proposal and the digest that the second one sees."""
    rights = town.rights(town.admin)
    proposal = staff.propose_reset(account or town.clerk, rights=rights, at=at, why=WHY)
    found = staff.find_proposal(proposal, at=at)
    assert found is not None
    return proposal, found.digest


def enrol(account: int) -> None:
    """An authenticator app, a key and recovery codes, as the pages would keep them."""
    for kind in Authenticator.Type:
        Authenticator.objects.create(user_id=account, type=kind, data={})


def hash_of(account: int) -> str:
    ((password,),) = rows("SELECT password FROM staff_account WHERE id = %s", [account])
    return str(password)


def test_the_person_begins_anew_with_a_temporary_password(town: Town) -> None:
    staff.change_password(town.clerk, new="Kawara-no-Tanpopo-88", at=NOW)
    staff.record_success(town.clerk, session_key="k1", terminal_id=None, at=NOW)
    enrol(town.clerk)
    enrol(town.admin)
    rows("UPDATE staff_account SET failed_count = 2 WHERE id = %s", [town.clerk])
    proposal, seen = ask(town)
    done = staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=NOW)
    assert (done.account_id, done.staff_no, done.factors) == (town.clerk, "C001", 3)
    assert check_password(done.password, hash_of(town.clerk))
    assert staff.password_state(town.clerk, on=TODAY) is PasswordState.TO_CHANGE
    assert not Authenticator.objects.filter(user_id=town.clerk).exists()
    assert Authenticator.objects.filter(user_id=town.admin).count() == 3
    assert staff.see_session("k1", at=NOW) is None
    assert rows("SELECT failed_count FROM staff_account WHERE id = %s", [town.clerk]) == [(0,)]


def test_every_reset_gives_another_password(town: Town) -> None:
    given = set()
    for _ in range(3):
        proposal, seen = ask(town)
        done = staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=NOW)
        given.add(done.password)
    assert len(given) == 3
    assert min(map(len, given)) >= staff.sign_in_policy(TODAY).password_min_length


def test_a_contractor_s_worker_is_let_in_again_too(town: Town) -> None:
    proposal, seen = ask(town, account=town.worker)
    done = staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=NOW)
    assert done.staff_no == "X001"
    assert check_password(done.password, hash_of(town.worker))


def test_nobody_lets_themself_in(town: Town) -> None:
    with pytest.raises(SamePerson, match="自分のサインインの再設定はできません"):
        ask(town, account=town.admin)
    proposal, seen = ask(town, account=town.second_admin)
    before = hash_of(town.second_admin)
    with pytest.raises(SamePerson, match="自分のサインインの再設定はできません"):
        staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=NOW)
    assert hash_of(town.second_admin) == before


def test_the_one_who_asked_does_not_confirm(town: Town) -> None:
    proposal, seen = ask(town)
    before = hash_of(town.clerk)
    with pytest.raises(SamePerson, match="最初に行った職員"):
        staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.admin), at=NOW)
    assert hash_of(town.clerk) == before


def test_who_does_not_administer_rights_neither_asks_nor_confirms(town: Town) -> None:
    with pytest.raises(Forbidden):
        staff.propose_reset(town.worker, rights=town.rights(town.clerk), at=NOW, why=WHY)
    proposal, seen = ask(town, account=town.worker)
    before = hash_of(town.worker)
    with pytest.raises(Forbidden):
        staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.clerk), at=NOW)
    assert hash_of(town.worker) == before


@pytest.mark.parametrize("why", ["", "　", " \t"])
def test_without_saying_how_the_person_was_known_nothing_is_asked(why: str, town: Town) -> None:
    with pytest.raises(Refused, match="理由がありません"):
        staff.propose_reset(town.clerk, rights=town.rights(town.admin), at=NOW, why=why)
    assert staff.open_proposals(at=NOW) == []


def test_it_is_asked_once_at_a_time(town: Town) -> None:
    ask(town)
    with pytest.raises(Refused, match="確認を待っています"):
        ask(town)


def test_an_expired_proposal_is_not_carried_out(town: Town) -> None:
    proposal, seen = ask(town)
    late = NOW + days(staff.sign_in_policy(TODAY).proposal_days)
    before = hash_of(town.clerk)
    with pytest.raises(Refused, match="確認を待っている再設定の申し出ではありません"):
        staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=late)
    assert hash_of(town.clerk) == before
    assert ask(town, at=late)[0] != proposal


def test_what_changed_meanwhile_is_not_carried_out(town: Town) -> None:
    """The person remembered the password and changed it, or the account was stopped for misuse."""
    second = town.rights(town.second_admin)
    proposal, seen = ask(town)
    staff.change_password(town.clerk, new="Kawara-no-Tanpopo-88", at=NOW + days(1))
    with pytest.raises(Refused, match="内容が変わっています"):
        staff.confirm_reset(proposal, seen=seen, rights=second, at=NOW + days(1))
    proposal, seen = ask(town, account=town.worker)
    staff.lock_account(town.worker, rights=second, at=NOW, why="不正利用の疑い")
    with pytest.raises(Refused, match="内容が変わっています"):
        staff.confirm_reset(proposal, seen=seen, rights=second, at=NOW)


def test_what_was_not_on_the_screen_is_not_confirmed(town: Town) -> None:
    proposal, _ = ask(town)
    with pytest.raises(Refused, match="内容が変わっています"):
        staff.confirm_reset(proposal, seen="0" * 64, rights=town.rights(town.second_admin), at=NOW)


def test_a_locked_account_stays_locked(town: Town) -> None:
    for _ in range(staff.sign_in_policy(TODAY).failures_before_lock):
        staff.record_failure("C001", at=NOW)
    proposal, seen = ask(town)
    staff.confirm_reset(proposal, seen=seen, rights=town.rights(town.second_admin), at=NOW)
    assert rows("SELECT state, failed_count FROM staff_account WHERE id = %s", [town.clerk]) == [
        ("locked", 0)
    ]
    staff.unlock_account(town.clerk, rights=town.rights(town.second_admin), at=NOW, why="本人を確認")
    staff.record_success(town.clerk, session_key="k2", terminal_id=None, at=NOW)


def test_an_ended_account_is_not_asked_for(town: Town) -> None:
    gone = hire("C009", name="退職　四郎")
    staff.end_account(gone, rights=town.rights(town.admin), at=NOW, why="退職")
    with pytest.raises(Refused, match="廃止されています"):
        ask(town, account=gone)
    with pytest.raises(Refused, match="廃止されています"):
        ask(town, account=0x7FFFFFFF)


def test_no_proposal_of_another_kind_lets_anybody_in(town: Town) -> None:
    by = town.rights(town.admin).actor()
    other = staff.propose(ProposalKind.RIGHTS_REVIEW, content={"理由": WHY}, subject="C001", by=by, at=NOW)
    found = staff.find_proposal(other, at=NOW)
    assert found is not None
    with pytest.raises(Refused, match="再設定の申し出ではありません"):
        staff.confirm_reset(other, seen=found.digest, rights=town.rights(town.second_admin), at=NOW)
    assert staff.find_proposal(other, at=NOW) is not None


def test_a_proposal_holds_no_name_and_is_used_once(town: Town) -> None:
    proposal, seen = ask(town)
    found = staff.find_proposal(proposal, at=NOW)
    assert found is not None
    assert found.subject == "C001"
    assert "見本" not in str(dict(found.content))
    second = town.rights(town.second_admin)
    staff.confirm_reset(proposal, seen=seen, rights=second, at=NOW)
    with pytest.raises(Refused, match="再設定の申し出ではありません"):
        staff.confirm_reset(proposal, seen=seen, rights=second, at=NOW)
