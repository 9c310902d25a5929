"""What a clerk must know before anything else about a person: each with a word, what it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kyufu.cases import api as cases
from kyufu.notation.display import format_date
from kyufu.registry import api as registry
from kyufu.web.pages.person_words import say_items

if TYPE_CHECKING:
    from kyufu.web.pages.person_page import ApplicationLine

# So long before its end a clerk at the counter tells of a certificate's end.
EXPIRES_SOON = 60
ERROR, WARNING, INFO = "error", "warning", "info"


class Alert(NamedTuple):
    """A word, what is the matter, and what to do; `application` is the id of one whose page helps (0: none)."""

    level: str
    word: str
    text: str
    todo: str
    application: int = 0


def alerts_of(
    *,
    person: registry.PersonView,
    today: date,
    applications: Sequence[ApplicationLine],
    certificates: Sequence[cases.CertificateSeen],
    is_entitled: bool,
    undrawable: tuple[str, ...],
    contacts: Iterable[registry.ContactSeen],
) -> list[Alert]:
    """The alerts in the order in which they matter; that of a protected person stands apart, above these."""
    has_card = any(one.state == cases.CertificateState.ISSUED for one in certificates)
    return [
        *_gone(person, is_entitled=is_entitled or has_card),
        *(_stale(one) for one in applications if one.stale),
        *(_waiting(one) for one in applications if one.waits_for and not one.stale),
        *_expiring(certificates, today=today),
        *_undrawable(undrawable),
        *(_due(one) for one in contacts if one.is_waiting and one.follow_up_on and one.follow_up_on <= today),
    ]


def _gone(person: registry.PersonView, *, is_entitled: bool) -> list[Alert]:
    words = {
        registry.Status.DEAD: ("死亡", "死亡の登録があります。"),
        registry.Status.MOVED_OUT: ("転出", "市外へ転出しています。"),
    }
    if person.status not in words:
        return []
    word, text = words[person.status]
    if is_entitled:
        return [
            Alert(
                ERROR,
                word,
                f"{text}資格または医療証が残っています。",
                "喪失届を受け付け、医療証を回収してください。",
            )
        ]
    return [Alert(INFO, word, text, "新しい申請は受け付けられません。過去の記録だけを確認してください。")]


def _stale(one: ApplicationLine) -> Alert:
    return Alert(
        ERROR, "判定の失効", f"{_named(one)}：{one.stale}",
        "古い判定のまま案内・交付・印刷をしないでください。申請の画面で判定し直します。",
        one.row.application_id if one.may_open else 0,
    )  # fmt: skip


def _waiting(one: ApplicationLine) -> Alert:
    state = cases.japanese(cases.ApplicationState(one.row.state))
    return Alert(
        INFO, "処理中", f"{_named(one)}は「{state}」です。{one.waits_for}",
        "同じ内容の申請を重ねて受け付けないでください。",
        one.row.application_id if one.may_open else 0,
    )  # fmt: skip


def _expiring(certificates: Sequence[cases.CertificateSeen], *, today: date) -> list[Alert]:
    return [
        Alert(
            WARNING, "有効期限",
            f"医療証 {one.number} の有効期限は{format_date(last)}です（あと{(last - today).days}日）。",
            "更新の対象かどうかを確かめ、必要な手続を案内してください。",
        )
        for one in certificates
        if one.state == cases.CertificateState.ISSUED
        and (last := one.valid.last_day) is not None
        and 0 <= (last - today).days <= EXPIRES_SOON
    ]  # fmt: skip


def _undrawable(fields: tuple[str, ...]) -> list[Alert]:
    if not fields:
        return []
    return [
        Alert(
            WARNING, "印字できない文字", f"{say_items(fields)}に、印刷用の書体にない文字があります。",
            "医療証と通知は印刷されません。文字の登録を本庁の担当へ依頼してください。",
        )
    ]  # fmt: skip


def _due(one: registry.ContactSeen) -> Alert:
    due = "" if one.follow_up_on is None else format_date(one.follow_up_on)
    return Alert(
        WARNING, "後で行うこと", f"{due}が期限の用件が残っています：{one.subject}",
        "応対記録の内容を確かめ、済んだら完了を記録してください。",
    )  # fmt: skip


def _named(one: ApplicationLine) -> str:
    kind = cases.japanese(cases.Kind(one.row.kind))
    return f"{kind}（受付番号 {one.row.number}）"
