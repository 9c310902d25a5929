"""Identity and number check of an application (本人確認, 番号法第16条): what counts as complete; pure.

Source: Yokohama's assessment L2162-2178: the number by the card, the notification card or a resident
record bearing it, otherwise matched in the system; the person by the card, a photo document, or the
health-insurance document together with one more; by mail, copies of the same documents.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.cases.states import Channel


class NumberDocument(StrEnum):
    """How the individual number was confirmed (番号確認)."""

    MY_NUMBER_CARD = "my_number_card"
    NOTIFICATION_CARD = "notification_card"
    RESIDENT_RECORD = "resident_record"
    MATCHED_IN_SYSTEM = "matched_in_system"


class IdentityDocument(StrEnum):
    """How the person was confirmed (身元確認)."""

    MY_NUMBER_CARD = "my_number_card"
    PHOTO_DOCUMENT = "photo_document"
    INSURANCE_AND_ANOTHER = "insurance_and_another"
    INSURANCE_ALONE = "insurance_alone"
    NONE = "none"


class Seen(StrEnum):
    """In what form the documents were seen."""

    ORIGINAL = "original"
    COPY = "copy"
    ELECTRONIC = "electronic"


SUFFICIENT = frozenset(
    {IdentityDocument.MY_NUMBER_CARD, IdentityDocument.PHOTO_DOCUMENT, IdentityDocument.INSURANCE_AND_ANOTHER}
)
FORM_OF = {Channel.COUNTER: Seen.ORIGINAL, Channel.MAIL: Seen.COPY, Channel.ONLINE: Seen.ELECTRONIC}


class IdentityCheck(NamedTuple):
    """What staff recorded about the check; `matched_on` is when the number was matched in the system."""

    number_document: NumberDocument | None
    identity_document: IdentityDocument
    seen: Seen
    explained: bool
    staff_id: str
    staff_name: str
    checked_on: date
    matched_on: date | None = None


def faults_of(check: IdentityCheck | None, *, channel: Channel, first_time: bool) -> tuple[str, ...]:
    """What is missing before the check counts as complete, in Japanese; empty when it is complete."""
    if check is None:
        return ("本人確認が記録されていません。",)
    return tuple(
        text
        for text, wrong in (
            ("番号確認の書類が記録されていません。", check.number_document is None),
            ("個人番号をシステムで照合した日が記録されていません。", _unmatched(check)),
            (
                "健康保険証だけでは身元を確認できません。もう1点の書類が要ります。",
                check.identity_document is IdentityDocument.INSURANCE_ALONE,
            ),
            ("身元確認が済んでいません。", check.identity_document is IdentityDocument.NONE),
            (_FORM_FAULT[channel], check.seen is not FORM_OF[channel]),
            ("個人番号利用事務であることの説明が記録されていません。", first_time and not check.explained),
            ("本人確認をした職員が記録されていません。", not check.staff_id),
        )
        if wrong
    )


_FORM_FAULT = {
    Channel.COUNTER: "窓口では書類の原本を確かめてください。",
    Channel.MAIL: "郵送では書類の写しを確かめた記録が要ります。",
    Channel.ONLINE: "電子申請では電子署名の確認が要ります。",
}


def _unmatched(check: IdentityCheck) -> bool:
    return check.number_document is NumberDocument.MATCHED_IN_SYSTEM and check.matched_on is None
