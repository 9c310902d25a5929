"""Calls of the walk on cards: printed, shown as PDF, handed over."""

from __future__ import annotations

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from tests.cases.world import quiet
from tests.protection.scene import AT, LATER, ON, Scene
from tests.registry.persons import fetch

COUNTER = cases.HandoverFiling(
    cases.HandoverWay.COUNTER, cases.ApplicantKind.GUARDIAN, cases.IdentityDocument.PHOTO_DOCUMENT, ON
)


def certificates(scene: Scene) -> list[int]:
    rows = fetch("SELECT id FROM cases_certificate ORDER BY child_id = %s, id", scene.neighbours.child)
    return [row[0] for row in rows]


def one_printed(scene: Scene) -> list[object]:
    """Each certificate printed for itself, with its pages and what lies where."""
    told: list[object] = []
    for certificate in certificates(scene):
        told.append(
            documents.print_one(documents.Kind.CERTIFICATE, subject_id=certificate, by=LATER, on=ON, at=AT)
        )
    return [told, documents.paper_of(scene.certified)]


def papers_printed(scene: Scene) -> object:
    """The paper of a protected household, the first time and again."""
    told: list[object] = []
    for reason in ("", "破損"):
        paper = documents.paper_of(scene.certified)
        assert paper is not None
        told.append(
            documents.print_paper(
                paper, reason=reason, by=LATER, on=ON, at=AT, municipality="yokohama", watermark=""
            )
        )
    return told


def handed_over(scene: Scene) -> object:
    one_printed(scene)
    documents.hand_over_certificate(certificates(scene)[0], filing=COUNTER, recorded=0, by=LATER, at=AT)
    waiting = documents.certificates_to_hand_over(None, limit=10, after=0)
    return [cases.handovers_of(scene.certified), waiting]


def waiting_cards(_: Scene) -> object:
    printed = "SELECT id FROM cases_certificate"
    return cases.certificates_to_hand_over(None, printed=printed, limit=10, after=0)


def handed_by_cases(scene: Scene) -> object:
    printed = "SELECT id FROM cases_certificate"
    cases.hand_over_certificate(
        certificates(scene)[0], filing=COUNTER, recorded=0, printed=printed, by=LATER, at=AT
    )
    return cases.handovers_of(scene.certified)


def pdf(scene: Scene) -> object:
    """That there is a file at all, not what it shows: the paper is for whoever lives there."""
    one_printed(scene)
    paper = documents.paper_of(scene.certified)
    assert paper is not None
    return len(documents.pdf_of(paper))


def mailed(scene: Scene) -> object:
    """All cards of a bulk print, recorded as mailed together."""
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    found = documents.bulk_prints_to_mail(None)[0]
    left = documents.mail_bulk_print(
        found.run_id, wards=None, expected=found.waiting, handed_on=ON, by=LATER, at=AT
    )
    return [found, left, cases.handovers_of(scene.certified)]


def damaged(_: Scene) -> object:
    """A whole print printed again, and all that is told of both."""
    first = documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    assert first.run_id is not None
    again = documents.reprint_range(
        first.run_id, first=1, last=first.documents, reason="紙詰まり", by=LATER, at=AT, report=quiet
    )
    assert again.run_id is not None
    told: list[object] = [again, documents.reprints_of(first.run_id)]
    for run_id in (first.run_id, again.run_id):
        told += [
            documents.manifest_of(run_id),
            documents.check_run(run_id),
            documents.faults_of(run_id),
            documents.not_printed_again(run_id, limit=9),
        ]
    return told
