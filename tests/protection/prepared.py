"""Calls of the walk that need something to be there first: an application in the right state, a record, a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.exchange.basic import api as basic
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.clock import current_instant
from kyufu.privacy import api as privacy
from kyufu.registry import api as registry
from tests.cases.test_intake import paper
from tests.cases.world import APPROVER, CHECK, judge, quiet
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.exchange.basic import parts
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.protection import prepared_cards as cards
from tests.protection.arguments import one, receipt_numbers
from tests.protection.prepared_log import WALKED, reviewed
from tests.protection.prepared_mismatches import MISMATCHES
from tests.protection.prepared_papers import PAPERS
from tests.protection.prepared_renewals import RENEWALS
from tests.protection.prepared_trials import TRIALS
from tests.protection.scene import AT, LATER, MOTHER, ON, Scene, filing
from tests.registry.persons import fetch
from tests.registry.test_nonresidents import PAPER

Call = Callable[[Scene], object]


def _judged(scene: Scene) -> int:
    judge(scene.waiting)
    return scene.waiting


def _decision(scene: Scene) -> int:
    return int(one(f"SELECT decision_id FROM cases_application WHERE id = {_judged(scene)}"))


def _seen(scene: Scene) -> str:
    return cases.decision_digest(_decision(scene))


def _approved(scene: Scene) -> int:
    cases.approve_application(_judged(scene), by=APPROVER, at=AT)
    return scene.waiting


def _incomplete(scene: Scene) -> int:
    lost = filing(scene.neighbours, kind=cases.Kind.REISSUE, matter=cases.ReissueCause.LOST, identity=None)
    return cases.receive_application(lost, by=LATER, at=AT).application_id


def _issued(scene: Scene) -> object:
    _approved(scene)
    return cases.issue_approved(municipality="yokohama", on=ON, by=LATER, at=AT, report=quiet)


def _judged_again(scene: Scene) -> object:
    scene.world.assist(scene.neighbours, since="2026-07-01")
    return cases.judge_stale(municipality="yokohama", on=ON, by=LATER, at=AT, report=quiet)


def _certificate() -> str:
    return str(one("SELECT min(number) FROM cases_certificate"))


def _marked(mark: Callable[..., None]) -> object:
    """A certificate marked as it was seen, and its steps."""
    certificate_id = int(one("SELECT min(id) FROM cases_certificate"))
    seen = cases.certificate_digest(certificate_id)
    mark(certificate_id, seen=seen, by=LATER, at=AT, why="返却")
    return cases.certificate_history(certificate_id)


def _contact() -> int:
    return int(one("SELECT max(id) FROM registry_contact"))


def _corrected(_: Scene) -> object:
    said = registry.contact_by_id(_contact())
    contact = registry.NewContact(said.contacted_on, said.way, "祖母", said.subject, said.content, None)
    registry.correct_contact(contact, corrects=said.contact_id, ward_code="", by=LATER, at=current_instant())
    return registry.contacts_of(said.addressee_id, limit=9)


def _applications_file(scene: Scene) -> Path:
    from kyufu.cases.intake import LAYOUT

    fresh = scene.world.family()
    rows = [paper(fresh, 1), paper(fresh, 2) | {"shoni_atenabango": "000000000000004"}]
    return write_feed(scene.world.folder, layout=LAYOUT, rows=rows, mode="DIFF", seq=1)


def _printed_again(_: Scene) -> object:
    """Every certificate is printed, and each again."""
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    subjects = [row[0] for row in fetch("SELECT subject_id FROM documents_document ORDER BY 1")]
    assert len(subjects) == 2
    again = [
        documents.reprint(
            documents.Kind.CERTIFICATE, subject_id=subject, reason="破損", by=LATER, on=ON, at=AT
        )
        for subject in subjects
    ]
    return again, documents.runs()


def _neighbours_preview(scene: Scene) -> object:
    ((certificate,),) = fetch("SELECT id FROM cases_certificate WHERE child_id = %s", scene.neighbours.child)
    return documents.preview(documents.Kind.CERTIFICATE, subject_id=certificate, on=ON, today=ON)


def _step(application_id: int) -> int:
    return cases.application_history(application_id)[-1].step_id


def _issued_as_seen(scene: Scene) -> object:
    case = _approved(scene)
    return cases.issue_seen(case, step=_step(case), municipality="yokohama", on=ON, by=LATER, at=AT)


def _point(scene: Scene) -> int:
    """A point of the worklist of undrawable names about the protected mother."""
    return int(
        one(
            "INSERT INTO registry_undrawable_name (addressee_id, field, code_points)"
            f" VALUES ({scene.ids[MOTHER]}, 'jusho_choaza', 'U+E000') RETURNING id"
        )
    )


def _listed(scene: Scene) -> object:
    return _point(scene), registry.undrawable_names(limit=50, after=0)


def _settled(scene: Scene) -> None:
    registry.settle_point(
        registry.PointKind.UNDRAWABLE,
        point_id=_point(scene),
        resolved=True,
        by=LATER,
        at=AT,
        reason="書体を追加",
    )


def _outsider() -> int:
    return registry.register_non_resident(
        PAPER, valid_from=ON, distinct_from=(), by=LATER, reason="申請書による", at=current_instant()
    )


def _merged(scene: Scene) -> int:
    return registry.merge_into_resident(
        non_resident=_outsider(), resident=scene.ids[MOTHER], by=LATER, reason="同一人", at=current_instant()
    )


def _split(scene: Scene) -> None:
    merge = _merged(scene)
    outsider = one(f"SELECT addressee_id FROM registry_addressee_merge WHERE id = {merge}")
    registry.split_from_resident(non_resident=outsider, by=LATER, reason="別人", at=current_instant())


def _income(scene: Scene) -> int:
    return evidence.record_income(INCOME_BY_HAND, addressee_id=scene.ids[MOTHER], by=LATER, note="課税証明書")


def _insurance(scene: Scene) -> int:
    return evidence.record_insurance(
        INSURANCE_BY_HAND, addressee_id=scene.ids[MOTHER], corrects=None, by=LATER, note="",
        check=CheckDigit.TESTED,
    )  # fmt: skip


def _extracted() -> object:
    """The register as another system gets it, all items but the protected address."""
    items = [item for item in registry.REGISTER_ITEMS if item != registry.PROTECTED_ADDRESS]
    registry.extract_residents("walked", items=items, on=ON, today=ON)
    return fetch(
        "SELECT w.* FROM walked w JOIN registry_addressee a ON a.id = w.addressee_id "
        "WHERE a.addressee_no < '000000000000005'"
    )


def _delivered() -> object:
    """All that another system and its list tell: the whole register but the protected address and the number."""
    basic.register_system(parts.SYSTEM, name="国民健康保険システム", rights=parts.rights())
    open_items = [item for item in basic.ITEMS if item not in (basic.PROTECTED_ADDRESS, basic.NUMBER)]
    list_id = parts.allow(parts.asked(*open_items))
    made = parts.hand_over()
    assert made is not None
    rows = [row for row in parts.read_delivered(made.path).rows if row["atenabango"] < "000000000000005"]
    assert len(rows) == 4
    told = [rows, basic.deliveries(), basic.item_list(list_id), basic.item_lists(), basic.systems(),
            basic.list_in_force(parts.SYSTEM, on=parts.TODAY)]  # fmt: skip
    waiting = basic.propose_list(parts.asked("atenabango", "shimei"), rights=parts.rights(), at=parts.AT)
    basic.withdraw_list(waiting, why="窓口の申出による", rights=parts.rights(), at=parts.AT)
    return told


def _published(scene: Scene) -> object:
    """What the municipality publishes of its files, read from the running system, as text, file and comparison."""
    found = privacy.collect_print(on=ON, incident=False)
    kept = scene.world.folder / "privacy.json"
    kept.write_text(privacy.to_json(found), encoding="utf-8")
    changes = privacy.compare(before=privacy.read_print(kept), after=found)
    return (
        list(privacy.print_lines(found)),
        kept.read_text(encoding="utf-8"),
        list(privacy.change_lines(changes)),
    )


CALLS: Mapping[str, Call] = (
    {
        "registry.person_of_point": lambda scene: registry.person_of_point(
            registry.PointKind.UNDRAWABLE, point_id=_point(scene)
        ),
        "registry.settle_point": _settled,
        "registry.undrawable_names": _listed,
        "cases.application_by_number": lambda _: [cases.application_by_number(n) for n in receipt_numbers()],
        "cases.approve_application": _approved,
        "cases.approve_seen": lambda scene: cases.approve_seen(
            scene.waiting, seen=_seen(scene), by=APPROVER, at=AT
        ),
        "cases.complete_application": lambda scene: cases.complete_application(
            _incomplete(scene), identity=CHECK, documents=("保険証の写し",), received_on=ON, by=LATER, at=AT
        ),
        "cases.faults_of": lambda _: cases.faults_of(CHECK, channel=cases.Channel.COUNTER, first_time=True),
        "cases.misfit_of": lambda scene: cases.misfit_of(filing(scene.neighbours)),
        "cases.issue_application": lambda scene: cases.issue_application(
            _approved(scene), municipality="yokohama", on=ON, by=LATER, at=AT
        ),
        "cases.issue_approved": _issued,
        "cases.judge_stale": _judged_again,
        "cases.japanese_matter": lambda _: cases.japanese_matter(
            cases.Kind.REISSUE, matter=cases.ReissueCause.LOST
        ),
        "cases.japanese": lambda _: [cases.japanese(state) for state in cases.ApplicationState],
        "cases.receive_application": lambda scene: cases.receive_application(
            filing(scene.neighbours, kind=cases.Kind.REISSUE, matter=cases.ReissueCause.LOST), by=LATER, at=AT
        ),
        "cases.receive_applications": lambda scene: cases.receive_applications(
            _applications_file(scene), municipality_code=MUNICIPALITY, by=LATER, at=AT
        ),
        "cases.recover_certificate": lambda _: cases.recover_certificate(
            _certificate(), by=LATER, at=AT, why="返却"
        ),
        "cases.recover_seen": lambda _: _marked(cases.recover_seen),
        "cases.void_seen": lambda _: _marked(cases.void_seen),
        "cases.send_back": lambda scene: cases.send_back(
            _judged(scene), by=APPROVER, at=AT, why="資料の確認"
        ),
        "cases.send_back_seen": lambda scene: cases.send_back_seen(
            scene.waiting, seen=_seen(scene), by=APPROVER, at=AT, why="資料の確認"
        ),
        "cases.void_certificate": lambda _: cases.void_certificate(
            _certificate(), by=LATER, at=AT, why="紛失"
        ),
        "cases.withdraw_application": lambda scene: cases.withdraw_application(
            filing(
                scene.neighbours,
                kind=cases.Kind.WITHDRAWAL,
                target_no=receipt_numbers()[-1],
                child_id=scene.ids[4],
                guardians=(cases.FiledGuardian(scene.ids[MOTHER], "mother"),),
            ),
            by=LATER,
            at=AT,
        ),
        "cases.judge_seen": lambda scene: cases.judge_seen(
            scene.waiting, step=_step(scene.waiting), municipality="yokohama", on=ON, by=LATER, at=AT
        ),
        "cases.issue_seen": _issued_as_seen,
        "cases.close_seen": lambda scene: cases.close_seen(
            scene.certified, step=_step(scene.certified), by=LATER, at=AT, why="交付した"
        ),
        **TRIALS,
        **RENEWALS,
        "cases.decision_digests": lambda scene: cases.decision_digests([_decision(scene)]),
        "cases.refuse_if_moved": lambda scene: cases.refuse_if_moved(
            scene.waiting, step=_step(scene.waiting)
        ),
        "cases.certificates_to_hand_over": cards.waiting_cards,
        "cases.hand_over_certificate": cards.handed_by_cases,
        "cases.applications_to_approve": lambda scene: cases.applications_to_approve(
            None, limit=len([_judged(scene)]), after=0
        ),
        "documents.certificates_to_hand_over": cards.handed_over,
        "documents.hand_over_certificate": cards.handed_over,
        "documents.mail_bulk_print": cards.mailed,
        **{
            f"documents.{name}": cards.damaged
            for name in (
                "check_run",
                "faults_of",
                "manifest_of",
                "not_printed_again",
                "reprint_range",
                "reprints_of",
            )
        },
        "documents.pdf_of": cards.pdf,
        "documents.print_one": cards.one_printed,
        "documents.print_paper": cards.papers_printed,
        "documents.preview": _neighbours_preview,
        "documents.reprint": _printed_again,
        "evidence.record_income": _income,
        "evidence.record_insurance": _insurance,
        "evidence.withdraw_income": lambda scene: evidence.withdraw_income(
            _income(scene), addressee_id=scene.ids[MOTHER], by=LATER, reason="誤入力"
        ),
        "evidence.withdraw_insurance": lambda scene: evidence.withdraw_insurance(
            _insurance(scene), addressee_id=scene.ids[MOTHER], by=LATER, reason="誤入力"
        ),
        "registry.correct_contact": _corrected,
        "registry.finish_follow_up": lambda _: registry.finish_follow_up(
            _contact(), note="折り返した", by=LATER, at=current_instant()
        ),
        "registry.correct_non_resident": lambda _: registry.correct_non_resident(
            PAPER, addressee_id=_outsider(), valid_from=ON, by=LATER, reason="転居", at=current_instant()
        ),
        "registry.extract_residents": lambda _: _extracted(),
        "registry.merge_into_resident": _merged,
        "registry.split_from_resident": _split,
    }
    | {
        f"exchange.basic.{name}": lambda _: _delivered()
        for name in (
            "confirm_list",
            "deliver",
            "deliveries",
            "item_list",
            "item_lists",
            "list_in_force",
            "propose_list",
            "register_system",
            "systems",
            "withdraw_list",
        )
    }
    | {f"audit.{name}": reviewed for name in WALKED}
    | PAPERS
    | MISMATCHES
    | {
        f"privacy.{name}": _published
        for name in ("change_lines", "collect_print", "compare", "print_lines", "read_print", "to_json")
    }
)
