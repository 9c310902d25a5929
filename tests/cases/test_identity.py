"""What counts as a complete identity check."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases.identity import FORM_OF, IdentityCheck, IdentityDocument, NumberDocument, Seen, faults_of
from kyufu.cases.states import Channel

COMPLETE = IdentityCheck(
    number_document=NumberDocument.MY_NUMBER_CARD,
    identity_document=IdentityDocument.MY_NUMBER_CARD,
    seen=Seen.ORIGINAL,
    explained=True,
    staff_id="S001",
    staff_name="受付 職員",
    checked_on=date(2026, 7, 1),
)


def faults(
    check: IdentityCheck | None, *, channel: Channel = Channel.COUNTER, first: bool = True
) -> tuple[str, ...]:
    return faults_of(check, channel=channel, first_time=first)


def test_a_card_at_the_counter_is_enough() -> None:
    assert faults(COMPLETE) == ()


@pytest.mark.requirement("YOK-005")
def test_no_record_at_all_is_a_fault() -> None:
    assert faults(None) == ("本人確認が記録されていません。",)


@pytest.mark.requirement("YOK-006")
@pytest.mark.parametrize(
    "document",
    [NumberDocument.MY_NUMBER_CARD, NumberDocument.NOTIFICATION_CARD, NumberDocument.RESIDENT_RECORD],
)
def test_each_number_document_is_enough(document: NumberDocument) -> None:
    assert faults(COMPLETE._replace(number_document=document)) == ()


@pytest.mark.requirement("YOK-007")
@pytest.mark.parametrize(
    ("document", "enough"),
    [
        (IdentityDocument.MY_NUMBER_CARD, True),
        (IdentityDocument.PHOTO_DOCUMENT, True),
        (IdentityDocument.INSURANCE_AND_ANOTHER, True),
        (IdentityDocument.INSURANCE_ALONE, False),
        (IdentityDocument.NONE, False),
    ],
)
def test_a_health_insurance_document_alone_is_refused(document: IdentityDocument, enough: bool) -> None:
    assert (faults(COMPLETE._replace(identity_document=document)) == ()) is enough


@pytest.mark.requirement("YOK-008")
def test_without_a_number_document_the_match_must_be_recorded() -> None:
    unmatched = COMPLETE._replace(number_document=NumberDocument.MATCHED_IN_SYSTEM)
    assert faults(unmatched) == ("個人番号をシステムで照合した日が記録されていません。",)
    assert faults(unmatched._replace(matched_on=date(2026, 7, 1))) == ()
    assert faults(COMPLETE._replace(number_document=None)) == ("番号確認の書類が記録されていません。",)


@pytest.mark.requirement("YOK-008")
def test_a_match_does_not_stand_in_for_the_identity_of_the_person() -> None:
    matched = COMPLETE._replace(
        number_document=NumberDocument.MATCHED_IN_SYSTEM, matched_on=date(2026, 7, 1),
        identity_document=IdentityDocument.NONE,
    )  # fmt: skip
    assert faults(matched) == ("身元確認が済んでいません。",)


@pytest.mark.requirement("YOK-009")
@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("seen", list(Seen))
def test_each_channel_asks_for_its_own_form_of_the_documents(channel: Channel, seen: Seen) -> None:
    assert (faults(COMPLETE._replace(seen=seen), channel=channel) == ()) is (FORM_OF[channel] is seen)


def test_by_mail_copies_are_what_is_checked() -> None:
    assert FORM_OF[Channel.MAIL] is Seen.COPY


@pytest.mark.requirement("YOK-010")
def test_the_explanation_is_due_when_the_number_is_first_obtained() -> None:
    silent = COMPLETE._replace(explained=False)
    assert len(faults(silent)) == 1
    assert faults(silent, first=False) == ()


def test_all_faults_are_named_at_once() -> None:
    assert len(faults(COMPLETE._replace(number_document=None, staff_id="", seen=Seen.COPY))) == 3
