"""What a case can be and become: kinds, states and the table of allowed transitions (pure, no database).

`docs/explanation/case-states.md` shows the same tables to people; a test keeps the two alike.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What is asked for (届出・申請の種類)."""

    NEW = "new"
    CHANGE = "change"
    LOSS = "loss"
    REISSUE = "reissue"
    WITHDRAWAL = "withdrawal"


class ChangeItem(StrEnum):
    """What a change report (異動届) reports."""

    ADDRESS = "address"
    NAME = "name"
    INSURANCE = "insurance"
    GUARDIAN = "guardian"


class LossCause(StrEnum):
    """Why an entitlement ends (喪失の事由)."""

    MOVED_OUT = "moved_out"
    DIED = "died"
    AGE = "age"
    PUBLIC_ASSISTANCE = "public_assistance"
    OTHER_SCHEME = "other_scheme"


class ReissueCause(StrEnum):
    """Why a certificate is issued again (再交付の事由)."""

    LOST = "lost"
    DAMAGED = "damaged"


class Channel(StrEnum):
    """How an application came in (受付経路)."""

    COUNTER = "counter"
    MAIL = "mail"
    ONLINE = "online"


class ApplicantKind(StrEnum):
    """Who handed the application in (届出人)."""

    GUARDIAN = "guardian"
    AGENT = "agent"


class ApplicationState(StrEnum):
    """Where an application stands."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    JUDGED = "judged"
    UNDECIDED = "undecided"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class CertificateState(StrEnum):
    """Where a certificate (医療証) stands."""

    ISSUED = "issued"
    VOIDED = "voided"
    RECOVERED = "recovered"
    REPLACED = "replaced"


class EntitlementEvent(StrEnum):
    """What happened to an entitlement (資格): acquired 取得, changed 変更, lost 喪失."""

    ACQUIRED = "acquired"
    CHANGED = "changed"
    LOST = "lost"


_A = ApplicationState
_C = CertificateState

APPLICATION_START = frozenset({_A.RECEIVED})
APPLICATION_PAIRS: dict[ApplicationState, frozenset[ApplicationState]] = {
    _A.RECEIVED: frozenset({_A.INCOMPLETE, _A.JUDGED, _A.UNDECIDED, _A.WITHDRAWN, _A.CLOSED}),
    _A.INCOMPLETE: frozenset({_A.RECEIVED, _A.WITHDRAWN}),
    _A.JUDGED: frozenset({_A.JUDGED, _A.UNDECIDED, _A.SENT_BACK, _A.APPROVED, _A.REJECTED, _A.WITHDRAWN}),
    _A.UNDECIDED: frozenset({_A.JUDGED, _A.UNDECIDED, _A.WITHDRAWN}),
    _A.SENT_BACK: frozenset({_A.JUDGED, _A.UNDECIDED, _A.INCOMPLETE, _A.WITHDRAWN}),
    _A.APPROVED: frozenset({_A.ISSUED, _A.CLOSED, _A.JUDGED, _A.UNDECIDED}),
    _A.REJECTED: frozenset({_A.CLOSED}),
    _A.ISSUED: frozenset({_A.CLOSED}),
    _A.WITHDRAWN: frozenset(),
    _A.CLOSED: frozenset(),
}
OPEN_STATES = frozenset(_A) - {_A.REJECTED, _A.ISSUED, _A.WITHDRAWN, _A.CLOSED}

CERTIFICATE_START = frozenset({_C.ISSUED})
CERTIFICATE_PAIRS: dict[CertificateState, frozenset[CertificateState]] = {
    _C.ISSUED: frozenset({_C.VOIDED, _C.RECOVERED, _C.REPLACED}),
    _C.VOIDED: frozenset({_C.RECOVERED}),
    _C.REPLACED: frozenset({_C.RECOVERED}),
    _C.RECOVERED: frozenset(),
}

MATTERS: dict[Kind, frozenset[str]] = {
    Kind.NEW: frozenset({""}),
    Kind.CHANGE: frozenset(ChangeItem),
    Kind.LOSS: frozenset(LossCause),
    Kind.REISSUE: frozenset(ReissueCause),
    Kind.WITHDRAWAL: frozenset({""}),
}
# A change of insurance leaves the card as it is: name, address and guardian are what is printed on it.
CARD_KINDS = frozenset({Kind.NEW, Kind.REISSUE})
CARD_CHANGES = frozenset({ChangeItem.ADDRESS, ChangeItem.NAME, ChangeItem.GUARDIAN})

JAPANESE: dict[StrEnum, str] = {
    Kind.NEW: "新規",
    Kind.CHANGE: "異動届",
    Kind.LOSS: "喪失",
    Kind.REISSUE: "再交付",
    Kind.WITHDRAWAL: "取下げ",
    ChangeItem.ADDRESS: "住所",
    ChangeItem.NAME: "氏名",
    ChangeItem.INSURANCE: "健康保険",
    ChangeItem.GUARDIAN: "保護者",
    LossCause.MOVED_OUT: "転出",
    LossCause.DIED: "死亡",
    LossCause.AGE: "年齢到達",
    LossCause.PUBLIC_ASSISTANCE: "生活保護の開始",
    LossCause.OTHER_SCHEME: "他制度の受給",
    ReissueCause.LOST: "紛失",
    ReissueCause.DAMAGED: "破損・汚損",
    Channel.COUNTER: "窓口",
    Channel.MAIL: "郵送",
    Channel.ONLINE: "電子申請",
    ApplicantKind.GUARDIAN: "保護者",
    ApplicantKind.AGENT: "代理人",
    _A.RECEIVED: "受付",
    _A.INCOMPLETE: "補正待ち",
    _A.JUDGED: "判定済",
    _A.UNDECIDED: "保留（判定不能）",
    _A.SENT_BACK: "差戻し",
    _A.APPROVED: "決裁済",
    _A.REJECTED: "却下（決裁済）",
    _A.ISSUED: "交付済",
    _A.WITHDRAWN: "取下げ",
    _A.CLOSED: "完結",
    _C.ISSUED: "交付済",
    _C.VOIDED: "無効",
    _C.RECOVERED: "回収",
    _C.REPLACED: "再交付済",
    EntitlementEvent.ACQUIRED: "取得",
    EntitlementEvent.CHANGED: "変更",
    EntitlementEvent.LOST: "喪失",
}


def gets_card(*, kind: Kind, matter: str) -> bool:
    """Does an approved application of this kind end in a certificate being issued?"""
    return kind in CARD_KINDS or (kind is Kind.CHANGE and matter in CARD_CHANGES)
