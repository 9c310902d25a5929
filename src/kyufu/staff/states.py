"""The state machines of accounts, grants and proposals, bound to their tables."""

from __future__ import annotations

from enum import StrEnum

from kyufu.platform.transitions import Machine


class AccountState(StrEnum):
    """An account works, is locked until someone opens it again, or has ended for good."""

    ACTIVE = "active"
    LOCKED = "locked"
    ENDED = "ended"


class GrantState(StrEnum):
    """A grant is asked for, confirmed by another or refused by them, ended by someone, or lapsed by time."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"
    LAPSED = "lapsed"


class ProposalState(StrEnum):
    """A proposal waits for the second person, who confirms or refuses it; the first may withdraw it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    USED = "used"


# active -> active records a renewal for another year; a locked account is not renewed.
ACCOUNT_PAIRS = {
    AccountState.ACTIVE: frozenset({AccountState.ACTIVE, AccountState.LOCKED, AccountState.ENDED}),
    AccountState.LOCKED: frozenset({AccountState.ACTIVE, AccountState.ENDED}),
    AccountState.ENDED: frozenset[AccountState](),
}
# The loops record that a grant was cut short to a day to come.
GRANT_PAIRS = {
    GrantState.ASKED: frozenset(
        {GrantState.ASKED, GrantState.CONFIRMED, GrantState.REFUSED, GrantState.LAPSED}
    ),
    GrantState.CONFIRMED: frozenset({GrantState.CONFIRMED, GrantState.ENDED, GrantState.LAPSED}),
    GrantState.REFUSED: frozenset[GrantState](),
    GrantState.ENDED: frozenset[GrantState](),
    GrantState.LAPSED: frozenset[GrantState](),
}
PROPOSAL_PAIRS = {
    ProposalState.PROPOSED: frozenset(
        {
            ProposalState.CONFIRMED,
            ProposalState.REFUSED,
            ProposalState.WITHDRAWN,
            ProposalState.LAPSED,
        }
    ),
    # What is confirmed for one act alone is used up by it.
    ProposalState.CONFIRMED: frozenset({ProposalState.USED}),
    ProposalState.USED: frozenset[ProposalState](),
    ProposalState.REFUSED: frozenset[ProposalState](),
    ProposalState.WITHDRAWN: frozenset[ProposalState](),
    ProposalState.LAPSED: frozenset[ProposalState](),
}

ACCOUNTS = Machine(
    subject_table="staff_account",
    history_table="staff_account_transition",
    start=frozenset({"active"}),
    pairs={str(state): frozenset(map(str, after)) for state, after in ACCOUNT_PAIRS.items()},
)
GRANTS = Machine(
    subject_table="staff_grant",
    history_table="staff_grant_transition",
    start=frozenset({"asked"}),
    pairs={str(state): frozenset(map(str, after)) for state, after in GRANT_PAIRS.items()},
)
PROPOSALS = Machine(
    subject_table="staff_proposal",
    history_table="staff_proposal_transition",
    start=frozenset({"proposed"}),
    pairs={str(state): frozenset(map(str, after)) for state, after in PROPOSAL_PAIRS.items()},
)

ACCOUNT_STATE_NAMES = {
    AccountState.ACTIVE: "有効",
    AccountState.LOCKED: "停止中",
    AccountState.ENDED: "廃止",
}
GRANT_STATE_NAMES = {
    GrantState.ASKED: "申請中",
    GrantState.CONFIRMED: "付与",
    GrantState.REFUSED: "却下",
    GrantState.ENDED: "取消し",
    GrantState.LAPSED: "失効",
}
PROPOSAL_STATE_NAMES = {
    ProposalState.PROPOSED: "確認待ち",
    ProposalState.CONFIRMED: "確認済",
    ProposalState.USED: "使用済",
    ProposalState.REFUSED: "却下",
    ProposalState.WITHDRAWN: "取下げ",
    ProposalState.LAPSED: "期限切れ",
}
