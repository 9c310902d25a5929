"""The document of one application: printed once for somebody who waits, given as the bytes the ledger knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.documents import files
from kyufu.documents.api import Kind
from kyufu.documents.requests import REQUESTS
from kyufu.platform.errors import Refused
from tests.cases.world import AT, LATER, ON, WARD, World, certify, judge, quiet, receive

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def paper_of(case: int) -> documents.Paper:
    """The document of a case, which is there."""
    found = documents.paper_of(case)
    assert found is not None
    return found


def print_one(paper: documents.Paper) -> documents.Printed:
    """Print one document today."""
    return documents.print_one(paper.kind, subject_id=paper.subject_id, by=LATER, on=ON, at=AT)


def test_one_card_is_printed_for_the_first_time(world: World) -> None:
    case, other = certify(world.family()), certify(world.family())
    before = paper_of(case)
    assert (before.kind, before.printed_at, before.is_alone) == (Kind.CERTIFICATE, None, False)
    printed = print_one(before)
    assert (printed.documents, printed.pages, printed.exceptions) == (1, 1, 0)
    assert (paper_of(case).printed_at, paper_of(case).is_alone) == (AT, True)
    assert paper_of(other).printed_at is None


def test_it_is_printed_once(world: World) -> None:
    paper = paper_of(certify(world.family()))
    print_one(paper)
    with pytest.raises(Refused, match="すでに印刷しています"):
        print_one(paper)
    assert documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet).documents == 0


def test_what_is_left_out_of_the_run_is_said(world: World) -> None:
    family = world.family()
    paper = paper_of(certify(family))
    world.send_loss_of_insurance(family, on="2026-09-01")
    with pytest.raises(Refused, match="判定のあとに"):
        print_one(paper)
    assert paper_of_printed(paper) is None


def paper_of_printed(paper: documents.Paper) -> object:
    """When a document was last printed, by its application's id."""
    (row,) = [
        one for one in cases.certificates_of([paper.child_id]) if one.certificate_id == paper.subject_id
    ]
    return paper_of(row.application_id).printed_at


def test_what_is_not_due_is_not_printed(world: World) -> None:
    with pytest.raises(Refused, match="対象ではありません"):
        documents.print_one(Kind.CERTIFICATE, subject_id=10**9, by=LATER, on=ON, at=AT)


def test_the_pdf_is_what_the_ledger_knows(world: World) -> None:
    case = certify(world.family())
    with pytest.raises(Refused, match="まだ印刷していません"):
        documents.pdf_of(paper_of(case))
    printed = print_one(paper_of(case))
    assert printed.folder is not None
    (file,) = printed.folder.glob("*.pdf")
    assert documents.pdf_of(paper_of(case)) == file.read_bytes()


def test_a_file_that_was_changed_or_lost_is_not_given(world: World) -> None:
    case = certify(world.family())
    printed = print_one(paper_of(case))
    assert printed.folder is not None
    (file,) = printed.folder.glob("*.pdf")
    file.write_bytes(file.read_bytes() + b"%")
    with pytest.raises(Refused, match="内容が変わっています"):
        documents.pdf_of(paper_of(case))
    file.unlink()
    with pytest.raises(Refused, match="見つからないか"):
        documents.pdf_of(paper_of(case))
    assert printed.folder.parent == files.root()


def test_a_page_among_others_is_not_given_alone(world: World) -> None:
    case, _ = certify(world.family()), certify(world.family())
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    paper = paper_of(case)
    assert (paper.printed_at, paper.is_alone) == (AT, False)
    with pytest.raises(Refused, match="一括で印刷した帳票"):
        documents.pdf_of(paper)
    documents.reprint(paper.kind, subject_id=paper.subject_id, reason="破損", by=LATER, on=ON, at=AT)
    assert documents.pdf_of(paper_of(case)).startswith(b"%PDF-")


def test_the_pdf_of_a_stale_decision_is_not_given(world: World) -> None:
    family = world.family()
    case = certify(family)
    print_one(paper_of(case))
    world.send_loss_of_insurance(family, on="2026-09-01")
    with pytest.raises(Refused, match="判定のあとに"):
        documents.pdf_of(paper_of(case))


def test_a_stale_document_is_not_printed_again_either(world: World) -> None:
    family = world.family()
    case = certify(family)
    print_one(paper_of(case))
    again = paper_of(case)
    world.send_loss_of_insurance(family, on="2026-09-01")

    def once_more(reason: str) -> documents.Printed:
        return documents.print_paper(
            again, reason=reason, by=LATER, on=ON, at=AT, municipality="yokohama", watermark=""
        )

    with pytest.raises(Refused, match="判定のあとに"):
        once_more("紙づまり")
    with pytest.raises(Refused, match="再印刷の理由"):
        once_more("")


def test_a_request_for_papers_is_one_document_as_well(world: World) -> None:
    case = receive(world.family(insured=False))
    judge(case)
    paper = paper_of(case)
    assert paper.kind is Kind.MISSING_FACTS
    print_one(paper)
    assert paper_of(case).is_alone


def test_an_application_without_a_document_has_none(world: World) -> None:
    assert documents.paper_of(receive(world.family())) is None


def test_printed_cards_are_told_on_the_list_of_what_waits(world: World) -> None:
    first, second = certify(world.family()), certify(world.family())
    print_one(paper_of(first))
    rows = documents.certificates_to_hand_over([WARD], limit=10, after=0)
    assert [(row.application_id, row.is_printed) for row in rows] == [(first, True), (second, False)]
    filing = cases.HandoverFiling(cases.HandoverWay.MAIL, cases.ApplicantKind.GUARDIAN, None, ON)
    with pytest.raises(Refused, match="まだ印刷していません"):
        documents.hand_over_certificate(rows[1].certificate_id, filing=filing, recorded=0, by=LATER, at=AT)
    documents.hand_over_certificate(rows[0].certificate_id, filing=filing, recorded=0, by=LATER, at=AT)
    left = documents.certificates_to_hand_over(None, limit=10, after=0)
    assert [row.application_id for row in left] == [second]


def test_what_to_hand_in_is_asked_for_by_the_code_of_the_reason() -> None:
    assert documents.request_for("missing.insurance") == REQUESTS["missing.insurance"]
    assert documents.request_for("missing.rules") == ""
