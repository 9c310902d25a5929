"""What the registry, the exchange and the key commands may ask of the vault and have it do."""

from __future__ import annotations

from kyufu.mynumber.basics import BasicItems, compare_basics, record_basics
from kyufu.mynumber.codes import code_state, move_code
from kyufu.mynumber.conflicts import Conflict, conflicts, settle_conflict
from kyufu.mynumber.counter import (
    DoubleRegistration,
    Found,
    change_number,
    disclose_number,
    numbers_for,
    register_number,
    search_by_number,
    withdraw_number,
)
from kyufu.mynumber.database import is_configured
from kyufu.mynumber.drain import DrainResult, drain_inbox, letters_waiting
from kyufu.mynumber.erasing import erase_person
from kyufu.mynumber.key_acts import (
    KEY_ACT_NAMES,
    AskedKeyAct,
    KeyAct,
    ask_for_key_act,
    confirm_key_act,
    waiting_key_acts,
)
from kyufu.mynumber.keyring import init_vault
from kyufu.mynumber.keysource import CommandKeyEncryption, KeyEncryption, key_from_file, make_key_file
from kyufu.mynumber.letters import can_post, post_merge, post_numbers, post_split
from kyufu.mynumber.links import (
    ADDRESSEE,
    UNIFIED,
    BusinessNumber,
    clear_no_automatic_reply,
    link_number,
    no_automatic_reply_reason,
    set_no_automatic_reply,
    translate,
    unlink_number,
)
from kyufu.mynumber.persons import merge_persons, split_person
from kyufu.mynumber.rotation import finish_rotation, is_unfinished, rewrap_keys, rotate_keys
from kyufu.mynumber.secret import MASK, NumberSecret
from kyufu.mynumber.states import CONFLICT_TEXTS, CodeState, ConflictKind, ConflictState
from kyufu.mynumber.status import KeyStatus, VaultStatus, vault_status

__all__ = [
    "ADDRESSEE",
    "CONFLICT_TEXTS",
    "KEY_ACT_NAMES",
    "MASK",
    "UNIFIED",
    "AskedKeyAct",
    "BasicItems",
    "BusinessNumber",
    "CodeState",
    "CommandKeyEncryption",
    "Conflict",
    "ConflictKind",
    "ConflictState",
    "DoubleRegistration",
    "DrainResult",
    "Found",
    "KeyAct",
    "KeyEncryption",
    "KeyStatus",
    "NumberSecret",
    "VaultStatus",
    "ask_for_key_act",
    "can_post",
    "change_number",
    "clear_no_automatic_reply",
    "code_state",
    "compare_basics",
    "confirm_key_act",
    "conflicts",
    "disclose_number",
    "drain_inbox",
    "erase_person",
    "finish_rotation",
    "init_vault",
    "is_configured",
    "is_unfinished",
    "key_from_file",
    "letters_waiting",
    "link_number",
    "make_key_file",
    "merge_persons",
    "move_code",
    "no_automatic_reply_reason",
    "numbers_for",
    "post_merge",
    "post_numbers",
    "post_split",
    "record_basics",
    "register_number",
    "rewrap_keys",
    "rotate_keys",
    "search_by_number",
    "set_no_automatic_reply",
    "settle_conflict",
    "split_person",
    "translate",
    "unlink_number",
    "vault_status",
    "waiting_key_acts",
    "withdraw_number",
]
