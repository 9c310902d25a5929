"""Key operations by two persons: one asks, another one with the right confirms the same content, then it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kyufu.mynumber.database import in_vault
from kyufu.mynumber.keyring import DATA, active_key
from kyufu.mynumber.keysource import KeyEncryption
from kyufu.mynumber.rotation import Progress, rewrap_keys, rotate_keys
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff

SUBJECT = "vault"


class KeyAct(StrEnum):
    """What is done to the keys."""

    ROTATE = "rotate"
    REWRAP = "rewrap"


KEY_ACT_NAMES = {KeyAct.ROTATE: "データ鍵の交換", KeyAct.REWRAP: "鍵を包む鍵の交換"}


@dataclass(frozen=True, slots=True)
class AskedKeyAct:
    """A key operation that waits for a second person; `digest` is what that person hands back as `seen`."""

    proposal_id: int
    act: KeyAct
    asked_by: str
    asked_at: datetime
    digest: str


def ask_for_key_act(act: KeyAct, *, new: KeyEncryption | None, rights: staff.Rights, at: datetime) -> int:
    """Ask for a key operation; returns the number of the proposal. `new` is the new key-encryption key for REWRAP.

    Raises Forbidden without the right over keys, Refused where one waits already.
    """
    staff.require(rights, staff.Function.KEYS, level=staff.Level.UPDATE)
    return staff.propose(
        staff.ProposalKind.KEY_ROTATION,
        content=_content(act, new=new),
        subject=SUBJECT,
        by=rights.actor(),
        at=at,
    )


def waiting_key_acts(*, at: datetime) -> list[AskedKeyAct]:
    """The key operations that wait for a second person."""
    return [
        AskedKeyAct(
            one.proposal_id,
            KeyAct(str(one.content["act"])),
            one.proposed_by.name,
            one.proposed_at,
            one.digest,
        )
        for one in staff.open_proposals(at=at, kind=staff.ProposalKind.KEY_ROTATION)
    ]


def confirm_key_act(
    proposal_id: int, *, seen: str, new: KeyEncryption | None, rights: staff.Rights, at: datetime, report: Progress
) -> int:  # fmt: skip
    """Confirm a key operation as the second person and carry it out; returns the rows or keys that were exchanged.

    Raises SamePerson for who asked, Forbidden without the right, Refused where the keys are others than were seen.
    """
    waiting = {one.proposal_id: one for one in waiting_key_acts(at=at)}
    if proposal_id not in waiting:
        raise Refused("確認を待っている鍵の操作ではありません。", remedy="一覧を開き直してください。")
    act = waiting[proposal_id].act
    confirmed = staff.confirm(proposal_id, seen=seen, true_now=_content(act, new=new), rights=rights, at=at)
    if act is KeyAct.ROTATE or new is None:
        return rotate_keys(by=confirmed.proposed_by, confirmed_by=rights.actor(), at=at, report=report)
    return rewrap_keys(new=new, by=confirmed.proposed_by, confirmed_by=rights.actor())


def _content(act: KeyAct, *, new: KeyEncryption | None) -> dict[str, str | int | bool | None]:
    if (act is KeyAct.REWRAP) is (new is None):
        raise Refused(
            "新しい鍵の指定が、操作と合いません。",
            remedy="鍵を包む鍵の交換のときだけ、新しい鍵を指定してください。",
        )
    with in_vault():
        return {
            "act": str(act),
            "操作": KEY_ACT_NAMES[act],
            "今のデータ鍵": active_key(DATA).number,
            "新しい鍵": None if new is None else new.identity,
        }
