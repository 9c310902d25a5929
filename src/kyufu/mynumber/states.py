"""The state machines of the vault: keys, the clerk's worklist, and the linkage code (符号) of a person."""

from __future__ import annotations

from enum import StrEnum

from kyufu.platform.transitions import Machine, Pairs


class KeyState(StrEnum):
    """An active key seals and opens, a retired one only opens, of a destroyed one nothing is left but its row."""

    ACTIVE = "active"
    DECRYPT_ONLY = "decrypt_only"
    DESTROYED = "destroyed"


class CodeState(StrEnum):
    """How far the acquisition of a person's linkage code is; a person without a row has none (未取得)."""

    REQUESTED = "requested"
    OBTAINED = "obtained"
    FAILED = "failed"


class ConflictState(StrEnum):
    """A point for a clerk: open, settled by an act, or set aside with a reason."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


KEY_PAIRS: Pairs[str] = {
    KeyState.ACTIVE: frozenset({KeyState.DECRYPT_ONLY}),
    KeyState.DECRYPT_ONLY: frozenset({KeyState.DESTROYED}),
    KeyState.DESTROYED: frozenset(),
}
# A code is asked for again after a failure, and when the individual number behind it has changed.
CODE_PAIRS: Pairs[str] = {
    CodeState.REQUESTED: frozenset({CodeState.OBTAINED, CodeState.FAILED}),
    CodeState.FAILED: frozenset({CodeState.REQUESTED}),
    CodeState.OBTAINED: frozenset({CodeState.REQUESTED}),
}
CONFLICT_PAIRS: Pairs[str] = {
    ConflictState.OPEN: frozenset({ConflictState.RESOLVED, ConflictState.DISMISSED}),
    ConflictState.RESOLVED: frozenset({ConflictState.OPEN}),
    ConflictState.DISMISSED: frozenset({ConflictState.OPEN}),
}
KEYS = Machine("mynumber_key", "mynumber_key_transition", frozenset({KeyState.ACTIVE}), KEY_PAIRS)
CODES = Machine("mynumber_code", "mynumber_code_transition", frozenset({CodeState.REQUESTED}), CODE_PAIRS)
CONFLICTS = Machine(
    "mynumber_conflict", "mynumber_conflict_transition", frozenset({ConflictState.OPEN}), CONFLICT_PAIRS
)


class ConflictKind(StrEnum):
    """Why a pair of addressee and individual number was not taken in."""

    DOUBLE = "double"
    CHANGED = "changed"
    CHECK_DIGIT = "check_digit"
    UNREADABLE = "unreadable"
    MERGE = "merge"


CONFLICT_TEXTS = {
    ConflictKind.DOUBLE: "同じ個人番号が別の宛名番号で登録されています（二重登録の疑い）。",
    ConflictKind.CHANGED: "登録済みの個人番号と異なる番号が届きました（個人番号変更の届出を確認してください）。",
    ConflictKind.CHECK_DIGIT: "個人番号の検査数字が合いません。",
    ConflictKind.UNREADABLE: "封をされた番号の一束を開けませんでした。送り直してください。",
    ConflictKind.MERGE: "名寄せ・名寄せ取消しを番号の側で行えませんでした。",
}
