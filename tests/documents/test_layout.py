"""From chosen documents to files: looked at once, put away, and taken back in the order of the mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kyufu.documents.content import Kind
from kyufu.documents.damage import Damage, Original
from kyufu.documents.jobs import Item
from kyufu.documents.layout import CHANGED, Layout, lay_out, press_files
from kyufu.documents.ledger import Order, Sheaf
from kyufu.documents.render import Press
from kyufu.documents.selection import Chosen, LeftOut
from kyufu.documents.sorting import INDIVIDUAL
from kyufu.documents.spool import Spool, digest_of
from tests.documents import samples
from tests.documents.reading import page_texts
from tests.documents.sources import order

TSURUMI = "141011"


def chosen(index: int, *, ward: str = samples.KOHOKU, postal_code: str = "2220032", pages: int = 1) -> Chosen:
    """A request that is printed, of about so many pages."""
    letter = samples.request(index=index)
    to = replace(letter.addressee, postal_code=postal_code)
    opening = letter.opening + ("長い説明が続きます。" * 300,) * (pages - 1)
    item = Item(index, index + 5_000, index, index * 10, index * 10 + 1, object())
    return Chosen(item, replace(letter, addressee=to, opening=opening), ward, "")


def damage_of(*lost: Chosen) -> Damage:
    """A damaged range of these, as they are now."""
    originals = {
        one.item.subject_id: Original(place, place + 100, one.item.guardian_id, digest_of(one.content))
        for place, one in enumerate(lost, start=1)
    }
    return Damage(7, 101, 100 + len(lost), originals, None)


class Work:
    """A run of requests in a folder, without a database."""

    def __init__(self, folder: Path, *, damage: Damage | None = None, most_pages: int = 500) -> None:
        self.order: Order = order()._replace(kind=Kind.MISSING_FACTS, damage=damage)
        self.folder, self.most_pages = folder, most_pages
        self.left_out: list[LeftOut] = []
        self.seen = 0

    def run(self, *blocks: list[Chosen]) -> list[Sheaf]:
        """Lay out the blocks and write the files."""
        sheet = samples.TOWN.sheet
        with (
            Press(sheet=sheet, dated=samples.ON, folder=self.folder, prefix="letter") as press,
            Spool(self.folder, kind=Kind.MISSING_FACTS) as spool,
        ):
            layout = Layout(self.order, samples.SETTING, press, spool)
            ordered = lay_out(blocks, layout=layout, left_out=self.left_out, seen=self._see)
            return list(press_files(ordered, layout=layout, most_pages=self.most_pages))

    def _see(self) -> None:
        self.seen += 1


def subjects(sheaves: list[Sheaf]) -> list[list[int]]:
    """The subjects of each file."""
    return [[one.item.subject_id for one in sheaf.part.documents] for sheaf in sheaves]


def test_blocks_are_brought_into_one_order(tmp_path: Path) -> None:
    work = Work(tmp_path)
    first = [chosen(1), chosen(2, ward=TSURUMI), chosen(3, ward=INDIVIDUAL)]
    second = [chosen(4, postal_code="2220001"), chosen(5, ward=TSURUMI, postal_code="2300001")]
    assert subjects(work.run(first, second)) == [[2, 5], [4, 1], [3]]
    assert work.seen == 2
    assert work.left_out == []


def test_every_document_says_what_it_was_composed_with(tmp_path: Path) -> None:
    given = [chosen(index, ward=TSURUMI if index % 2 else samples.KOHOKU) for index in range(1, 7)]
    numbers = {one.item.subject_id: one.content.number for one in given}
    for sheaf in Work(tmp_path, most_pages=2).run(given[:3], given[3:]):
        texts = page_texts((tmp_path / sheaf.file.name).read_bytes())
        assert len(texts) == sheaf.part.pages <= 2
        for running_no, (one, extent) in enumerate(
            zip(sheaf.part.documents, sheaf.file.extents, strict=True), start=sheaf.part.first
        ):
            assert numbers[one.item.subject_id] in texts[extent.page - 1]
            assert f"通し{running_no:06d}" in texts[extent.page - 1]


def test_a_files_name_tells_its_order_ward_envelope_pages_and_numbers(tmp_path: Path) -> None:
    sheaves = Work(tmp_path).run([chosen(1, ward=TSURUMI), chosen(2), chosen(3)])
    assert [sheaf.file.name for sheaf in sheaves] == [
        "letter-0001-141011-you3-p0001-000001-000001.pdf",
        "letter-0002-141097-you3-p0002-000002-000003.pdf",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [sheaf.file.name for sheaf in sheaves]


def test_thick_letters_come_after_the_thin_ones_of_their_ward(tmp_path: Path) -> None:
    sheaves = Work(tmp_path).run([chosen(1, pages=7), chosen(2), chosen(3, ward=TSURUMI)])
    assert subjects(sheaves) == [[3], [2], [1]]
    assert [sheaf.envelope for sheaf in sheaves] == ["you3", "you3", "kaku2"]
    assert sheaves[2].part.pages == sheaves[2].file.pages > 3


def test_a_letter_thicker_than_a_file_may_be_is_not_cut(tmp_path: Path) -> None:
    sheaves = Work(tmp_path, most_pages=2).run([chosen(1, pages=7), chosen(2, pages=7)])
    assert subjects(sheaves) == [[1], [2]]
    assert all(sheaf.file.pages > 2 for sheaf in sheaves)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    given = [chosen(1), chosen(2, ward=TSURUMI), chosen(3)]
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    here = Work(tmp_path / "first").run(given)
    there = Work(tmp_path / "second").run(given[::-1])
    assert [sheaf.file.sha256 for sheaf in here] == [sheaf.file.sha256 for sheaf in there]


def test_of_a_damaged_range_only_what_is_the_same_is_printed(tmp_path: Path) -> None:
    one, other = chosen(1), chosen(2)
    work = Work(tmp_path, damage=damage_of(one, other))
    moved = other._replace(content=replace(other.content, addressee=replace(
        other.content.addressee, address="横浜市中区別の町１"
    )))  # fmt: skip
    (sheaf,) = work.run([one, moved])
    assert subjects([sheaf]) == [[1]]
    assert [(left.item.subject_id, left.code, left.text) for left in work.left_out] == [
        (2, "content_changed", CHANGED)
    ]
    (text,) = page_texts((tmp_path / sheaf.file.name).read_bytes())
    assert "再印刷通し000001（元の通し000101）" in text


def test_a_range_of_which_nothing_is_the_same_makes_no_file(tmp_path: Path) -> None:
    one = chosen(1)
    damage = damage_of(one)
    changed = Damage(7, 101, 101, {1: damage.originals[1]._replace(digest="0" * 32)}, None)
    work = Work(tmp_path, damage=changed)
    assert work.run([one]) == []
    assert len(work.left_out) == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_chosen_makes_no_file(tmp_path: Path) -> None:
    assert Work(tmp_path).run() == []
    assert list(tmp_path.iterdir()) == []
