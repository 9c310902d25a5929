"""The ledger of printing: what must tie, and what is refused before anything is written."""

from __future__ import annotations

from uuid import UUID

import pytest

from kyufu.documents.ledger import Sheaf, folder_of, population_hash, record_run
from kyufu.documents.models import Document, PrintException, PrintFile, PrintRun
from kyufu.documents.render import Rendered
from kyufu.documents.selection import LeftOut
from kyufu.platform.errors import Refused
from tests.documents.placing import placed, sheaf_of
from tests.documents.sources import Source, order

UID = UUID("00000000-0000-4000-8000-0000000000ab")
ITEMS = list(Source([1, 2, 3]).due())


def sheaf(*indices: int, name: str = "certificate-0001.pdf", pages_each: int = 1) -> Sheaf:
    """A file that holds these certificates one after the other."""
    lying = [placed(index, item=ITEMS[index - 1], pages=pages_each) for index in indices]
    return sheaf_of(*lying, name=name)


def left(index: int) -> LeftOut:
    """A certificate that is left out."""
    return LeftOut(ITEMS[index - 1], "address_withheld", "送付先がありません。")


@pytest.mark.django_db
def test_printed_and_left_out_make_the_population() -> None:
    run = record_run(order(uid=UID), population=ITEMS, sheaves=[sheaf(1, 3)], left_out=[left(2)])
    assert (run.population, run.documents, run.exceptions, run.pages) == (3, 2, 1, 2)
    assert list(Document.objects.order_by("page").values_list("subject_id", "number", "page")) == [
        (1, "第1号", 1),
        (3, "第3号", 2),
    ]
    assert PrintException.objects.get().addressee_id == 21
    assert folder_of(UID) == run.folder


@pytest.mark.django_db
def test_letters_of_several_pages_keep_their_places() -> None:
    run = record_run(order(uid=UID), population=ITEMS, sheaves=[sheaf(1, 2, 3, pages_each=2)], left_out=[])
    assert (run.documents, run.pages) == (3, 6)
    assert list(Document.objects.order_by("page").values_list("page", "pages")) == [(1, 2), (3, 2), (5, 2)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sheaves", "left_out"),
    [
        ([sheaf(1, 2)], []),
        ([sheaf(1, 2, 3)], [left(3)]),
        ([sheaf(1, 2), sheaf(2, 3, name="certificate-0002.pdf")], []),
        ([], [left(1), left(2)]),
        ([sheaf(1, 1)], [left(2)]),
    ],
    ids=[
        "one lost",
        "one in both",
        "one on two pages",
        "one lost from the exceptions",
        "one twice for another",
    ],
)
def test_a_run_that_does_not_tie_is_refused_and_leaves_nothing(
    sheaves: list[Sheaf], left_out: list[LeftOut]
) -> None:
    with pytest.raises(Refused, match="合計が合いません"):
        record_run(order(), population=ITEMS, sheaves=sheaves, left_out=left_out)
    for table in (PrintRun, PrintFile, Document, PrintException):
        assert not table.objects.exists()


@pytest.mark.django_db
def test_pages_that_no_document_owns_are_refused() -> None:
    good = sheaf(1, 2, 3)
    padded = good._replace(file=Rendered(good.file.name, 4, 1000, "0" * 64, good.file.extents))
    with pytest.raises(Refused, match="ページ数"):
        record_run(order(), population=ITEMS, sheaves=[padded], left_out=[])
    assert not PrintRun.objects.exists()


@pytest.mark.django_db
def test_a_run_that_the_ledger_does_not_know_has_no_folder() -> None:
    assert folder_of(UID) is None


def test_the_population_hash_speaks_for_subjects_decisions_and_order() -> None:
    first = population_hash(ITEMS)
    assert population_hash(list(ITEMS)) == first
    assert population_hash(ITEMS[::-1]) != first
    assert population_hash(ITEMS[:2]) != first
    assert population_hash([*ITEMS[:2], ITEMS[2]._replace(decision_id=9)]) != first


def test_folders_say_date_kind_and_whether_it_is_a_reprint() -> None:
    assert order(uid=UID).folder == "20260801-certificate-00000000"
    assert order(uid=UID, reason="汚損").folder == "20260801-certificate-reprint-00000000"
