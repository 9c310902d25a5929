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


class HandoverWay(StrEnum):
    """How a certificate leaves the office (交付の方法)."""

    COUNTER = "counter"
    MAIL = "mail"


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
    _A.REJECTED: frozenset({_A.CLOSED, _A.REJECTED, _A.JUDGED, _A.UNDECIDED}),
    _A.ISSUED: frozenset({_A.CLOSED, _A.ISSUED, _A.JUDGED, _A.UNDECIDED}),
    _A.WITHDRAWN: frozenset(),
    _A.CLOSED: frozenset({_A.CLOSED, _A.JUDGED, _A.UNDECIDED}),
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

# By class: words of two classes may be spelled alike (a lost card is 紛失, a lost entitlement 喪失).
_JAPANESE: dict[type[StrEnum], dict[str, str]] = {
    Kind: {"new": "新規", "change": "異動届", "loss": "喪失", "reissue": "再交付", "withdrawal": "取下げ"},
    ChangeItem: {"address": "住所", "name": "氏名", "insurance": "健康保険", "guardian": "保護者"},
    LossCause: {
        "moved_out": "転出", "died": "死亡", "age": "年齢到達", "public_assistance": "生活保護の開始",
        "other_scheme": "他制度の受給",
    },
    ReissueCause: {"lost": "紛失", "damaged": "破損・汚損"},
    Channel: {"counter": "窓口", "mail": "郵送", "online": "電子申請"},
    ApplicantKind: {"guardian": "保護者", "agent": "代理人"},
    HandoverWay: {"counter": "窓口で渡した", "mail": "郵送した"},
    ApplicationState: {
        "received": "受付", "incomplete": "補正待ち", "judged": "判定済", "undecided": "保留（判定不能）",
        "sent_back": "差戻し", "approved": "決裁済", "rejected": "却下（決裁済）", "issued": "交付済",
        "withdrawn": "取下げ", "closed": "完結",
    },
    CertificateState: {"issued": "交付済", "voided": "無効", "recovered": "回収", "replaced": "再交付済"},
    EntitlementEvent: {"acquired": "取得", "changed": "変更", "lost": "喪失"},
}  # fmt: skip


def japanese(word: StrEnum) -> str:
    """The clerks' word for a kind, cause or state."""
    return _JAPANESE[type(word)][word.value]


def japanese_matter(kind: Kind, *, matter: str) -> str:
    """The clerks' word for what a report is about (異動の内容・喪失の事由・再交付の事由); empty for the other kinds."""
    words = {Kind.CHANGE: ChangeItem, Kind.LOSS: LossCause, Kind.REISSUE: ReissueCause}
    return japanese(words[kind](matter)) if kind in words else ""


def gets_card(*, kind: Kind, matter: str) -> bool:
    """Does an approved application of this kind end in a certificate being issued?"""
    return kind in CARD_KINDS or (kind is Kind.CHANGE and matter in CARD_CHANGES)
