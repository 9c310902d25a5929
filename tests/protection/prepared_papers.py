"""Calls of the walk on papers: files that were handed in, and evidence that was entered from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from django.test import override_settings

from kyufu.attachments import api as attachments
from kyufu.evidence import api as evidence
from kyufu.notation.check_digits import CheckDigit
from tests.attachments.files import EICAR, pdf
from tests.attachments.papers import attach, handed
from tests.attachments.scanner import command
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.protection.scene import AT, LATER, MOTHER, ON, Scene

Call = Callable[[Scene], object]


def _attached(scene: Scene) -> int:
    return attach(scene.waiting)


def _withdrawn(scene: Scene) -> int:
    attachment = _attached(scene)
    attachments.withdraw_attachment(attachment, by=LATER, at=AT, why="別人の書類")
    return attachment


def _deleted(scene: Scene) -> object:
    _withdrawn(scene)
    later = AT + timedelta(days=200)
    return attachments.delete_withdrawn_attachments(by=LATER, on=later.date(), at=later)


def _refused(scene: Scene) -> object:
    with override_settings(KYUFU_SCAN_COMMAND=command()), suppress(attachments.Infected):
        attach(scene.certified, pdf(text=EICAR.decode()))
    return attachments.refused_in(None, limit=50, after=0)


def _income_seen(scene: Scene) -> str:
    mother = scene.ids[MOTHER]
    return evidence.digest_of(evidence.income_entries([mother])[mother])


def _insurance_seen(scene: Scene) -> str:
    mother = scene.ids[MOTHER]
    return evidence.digest_of(evidence.insurance_entries([mother])[mother])


def _income(scene: Scene) -> int:
    return evidence.record_income_seen(
        INCOME_BY_HAND, addressee_id=scene.ids[MOTHER], seen=_income_seen(scene), by=LATER, note="課税証明書"
    )


def _insurance(scene: Scene) -> int:
    return evidence.record_insurance_seen(
        INSURANCE_BY_HAND, addressee_id=scene.ids[MOTHER], corrects=None, seen=_insurance_seen(scene), by=LATER,
        note="", check=CheckDigit.TESTED,
    )  # fmt: skip


def _digest(scene: Scene) -> str:
    _income(scene)
    return _income_seen(scene)


PAPERS: Mapping[str, Call] = {
    "attachments.attachment_by_id": lambda scene: attachments.attachment_by_id(_attached(scene)),
    "attachments.attachments_of": lambda scene: (_withdrawn(scene), attachments.attachments_of(scene.waiting)),
    "attachments.delete_withdrawn_attachments": _deleted,
    "attachments.document_label": lambda _: attachments.document_label("insurance"),
    "attachments.open_attachment": lambda scene: attachments.open_attachment(_attached(scene)),
    "attachments.receive_attachment": lambda scene: attachments.receive_attachment(
        handed(scene.certified, pdf(text="ANOTHER")), by=LATER, at=AT
    ),
    "attachments.refused_in": _refused,
    "attachments.withdraw_attachment": _withdrawn,
    "evidence.check_income": lambda _: evidence.check_income(INCOME_BY_HAND, today=ON),
    "evidence.check_insurance": lambda _: evidence.check_insurance(
        INSURANCE_BY_HAND, today=ON, check=CheckDigit.TESTED
    ),
    "evidence.digest_of": _digest,
    "evidence.income_entries": lambda scene: (_income(scene), evidence.income_entries([scene.ids[MOTHER]])),
    "evidence.insurance_entries": lambda scene: (
        _insurance(scene), evidence.insurance_entries([scene.ids[MOTHER]]),
    ),
    "evidence.record_income_seen": _income,
    "evidence.record_insurance_seen": _insurance,
    "evidence.withdraw_income_seen": lambda scene: evidence.withdraw_income_seen(
        _income(scene), addressee_id=scene.ids[MOTHER], seen=_income_seen(scene), by=LATER, reason="誤入力"
    ),
    "evidence.withdraw_insurance_seen": lambda scene: evidence.withdraw_insurance_seen(
        _insurance(scene), addressee_id=scene.ids[MOTHER], seen=_insurance_seen(scene), by=LATER, reason="誤入力"
    ),
}  # fmt: skip
