"""One mechanism for two persons (二人確認): the second differs, has the right, and confirms what the first saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin, move
from kyufu.staff.functions import Function, Level
from kyufu.staff.models import Proposal
from kyufu.staff.operations.signin import AUTOMATIC
from kyufu.staff.policy import sign_in_policy
from kyufu.staff.rights import Rights, require
from kyufu.staff.states import PROPOSALS
from kyufu.staff.two_persons import refuse_same_person

Content = Mapping[str, str | int | bool | None]


class ProposalKind(StrEnum):
    """What a proposal is about; each kind needs a function of the second person."""

    NUMBER_DISCLOSURE = "number_disclosure"
    KEY_ROTATION = "key_rotation"
    RIGHTS_REVIEW = "rights_review"
    SIGN_IN_RESET = "sign_in_reset"
    PARAMETERS = "parameters"


PROPOSAL_NAMES = {
    ProposalKind.NUMBER_DISCLOSURE: "個人番号の提供",
    ProposalKind.KEY_ROTATION: "暗号鍵の更新",
    ProposalKind.RIGHTS_REVIEW: "権限対応表の点検",
    ProposalKind.SIGN_IN_RESET: "サインインの再設定",
    ProposalKind.PARAMETERS: "基準値の変更",
}
NEEDS = {
    ProposalKind.NUMBER_DISCLOSURE: Function.NUMBER,
    ProposalKind.KEY_ROTATION: Function.KEYS,
    ProposalKind.RIGHTS_REVIEW: Function.RIGHTS,
    ProposalKind.SIGN_IN_RESET: Function.RIGHTS,
    ProposalKind.PARAMETERS: Function.PARAMETERS,
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as the second person is shown it; `digest` is what they hand back as `seen`."""

    proposal_id: int
    kind: ProposalKind
    subject: str
    content: Content
    digest: str
    proposed_by: Actor
    proposed_at: datetime
    expires_at: datetime


def content_digest(content: Content) -> str:
    """SHA-256 (hex) of the content as canonical JSON: keys sorted, no spaces, UTF-8."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


@transaction.atomic
def propose(kind: ProposalKind, *, content: Content, subject: str, by: Actor, at: datetime) -> int:
    """Propose a content for the second person, and return its id; it lapses after proposal_days.

    `subject` names what it is about (a case number, a key ...), never a person's name. Raises Refused where the same
    subject waits already.
    """
    days = sign_in_policy(at.astimezone(JAPAN).date()).proposal_days
    _lapse(Proposal.objects.filter(kind=kind, subject=subject), at=at)
    try:
        with transaction.atomic():
            added = Proposal.objects.create(
                kind=kind, subject=subject, content=_canonical(content), digest=content_digest(content),
                state="proposed", proposed_by_id=by.staff_id, proposed_by_name=by.name,
                proposed_by_office=by.office, proposed_at=at, expires_at=at + timedelta(days=days),
                confirmed_by_name="", confirmed_by_office="",
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "同じ件の申し出が確認を待っています。",
            remedy="その確認が済むか、取り下げてから申し出てください。",
        ) from None
    begin(PROPOSALS, subject_id=added.pk, state="proposed", by=by, at=at, why=PROPOSAL_NAMES[kind])
    return int(added.pk)


@transaction.atomic
def confirm(proposal_id: int, *, seen: str, true_now: Content, rights: Rights, at: datetime) -> Proposed:
    """Confirm a proposal, and return what was confirmed; to be called in the transaction that carries it out.

    `seen` is the digest of what was on the second person's screen, `true_now` the content as it would be proposed
    now. Raises SamePerson for the proposer, Forbidden without the right, Refused where what was seen, what was
    proposed and what is true now are not the same, or the proposal no longer waits.
    """
    row = _waiting(proposal_id, at=at)
    refuse_same_person(first=row.proposed_by_id, second=rights.staff_no)
    require(rights, NEEDS[ProposalKind(row.kind)], level=Level.UPDATE)
    if not row.digest == seen == content_digest(true_now):
        raise Refused("申し出の後に内容が変わっています。", remedy="今の内容で、最初から申し出てください。")
    by = rights.actor()
    Proposal.objects.filter(pk=row.pk).update(
        confirmed_by_id=by.staff_id, confirmed_by_name=by.name, confirmed_by_office=by.office, confirmed_at=at
    )
    _step(row, to="confirmed", by=by, at=at, why="確認")
    return _as_shown(row)


@transaction.atomic
def refuse_proposal(proposal_id: int, *, rights: Rights, at: datetime, why: str) -> None:
    """Refuse a proposal as the second person, with the reason."""
    row = _waiting(proposal_id, at=at)
    refuse_same_person(first=row.proposed_by_id, second=rights.staff_no)
    require(rights, NEEDS[ProposalKind(row.kind)], level=Level.UPDATE)
    if not why.strip():
        raise Refused("理由がありません。", remedy="却下の理由を記入してください。")
    _step(row, to="refused", by=rights.actor(), at=at, why=why)


@transaction.atomic
def withdraw(proposal_id: int, *, by: Actor, at: datetime) -> None:
    """Take one's own proposal back."""
    row = _waiting(proposal_id, at=at)
    if row.proposed_by_id != by.staff_id:
        raise Refused(
            "取り下げられるのは、申し出た職員だけです。", remedy="却下する場合は理由を付けてください。"
        )
    _step(row, to="withdrawn", by=by, at=at, why="取下げ")


def open_proposals(*, at: datetime, kind: ProposalKind | None = None) -> list[Proposed]:
    """What waits for a second person, oldest first."""
    rows = Proposal.objects.filter(state="proposed", expires_at__gt=at).order_by("id")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_as_shown(row) for row in rows]


def find_proposal(proposal_id: int, *, at: datetime) -> Proposed | None:
    """The proposal of an id where it still waits."""
    row = Proposal.objects.filter(pk=proposal_id, state="proposed", expires_at__gt=at).first()
    return None if row is None else _as_shown(row)


@transaction.atomic
def use_confirmed(
    kind: ProposalKind, *, subject: str, content: Content, since: datetime, by: Actor, at: datetime
) -> bool:
    """Use up a second person's yes to exactly this content, given at an instant or later; False where there is none."""
    confirmed = Proposal.objects.select_for_update().filter(
        kind=kind, subject=subject, digest=content_digest(content), state="confirmed", confirmed_at__gte=since
    )
    row = confirmed.order_by("id").first()
    if row is None:
        return False
    move(PROPOSALS, subject_id=row.pk, from_state="confirmed", to_state="used", by=by, at=at, why="使用")
    return True


@transaction.atomic
def lapse_proposals(*, at: datetime) -> int:
    """Let the proposals lapse whose time is over; returns how many."""
    return _lapse(Proposal.objects.all(), at=at)


def _lapse(rows: QuerySet[Proposal], *, at: datetime) -> int:
    over = rows.select_for_update().filter(state="proposed", expires_at__lte=at).order_by("id")
    for row in over:
        _step(row, to="lapsed", by=AUTOMATIC, at=at, why="期限切れ")
    return len(over)


def _waiting(proposal_id: int, *, at: datetime) -> Proposal:
    row = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None or row.state != "proposed" or row.expires_at <= at:
        raise Refused("確認を待っている申し出ではありません。", remedy="一覧を開き直してください。")
    return row


def _step(row: Proposal, *, to: str, by: Actor, at: datetime, why: str) -> None:
    move(PROPOSALS, subject_id=row.pk, from_state="proposed", to_state=to, by=by, at=at, why=why)


def _as_shown(row: Proposal) -> Proposed:
    return Proposed(
        proposal_id=row.pk,
        kind=ProposalKind(row.kind),
        subject=row.subject,
        content=json.loads(row.content),
        digest=row.digest,
        proposed_by=Actor(row.proposed_by_id, row.proposed_by_name, row.proposed_by_office),
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
    )


def _canonical(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
