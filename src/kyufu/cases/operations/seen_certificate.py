"""Mark one certificate void or recovered as somebody saw it: refused where another did something with it since."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kyufu.cases.about import certificate_digest
from kyufu.cases.operations.issue import recover_certificate, void_certificate
from kyufu.cases.queries import fetch
from kyufu.cases.states import CertificateState, japanese
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused

CHANGED_REMEDY = "いまの状態を確かめてから、必要ならもう一度処理してください。"


@transaction.atomic
def void_seen(certificate_id: int, *, seen: str, by: Actor, at: datetime, why: str) -> None:
    """Mark a certificate void (無効) as it was seen; raises Refused, saying what changed and by whom, where it did."""
    void_certificate(_unchanged(certificate_id, seen=seen), by=by, at=at, why=why)


@transaction.atomic
def recover_seen(certificate_id: int, *, seen: str, by: Actor, at: datetime, why: str) -> None:
    """Mark a certificate as handed back (回収) as it was seen; raises Refused, saying what changed and by whom."""
    recover_certificate(_unchanged(certificate_id, seen=seen), by=by, at=at, why=why)


def _unchanged(certificate_id: int, *, seen: str) -> str:
    """The number of the certificate, held until the transaction ends, where it is as it was seen."""
    statement = "SELECT number FROM cases_certificate WHERE id = %(id)s FOR UPDATE"
    rows = fetch(statement, {"id": certificate_id})
    if not rows:
        raise BadInput("その医療証はありません。", remedy="個人の画面から選び直してください。")
    if certificate_digest(certificate_id) != seen:
        raise Refused(_what_changed(certificate_id), remedy=CHANGED_REMEDY)
    return str(rows[0][0])


def _what_changed(certificate_id: int) -> str:
    statement = """
        SELECT to_state, actor_office, actor_name FROM cases_certificate_transition
         WHERE subject_id = %(id)s ORDER BY id DESC LIMIT 1"""
    state, office, name = fetch(statement, {"id": certificate_id})[0]
    done = japanese(CertificateState(state))
    return f"表示したあとに、{office}の{name}さんがこの医療証を「{done}」にしました。"
