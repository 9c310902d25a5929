"""Showing an individual number with a second person's yes (二人確認), where the municipality's policy asks for it."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.registry.api import PersonView
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level, ProposalKind, Proposed
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest

_FILE = Path(__file__).with_name("number_display.toml")
KIND = ProposalKind.NUMBER_DISCLOSURE
PROPOSER, PERSON, REASON = "表示する職員", "表示する人", "理由"
SHOWN = "氏名・宛名番号（個人番号の表示の確認）"


class DisplayPolicy(NamedTuple):
    """Does it take two persons to show a number, and for how many minutes does the second one's yes hold?"""

    two_persons: bool
    minutes: int


@cache
def display_policy() -> DisplayPolicy:
    """The policy of the file beside."""
    values = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return DisplayPolicy(values["two_persons"], values["minutes"])


def wait_for_second_person(request: StaffRequest, *, ticket: Ticket, person: PersonView, reason: str) -> None:
    """Go on where no second person is asked for, or one has said yes lately to this person and this reason.

    A yes is for one display and is used up by it. Raises Refused, having proposed, where there is none.
    """
    policy, at = display_policy(), clock.current_instant()
    subject = f"{request.rights.staff_no}-{ticket.person}"
    since = at - timedelta(minutes=policy.minutes)
    content = {
        PROPOSER: request.rights.staff_no, PERSON: _named(person), "利用目的": ticket.label, REASON: reason
    }  # fmt: skip
    by = request.access.actor
    if not policy.two_persons or staff.use_confirmed(
        KIND, subject=subject, content=content, since=since, by=by, at=at
    ):
        return
    staff.propose(KIND, content=content, subject=subject, by=by, at=at)
    raise Refused(
        "個人番号の表示には、別の職員の確認が必要です。確認を申し出ました。",
        remedy="確認が済んだら、同じ理由をもう一度入力して表示してください。確認1回につき、表示は1回です。",
    )


def note_shown(proposal: Proposed) -> None:
    """Note that whoever looks at the proposal reads who it is about."""
    note_read([int(proposal.subject.rpartition("-")[2])], what=SHOWN)


def _named(person: PersonView) -> str:
    """The name and number of the person; of a protected one the last digits of the number alone."""
    if person.protected:
        return f"支援措置の対象者（宛名番号の末尾 {person.addressee_no[-4:]}）"
    return f"{person.name}（宛名番号 {person.addressee_no}）"


def confirm_display(request: StaffRequest, *, proposal: Proposed, seen: str) -> None:
    """Say yes as the second person to what was seen; raises Refused where the proposer no longer holds the right."""
    staff.require(request.rights, Function.NUMBER_DISPLAY, level=Level.READ)
    today = clock.current_date_in_japan()
    proposer = staff.find_account(proposal.proposed_by.staff_id, on=today)
    if proposer is None or not staff.rights_of(proposer.account_id, on=today).may(
        Function.NUMBER_DISPLAY, level=Level.READ
    ):
        raise Refused(
            "申し出た職員は、個人番号を表示する権限を持っていません。", remedy="申し出を却下してください。"
        )
    at = clock.current_instant()
    staff.confirm(proposal.proposal_id, seen=seen, true_now=proposal.content, rights=request.rights, at=at)
