"""Judge, issue and close one application as somebody saw it: refused where it has moved on since."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kyufu.cases.operations.issue import issue_application
from kyufu.cases.operations.judgement import judge_application
from kyufu.cases.operations.reception import close_application
from kyufu.cases.queries import fetch
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

MOVED_TEXT = "表示したあとに、この申請の状態が変わりました。何も変更していません。"
MOVED_REMEDY = "下の変更の内容を確かめてから、もう一度処理してください。"


@transaction.atomic
def judge_seen(
    application_id: int, *, step: int, municipality: str, on: date, by: Actor, at: datetime
) -> None:
    """Judge the application whose last step is `step`; raises Refused where another one came since."""
    refuse_if_moved(application_id, step=step)
    judge_application(application_id, municipality=municipality, on=on, by=by, at=at)


@transaction.atomic
def issue_seen(
    application_id: int, *, step: int, municipality: str, on: date, by: Actor, at: datetime
) -> None:
    """Issue the certificate of the application whose last step is `step`; raises Refused as `judge_seen`."""
    refuse_if_moved(application_id, step=step)
    issue_application(application_id, municipality=municipality, on=on, by=by, at=at)


@transaction.atomic
def close_seen(application_id: int, *, step: int, by: Actor, at: datetime, why: str) -> None:
    """Close the application whose last step is `step`, with the reason; raises Refused as `judge_seen`."""
    refuse_if_moved(application_id, step=step)
    close_application(application_id, by=by, at=at, why=why)


@transaction.atomic
def refuse_if_moved(application_id: int, *, step: int) -> None:
    """Raise Refused where a step after `step` came since; held until a transaction of the caller ends."""
    fetch("SELECT id FROM cases_application WHERE id = %(id)s FOR UPDATE", {"id": application_id})
    statement = "SELECT max(id) FROM cases_application_transition WHERE subject_id = %(id)s"
    if fetch(statement, {"id": application_id})[0][0] != step:
        raise Refused(MOVED_TEXT, remedy=MOVED_REMEDY)
