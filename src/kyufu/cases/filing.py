"""What somebody hands in (申請書・届出書): its content and what is wrong with it in itself (pure)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.cases.identity import IdentityCheck
from kyufu.cases.states import MATTERS, ApplicantKind, Channel, Kind

RELATIONS = frozenset({"father", "mother", "other"})
GUARDIANS_MOST = 2


class FiledGuardian(NamedTuple):
    """A guardian named on the paper; relation is father, mother or other."""

    addressee_id: int
    relation: str


class Filing(NamedTuple):
    """An application or report as received; the first guardian applies and receives the letters.

    `event_on` is the day of the reported event (変更・喪失の日); `target_no` the receipt number that a
    withdrawal is about; `agent_name` is filled when an agent (代理人) hands it in.
    """

    kind: Kind
    ward_code: str
    channel: Channel
    received_on: date
    child_id: int
    guardians: tuple[FiledGuardian, ...]
    identity: IdentityCheck | None
    matter: str = ""
    agent_name: str = ""
    event_on: date | None = None
    documents: tuple[str, ...] = ()
    target_no: str = ""

    @property
    def applicant_kind(self) -> ApplicantKind:
        """Was it handed in by the guardian or by an agent?"""
        return ApplicantKind.AGENT if self.agent_name else ApplicantKind.GUARDIAN


def fault_of(filing: Filing) -> str | None:
    """The first thing that is wrong with a filing, in Japanese; None when it can be received."""
    persons = [guardian.addressee_id for guardian in filing.guardians]
    needs_day = filing.kind in (Kind.CHANGE, Kind.LOSS)
    checks = (
        (filing.matter not in MATTERS[filing.kind], "届出の事由が届出の種類に合いません。"),
        (not 1 <= len(persons) <= GUARDIANS_MOST, "保護者は1人か2人を記入してください。"),
        (len(set(persons)) != len(persons), "同じ保護者が二度記入されています。"),
        (filing.child_id in persons, "児童と保護者が同じ人です。"),
        (
            any(one.relation not in RELATIONS for one in filing.guardians),
            "続柄は父・母・その他のいずれかです。",
        ),
        (needs_day and filing.event_on is None, "異動・喪失の日を記入してください。"),
        (not needs_day and filing.event_on is not None, "異動・喪失の日は、この届出では記入しません。"),
        (
            (filing.kind is Kind.WITHDRAWAL) != bool(filing.target_no),
            "取り下げる申請の受付番号を確かめてください。",
        ),
    )
    return next((text for wrong, text in checks if wrong), None)
