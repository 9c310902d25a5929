"""A damaged range printed again: exactly those documents, the same content, a run of its own, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from kyufu.audit.api import EventKind
from kyufu.documents import api as documents
from kyufu.documents import jobs
from kyufu.documents.damage import damage_of
from kyufu.documents.layout import CHANGED
from kyufu.documents.models import Document, PrintException, PrintRun
from kyufu.documents.operations import Printed, run_job
from kyufu.documents.queries import reprints_of, totals
from kyufu.documents.selection import NOT_DUE
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.api import PostalAddress
from tests.documents import samples
from tests.documents.reading import page_texts
from tests.documents.sources import CLERK, Source, order
from tests.registry.persons import fetch

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "紙詰まりで破れた"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    """Nine certificates."""
    made = Source(list(range(1, 10)))
    monkeypatch.setattr(jobs, "job", lambda _: made.job())
    return made


@pytest.fixture
def first(source: Source) -> int:
    """The number of the run that was damaged."""
    return number_of(
        run_job(source.job(), order=order(), municipality="yokohama", report=lambda _done, _total: None)
    )


def number_of(done: Printed) -> int:
    """The number of a run that printed or left out."""
    assert done.run_id is not None
    return done.run_id


def again(run_id: int, *, first: int, last: int, reason: str = WHY, reprints: int | None = None) -> Printed:
    """Print a range again."""
    return documents.reprint_range(
        run_id, first=first, last=last, reason=reason, by=CLERK, at=samples.AT,
        report=lambda _done, _total: None, reprints=reprints,
    )  # fmt: skip


def subjects(run_id: int) -> list[int]:
    """The subjects of a run in its order."""
    found = Document.objects.filter(run=run_id).order_by("running_no")
    return list(found.values_list("subject_id", flat=True))


def texts(done: Printed) -> list[str]:
    """The pages of a run."""
    assert done.folder is not None
    return [text for path in sorted(done.folder.glob("*.pdf")) for text in page_texts(path.read_bytes())]


def originals(run_id: int) -> list[str]:
    """The pages of the damaged run in their order."""
    (found,) = [row for row in documents.runs() if row.run_id == run_id]
    return [text for path in sorted(found.folder.glob("*.pdf")) for text in page_texts(path.read_bytes())]


def test_exactly_the_range_is_printed_in_its_order(first: int) -> None:
    done = again(first, first=3, last=6)
    assert (done.documents, done.pages, done.exceptions) == (4, 4, 0)
    assert subjects(number_of(done)) == subjects(first)[2:6]


def test_it_is_a_reprint_with_its_reason_tied_to_the_first(first: int) -> None:
    done = again(first, first=3, last=6)
    run = PrintRun.objects.get(pk=number_of(done))
    assert (run.reprint_of_id, run.reprint_first, run.reprint_last) == (first, 3, 6)
    assert (run.reprint_reason, run.population, run.document_date) == (WHY, 4, samples.ON)
    assert run.synthetic is True
    for one in Document.objects.filter(run=run).select_related("replaces"):
        assert one.reprint is True
        assert one.replaces is not None
        assert (one.replaces.run_id, one.replaces.subject_id) == (first, one.subject_id)
        assert one.replaces.running_no == one.running_no + 2
        assert one.replaces.content_digest == one.content_digest


def test_the_pages_say_the_same_but_for_the_number_at_the_foot(first: int) -> None:
    done = again(first, first=3, last=5)
    for place, (page, lost) in enumerate(zip(texts(done), originals(first)[2:5], strict=True), start=1):
        mark = f"再印刷通し{place:06d}（元の通し{place + 2:06d}）"
        assert mark in page
        assert page.replace(mark, "") == lost.replace(f"通し{place + 2:06d}", "")


def test_nothing_is_printed_twice_as_an_original(first: int) -> None:
    again(first, first=1, last=9)
    again(first, first=1, last=9)
    assert Document.objects.filter(reprint=False).count() == 9
    assert Document.objects.filter(reprint=True).count() == 18
    assert documents.count_due(documents.Kind.CERTIFICATE) == 0
    (total,) = totals()
    assert (total.runs, total.documents) == (3, 27)


def test_a_reprint_that_was_damaged_itself_is_printed_again(first: int) -> None:
    second = number_of(again(first, first=3, last=6))
    third = again(second, first=2, last=3)
    assert subjects(number_of(third)) == subjects(first)[3:5]
    assert {row.run_id for row in reprints_of(second)} == {third.run_id}


def test_all_runs_tie_afterwards(first: int) -> None:
    second = number_of(again(first, first=3, last=6))
    for run_id in (first, second):
        assert documents.faults_of(run_id) == ()
    told = documents.manifest_of(second)
    assert (told.reprint_of, told.reprint_first, told.reprint_last, told.documents) == (first, 3, 6, 4)


def test_the_page_for_the_mail_room_says_what_to_replace(first: int) -> None:
    done = again(first, first=3, last=6)
    assert done.folder is not None
    page = (done.folder / "manifest.html").read_text(encoding="utf-8")
    assert f"再印刷：印刷番号 {first} の通し番号 3 から 6 まで。" in page
    assert "差し替えてください" in page
    assert "-reprint-" in done.folder.name


@pytest.mark.parametrize(("start", "end"), [(0, 3), (-1, 1), (8, 10), (10, 10), (6, 3), (1, 99_999_999)])
def test_a_range_that_does_not_lie_within_the_run_is_refused(first: int, start: int, end: int) -> None:
    with pytest.raises(Refused, match="この印刷にありません（1 から 9 まで）"):
        again(first, first=start, last=end)
    assert PrintRun.objects.count() == 1


def test_a_run_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="印刷番号 99 の印刷はありません"):
        again(99, first=1, last=1)


@pytest.mark.parametrize(
    ("reason", "told"), [("", "入力されていません"), ("　 ", "入力されていません"), ("あ" * 201, "200文字")]
)
def test_without_a_usable_reason_nothing_is_printed(first: int, reason: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        again(first, first=1, last=2, reason=reason)
    assert PrintRun.objects.count() == 1


def test_what_is_not_due_any_more_is_left_out_with_the_reason(source: Source, first: int) -> None:
    voided = subjects(first)[3]
    source.indices.remove(voided)
    done = again(first, first=3, last=6)
    assert (done.documents, done.exceptions) == (3, 1)
    assert voided not in subjects(number_of(done))
    assert PrintException.objects.get().code == "not_due"
    (left,) = documents.not_printed_again(number_of(done), limit=9)
    assert (left.running_no, left.text) == (4, NOT_DUE)


def test_what_turned_stale_is_left_out(source: Source, first: int) -> None:
    source.stale[5_000 + subjects(first)[2]] = "判定のあとに事実が変わりました。"
    done = again(first, first=3, last=6)
    (left,) = documents.not_printed_again(number_of(done), limit=9)
    assert (done.documents, left) == (3, documents.NotPrintedAgain(3, "判定のあとに事実が変わりました。"))


def test_what_would_say_something_else_is_left_out(source: Source, first: int) -> None:
    moved = subjects(first)[4]
    source.postal[moved * 10 + 1] = PostalAddress("2310001", "横浜市中区別の町１", "", "見本　花子")
    done = again(first, first=5, last=5)
    assert (done.documents, done.exceptions) == (0, 1)
    (left,) = documents.not_printed_again(number_of(done), limit=9)
    assert (left.running_no, left.text) == (5, CHANGED)
    assert "別の町" not in "".join(texts(done))


def test_who_is_sheltered_since_is_not_printed_with_the_old_address(source: Source, first: int) -> None:
    fled = subjects(first)[1]
    source.children[fled * 10] = samples.person(name=f"見本　{fled}子", protected=True)
    source.guardians[fled * 10 + 1] = samples.person(name="見本　花子", protected=True)
    source.postal[fled * 10 + 1] = PostalAddress("2310021", "横浜市中区港町１", "", "見本　花子")
    done = again(first, first=1, last=3)
    assert fled not in subjects(number_of(done))
    assert [left.running_no for left in documents.not_printed_again(number_of(done), limit=9)] == [2]


def test_documents_of_which_no_digest_was_kept_are_left_out(first: int) -> None:
    Document.objects.filter(running_no=2).update(content_digest="")
    done = again(first, first=1, last=3)
    assert (done.documents, done.exceptions) == (2, 1)


def test_a_run_without_running_numbers_has_no_range(first: int) -> None:
    Document.objects.update(running_no=0)
    with pytest.raises(Refused, match="この印刷にありません"):
        again(first, first=1, last=2)


def test_a_second_wish_after_the_same_look_is_refused(first: int) -> None:
    again(first, first=1, last=2, reprints=0)
    with pytest.raises(Refused, match="ほかの職員がこの印刷を再印刷しました"):
        again(first, first=1, last=2, reprints=0)
    assert PrintRun.objects.count() == 2
    assert again(first, first=1, last=2, reprints=1).documents == 2


def test_the_log_says_who_printed_again_and_why(first: int) -> None:
    again(first, first=1, last=2)
    details = [row[0] for row in fetch("SELECT detail FROM audit_event WHERE kind = %s", EventKind.PRINTED)]
    assert [json.loads(one)["再印刷の理由"] for one in details] == ["", WHY]


def test_the_database_refuses_half_a_range_and_one_without_reason(first: int) -> None:
    second = PrintRun.objects.get(pk=number_of(again(first, first=1, last=2)))
    for field, value in (("reprint_first", None), ("reprint_last", 0), ("reprint_reason", "")):
        kept = getattr(second, field)
        setattr(second, field, value)
        with pytest.raises(IntegrityError, match="documents_print_run_range_whole"):
            second.save()
        setattr(second, field, kept)


def test_the_database_refuses_an_original_in_the_place_of_another(first: int) -> None:
    one, other = Document.objects.filter(run=first)[:2]
    one.replaces = other
    with pytest.raises(IntegrityError, match="documents_document_replaces_as_reprint"):
        one.save()


def test_the_documents_of_a_range_are_known_by_subject_in_their_order(first: int) -> None:
    damage = damage_of(PrintRun.objects.get(), first=4, last=5, reprints=None)
    assert list(damage.originals) == subjects(first)[3:5]
    assert [one.running_no for one in damage.originals.values()] == [4, 5]
