"""Accounts, offices, roles, grants, terminals and proposals; what must hold is held by the database."""

from kyufu.staff.models.accounts import (
    Account,
    AccountTransition,
    PasswordHistory,
    Posting,
    SignInSession,
    StaffRelation,
)
from kyufu.staff.models.grants import Grant, GrantTransition, Role, RoleRight
from kyufu.staff.models.offices import Office, Terminal
from kyufu.staff.models.proposals import Proposal, ProposalTransition

__all__ = [
    "Account",
    "AccountTransition",
    "Grant",
    "GrantTransition",
    "Office",
    "PasswordHistory",
    "Posting",
    "Proposal",
    "ProposalTransition",
    "Role",
    "RoleRight",
    "SignInSession",
    "StaffRelation",
    "Terminal",
]
