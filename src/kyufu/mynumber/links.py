"""Which number names whom: unified numbers, addressee numbers, numbers of businesses, and translation between them.

A number that names nobody gives nothing; a unified number with a wrong check digit is refused before anybody is looked
for. The individual number takes no part here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from kyufu.mynumber import database as db
from kyufu.mynumber.recording import recorded
from kyufu.mynumber.unified import require_unified_number, unified_number
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.db import copy_rows
from kyufu.platform.errors import Refused

ADDRESSEE, UNIFIED = "addressee", "unified"
NOBODY = "その番号の者が金庫に登録されていません。"
NOBODY_REMEDY = "番号を確かめてください。"

_ROOTS = """
SELECT l.number, p.root_id FROM mynumber_link l JOIN mynumber_person p ON p.id = l.person_id
 WHERE l.business = %s AND l.number = ANY(%s) AND upper_inf(l.recorded)
"""
_NAMED = """
SELECT l.number FROM mynumber_link l JOIN mynumber_person p ON p.id = l.person_id
 WHERE p.root_id = %s AND l.business = %s AND upper_inf(l.recorded) ORDER BY l.number
"""


class BusinessNumber(NamedTuple):
    """A number and the business that gave it: `addressee` for 宛名番号, `unified` for 団体内統合宛名番号."""

    business: str
    number: str


def roots_of(numbers: Collection[str], *, business: str = ADDRESSEE) -> dict[str, int]:
    """The persons (roots) whom numbers of a business name; numbers that name nobody are left out."""
    return dict(db.rows(_ROOTS, business, list(numbers)))


def root_of(link: BusinessNumber) -> int | None:
    """The person whom a number names, None for nobody; a merged unified number names whom it was merged into."""
    if link.business != UNIFIED:
        return roots_of((link.number,), business=link.business).get(link.number)
    number = require_unified_number(link.number)
    found = db.rows("SELECT root_id FROM mynumber_person WHERE unified_no = %s", number)
    return int(found[0][0]) if found else None


def require_root(link: BusinessNumber) -> int:
    """The person whom a number names; raises Refused for nobody."""
    root = root_of(link)
    if root is None:
        raise Refused(NOBODY, remedy=NOBODY_REMEDY)
    return root


def unified_no_of(root: int) -> str:
    """The unified number of a person."""
    return str(db.rows("SELECT unified_no FROM mynumber_person WHERE id = %s", root)[0][0])


def named(root: int, *, business: str) -> tuple[str, ...]:
    """The numbers by which a business names a person now."""
    return tuple(row[0] for row in db.rows(_NAMED, root, business))


def translate(*, link: BusinessNumber, business: str) -> tuple[str, ...]:
    """The numbers of the same person in another business (番号変換), for systems without the individual number.

    Raises BadInput for a unified number with a wrong check digit. Source: 評価書 横浜市 L142-143.
    """
    with db.in_vault():
        root = root_of(link)
        if root is None:
            return ()
        return (unified_no_of(root),) if business == UNIFIED else named(root, business=business)


def link_number(
    *, person: BusinessNumber, link: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime
) -> None:
    """Register a number of a business for a person, or move it from another person to this one.

    What held before keeps its row with its end. Raises Refused where `person` names nobody.
    """
    db.require_reason(reason)
    if link.business == UNIFIED:
        raise Refused("団体内統合宛名番号は付け替えられません。", remedy="名寄せを行ってください。")
    with recorded("業務の番号の登録", reason=reason, subjects=[subject], detail={link.business: link.number}):
        db.lock(db.PERSONS)
        root = require_root(person)
        if root_of(link) == root:
            return
        end_link(link, by=by, reason=reason, at=at)
        add_links([(root, link)], by=by, reason=reason, at=at)


def unlink_number(*, link: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime) -> None:
    """End a number of a business that it no longer needs (評価書 横浜市 L2038); the row stays with its end."""
    with recorded("業務の番号の終了", reason=reason, subjects=[subject], detail={link.business: link.number}):
        db.lock(db.PERSONS)
        require_root(link)
        end_link(link, by=by, reason=reason, at=at)


def end_link(link: BusinessNumber, *, by: Actor, reason: str, at: datetime) -> None:
    """Close the row of a link that is held true now, saying who ended it and why."""
    db.end_rows(
        "mynumber_link",
        where="business = %s AND number = %s",
        values=(link.business, link.number),
        by=by,
        reason=reason,
        at=at,
    )


def add_links(links: Iterable[tuple[int, BusinessNumber]], *, by: Actor, reason: str, at: datetime) -> None:
    """Add links of persons that are held true from now on; the caller holds the lock of the persons."""
    since, who = db.from_now(at), db.signature(by)
    copy_rows(
        table="mynumber_link",
        columns=("person_id", "business", "number", "recorded", "by", "reason"),
        rows=((root, link.business, link.number, since, who, reason) for root, link in links),
        using=VAULT,
    )


def add_persons(count: int, *, at: datetime) -> list[int]:
    """Add persons, each with a unified number of its own; the caller holds the lock of the persons."""
    ids = list(db.draw("mynumber_person", count=count))
    copy_rows(
        table="mynumber_person",
        columns=("id", "unified_no", "root_id", "given_at"),
        rows=((number, unified_number(number), number, at) for number in ids),
        using=VAULT,
    )
    return ids


def set_no_automatic_reply(
    *, person: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime
) -> None:
    """Have the network answered nothing about the person automatically (自動応答不可), with the reason shown."""
    with recorded("自動応答不可の設定", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        root = require_root(person)
        _end_no_automatic_reply(root, by=by, reason=reason, at=at)
        db.change(
            "INSERT INTO mynumber_no_automatic_reply (person_id, recorded, by, reason) "
            "VALUES (%s, tstzrange(%s, NULL), %s, %s)",
            root, at, db.signature(by), reason,
        )  # fmt: skip


def clear_no_automatic_reply(
    *, person: BusinessNumber, subject: int, by: Actor, reason: str, at: datetime
) -> None:
    """Allow automatic answers about the person again."""
    with recorded("自動応答不可の解除", reason=reason, subjects=[subject]):
        db.lock(db.PERSONS)
        _end_no_automatic_reply(require_root(person), by=by, reason=reason, at=at)


def no_automatic_reply_reason(person: BusinessNumber) -> str | None:
    """Why the network gets no automatic answer about the person; None where it does (評価書 横浜市 L1521-1522)."""
    with db.in_vault():
        found = db.rows(
            "SELECT n.reason FROM mynumber_no_automatic_reply n JOIN mynumber_person p ON p.id = n.person_id "
            "WHERE p.root_id = %s AND upper_inf(n.recorded) ORDER BY n.id DESC LIMIT 1",
            require_root(person),
        )
        return str(found[0][0]) if found else None


def _end_no_automatic_reply(root: int, *, by: Actor, reason: str, at: datetime) -> None:
    db.end_rows("mynumber_no_automatic_reply", where=db.OF_ROOT, values=(root,), by=by, reason=reason, at=at)
