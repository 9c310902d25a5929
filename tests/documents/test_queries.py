"""Questions to the print ledger: totals, what is still missing and why, and where a document lies."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from kyufu.documents import queries
from kyufu.documents.content import Kind
from kyufu.documents.ledger import Order, record_run
from kyufu.documents.models import PrintRun
from kyufu.documents.selection import LeftOut
from tests.documents import samples
from tests.documents.placing import placed, sheaf_of
from tests.documents.sources import CLERK, Source

pytestmark = pytest.mark.django_db
STALE = ("stale_decision", "事実が変わりました。")
WITHHELD = ("address_withheld", "送付先がありません。")


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """A var of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def record(
    kind: Kind, *, printed: list[int], left: dict[int, tuple[str, str]] | None = None, reason: str = ""
) -> PrintRun:
    """A run in the ledger with these subjects on its pages and those left out."""
    left = left or {}
    items = {item.subject_id: item for item in Source([*printed, *left]).due()}
    order = Order(uuid4(), kind, samples.ON, CLERK, samples.AT, reason, "")
    lying = [placed(one, item=items[one]) for one in printed]
    out = [LeftOut(items[one], *why) for one, why in left.items()]
    return record_run(
        order,
        population=list(items.values()),
        sheaves=[sheaf_of(*lying, name="a.pdf")] if printed else [],
        left_out=out,
    )


def printed_subjects(kind: Kind) -> set[int]:
    """What the select for other queries gives."""
    with connection.cursor() as cursor:
        cursor.execute(queries.select_printed(kind))
        return {row[0] for row in cursor.fetchall()}


def test_an_empty_ledger_answers_with_nothing() -> None:
    assert (queries.runs(), queries.totals(), queries.exceptions(), queries.pages_to(1)) == ((), (), (), ())
    assert printed_subjects(Kind.LOSS) == set()
    assert not queries.was_printed(Kind.LOSS, subject_id=1)


def test_totals_are_by_kind_in_the_order_of_the_kinds() -> None:
    record(Kind.REJECTION, printed=[1])
    record(Kind.CERTIFICATE, printed=[1, 2])
    record(Kind.CERTIFICATE, printed=[3])
    assert [(total.kind, total.runs, total.documents, total.pages) for total in queries.totals()] == [
        (Kind.CERTIFICATE, 2, 3, 3),
        (Kind.REJECTION, 1, 1, 1),
    ]


def test_kinds_are_kept_apart() -> None:
    record(Kind.CERTIFICATE, printed=[1, 2])
    assert printed_subjects(Kind.CERTIFICATE) == {1, 2}
    assert printed_subjects(Kind.REJECTION) == set()
    assert queries.was_printed(Kind.CERTIFICATE, subject_id=2)
    assert not queries.was_printed(Kind.REJECTION, subject_id=2)


def test_the_latest_reason_counts_and_a_print_ends_it() -> None:
    record(Kind.CERTIFICATE, printed=[], left={1: STALE, 2: STALE, 3: WITHHELD})
    record(Kind.CERTIFICATE, printed=[3], left={1: WITHHELD, 2: STALE})
    found = {(total.code, total.text): total.count for total in queries.exceptions()}
    assert found == {STALE: 1, WITHHELD: 1}
    record(Kind.CERTIFICATE, printed=[1, 2])
    assert queries.exceptions() == ()


def test_the_same_number_of_another_kind_is_another_document() -> None:
    record(Kind.CERTIFICATE, printed=[1])
    record(Kind.REJECTION, printed=[], left={1: STALE})
    (total,) = queries.exceptions()
    assert (total.kind, total.count) == (Kind.REJECTION, 1)


def test_reprints_count_as_pages_but_not_as_first_prints() -> None:
    record(Kind.CERTIFICATE, printed=[1])
    record(Kind.CERTIFICATE, printed=[1], reason="汚損")
    assert queries.totals()[0].documents == 2
    assert printed_subjects(Kind.CERTIFICATE) == {1}
    assert [page.reprint_reason for page in queries.pages_to(11)] == ["汚損", ""]


def test_runs_come_newest_first_and_no_more_than_asked() -> None:
    for one in (1, 2, 3):
        record(Kind.CERTIFICATE, printed=[one])
    assert len(queries.runs(limit=2)) == 2
    assert [row.documents for row in queries.runs()] == [1, 1, 1]
    assert not any(row.folder_found for row in queries.runs())


def test_a_page_names_its_file_place_and_maker() -> None:
    run = record(Kind.CERTIFICATE, printed=[5, 6])
    (page,) = queries.pages_to(61)
    assert (page.page, page.pages, page.number, page.printed_by) == (2, 1, "第6号", CLERK.staff_id)
    assert page.file.parts[-2:] == (run.folder, "a.pdf")
