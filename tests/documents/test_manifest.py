"""The manifest without a database: bundles of files, the page and the JSON of any run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from kyufu.documents.manifest import FileLine, LeftOutLine, Manifest, as_json, as_page, bundles_of

WARDS = (("141011", "鶴見区"), ("141097", "港北区"), ("individual", "本庁（個別扱い）"))
ENVELOPES = (("you3", "洋形長3号"), ("kaku2", "角形2号"))


@st.composite
def file_lines(draw: st.DrawFn) -> list[FileLine]:
    """The files of a run, each with some documents, numbered through."""
    lines: list[FileLine] = []
    groups = draw(st.lists(st.tuples(st.sampled_from(WARDS), st.sampled_from(ENVELOPES)), max_size=12))
    for sequence, (ward, envelope) in enumerate(groups, start=1):
        documents = draw(st.integers(1, 500))
        first = lines[-1].last + 1 if lines else 1
        lines.append(
            FileLine(
                sequence=sequence,
                name=f"certificate-{sequence:04d}.pdf",
                ward=ward[0],
                ward_name=ward[1],
                envelope=envelope[0],
                envelope_name=envelope[1],
                documents=documents,
                pages=documents * draw(st.integers(1, 3)),
                first=first,
                last=first + documents - 1,
                size=1000,
                sha256="0" * 64,
            )
        )
    return lines


def told(lines: list[FileLine], *, reasons: tuple[LeftOutLine, ...] = ()) -> Manifest:
    """A run of these files."""
    left_out = sum(one.documents for one in reasons)
    documents = sum(one.documents for one in lines)
    return Manifest(
        run_id=12,
        kind="certificate",
        kind_name="小児医療証",
        document_date=date(2026, 8, 1),
        printed_at=datetime(2026, 7, 31, 16, 5, tzinfo=UTC),
        reprint_of=None,
        reprint_first=None,
        reprint_last=None,
        reprint_reason="",
        population=documents + left_out,
        documents=documents,
        pages=sum(one.pages for one in lines),
        left_out=left_out,
        bundles=bundles_of(lines),
        files=tuple(lines),
        reasons=reasons,
    )


class Rows(HTMLParser):
    """The cells of every row of a page, and the tags that were opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self._is_cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, _: object) -> None:
        """Begin a row or a cell."""
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._is_cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        """The text of a cell."""
        if self._is_cell:
            self.rows[-1][-1] += data


@given(file_lines())
def test_bundles_hold_all_documents_and_pages_of_the_files(lines: list[FileLine]) -> None:
    bundles = bundles_of(lines)
    for count in ("documents", "pages"):
        assert sum(getattr(one, count) for one in bundles) == sum(getattr(one, count) for one in lines)
    assert sum(one.files for one in bundles) == len(lines)


@given(file_lines())
def test_a_bundle_is_of_one_ward_and_one_envelope_and_the_next_of_another(lines: list[FileLine]) -> None:
    bundles = bundles_of(lines)
    groups = [key for key, _ in groupby(lines, key=lambda one: (one.ward, one.envelope))]
    assert [(one.ward, one.envelope) for one in bundles] == groups


@given(file_lines())
def test_the_running_numbers_of_bundles_go_on_from_each_to_the_next(lines: list[FileLine]) -> None:
    end = 0
    for one in bundles_of(lines):
        assert one.first == end + 1
        assert one.last - one.first + 1 == one.documents
        end = one.last


@given(file_lines())
def test_the_json_says_all_that_the_manifest_does(lines: list[FileLine]) -> None:
    manifest = told(lines, reasons=(LeftOutLine("no_address", "送付先の住所がありません。", 2),))
    read = json.loads(as_json(manifest))
    assert (read["population"], read["left_out"]) == (manifest.documents + 2, 2)
    assert [FileLine(**one) for one in read["files"]] == lines
    assert read["document_date"] == "2026-08-01"
    assert datetime.fromisoformat(read["printed_at"]) == manifest.printed_at
    assert as_json(manifest) == as_json(told(lines, reasons=manifest.reasons))


@given(file_lines())
def test_the_page_has_a_row_for_every_bundle_and_every_file(lines: list[FileLine]) -> None:
    manifest = told(lines)
    rows = Rows(as_page(manifest)).rows
    for bundle in manifest.bundles:
        assert [
            bundle.ward_name, bundle.envelope_name, str(bundle.files), str(bundle.documents), str(bundle.pages),
            f"{bundle.first} ～ {bundle.last}",
        ] in rows  # fmt: skip
    for line in lines:
        assert [row[1] for row in rows].count(line.name) == 1
    assert ["合計", str(len(lines)), str(manifest.documents), str(manifest.pages), ""] in rows


def test_the_page_speaks_of_days_and_hours_in_japan() -> None:
    page = as_page(told([]))
    assert "文書の日付 令和8年8月1日　印刷 2026-08-01 01:05" in page


def test_the_page_runs_nothing_and_asks_nobody() -> None:
    manifest = replace(
        told([]), kind_name="<script>alert(1)</script>", reasons=(LeftOutLine("x", "<img src=x>", 1),)
    )
    page = as_page(manifest)
    tags = Rows(page).tags
    assert not {"script", "img", "link", "iframe", "form"} & set(tags)
    assert "&lt;script&gt;" in page
    assert "http" not in page


def test_a_reprint_says_what_it_replaces_and_keeps_the_reason_to_the_office() -> None:
    again = replace(told([]), reprint_of=3, reprint_first=120, reprint_last=185, reprint_reason="紙詰まり")
    page = as_page(again)
    assert "再印刷：印刷番号 3 の通し番号 120 から 185 まで。" in page
    assert "紙詰まり" not in page
    single = as_page(replace(told([]), reprint_reason="汚損"))
    assert "<strong>再印刷</strong>" in single
    assert "再印刷" not in as_page(told([]))


def test_a_run_that_left_all_out_says_why() -> None:
    page = as_page(told([], reasons=(LeftOutLine("stale_decision", "判定し直してください。", 3),)))
    assert "対象 3件 ＝ 印刷 0件（0ページ） ＋ 除外 3件" in page
    assert ["判定し直してください。", "3"] in Rows(page).rows
