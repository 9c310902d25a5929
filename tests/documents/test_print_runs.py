"""A print run ties: everything that is due is on a page or in the list of exceptions, and nothing twice."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections
from pytest_django import Settings

from kyufu.documents import files, queries
from kyufu.documents.content import Kind
from kyufu.documents.jobs import Item
from kyufu.documents.ledger import printing_alone
from kyufu.documents.models import Document, PrintException, PrintRun
from kyufu.documents.operations import Printed, run_job
from kyufu.platform.errors import Refused
from kyufu.registry.api import PersonView
from tests.documents import samples
from tests.documents.reading import page_texts
from tests.documents.sources import Source, order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def run(source: Source, *, reason: str = "", only: int | None = None) -> Printed:
    """One run of printing."""
    return run_job(
        source.job(),
        order=order(reason=reason),
        municipality="yokohama",
        report=lambda _done, _total: None,
        only=only,
    )


def staged() -> list[Path]:
    """What lies in staging."""
    return list((files.root() / files.STAGING).iterdir())


@pytest.mark.requirement("YOK-199")
def test_records_who_printed_what_for_whom_when_and_where() -> None:
    done = run(Source([1, 2, 3]))
    assert done.folder is not None
    one = queries.pages_to(21)[0]
    assert (one.printed_by, one.printed_at, one.page, one.pages) == ("S0001", samples.AT, 2, 1)
    assert one.number in page_texts(one.file.read_bytes())[one.page - 1]
    assert (PrintRun.objects.get().made_by, PrintRun.objects.get().synthetic) == ("S0001", True)


def test_every_certificate_is_on_a_page_or_in_the_exceptions() -> None:
    source = Source(
        [1, 2, 3, 4, 5, 6],
        stale={5_002: "判定のあとに事実が変わりました。"},
        withheld={31: "送付先がありません。"},
    )
    source.children[40] = samples.person(name="邊\U000e0105田　\ue000子")
    source.unknown = {50}
    done = run(source)
    assert (done.documents, done.pages, done.exceptions) == (2, 2, 4)
    left = {row.subject_id: row.code for row in PrintException.objects.all()}
    assert left == {2: "stale_decision", 3: "address_withheld", 4: "undrawable", 5: "no_person"}
    assert set(Document.objects.values_list("subject_id", flat=True)) == {1, 6}
    assert PrintRun.objects.get().population == 6


def test_exceptions_name_nobody() -> None:
    source = Source([1])
    source.children[10] = samples.person(name="見本　\ue000子")
    run(source)
    text = PrintException.objects.get().text
    assert "見本" not in text
    assert "U+E000" in text


@pytest.mark.requirement("YOK-202")
def test_a_letter_goes_where_the_addressee_number_resolves_not_where_a_name_would() -> None:
    source = Source([1, 2])
    same_name = samples.person(name="見本　花子", address="横浜市中区別の町１")
    source.guardians = {11: same_name, 21: same_name}
    run(source)
    numbers = list(Document.objects.order_by("subject_id").values_list("addressee_id", flat=True))
    assert numbers == [11, 21]
    text = "".join(page_texts(queries.pages_to(11)[0].file.read_bytes()))
    assert "別の町" not in text


def test_a_second_run_prints_nothing_twice() -> None:
    source = Source([1, 2])
    run(source)
    again = run(source)
    assert (again.folder, again.documents) == (None, 0)
    source.indices.append(3)
    assert run(source).documents == 1
    assert Document.objects.count() == 3


def test_what_was_left_out_is_printed_once_its_reason_is_gone() -> None:
    source = Source([1, 2], stale={5_002: "判定のあとに事実が変わりました。"})
    run(source)
    assert [(total.code, total.count) for total in queries.exceptions()] == [("stale_decision", 1)]
    source.stale.clear()
    assert run(source).documents == 1
    assert queries.exceptions() == ()


def test_the_database_refuses_the_same_first_print_twice() -> None:
    run(Source([1]))
    first = Document.objects.get()
    first.pk = None
    first.page = 99
    with pytest.raises(IntegrityError, match="documents_document_printed_once"):
        first.save()


def test_the_database_refuses_a_run_whose_totals_do_not_tie() -> None:
    run(Source([1]))
    row = PrintRun.objects.get()
    row.population = 2
    with pytest.raises(IntegrityError, match="documents_print_run_totals_tie"):
        row.save()


def test_files_are_private_and_their_hashes_recorded() -> None:
    folder = run(Source([1, 2])).folder
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (file,) = folder.glob("*.pdf")
    (row,) = PrintRun.objects.get().files.all()
    content = file.read_bytes()
    assert (row.name, row.size, row.sha256) == (file.name, len(content), hashlib.sha256(content).hexdigest())


def test_the_same_population_gives_the_same_hash() -> None:
    run(Source([1, 2]))
    Document.objects.all().delete()
    run(Source([1, 2]))
    first, second = PrintRun.objects.order_by("id")
    assert first.population_sha256 == second.population_sha256
    assert first.files.get().sha256 == second.files.get().sha256


def test_facts_that_change_while_pages_are_set_are_seen() -> None:
    source = Source([1, 2])
    asked: list[Sequence[int]] = []

    def turns_stale(decision_ids: Sequence[int]) -> Mapping[int, str]:
        asked.append(decision_ids)
        return {} if len(asked) == 1 else {one: "変更" for one in decision_ids if one == 5_001}

    done = run_job(
        replace(source.job(), stale=turns_stale), order=order(), municipality="yokohama",
        report=lambda _done, _total: None,
    )  # fmt: skip
    assert (done.documents, done.exceptions) == (1, 1)
    assert Document.objects.get().subject_id == 2
    assert staged() == []


def test_facts_that_keep_changing_stop_the_run() -> None:
    calls: list[int] = []

    def turns_stale(decision_ids: Sequence[int]) -> Mapping[int, str]:
        calls.append(1)
        return {decision_ids[0]: "変更"} if len(calls) % 2 == 0 else {}

    with pytest.raises(Refused, match="事実の変更が続いた"):
        run_job(
            replace(Source([1]).job(), stale=turns_stale), order=order(), municipality="yokohama",
            report=lambda _done, _total: None,
        )  # fmt: skip
    assert not PrintRun.objects.exists()
    assert staged() == []


def test_a_failure_leaves_nothing_behind() -> None:
    def fails(*_: object) -> Mapping[int, PersonView]:
        raise RuntimeError("lost connection")

    with pytest.raises(RuntimeError):
        run_job(
            replace(Source([1]).job(), people=fails), order=order(), municipality="yokohama",
            report=lambda _done, _total: None,
        )  # fmt: skip
    assert not PrintRun.objects.exists()
    assert staged() == []
    assert run(Source([1])).documents == 1


def test_a_stray_file_and_another_municipality_are_left_alone(var: Path) -> None:
    run(Source([1]))
    stray = files.root() / files.STAGING / ".DS_Store"
    other = var / "documents" / "kawasaki" / files.STAGING / str(uuid4()) / "certificate-0001.pdf"
    for path in (stray, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert run(Source([1, 2])).documents == 1
    assert stray.exists()
    assert other.exists()


def test_two_runs_at_once_are_refused() -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(77468, hashtext(current_schema()))")
        with pytest.raises(Refused, match="別の印刷が実行中"):
            run(Source([1]))
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert run(Source([1])).documents == 1


def test_the_lock_is_given_back() -> None:
    with printing_alone():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_a_reprint_is_a_run_of_its_own_with_its_reason() -> None:
    run(Source([1, 2]))
    done = run(Source([1, 2]), reason="窓口での汚損", only=2)
    assert (done.documents, done.pages) == (1, 1)
    assert "reprint" in str(done.folder)
    newest, first = queries.pages_to(21)
    assert (newest.reprint_reason, first.reprint_reason) == ("窓口での汚損", "")
    assert Document.objects.filter(reprint=True).get().subject_id == 2


def test_a_reprint_asks_for_its_one_subject_alone() -> None:
    run(Source([1, 2]))

    def reads_the_whole_city() -> list[Item]:
        raise AssertionError("a reprint of one document must not read all")

    done = run_job(
        replace(Source([1, 2]).job(), due=reads_the_whole_city), order=order(reason="汚損"),
        municipality="yokohama", report=lambda _done, _total: None, only=2,
    )  # fmt: skip
    assert done.documents == 1


def test_what_is_not_due_any_more_is_not_reprinted() -> None:
    run(Source([1, 2]))
    with pytest.raises(Refused, match="対象ではありません"):
        run(Source([1]), reason="汚損", only=2)


def test_totals_and_runs_for_the_summary(var: Path) -> None:
    run(Source([1, 2], withheld={11: "送付先がありません。"}))
    (total,) = queries.totals()
    assert (total.kind, total.runs, total.documents, total.pages) == (Kind.CERTIFICATE, 1, 1, 1)
    (row,) = queries.runs()
    assert (row.population, row.documents, row.exceptions, row.folder_found) == (2, 1, 1, True)
    row.folder.rename(var / "elsewhere")
    assert queries.runs()[0].folder_found is False


def test_large_runs_are_cut_into_files_by_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kyufu.documents.operations.PAGES_PER_FILE", 4)
    folder = run(Source(list(range(1, 12)))).folder
    assert folder is not None
    assert sorted(path.name for path in folder.glob("*.pdf")) == [
        "certificate-0001-141097-you3-p0004-000001-000004.pdf",
        "certificate-0002-141097-you3-p0004-000005-000008.pdf",
        "certificate-0003-141097-you3-p0003-000009-000011.pdf",
    ]
    for one in Document.objects.select_related("file", "run"):
        text = page_texts((folder / one.file.name).read_bytes())[one.page - 1]
        assert one.number in text
    assert list(PrintRun.objects.get().files.order_by("name").values_list("pages", flat=True)) == [4, 4, 3]
