"""The letter that urges to report a change: what it says, what it never says, to whom it goes, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.cases.api import MismatchKind
from kyufu.documents import api as documents
from kyufu.documents.api import NOT_YET, Kind, Printed
from kyufu.documents.models import Document
from kyufu.documents.render import render_pdf
from kyufu.documents.selection import texts_of
from kyufu.documents.urging import URGINGS, points_of
from kyufu.platform.errors import Refused
from tests.cases.test_mismatches import BROUGHT_ABOUT, move_home, part, told_of
from tests.cases.world import AT, CLERK, ON, Family, World, certify, quiet, receive
from tests.documents import samples
from tests.documents.reading import page_texts
from tests.registry.persons import measure

NEW_HOME, SAFE = "９番９号", "神奈川県横浜市中区港町一丁目１番地"
DATED, NOW = date(2026, 11, 30), datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def all_text(content: object) -> str:
    return "\n".join(texts_of(content))


def printed() -> Printed:
    """Print the letters that are due."""
    return documents.print_letters(
        Kind.URGING, by=CLERK, on=DATED, at=NOW, report=quiet, watermark=documents.WATERMARK
    )


def pages(done: Printed) -> list[str]:
    assert done.folder is not None
    return [text for path in sorted(done.folder.glob("*.pdf")) for text in page_texts(path.read_bytes())]


def moved(world: World, *, protect: tuple[int, ...] = ()) -> Family:
    """A family that moved without reporting it; 1 is the child, 2 the father."""
    certify(family := world.family())
    move_home(world, family)
    for who in protect:
        world.send("protection", [measure(family.number + who)])
    cases.match_with_register(by=CLERK, at=AT)
    return family


def test_every_kind_has_its_words_and_something_to_hand_in() -> None:
    assert set(URGINGS) == set(MismatchKind)
    for kind in MismatchKind:
        points = points_of(kind, card="医療証")
        assert points[0].startswith("異動届（")
        assert "{" not in "".join(points)


@pytest.mark.requirement("YOK-044")
@pytest.mark.parametrize("kind", list(MismatchKind))
def test_a_letter_says_what_differs_what_to_file_where_and_until_when(kind: MismatchKind) -> None:
    letter = samples.urging(kind=kind)
    text = all_text(letter)
    for said in (
        URGINGS[kind].differs, *points_of(kind, card="医療証"), "令和8年7月3日", "令和8年8月22日までに届け出てください",
        "港北区役所 保険年金課（窓口、または郵送）", "見本　太郎", "資格や医療証の内容が変わることはありません",
    ):  # fmt: skip
        assert said in text
    assert letter.appeal == ()
    assert letter.qr_text == "U2026-0000001"
    assert len(page_texts(render_pdf([letter], sheet=samples.TOWN.sheet, dated=samples.ON)[0])) == 1


def test_a_letter_to_a_protected_household_names_no_ward_and_no_address() -> None:
    hidden = replace(samples.person(), protected=True)
    safe = samples.postal(address="横浜市中区日本大通１番地", building="")
    letter = samples.urging(of=samples.people(child=hidden, guardian=hidden, to=safe))
    text = all_text(letter)
    assert letter.sender.office == "健康福祉局"
    assert "港北" not in text
    assert samples.ADDRESS not in text


@pytest.mark.requirement("YOK-044")
def test_the_letters_are_printed_in_bulk_and_once_for_each(world: World) -> None:
    families = [moved(world) for _ in range(3)]
    assert documents.count_due(Kind.URGING) == 3
    done = printed()
    assert (done.documents, done.exceptions) == (3, 0)
    assert all("お子さんの住所が" in text.replace("\n", "") for text in pages(done))
    assert set(Document.objects.values_list("addressee_id", flat=True)) == {one.father for one in families}
    cases.match_with_register(by=CLERK, at=AT)
    assert (documents.count_due(Kind.URGING), printed().documents) == (0, 0)


def test_the_period_to_answer_is_counted_from_the_letter(world: World) -> None:
    moved(world)
    (text,) = pages(printed())
    assert "令和8年12月21日" in text


def test_the_register_of_another_household_is_not_told_to_the_guardian(world: World) -> None:
    certify(family := world.family())
    part(world, family)
    move_home(world, family, who=(1,))
    cases.match_with_register(by=CLERK, at=AT)
    texts = pages(printed())
    assert len(texts) == 2
    assert all(NEW_HOME not in text for text in texts)


def test_a_protected_family_is_written_to_at_the_safe_address(world: World) -> None:
    moved(world, protect=(1, 2))
    (text,) = pages(printed())
    assert SAFE in text.replace(" ", "")
    assert NEW_HOME not in text
    assert "鶴見" not in text


def test_a_guardian_outside_a_sheltered_household_is_not_written_to(world: World) -> None:
    certify(family := world.family())
    part(world, family)
    world.send("protection", [measure(family.number + 1)])
    cases.match_with_register(by=CLERK, at=AT)
    done = printed()
    assert (done.documents, done.exceptions) == (0, 1)
    (one,) = cases.mismatches_in(None, kind=None, limit=5, after=0)
    assert (
        "支援措置の対象"
        in documents.letters_of(Kind.URGING, subject_ids=[one.mismatch_id])[one.mismatch_id].left_out
    )


@pytest.mark.parametrize("kind", list(MismatchKind))
def test_a_letter_of_each_kind_comes_from_the_facts(world: World, kind: MismatchKind) -> None:
    certify(family := world.family())
    BROUGHT_ABOUT[kind](world, family)
    cases.match_with_register(by=CLERK, at=AT)
    done = printed()
    is_out_of_reach = kind is MismatchKind.GUARDIAN_GONE
    assert (done.documents, done.exceptions) == ((0, 1) if is_out_of_reach else (1, 0))
    if not is_out_of_reach:
        (text,) = pages(done)
        assert URGINGS[kind].differs in text.replace("\n", "").replace(" ", "")


def test_what_agrees_again_before_the_print_is_not_written_about(world: World) -> None:
    certify(family := world.family())
    world.send("resident", [told_of(family, who=2, shimei="改名　太郎")])
    cases.match_with_register(by=CLERK, at=AT)
    world.send("resident", [told_of(family, who=2, rirekibango=3)])
    assert printed().documents == 0


def test_a_report_that_came_in_before_the_print_stops_the_letter(world: World) -> None:
    family = moved(world)
    receive(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    assert printed().documents == 0


def test_one_is_looked_at_and_printed_again_with_a_reason(world: World) -> None:
    moved(world)
    (one,) = cases.mismatches_in(None, kind=None, limit=5, after=0)
    subject = {"subject_id": one.mismatch_id, "on": DATED}
    (picture,) = documents.preview(Kind.URGING, today=DATED, dots_per_inch=40, **subject)
    assert picture.startswith(b"\x89PNG")
    assert documents.letters_of(Kind.URGING, subject_ids=[one.mismatch_id]) == {}
    printed()
    seen = documents.letters_of(Kind.URGING, subject_ids=[one.mismatch_id, 0])
    assert set(seen) == {one.mismatch_id}
    assert (seen[one.mismatch_id].printed_at, seen[one.mismatch_id].left_out) == (NOW, "")
    assert documents.LetterSeen(None, "") == NOT_YET
    again = documents.reprint(Kind.URGING, reason="返戻", by=CLERK, at=NOW, **subject)
    assert again.documents == 1
    cases.settle_mismatch(one.mismatch_id, resolved=True, by=CLERK, at=AT, reason="届出済")
    with pytest.raises(Refused):
        documents.reprint(Kind.URGING, reason="返戻", by=CLERK, at=NOW, **subject)


def test_the_letter_is_on_the_page_of_the_guardian(world: World) -> None:
    family = moved(world)
    printed()
    (page,) = documents.pages_to(family.father)
    assert (page.kind, page.kind.label) == (Kind.URGING, "届出のお願い（勧奨）")
