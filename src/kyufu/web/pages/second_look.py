"""Showing an individual number with a second person's yes (二人確認), where the municipality's policy asks for it."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level, ProposalKind, Proposed
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest

_FILE = Path(__file__).with_name("number_display.toml")
KIND = ProposalKind.NUMBER_DISCLOSURE
PROPOSER, REASON = "表示する職員", "理由"


class DisplayPolicy(NamedTuple):
    """Does it take two persons to show a number, and for how many minutes does the second one's yes hold?"""

    two_persons: bool
    minutes: int


@cache
def display_policy() -> DisplayPolicy:
    """The policy of the file beside."""
    values = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return DisplayPolicy(values["two_persons"], values["minutes"])


def wait_for_second_person(request: StaffRequest, *, ticket: Ticket, reason: str) -> None:
    """Go on where no second person is asked for, or one has confirmed lately; propose and raise Refused otherwise."""
    policy, at = display_policy(), clock.current_instant()
    subject = f"{request.rights.staff_no}-{ticket.person}"
    since = at - timedelta(minutes=policy.minutes)
    if not policy.two_persons or staff.was_confirmed(KIND, subject=subject, since=since):
        return
    content = {PROPOSER: request.rights.staff_no, "利用目的": ticket.label, REASON: reason}
    staff.propose(KIND, content=content, subject=subject, by=request.access.actor, at=at)
    raise Refused(
        "個人番号の表示には、別の職員の確認が必要です。確認を申し出ました。",
        remedy="確認が済んだら、もう一度理由を入力して表示してください。",
    )


def confirm_display(request: StaffRequest, *, proposal: Proposed, seen: str) -> None:
    """Say yes as the second person to what was seen; raises Refused where the proposer no longer holds the right."""
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
