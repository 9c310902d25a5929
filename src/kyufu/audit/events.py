"""The kinds of event that the log keeps beside reads and writes (pure, no database)."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What happened, where nobody's data were read and no business table was written."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_UNLOCKED = "account_unlocked"
    ACCOUNT_CHANGED = "account_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    REAUTHENTICATED = "reauthenticated"
    REAUTHENTICATION_REFUSED = "reauthentication_refused"
    TERMINAL_CHANGED = "terminal_changed"
    FORBIDDEN = "forbidden"
    RIGHTS_ASKED = "rights_asked"
    RIGHTS_CHANGED = "rights_changed"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    KEY_OPERATION = "key_operation"
    NUMBER_SEARCHED = "number_searched"
    NUMBER_DISPLAYED = "number_displayed"
    NUMBER_CHANGED = "number_changed"
    PROTECTED_DISPLAYED = "protected_displayed"
    EXPORTED = "exported"
    PRINTED = "printed"
    DELIVERED = "delivered"
    DISCLOSED = "disclosed"
    LOG_SEARCHED = "log_searched"
    LOG_EXPORTED = "log_exported"
    LOG_RESTORED = "log_restored"
    LOG_VERIFIED = "log_verified"
    LOG_DELETED = "log_deleted"
    REVIEWED = "reviewed"
    SCHEMA_CHANGED = "schema_changed"
    ATTACHMENT_REFUSED = "attachment_refused"
    ATTACHMENT_DELETED = "attachment_deleted"
    PARAMETERS_CHANGED = "parameters_changed"
    DAILY_DONE = "daily_done"

    @property
    def label(self) -> str:
        """The Japanese words for a list."""
        return _LABELS[self]


_LABELS = {
    EventKind.SIGN_IN: "サインイン",
    EventKind.SIGN_IN_REFUSED: "サインインの失敗",
    EventKind.SIGN_OUT: "サインアウト",
    EventKind.SESSION_ENDED: "自動サインアウト",
    EventKind.ACCOUNT_LOCKED: "アカウントのロック",
    EventKind.ACCOUNT_UNLOCKED: "アカウントのロック解除",
    EventKind.ACCOUNT_CHANGED: "アカウントの変更",
    EventKind.PASSWORD_CHANGED: "パスワードの変更",
    EventKind.SECOND_FACTOR_CHANGED: "二要素目の認証の変更",
    EventKind.REAUTHENTICATED: "再認証",
    EventKind.REAUTHENTICATION_REFUSED: "再認証の失敗",
    EventKind.TERMINAL_CHANGED: "端末登録の変更",
    EventKind.FORBIDDEN: "権限のない操作の拒否",
    EventKind.RIGHTS_ASKED: "権限の申請",
    EventKind.RIGHTS_CHANGED: "権限の変更",
    EventKind.PROPOSED: "二人目の確認の依頼",
    EventKind.CONFIRMED: "二人目の確認",
    EventKind.DECLINED: "二人目による差戻し",
    EventKind.KEY_OPERATION: "暗号鍵の操作",
    EventKind.NUMBER_SEARCHED: "個人番号による検索",
    EventKind.NUMBER_DISPLAYED: "個人番号の表示",
    EventKind.NUMBER_CHANGED: "個人番号の登録・変更",
    EventKind.PROTECTED_DISPLAYED: "支援措置対象者の住所の表示",
    EventKind.EXPORTED: "データの出力",
    EventKind.PRINTED: "印刷",
    EventKind.DELIVERED: "他システムへの提供",
    EventKind.DISCLOSED: "開示請求への対応",
    EventKind.LOG_SEARCHED: "記録の検索",
    EventKind.LOG_EXPORTED: "記録の出力",
    EventKind.LOG_RESTORED: "別のサーバーからの記録の引継ぎ",
    EventKind.LOG_VERIFIED: "記録の検証",
    EventKind.LOG_DELETED: "保存期間を過ぎた記録の削除",
    EventKind.REVIEWED: "閲覧の点検",
    EventKind.SCHEMA_CHANGED: "表の変更",
    EventKind.ATTACHMENT_REFUSED: "有害な添付書類の拒否",
    EventKind.ATTACHMENT_DELETED: "取り下げた添付書類の削除",
    EventKind.DAILY_DONE: "日次の処理の終了",
    EventKind.PARAMETERS_CHANGED: "基準値の変更",
}
