"""The municipality's data: every ward can send, every group has its source, and wrong data are refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kyufu.documents import office
from kyufu.documents.content import Kind
from kyufu.law.child.cities import city_of
from kyufu.notation.check_digits import parse_municipality_code
from kyufu.notation.municipalities import wards_of
from kyufu.platform.errors import BadInput
from tests.documents import samples

DATA = (office.FOLDER / "yokohama.toml").read_text(encoding="utf-8")


def test_all_eighteen_wards_can_send() -> None:
    senders = samples.TOWN.senders
    assert len(senders) == 18
    assert len({sender.office for sender in senders.values()}) == 18
    for code, sender in senders.items():
        assert parse_municipality_code(code) == code
        assert re.fullmatch(r"\d{7}", sender.postal_code)
        assert re.fullmatch(r"045-\d{3}-\d{4}", sender.phone)
        assert sender.address.startswith(f"横浜市{sender.office.removesuffix('役所')}")


def test_the_head_office_sends_to_the_protected_and_is_to_be_confirmed() -> None:
    head = samples.TOWN.head_office
    assert head.office not in {sender.office for sender in samples.TOWN.senders.values()}
    assert re.fullmatch(r"\d{7}", head.postal_code)
    assert samples.TOWN.head_office_mark != samples.TOWN.numbering_mark
    assert ("head_office", "assumed") in {(group, sure) for group, sure, _ in office.uncertain("yokohama")}


def test_the_windows_and_the_card_lie_within_their_panels() -> None:
    sheet = samples.TOWN.sheet
    assert (sheet.card.width, sheet.card.height) == (128, 91)
    assert sheet.card.top >= 99
    assert sheet.card.top + sheet.card.height <= 198
    for window in (sheet.window, sheet.return_window):
        assert window.top + window.height <= 99
        assert window.left + window.width <= 210
    assert sheet.window.top + sheet.window.height <= sheet.return_window.top


def test_what_is_not_official_is_listed_for_confirmation() -> None:
    listed = {group: certainty for group, certainty, _ in office.uncertain("yokohama")}
    assert listed["appeal"] == "secondary"
    assert listed["sheet"] == "assumed"
    assert "scheme" not in listed
    assert listed["offices.ward 鶴見区 phone"] == "assumed"
    assert "offices.ward 港南区 phone" not in listed
    assert all(source for _, _, source in office.uncertain("yokohama"))


@pytest.mark.parametrize(
    ("name", "wards", "dialling", "certificate", "short"),
    [
        ("kawasaki", 7, "044", "小児医療証", "医療証"),
        ("sapporo", 10, "011", "子ども医療費受給者証", "受給者証"),
    ],
)
def test_the_other_cities_can_send_from_every_ward(
    name: str, wards: int, dialling: str, certificate: str, short: str
) -> None:
    town = office.municipality(name)
    law = city_of(name)
    assert (town.code, town.name, town.prefecture) == (law.code, law.name, law.prefecture)
    assert town.ordinance == law.sources.application.law
    assert (town.certificate, town.certificate_short) == (certificate, short)
    assert set(town.senders) == {ward.code for ward in wards_of(town.code)}
    assert len(town.senders) == wards
    for sender in (*town.senders.values(), town.head_office):
        assert re.fullmatch(r"\d{7}", sender.postal_code)
        assert re.fullmatch(dialling + r"-\d{3}-\d{4}", sender.phone)
    for sender in town.senders.values():
        assert sender.address.startswith(f"{town.name}{sender.office.removesuffix('役所')}")


@pytest.mark.parametrize("name", ["kawasaki", "sapporo"])
def test_what_was_not_seen_of_the_other_cities_is_to_be_confirmed(name: str) -> None:
    listed = {group: certainty for group, certainty, _ in office.uncertain(name)}
    assert {"municipality", "offices", "head_office", "usage", "sheet"} <= set(listed)
    town = office.municipality(name)
    assert sum(group.endswith(" phone") for group in listed) == len(town.senders)


@pytest.mark.parametrize("name", ["kawasaki", "sapporo"])
def test_the_notes_speak_of_their_own_city(name: str) -> None:
    town = office.municipality(name)
    others = {"横浜", "川崎", "札幌"} - {town.name.removesuffix("市")}
    text = "".join([*town.notes, town.scheme, town.ordinance, town.mayor])
    assert town.prefecture in text
    assert not any(other in text for other in others)


def test_the_certificate_is_called_as_the_municipality_served_here_calls_it(
    settings: Any,
) -> None:
    assert Kind.CERTIFICATE.label == "小児医療証"
    settings.KYUFU_MUNICIPALITY = "sapporo"
    assert Kind.CERTIFICATE.label == "子ども医療費受給者証"
    assert Kind.LOSS.label == "資格喪失通知書"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of municipalities of the test's own."""
    monkeypatch.setattr(office, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('certainty = "assumed"', 'certainty = "guessed"'),
        ("review_months = 3\n", ""),
        ("[appeal]", "[appeals]"),
        ("[head_office]", "[headless]"),
        ("window = { left = 22,", "window = {"),
    ],
)
def test_wrong_data_are_refused_with_the_file_named(folder: Path, old: str, new: str) -> None:
    assert old in DATA
    (folder / "wrong.toml").write_text(DATA.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=r"wrong\.toml"):
        office.municipality.__wrapped__("wrong")


def test_an_unknown_municipality_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match="文書の設定がありません"):
        office.municipality.__wrapped__("nowhere")
