"""Exchange of keys while everything goes on: data keys by re-encryption, the key-encryption key by re-wrapping.

A new data key encrypts at once and the former one only opens. Blocks are re-encrypted one transaction each; whoever is
killed in the middle goes on with the next call. A key that nothing is encrypted under any more is destroyed. The key of
the blind index stays: to exchange it, every number would have to be opened at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.views.decorators.debug import sensitive_variables

from kyufu.mynumber import database as db
from kyufu.mynumber.basics import BASICS
from kyufu.mynumber.crypto import row_context, seal, unseal
from kyufu.mynumber.keyring import (
    DATA,
    INBOX,
    active_key,
    add_key,
    key_context,
    live_key,
    record_key_operation,
    refuse_alone,
)
from kyufu.mynumber.keysource import WRONG_KEY, WRONG_KEY_REMEDY, KeyEncryption, configured_key
from kyufu.mynumber.limits import limit
from kyufu.mynumber.states import KEYS, KeyState
from kyufu.mynumber.writing import NUMBERS
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move

BLOCK = 2_000
Progress = Callable[[int], None]

_BLOCK_OF = """
SELECT t.id, p.unified_no, t.version, t.sealed, k.id, k.kek, k.wrapped
  FROM {table} t JOIN mynumber_person p ON p.id = t.person_id JOIN mynumber_key k ON k.id = t.key_id
 WHERE t.key_id <> %s ORDER BY t.id LIMIT %s FOR UPDATE OF t
"""
_REPLACE = """
UPDATE {table} t SET key_id = %s, sealed = n.sealed
  FROM unnest(%s::bigint[], %s::bytea[]) AS n (id, sealed) WHERE t.id = n.id
"""
_UNUSED_DATA = f"""
SELECT k.id FROM mynumber_key k WHERE k.purpose = 'data' AND k.state = 'decrypt_only'
   AND NOT EXISTS (SELECT FROM {NUMBERS} t WHERE t.key_id = k.id)
   AND NOT EXISTS (SELECT FROM {BASICS} t WHERE t.key_id = k.id)
"""
# A letter may be sealed to the former key and not yet be committed.
_UNUSED_INBOX = """
SELECT k.id FROM mynumber_key k JOIN mynumber_key_transition h ON h.subject_id = k.id AND h.to_state = 'decrypt_only'
 WHERE k.purpose = 'inbox' AND k.state = 'decrypt_only' AND h.at < %s
   AND NOT EXISTS (SELECT FROM mynumber_inbox i WHERE i.key_no = k.id)
"""


def rotate_keys(*, by: Actor, confirmed_by: Actor, at: datetime, report: Progress) -> int:
    """Put new data and inbox keys in force, re-encrypt everything, destroy what is no longer used.

    Returns how many rows were re-encrypted; `report` is called with the rows done after each block. Where an earlier
    rotation was interrupted, it is finished and no new key is made. Raises Refused where one person alone asks.
    """
    refuse_alone(by=by, confirmed_by=confirmed_by)
    if not is_unfinished():
        record_key_operation("データ鍵の交換", by=by, confirmed_by=confirmed_by)
        why = f"鍵の交換（確認：{db.signature(confirmed_by)}）"
        _renew(DATA, by=by, why=why, at=at)
        _renew(INBOX, by=by, why=why, at=at)
    return finish_rotation(by=by, at=at, report=report)


def finish_rotation(*, by: Actor, at: datetime, report: Progress) -> int:
    """Re-encrypt what is not yet under the key in force, and destroy what is no longer used; how many rows.

    What two persons began, one may finish.
    """
    done = 0
    for table in (NUMBERS, BASICS):
        while count := _reencrypt_block(table):
            done += count
            report(done)
    _destroy_unused(by=by, at=at)
    return done


@sensitive_variables()
def rewrap_keys(*, new: KeyEncryption, by: Actor, confirmed_by: Actor) -> int:
    """Wrap every key by a new key-encryption key, all in one transaction; returns how many.

    From then on the vault opens with the new one only. Raises Refused where the present one is not this vault's.
    """
    refuse_alone(by=by, confirmed_by=confirmed_by)
    record_key_operation("鍵を包む鍵の交換", by=by, confirmed_by=confirmed_by)
    old = configured_key()
    with db.in_vault():
        db.lock(db.KEYS)
        wrapped = db.rows("SELECT id, purpose, kek, wrapped FROM mynumber_key WHERE wrapped IS NOT NULL")
        if not wrapped or any(row[2] != old.identity for row in wrapped):
            raise Refused(WRONG_KEY, remedy=WRONG_KEY_REMEDY)
        for number, purpose, _, sealed in wrapped:
            context = key_context(purpose, number=number)
            secret = old.unwrap(bytes(sealed), context=context)
            db.change(
                "UPDATE mynumber_key SET wrapped = %s, kek = %s WHERE id = %s",
                new.wrap(secret, context=context), new.identity, number,
            )  # fmt: skip
    return len(wrapped)


def is_unfinished() -> bool:
    """Was an exchange of data keys begun and not brought to its end?"""
    with db.in_vault():
        return bool(
            db.rows("SELECT FROM mynumber_key WHERE purpose = 'data' AND state = 'decrypt_only' LIMIT 1")
        )


def _renew(purpose: str, *, by: Actor, why: str, at: datetime) -> None:
    with db.in_vault():
        # Whoever is writing with the former key has finished once this lock is held.
        db.lock(db.KEYS)
        _step(active_key(purpose).number, to=KeyState.DECRYPT_ONLY, by=by, why=why, at=at)
        add_key(purpose, kek=configured_key(), by=by, why=why, at=at)


@sensitive_variables()
def _reencrypt_block(table: str) -> int:
    with db.in_vault():
        db.lock_shared(db.KEYS)
        key = active_key(DATA)
        ids, sealed = [], []
        for row_id, unified_no, version, old, *of_key in db.rows(
            _BLOCK_OF.format(table=table), key.number, BLOCK
        ):
            former = live_key(of_key, purpose=DATA)
            before = row_context(table=table, unified_no=unified_no, key_id=former.number, version=version)
            after = row_context(table=table, unified_no=unified_no, key_id=key.number, version=version)
            plain = unseal(bytes(old), key=former.secret, context=before)
            ids.append(row_id)
            sealed.append(seal(plain, key=key.secret, context=after))
        return db.change(_REPLACE.format(table=table), key.number, ids, sealed) if ids else 0


def _destroy_unused(*, by: Actor, at: datetime) -> None:
    grace = timedelta(hours=limit("inbox_key_hours", on=at.astimezone(JAPAN).date()))
    with db.in_vault():
        db.lock(db.KEYS)
        for (number,) in [*db.rows(_UNUSED_DATA), *db.rows(_UNUSED_INBOX, at - grace)]:
            db.change("UPDATE mynumber_key SET wrapped = NULL WHERE id = %s", number)
            _step(number, to=KeyState.DESTROYED, by=by, why="使われなくなった鍵の廃棄", at=at)


def _step(number: int, *, to: KeyState, by: Actor, why: str, at: datetime) -> None:
    before = KeyState.ACTIVE if to is KeyState.DECRYPT_ONLY else KeyState.DECRYPT_ONLY
    move(KEYS, subject_id=number, from_state=before, to_state=to, by=by, at=at, why=why, using=VAULT)
