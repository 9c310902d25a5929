"""From real feeds and cases to paper: what the registry and the cases hold is what is printed, and nothing more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.documents import files
from kyufu.documents.api import Kind, Printed
from kyufu.documents.jobs import job
from kyufu.documents.models import Document, PrintException
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from tests.cases.test_mismatches import told_of
from tests.cases.world import AT, CLERK, ON, Family, World, approve, certify, judge, quiet, receive
from tests.documents.reading import page_texts
from tests.registry.persons import measure, resident

HOME = "神奈川県横浜市鶴見区駒岡一丁目１番２号"
LEFT = date(2026, 9, 10)
SAFE = "神奈川県横浜市中区港町一丁目１番地"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def printed(kind: Kind = Kind.CERTIFICATE) -> Printed:
    """Print what is due of a kind."""
    return documents.print_letters(kind, by=CLERK, on=ON, at=AT, report=quiet, watermark=documents.WATERMARK)


def texts(done: Printed) -> list[str]:
    """The pages of a run."""
    assert done.folder is not None
    return [text for path in sorted(done.folder.glob("*.pdf")) for text in page_texts(path.read_bytes())]


def everything_written(var: Path) -> str:
    """All text in all files of print runs, and the reasons of exceptions."""
    pages = [text for path in (var / "documents").rglob("*.pdf") for text in page_texts(path.read_bytes())]
    return "".join([*pages, *PrintException.objects.values_list("text", flat=True)])


@pytest.mark.requirement("YOK-028")
def test_an_issued_certificate_is_printed_with_what_the_city_holds(world: World) -> None:
    family = world.family()
    certify(family)
    done = printed()
    (text,) = texts(done)
    assert (done.documents, done.pages, done.exceptions) == (1, 1, 0)
    for shown in (
        "見本一郎", "平成30年5月10日", "令和9年7月31日まで", "自己負担なし", HOME, "見本荘１０１", "鶴見区役所",
        "横浜市長", documents.WATERMARK,
    ):  # fmt: skip
        assert shown in text
    assert Document.objects.get().addressee_id == family.father


def test_nothing_is_printed_twice_and_a_reprint_needs_its_reason(world: World) -> None:
    certify(world.family())
    printed()
    assert printed().documents == 0
    subject = Document.objects.get().subject_id
    with pytest.raises(Refused):
        documents.reprint(Kind.CERTIFICATE, subject_id=subject, reason="", by=CLERK, on=ON, at=AT)
    again = documents.reprint(Kind.CERTIFICATE, subject_id=subject, reason="紛失", by=CLERK, on=ON, at=AT)
    assert again.documents == 1


def subjects(kind: Kind) -> list[int]:
    """What is due of a kind and was not printed yet."""
    return [item.subject_id for item in job(kind).due()]


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_printed_is_due_no_more_and_one_is_found_without_the_others(
    world: World, kind: Kind
) -> None:
    for number in (1, 2):
        bring_about(kind, world=world, name=f"見本　{number}郎")
    both = subjects(kind)
    assert len(set(both)) == 2
    for one in both:
        item = job(kind).due_one(one)
        assert item is not None
        assert item.subject_id == one
    assert job(kind).due_one(max(both) + 1_000) is None
    assert [one.subject_id for one in job(kind).due_among(f"SELECT {both[1]}")] == [both[1]]
    assert printed(kind).documents == 2
    assert subjects(kind) == []
    assert job(kind).due_one(both[0]) is not None
    bring_about(kind, world=world, name="見本　三郎")
    (third,) = subjects(kind)
    assert third not in both


def corrected(family: Family) -> None:
    """A correction of the family's decision, found by one and approved by another."""
    (held,) = cases.held_periods([family.child])[family.child]
    (row,) = [one for one in cases.certificates_to_print() if one.child_id == family.child]
    days = (cases.CorrectedDays(held.period, None, held.benefit_class),)
    found = cases.Corrected(family.child, row.application_id, held.decision_id, days)
    by = Actor("S0077", "決裁　七子", "こども医療課")
    assert cases.record_corrections([found], source=family.child, found_by="S0078", by=by, at=AT) == 1


def bring_about(kind: Kind, *, world: World, name: str) -> None:
    """A family whose case ends with a document of the kind."""
    if kind is Kind.MISSING_FACTS:
        judge(receive(world.family(name=name, insured=False)))
        return
    if kind is Kind.URGING:
        certify(renamed := world.family(name=name))
        world.send("resident", [told_of(renamed, who=2, shimei="改名　太郎")])
        cases.match_with_register(by=CLERK, at=AT)
        return
    if kind is Kind.REJECTION:
        application = receive(world.family(name=name, birth="2008-04-01"))
        judge(application)
        approve(application)
        return
    family = world.family(name=name)
    certify(family)
    if kind is Kind.CORRECTION:
        corrected(family)
    if kind is Kind.LOSS:
        world.move_out(family, on=str(LEFT))
        loss = receive(family, kind=cases.Kind.LOSS, matter=cases.LossCause.MOVED_OUT, event_on=LEFT)
        judge(loss, on=LEFT)
        approve(loss)


def test_a_change_of_facts_stops_the_print(world: World) -> None:
    family, other = world.family(), world.family(name="見本　二郎")
    certify(family)
    certify(other)
    world.assist(family, since="2026-07-15")
    done = printed()
    assert (done.documents, done.exceptions) == (1, 1)
    (text,) = texts(done)
    assert "見本二郎" in text
    (reason,) = documents.exceptions()
    assert (reason.code, reason.count) == ("stale_decision", 1)


def test_a_protected_family_gets_its_letter_at_the_safe_address_and_the_home_is_nowhere(
    world: World, var: Path
) -> None:
    family = world.family()
    for number in (family.number + 1, family.number + 2):
        world.send("protection", [measure(number)])
    certify(family)
    done = printed()
    (text,) = texts(done)
    assert SAFE in text
    assert "健康福祉局医療援助課" in text
    assert "医援第" in text
    for hidden in ("駒岡", "見本荘", "鶴見"):
        assert hidden not in everything_written(var)


@pytest.mark.parametrize("on", [ON, date(2026, 6, 1)], ids=["dated after the end", "dated before"])
def test_a_family_that_is_protected_on_the_day_of_printing_stays_hidden_whatever_the_date(
    world: World, var: Path, on: date
) -> None:
    family = world.family()
    for number in (family.number + 1, family.number + 2):
        world.send("protection", [measure(number, kaishi="2026-07-01", haishi="2026-08-01")])
    certify(family)
    done = documents.print_letters(Kind.CERTIFICATE, by=CLERK, on=on, at=AT, report=quiet)
    (text,) = texts(done)
    assert SAFE in text
    assert "駒岡" not in everything_written(var)


def test_a_protected_family_without_a_safe_address_is_written_to_nowhere(world: World, var: Path) -> None:
    family = world.family()
    nowhere = {"sofusaki_yubinbango": "", "sofusaki_jusho": ""}
    for number in (family.number + 1, family.number + 2):
        world.send("protection", [measure(number, **nowhere)])
    certify(family)
    done = printed()
    assert (done.documents, done.exceptions) == (0, 1)
    assert documents.exceptions()[0].code == "address_withheld"
    assert "駒岡" not in everything_written(var)
    assert list((files.root() / files.STAGING).iterdir()) == []


def test_a_rejection_is_notified_with_its_reason_and_the_appeal(world: World) -> None:
    application = receive(world.family(birth="2008-04-01"))
    judge(application)
    approve(application)
    (text,) = texts(printed(Kind.REJECTION))
    for shown in (
        "却下通知書",
        "対象となる年齢を過ぎています",
        "18歳",
        "３か月以内",
        "６か月以内",
        "第2条第1項",
    ):
        assert shown in text
    assert printed(Kind.REJECTION).documents == 0


def test_a_rejection_that_is_not_approved_is_not_notified(world: World) -> None:
    judge(receive(world.family(birth="2008-04-01")))
    assert printed(Kind.REJECTION).folder is None


def test_who_could_not_be_judged_is_asked_for_what_is_missing(world: World) -> None:
    judge(receive(world.family(insured=False)))
    (text,) = texts(printed(Kind.MISSING_FACTS))
    assert "健康保険の資格が確認できません" in text
    assert "資格確認書" in text
    assert "審査請求" not in text


def test_a_name_that_the_font_lacks_is_listed_not_printed_with_a_hole(world: World) -> None:
    application = receive(world.family(name="見本　\U00020bb7一", birth="2008-04-01"))
    judge(application)
    approve(application)
    done = printed(Kind.REJECTION)
    assert (done.documents, done.exceptions) == (0, 1)
    assert "U+20BB7" in documents.exceptions()[0].text
    assert documents.exceptions()[0].code == "undrawable"


def test_a_loss_is_notified_by_the_ward_that_took_it_in(world: World) -> None:
    family = world.family()
    certify(family)
    world.move_out(family, on="2026-09-10")
    loss = receive(family, kind=cases.Kind.LOSS, matter=cases.LossCause.MOVED_OUT, event_on=LEFT)
    judge(loss, on=LEFT)
    approve(loss)
    (text,) = texts(printed(Kind.LOSS))
    for shown in (
        "資格喪失通知書",
        "令和8年9月10日",
        "横浜市に住所がありません",
        "医療証は",
        "鶴見区役所",
        "３か月以内",
    ):
        assert shown in text
    assert printed(Kind.CERTIFICATE).documents == 0


def test_a_family_that_moved_out_together_gets_the_notice_of_loss_at_its_new_home(world: World) -> None:
    family = world.family()
    certify(family)
    gone = {
        "ido_jiyu": "40", "rirekibango": 2, "ido_nengappi": str(LEFT), "jumin_jotai": "2",
        "zenju_shikuchosonkodo": "131016", "jusho_shikuchosonkodo": "131016", "jusho_todofuken": "東京都",
        "jusho_shikugunchosonmei": "千代田区", "jusho_choaza": "千代田", "jusho_banchigohyoki": "１番１号",
        "jusho_katagaki": "", "jusho_yubinbango": "1000001",
    }  # fmt: skip
    world.send("resident", [resident(family.number + one, **gone) for one in (1, 2)])
    loss = receive(family, kind=cases.Kind.LOSS, matter=cases.LossCause.MOVED_OUT, event_on=LEFT)
    judge(loss, on=LEFT)
    approve(loss)
    done = documents.print_letters(Kind.LOSS, by=CLERK, on=LEFT, at=AT, report=quiet)
    (text,) = texts(done)
    for shown in ("資格喪失通知書", "〒100-0001", "東京都千代田区千代田１番１号", "鶴見区役所"):
        assert shown in text


def test_preview_shows_a_due_certificate_and_records_nothing(world: World) -> None:
    certify(world.family())
    (row,) = cases.certificates_to_print()
    (picture,) = documents.preview(Kind.CERTIFICATE, subject_id=row.certificate_id, on=ON, today=ON)
    assert picture.startswith(b"\x89PNG")
    assert not Document.objects.exists()


def test_many_families_tie(world: World) -> None:
    for number in range(6):
        certify(world.family(name=f"見本　{number}郎"))
    done = printed()
    assert (done.documents, done.pages, done.exceptions) == (6, 6, 0)
    total = documents.totals()[0]
    assert (total.documents, total.pages) == (6, 6)
