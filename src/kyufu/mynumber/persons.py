"""Merge and split of persons in the vault (名寄せ and its undoing), the counterpart of the registry's.

Nothing is moved: a merged unified number is retired and names whom it was merged into; a split names the former person
again. Two persons with different individual numbers are not merged: the numbers say that they are two.
"""

from __future__ import annotations

from datetime import datetime

from kyufu.mynumber import database as db
from kyufu.mynumber.links import (
    BusinessNumber,
    add_links,
    end_link,
    named,
    require_root,
    root_of,
)
from kyufu.mynumber.recording import recorded
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

# Every person under one that was itself merged goes along; a split finds them again by the merges that still hold.
_RE_ROOT = """
WITH RECURSIVE top AS (
  SELECT p.id AS person_id, p.id AS at_id FROM mynumber_person p WHERE p.root_id = ANY(%s)
  UNION ALL
  SELECT top.person_id, m.into_id FROM top JOIN mynumber_merge m ON m.person_id = top.at_id AND upper_inf(m.recorded)
)
UPDATE mynumber_person p SET root_id = top.at_id FROM top
 WHERE p.id = top.person_id AND p.root_id <> top.at_id
   AND NOT EXISTS (SELECT FROM mynumber_merge m WHERE m.person_id = top.at_id AND upper_inf(m.recorded))
"""
_OWN_MERGE = """
person_id IN (SELECT person_id FROM mynumber_link WHERE business = %s AND number = %s AND upper_inf(recorded))
"""
_NUMBERED = """
SELECT DISTINCT p.root_id FROM mynumber_number n JOIN mynumber_person p ON p.id = n.person_id
 WHERE p.root_id = ANY(%s) AND upper_inf(n.recorded)
"""


def merge_persons(
    *, source: BusinessNumber, target: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime
) -> None:
    """Join two persons as `join_persons` does, with a record of its own; `subject` is the source's addressee id."""
    with recorded("名寄せ", reason=reason, subjects=[subject], detail={"名寄せ先": target.number}):
        join_persons(source=source, target=target, by=by, reason=reason, at=at)


def join_persons(
    *, source: BusinessNumber, target: BusinessNumber, by: Actor, reason: str, at: datetime
) -> None:
    """Find that two numbers name one person; the source's unified number is retired, with history.

    A number that names nobody yet becomes a link of the other's person. Raises Refused where the two have different
    individual numbers, or are one person already.
    """
    db.require_reason(reason)
    with db.in_vault():
        db.lock(db.PERSONS)
        old, new = root_of(source), root_of(target)
        if old is None and new is None:
            return
        if old is None or new is None:
            known, unknown = (new, source) if old is None else (old, target)
            assert known is not None  # noqa: S101 - for the type checker; said by the line before
            add_links([(known, unknown)], by=by, reason=reason, at=at)
            return
        _refuse_two_persons(old=old, new=new)
        db.change(
            "INSERT INTO mynumber_merge (person_id, into_id, recorded, by, reason) "
            "VALUES (%s, %s, tstzrange(%s, NULL), %s, %s)",
            old, new, at, db.signature(by), reason,
        )  # fmt: skip
        db.change(_RE_ROOT, [old, new])


def split_person(*, source: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime) -> None:
    """Part persons as `part_persons` does, with a record of its own; `subject` is the source's addressee id."""
    with recorded("名寄せの取消し", reason=reason, subjects=[subject]):
        part_persons(source=source, by=by, reason=reason, at=at)


def part_persons(*, source: BusinessNumber, by: Actor, reason: str, at: datetime) -> None:
    """Undo the merge of a number's own person; its unified number is in force again.

    Where the number had only been linked to another's person, the link ends, and the number gets a person of its own
    when its individual number is registered. Raises Refused where the number names nobody or nothing was joined.
    """
    db.require_reason(reason)
    with db.in_vault():
        db.lock(db.PERSONS)
        root = require_root(source)
        ended = db.end_rows("mynumber_merge", where=_OWN_MERGE, values=source, by=by, reason=reason, at=at)
        if ended:
            db.change(_RE_ROOT, [root])
            return
        if len(named(root, business=source.business)) < 2:
            raise Refused("この番号は名寄せされていません。", remedy="番号を確かめてください。")
        end_link(source, by=by, reason=reason, at=at)


def _refuse_two_persons(*, old: int, new: int) -> None:
    if old == new:
        raise Refused("すでに同じ人として登録されています。", remedy="番号を確かめてください。")
    if len(db.rows(_NUMBERED, [old, new])) == 2:
        raise Refused(
            "二人の個人番号が異なるため、名寄せできません。",
            remedy="番号確認書類で確かめ、同じ人なら、誤って登録された個人番号を先に取り消してください。",
        )
