"""How far the linkage code (符号) of each person is: asked for, obtained, failed; each step recorded.

The code itself is the intermediate server's and is not kept here (評価書 札幌市 L282, L481).
"""

from __future__ import annotations

from datetime import datetime

from kyufu.mynumber import database as db
from kyufu.mynumber.links import BusinessNumber, require_root
from kyufu.mynumber.recording import recorded
from kyufu.mynumber.states import CODES, CodeState
from kyufu.mynumber.writing import numbers_now
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin, move


def code_state(person: BusinessNumber) -> CodeState | None:
    """How far a person's linkage code is; None where it was never asked for (未取得)."""
    with db.in_vault():
        found = db.rows("SELECT state FROM mynumber_code WHERE person_id = %s", require_root(person))
    return CodeState(found[0][0]) if found else None


def move_code(
    *, person: BusinessNumber, state: CodeState, subject: int, by: Actor, why: str, at: datetime
) -> None:
    """Take the next step of a person's linkage code; raises Refused where it is not the next one.

    A code is asked for only for a person whose individual number is registered (評価書 東京都 L2616-2617).
    """
    with recorded("符号の状態の変更", reason=why, subjects=[subject], detail={"状態": str(state)}):
        db.lock(db.PERSONS)
        root = require_root(person)
        found = db.rows("SELECT id, state FROM mynumber_code WHERE person_id = %s", root)
        if state is CodeState.REQUESTED and root not in numbers_now([root]):
            raise Refused(
                "個人番号が登録されていないため、符号を取得できません。",
                remedy="番号確認書類から個人番号を登録してください。",
            )
        if found:
            subject, before = found[0]
            move(
                CODES,
                subject_id=subject,
                from_state=before,
                to_state=state,
                by=by,
                at=at,
                why=why,
                using=VAULT,
            )
            return
        if state is not CodeState.REQUESTED:
            raise Refused("符号の取得を求めていません。", remedy="先に符号の取得を求めてください。")
        subject = db.rows(
            "INSERT INTO mynumber_code (person_id, state) VALUES (%s, %s) RETURNING id", root, str(state)
        )[0][0]
        begin(CODES, subject_id=subject, state=state, by=by, at=at, why=why, using=VAULT)
