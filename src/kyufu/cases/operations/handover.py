"""Record how a certificate left the office (手渡し・郵送): at the counter after a look at a document, or by mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from kyufu.cases.identity import SUFFICIENT, IdentityDocument
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import refuse_if_stale
from kyufu.cases.states import ApplicantKind, CertificateState, HandoverWay
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused

NOT_PRINTED = "この医療証はまだ印刷していません。"
NOT_IN_USE = "この医療証は使われていません（無効、回収または再交付済）。"
HANDED_MEANWHILE = "表示したあとに、この医療証の手渡し・郵送が記録されました。"
NO_IDENTITY = "窓口で渡すときは、受け取る人の本人確認が要ります。"
BEFORE_ISSUE = "渡した日が、医療証の交付の日より前になっています。"
NO_REASON_AGAIN = "この医療証はすでに渡しています。"


class HandoverFiling(NamedTuple):
    """How, to whom and on which day; `identity` is what was shown at the counter, None by mail."""

    way: HandoverWay
    handed_to: ApplicantKind
    identity: IdentityDocument | None
    handed_on: date
    note: str = ""


@transaction.atomic
def hand_over_certificate(
    certificate_id: int, *, filing: HandoverFiling, recorded: int, printed: str, by: Actor, at: datetime
) -> None:
    """Record that a certificate was handed over or mailed; `recorded` says how often that was seen to be recorded.

    `printed` is an SQL select of the calling module that gives the certificates that were printed. Raises Refused
    for one that was not printed, is not in use, stands on a stale decision, was issued later, or was handed over since.
    """
    _refuse_misfit(filing, recorded=recorded)
    decision_id = _refuse_unfit(
        certificate_id, handed_on=filing.handed_on, recorded=recorded, printed=printed
    )
    stale = refuse_if_stale([decision_id]).get(decision_id)
    if stale is not None:
        raise Refused(stale, remedy="判定し直して、決裁が済んでから渡してください。")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_handover (certificate_id, times, way, handed_to, identity_seen, handed_on, note,
                                           staff_id, staff_name, staff_office, at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                certificate_id,
                recorded + 1,
                str(filing.way),
                str(filing.handed_to),
                "" if filing.identity is None else str(filing.identity),
                filing.handed_on,
                filing.note.strip(),
                by.staff_id,
                by.name,
                by.office,
                at,
            ),
        )


def _refuse_misfit(filing: HandoverFiling, *, recorded: int) -> None:
    if filing.way is HandoverWay.COUNTER and filing.identity not in SUFFICIENT:
        raise Refused(NO_IDENTITY, remedy="確認した書類を選んでください。")
    if filing.way is HandoverWay.MAIL and filing.identity is not None:
        raise BadInput("郵送では、窓口の本人確認を記録しません。", remedy="本人確認の欄を空にしてください。")
    if recorded and not filing.note.strip():
        raise Refused(NO_REASON_AGAIN, remedy="返戻など、もう一度渡す理由を記入してください。")


def _refuse_unfit(certificate_id: int, *, handed_on: date, recorded: int, printed: str) -> int:
    """Lock the certificate; gives its decision, or raises Refused with the reason against handing it over."""
    rows = fetch(
        "SELECT state, decision_id, issued_on FROM cases_certificate WHERE id = %(id)s FOR UPDATE",
        {"id": certificate_id},
    )
    if not rows:
        raise BadInput("その医療証はありません。", remedy="申請の画面を開き直してください。")
    told = fetch(
        f"""SELECT EXISTS (SELECT FROM ({printed}) AS p (id) WHERE p.id = %(id)s),
                   (SELECT count(*) FROM cases_handover h WHERE h.certificate_id = %(id)s)""",
        {"id": certificate_id},
    )
    if rows[0][0] != CertificateState.ISSUED:
        raise Refused(NOT_IN_USE, remedy="新しい医療証を確かめてください。")
    if not told[0][0]:
        raise Refused(NOT_PRINTED, remedy="印刷してから渡してください。")
    if told[0][1] != recorded:
        raise Refused(HANDED_MEANWHILE, remedy="記録を確かめ、二重に渡さないようにしてください。")
    if handed_on < rows[0][2]:
        raise Refused(BEFORE_ISSUE, remedy="渡した日・郵送した日を確かめてください。")
    decision_id: int = rows[0][1]
    return decision_id
