"""No read escapes the log: every public function of the modules that hold persons' data notes whose it gave.

The functions are found by looking. One that notes nothing must be named here, with why that is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from kyufu.audit.api import acting
from kyufu.platform.access import ACCESS, NoAccess, Opening
from kyufu.platform.errors import KyufuError
from tests.conftest import TESTER
from tests.protection.arguments import is_exempt
from tests.protection.prepared import CALLS
from tests.protection.scene import Scene
from tests.protection.walking import calls_of, public_functions, undone
from tests.registry.persons import fetch

MODULES = ("registry", "evidence", "cases", "attachments", "documents")
COUNT = "counts, and identifies nobody"
WRITE = "writes, which the triggers of audit_write record with the persons"
IDS = "gives ids or numbers of the same person, and nothing about them"
STATE = "says whether a paper may go on, and nothing of the person"
LABEL = "words and parameters"
FEED = "describes a feed"
ACCESS_OF_THE_TEST = TESTER._replace(purpose="閲覧の試験", opened=frozenset({Opening.PROTECTED_ADDRESS}))
NOTES_NOTHING: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "registry.count_undrawable_names", "registry.population", "cases.findings_by_reason",
            "cases.outcome_counts", "cases.outcomes_by_reason", "cases.state_counts", "cases.state_counts_in",
            "documents.exceptions", "documents.runs", "documents.totals", "documents.count_due",
            "documents.check_run", "documents.faults_of", "documents.manifest_of", "documents.not_printed_again",
            "documents.reprints_of", "cases.count_no_certificates",
            "cases.certificate_totals", "cases.count_letters", "cases.count_pending", "cases.count_to_issue",
            "cases.count_to_judge_again", "cases.count_unrecovered", "cases.undecided_by_reason",
            "registry.count_points", "cases.count_to_hand_over", "cases.count_waiting", "cases.subsidy_months",
            "cases.tallies", "documents.bulk_prints_to_mail",
        ),
        COUNT,
    ),
    **dict.fromkeys(
        (
            "registry.correct_non_resident", "registry.merge_into_resident", "registry.register_non_resident",
            "registry.split_from_resident", "registry.settle_point",
            "evidence.record_income", "evidence.record_insurance",
            "evidence.withdraw_income", "evidence.withdraw_insurance", "evidence.record_income_seen",
            "evidence.record_insurance_seen", "evidence.withdraw_income_seen", "evidence.withdraw_insurance_seen",
            "attachments.delete_withdrawn_attachments", "attachments.withdraw_attachment", "cases.approve_application",
            "cases.approve_decided", "cases.approve_seen", "cases.close_application", "cases.complete_application",
            "cases.receive_application", "cases.receive_applications", "cases.recover_certificate",
            "cases.send_back", "cases.send_back_seen", "cases.void_certificate", "cases.withdraw_application",
            "cases.recover_seen", "cases.void_seen", "registry.correct_contact", "registry.finish_follow_up",
            "registry.record_contact", "cases.mail_batch",
        ),
        WRITE,
    ),
    **dict.fromkeys(("registry.addressee_ids", "registry.merged_ids", "registry.merged_ids_selected",
                     "cases.persons_with_cases", "cases.receipt_numbers_of", "registry.last_wards"), IDS),
    **dict.fromkeys(
        ("evidence.check_income", "evidence.check_insurance", "evidence.digest_of", "cases.certificate_digest",
         "cases.decision_digest", "cases.decision_digests", "cases.is_stale", "cases.refuse_if_moved",
         "cases.refuse_if_stale", "cases.wards_in_charge"), STATE
    ),
    **dict.fromkeys(
        (
            "attachments.attachment_limits", "attachments.document_kinds", "attachments.document_label",
            "cases.facts_known", "cases.faults_of", "cases.japanese", "cases.japanese_matter", "cases.payer_number",
            "cases.urging_answer_days",
            "documents.request_for", "documents.watermark_here",
        ),
        LABEL,
    ),
    **dict.fromkeys(("registry.protection_feed", "registry.resident_feed", "evidence.evidence_feeds"), FEED),
    **dict.fromkeys(("registry.lay_out_children", "registry.lay_out_sheltered"), COUNT),
    "registry.extract_residents": "makes a table of the session; exchange.basic notes each person it hands on",
}  # fmt: skip
# What finds nobody in the scene: tested with somebody in tests/*/test_reads.py.
FINDS_NOBODY = frozenset(
    {
        "cases.losses_to_notify", "cases.rejections_to_notify", "cases.undecided_to_notify", "cases.stale_decisions",
        "cases.corrections_to_notify",
        "evidence.doubtful_insurers", "registry.alike", "cases.judge_pending", "cases.undecided_in",
        "cases.unrecovered_in", "registry.discrepancies",
    }
)  # fmt: skip


def reading_functions() -> list[str]:
    """Those that must note what they read."""
    return [
        name
        for name in public_functions()
        if name.split(".")[0] in MODULES and name not in NOTES_NOTHING and not is_exempt(name)
    ]


def test_what_notes_nothing_exists() -> None:
    assert set(NOTES_NOTHING) <= set(public_functions())
    assert set(reading_functions()) >= FINDS_NOBODY


@pytest.mark.requirement("KWS-176")
@pytest.mark.requirement("ATG-228")
def test_every_read_is_a_record_of_whose_data_it_gave(scene: Scene) -> None:
    everybody = {*scene.ids.values(), scene.neighbours.child, scene.neighbours.father}
    silent = {
        name: records
        for name in reading_functions()
        if not _tell_of(everybody, records := _recorded(name, scene=scene), name=name)
    }
    assert silent == {}


def test_without_an_access_nothing_is_read(scene: Scene) -> None:
    """What needs a preparation that itself writes is left to the test above."""
    read = [name for name in reading_functions() if name not in CALLS and not _is_refused(name, scene=scene)]
    assert read == []


def _recorded(name: str, *, scene: Scene) -> list[tuple[Any, ...]]:
    """The records of calling a function as somebody who was let through to everything."""
    access = ACCESS_OF_THE_TEST._replace(reference=uuid4())
    with undone():
        answers = 0
        with acting(access):
            for call in calls_of(name, public_functions()[name], scene=scene):
                with suppress(KyufuError):
                    call()
                    answers += 1
        assert answers, f"{name} was refused"
        return fetch(
            "SELECT what, subjects, actor_id, terminal, purpose FROM audit_read WHERE reference = %s",
            access.reference,
        )


def _tell_of(persons: set[int], records: list[tuple[Any, ...]], *, name: str) -> bool:
    """Do the records name who read, for what, which items, and somebody of the scene?"""
    who = (ACCESS_OF_THE_TEST.actor.staff_id, ACCESS_OF_THE_TEST.terminal, ACCESS_OF_THE_TEST.purpose)
    complete = bool(records) and all(what and all(what) and tuple(by) == who for what, _, *by in records)
    subjects = {person for _, named, *_ in records for person in named}
    return name in FINDS_NOBODY or (complete and bool(subjects & persons))


def _is_refused(name: str, *, scene: Scene) -> bool:
    call = next(calls_of(name, public_functions()[name], scene=scene))
    token = ACCESS.set(None)
    try:
        call()
    except NoAccess:
        return True
    finally:
        ACCESS.reset(token)
    return False
