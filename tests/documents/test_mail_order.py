"""A print run as the mail room gets it: by ward, envelope and postal code, numbered through, with its manifest."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from kyufu.documents import compose, manifest
from kyufu.documents.api import check_run, faults_of, manifest_of
from kyufu.documents.content import Kind
from kyufu.documents.envelopes import Envelope, EnvelopeRule
from kyufu.documents.models import Document, PrintException, PrintFile, PrintRun
from kyufu.documents.office import Municipality
from kyufu.documents.operations import Printed, run_job
from kyufu.documents.sorting import INDIVIDUAL, INDIVIDUAL_NAME
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.api import PostalAddress
from tests.documents import samples
from tests.documents.reading import page_texts
from tests.documents.sources import Source, order

pytestmark = pytest.mark.django_db(transaction=True)
TSURUMI, KANAGAWA = "141011", "141020"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def mixed() -> Source:
    """Six children of three wards, in no order; the fifth is sheltered, and nobody may learn that of Tsurumi."""
    source = Source([1, 2, 3, 4, 5, 6])
    wards = {1: samples.KOHOKU, 2: TSURUMI, 3: KANAGAWA, 4: TSURUMI, 5: TSURUMI, 6: samples.KOHOKU}
    for index, ward in wards.items():
        source.children[index * 10] = samples.person(
            name=f"見本　{index}子", ward_code=ward, protected=index == 5
        )
    codes = {1: "2220037", 2: "2300052", 3: "2210001", 4: "2300051", 5: "2310021", 6: "2220032"}
    for index, code in codes.items():
        source.postal[index * 10 + 1] = PostalAddress(code, samples.ADDRESS, "", "見本　花子")
    source.guardians[51] = samples.person(name="見本　花子", protected=True, ward_code=TSURUMI)
    return source


def run(source: Source, *, reason: str = "") -> Printed:
    """One run of printing."""
    return run_job(
        source.job(), order=order(reason=reason), municipality="yokohama",
        report=lambda _done, _total: None,
    )  # fmt: skip


def lying() -> list[int]:
    """The subjects of the newest run as they lie."""
    found = Document.objects.filter(run=PrintRun.objects.latest("pk")).order_by("running_no")
    return list(found.values_list("subject_id", flat=True))


def written(done: Printed) -> dict[str, Any]:
    """The manifest in the folder of a run."""
    assert done.folder is not None
    told: dict[str, Any] = json.loads((done.folder / manifest.JSON_NAME).read_text(encoding="utf-8"))
    return told


@pytest.mark.requirement("TKY-048")
def test_documents_lie_by_ward_then_postal_code_and_the_sheltered_at_the_end() -> None:
    run(mixed())
    assert lying() == [4, 2, 3, 6, 1, 5]
    assert list(Document.objects.order_by("running_no").values_list("running_no", flat=True)) == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_each_ward_has_files_of_its_own_whose_names_tell_what_is_in_them() -> None:
    done = run(mixed())
    assert done.folder is not None
    assert sorted(path.name for path in done.folder.glob("*.pdf")) == [
        "certificate-0001-141011-you3-p0002-000001-000002.pdf",
        "certificate-0002-141020-you3-p0001-000003-000003.pdf",
        "certificate-0003-141097-you3-p0002-000004-000005.pdf",
        "certificate-0004-individual-you3-p0001-000006-000006.pdf",
    ]


def test_the_running_number_stands_on_each_page() -> None:
    done = run(mixed())
    assert done.folder is not None
    for one in Document.objects.select_related("file"):
        text = page_texts((done.folder / one.file.name).read_bytes())[one.page - 1]
        assert f"通し{one.running_no:06d}" in text
        assert one.number in text


def test_the_ward_of_the_sheltered_is_nowhere_in_the_run() -> None:
    source = mixed()
    source.indices = [5]
    done = run(source)
    assert done.folder is not None
    told = json.dumps(written(done), ensure_ascii=False)
    page = (done.folder / manifest.PAGE_NAME).read_text(encoding="utf-8")
    (pdf,) = done.folder.glob("*.pdf")
    for text in (told, page, pdf.name, *page_texts(pdf.read_bytes())):
        assert "鶴見" not in text
        assert TSURUMI not in text
    assert INDIVIDUAL_NAME in page
    row = PrintFile.objects.get()
    assert (row.ward, row.first_no, row.last_no) == (INDIVIDUAL, 1, 1)


def test_a_sheltered_guardian_of_another_child_is_handled_individually_too() -> None:
    source = mixed()
    source.guardians[21] = samples.person(name="見本　花子", protected=True)
    run(source)
    assert list(PrintFile.objects.order_by("sequence").values_list("ward", "last_no")) == [
        (TSURUMI, 1), (KANAGAWA, 2), (samples.KOHOKU, 4), (INDIVIDUAL, 6),
    ]  # fmt: skip


def test_who_is_left_out_takes_no_number() -> None:
    source = mixed()
    source.withheld[41] = "送付先がありません。"
    done = run(source)
    assert lying() == [2, 3, 6, 1, 5]
    assert written(done)["reasons"] == [
        {"code": "address_withheld", "text": "送付先がありません。", "documents": 1}
    ]


def test_the_manifest_tells_bundles_and_files_and_ties() -> None:
    done = run(mixed())
    told = written(done)
    assert (told["population"], told["documents"], told["pages"], told["left_out"]) == (6, 6, 6, 0)
    assert [(one["ward_name"], one["envelope_name"], one["documents"]) for one in told["bundles"]] == [
        ("鶴見区", "洋形長3号（二つ窓）", 2),
        ("神奈川区", "洋形長3号（二つ窓）", 1),
        ("港北区", "洋形長3号（二つ窓）", 2),
        ("本庁（個別扱い）", "洋形長3号（二つ窓）", 1),
    ]
    assert sum(one["pages"] for one in told["files"]) == told["pages"] == done.pages
    assert [(one["first"], one["last"]) for one in told["files"]] == [(1, 2), (3, 3), (4, 5), (6, 6)]
    assert done.run_id is not None
    assert json.loads(manifest.as_json(manifest_of(done.run_id))) == told
    assert faults_of(done.run_id) == ()


def test_the_page_of_the_mail_room_is_readable_private_and_whole() -> None:
    done = run(mixed())
    assert done.folder is not None
    path = done.folder / manifest.PAGE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    page = path.read_text(encoding="utf-8")
    for shown in (
        "小児医療証　送付票", "令和8年8月1日", "対象 6件 ＝ 印刷 6件（6ページ） ＋ 除外 0件", "鶴見区", "港北区",
        "本庁（個別扱い）", "certificate-0003-141097-you3-p0002-000004-000005.pdf", "4 ～ 5",
    ):  # fmt: skip
        assert shown in page
    assert "見本　" not in page


def test_a_page_of_many_files_keeps_wards_as_one_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kyufu.documents.operations.PAGES_PER_FILE", 2)
    told = written(run(Source(list(range(1, 6)))))
    assert [one["documents"] for one in told["files"]] == [2, 2, 1]
    (bundle,) = told["bundles"]
    assert (bundle["files"], bundle["documents"], bundle["first"], bundle["last"]) == (3, 5, 1, 5)


def letters_of(pages: dict[int, int], *, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Requests in the place of certificates, so long that they take about so many pages."""
    source = Source(list(pages))

    def compose_letter(item: Any, _: object, people: compose.People, __: object) -> Any:
        letter = samples.request(index=item.subject_id)
        paragraph = "ここに長い説明が続きます。" * 110
        more = (paragraph,) * (pages[item.subject_id] - 1)
        sections = (*letter.sections, type(letter.sections[0])("説明", paragraphs=more or ("短い説明",)))
        return type(letter)(
            **{name: getattr(letter, name) for name in letter.__dataclass_fields__} | {"sections": sections}
        )

    real = source.job
    monkeypatch.setattr(
        source, "job",
        lambda: type(real())(**{
            name: getattr(real(), name) for name in real().__dataclass_fields__
        } | {"kind": Kind.MISSING_FACTS, "compose": compose_letter}),
    )  # fmt: skip
    return source


def of_kind(source: Source, kind: Kind) -> Printed:
    """One run of printing of a kind."""
    return run_job(
        source.job(), order=order()._replace(kind=kind), municipality="yokohama",
        report=lambda _done, _total: None,
    )  # fmt: skip


def test_thick_letters_go_into_another_envelope_and_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    done = of_kind(letters_of({1: 1, 2: 6, 3: 1, 4: 6}, monkeypatch=monkeypatch), Kind.MISSING_FACTS)
    assert lying() == [1, 3, 2, 4]
    thin, thick = PrintFile.objects.order_by("sequence")
    assert (thin.envelope, thin.first_no, thin.last_no) == ("you3", 1, 2)
    assert (thick.envelope, thick.first_no, thick.last_no) == ("kaku2", 3, 4)
    pages = dict(Document.objects.values_list("subject_id", "pages"))
    assert pages[1] <= 3 < pages[2]
    assert done.run_id is not None
    assert faults_of(done.run_id) == ()


def test_every_page_of_a_letter_bears_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    done = of_kind(letters_of({1: 3}, monkeypatch=monkeypatch), Kind.MISSING_FACTS)
    assert done.folder is not None
    (file,) = done.folder.glob("*.pdf")
    texts = page_texts(file.read_bytes())
    assert len(texts) > 1
    assert all("通し000001" in text for text in texts)


@pytest.fixture
def only_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A city that has one kind of envelope alone, from the day of the documents on."""
    rule = EnvelopeRule(samples.ON, (Envelope("kaku2", "角形2号", None),))
    monkeypatch.setattr(Municipality, "envelopes", lambda _self, *, on: _standing(rule, on))


def _standing(rule: EnvelopeRule, on: Any) -> tuple[Envelope, ...]:
    if on < rule.since:
        raise BadInput("使う封筒の種類が登録されていません。")
    return rule.envelopes


def test_the_envelope_is_that_of_the_citys_rule(only_large: None) -> None:
    told = written(run(Source([1])))
    assert [one["envelope_name"] for one in told["bundles"]] == ["角形2号"]


def test_without_a_rule_for_the_day_nothing_is_printed(only_large: None) -> None:
    early = order()._replace(dated=samples.ON.replace(year=2025))
    with pytest.raises(BadInput, match="封筒の種類"):
        run_job(Source([1]).job(), order=early, municipality="yokohama", report=lambda _done, _total: None)
    assert not PrintRun.objects.exists()


def test_the_database_refuses_a_running_number_twice() -> None:
    run(Source([1, 2]))
    one = Document.objects.order_by("running_no")[0]
    one.running_no = 2
    with pytest.raises(IntegrityError, match="documents_document_running_no_once"):
        one.save()


def spoil_pages(_: PrintRun) -> None:
    """A page more in the ledger's file."""
    row = PrintFile.objects.get()
    row.pages += 1
    row.save()


def spoil_documents(_: PrintRun) -> None:
    """A document less."""
    Document.objects.filter(running_no=2).delete()


def spoil_exceptions(run: PrintRun) -> None:
    """A reason more than the run tells of."""
    PrintException.objects.create(
        run=run, kind=run.kind, subject_id=9, addressee_id=9, code="stale_decision", text="変更"
    )


def spoil_first(_: PrintRun) -> None:
    """A gap before the first number."""
    PrintFile.objects.update(first_no=11, last_no=13)
    for one in Document.objects.order_by("-running_no"):
        one.running_no += 10
        one.save()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_pages, "ファイルのページ数か通し番号"),
        (spoil_documents, "印刷件数が、帳票の記録と合いません"),
        (spoil_exceptions, "除外件数が、除外の記録と合いません"),
        (spoil_first, "通し番号に欠けか重なりがあります"),
    ],
)
def test_what_does_not_tie_in_the_ledger_is_named(spoil: Callable[[PrintRun], None], told: str) -> None:
    done = run(Source([1, 2, 3]))
    assert done.run_id is not None
    spoil(PrintRun.objects.get())
    assert any(told in fault for fault in faults_of(done.run_id))


def test_a_run_whose_ledger_does_not_tie_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "faults_of", lambda _: ("ページ数が、帳票の記録と合いません。",))
    with pytest.raises(Refused, match="ページ数が、帳票の記録と合いません"):
        run(Source([1]))
    assert not PrintRun.objects.exists()


def test_files_from_before_there_was_an_order_are_told_as_such() -> None:
    done = run(Source([1, 2]))
    PrintFile.objects.update(sequence=0, ward="", envelope="", first_no=0, last_no=0)
    Document.objects.update(running_no=0)
    assert done.run_id is not None
    (bundle,) = manifest_of(done.run_id).bundles
    assert (bundle.ward_name, bundle.envelope_name, bundle.documents) == ("区分けなし", "区分けなし", 2)
    assert faults_of(done.run_id) == ()


def test_a_run_that_is_none_is_refused() -> None:
    for ask in (manifest_of, faults_of, check_run):
        with pytest.raises(BadInput, match="印刷番号 77 の印刷はありません"):
            ask(77)
