"""The demo cities of Kawasaki and Sapporo: their own wards, insurers, neighbours, offices and certificate year."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kyufu.cli.main import main
from kyufu.demo.city import MUNICIPALITIES, make_city, read_manifest
from kyufu.demo.city.register import neighbours_of
from kyufu.demo.plan import DemoPlan
from kyufu.demo.run import _refuse_another_city
from kyufu.demo.staff import HEAD_OFFICE, _offices, people
from kyufu.notation.municipalities import MUNICIPALITIES as LISTED
from kyufu.notation.municipalities import city_of, wards_of
from kyufu.platform.errors import Refused
from tests.demo.feed_checker import Feed, read_feed

CITIES = ("kawasaki", "sapporo")
PREFECTURES = {"kawasaki": "神奈川県", "sapporo": "北海道"}


@pytest.fixture(scope="module", params=CITIES)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A city of 1,500, its key and its folder."""
    folder = tmp_path_factory.mktemp(request.param)
    make_city(
        residents=1_500, out=folder, seed=2, municipality=request.param, as_of=date(2026, 9, 1),
        report=lambda *_: None, processes=1,
    )  # fmt: skip
    return request.param, folder


def feed(folder: Path, *, name: str) -> Feed:
    return read_feed(folder / f"{name}_FULL_000001.csv")


def test_every_file_is_of_the_city(city: tuple[str, Path]) -> None:
    name, folder = city
    code = MUNICIPALITIES[name].code
    assert read_manifest(folder).municipality == code
    assert {read_feed(path).municipality for path in folder.glob("*.csv")} == {code}


def test_everybody_lives_in_a_ward_of_the_city(city: tuple[str, Path]) -> None:
    name, folder = city
    wards = {ward.code: ward.name for ward in wards_of(MUNICIPALITIES[name].code)}
    rows = [row for row in feed(folder, name="resident").rows if row["jusho_shikugunchosonmei"]]
    assert {row["jusho_shikuchosonkodo"] for row in rows} == set(wards)
    for row in rows:
        assert row["jusho_todofuken"] == PREFECTURES[name]
        assert row["jusho_shikugunchosonmei"] == wards[row["jusho_shikuchosonkodo"]]


def test_applications_are_taken_in_by_wards_of_the_city(city: tuple[str, Path]) -> None:
    name, folder = city
    wards = {ward.code for ward in wards_of(MUNICIPALITIES[name].code)}
    offices = {row["uketsuke_ku"] for row in feed(folder, name="application").rows}
    assert offices <= wards
    assert len(offices) > 3


def test_the_national_insurance_is_that_of_the_prefecture(city: tuple[str, Path]) -> None:
    name, folder = city
    prefecture = MUNICIPALITIES[name].code[:2]
    numbers = {row["hokensha_bango"] for row in feed(folder, name="insurance").rows}
    assert {number[:2] for number in numbers if len(number) == 6} == {prefecture}
    assert f"39{prefecture}" in {number[:4] for number in numbers}
    assert {number[2:4] for number in numbers if len(number) == 8} == {prefecture, "13"}


def test_the_safe_address_lies_in_the_city(city: tuple[str, Path]) -> None:
    name, folder = city
    rows = [row for row in feed(folder, name="protection").rows if "見本支援センター気付" in row.values()]
    start = f"{PREFECTURES[name]}{MUNICIPALITIES[name].name}"
    assert rows
    assert all(any(value.startswith(start) for value in row.values()) for row in rows)


@pytest.mark.parametrize("name", ["yokohama", *CITIES])
def test_nobody_comes_from_the_city_to_the_city(name: str) -> None:
    code = MUNICIPALITIES[name].code
    listed = neighbours_of(code)
    assert "" in listed
    assert all(one in LISTED and city_of(one) != code for one in listed if one)
    assert len(set(listed)) > 5


@pytest.mark.parametrize(
    ("name", "wards", "head", "division"),
    [
        ("yokohama", ("鶴見区", "神奈川区"), "医療援助課", "保険年金課"),
        ("kawasaki", ("川崎区", "幸区"), "家庭支援担当", "保険年金課"),
        ("sapporo", ("中央区", "北区"), "保険医療部保険企画課", "保健福祉課"),
    ],
)
def test_the_staff_sit_in_offices_of_their_city(
    settings: Any, name: str, wards: tuple[str, str], head: str, division: str
) -> None:
    settings.KYUFU_MUNICIPALITY = name
    first, second = wards
    code = MUNICIPALITIES[name].code
    by_number = {person.staff_no: person for person in people()}
    assert f"（{first}）" in by_number["madoguchi"].does
    assert f"（{second}。" in by_number["kanagawa"].does
    assert by_number["madoguchi"].office == wards_of(code)[0].code
    assert not any("{" in person.does for person in people())
    offices = {office: label for office, label, *_ in _offices(code)}
    assert offices[HEAD_OFFICE] == f"{head}（見本）"
    assert offices[by_number["kessai"].office] == f"{first} {division}（見本）"
    assert {person.office for person in people()} <= set(offices)


@pytest.mark.parametrize(
    ("name", "first_day"), [("yokohama", "2026-08-01"), ("kawasaki", "2026-09-01"), ("sapporo", "2026-08-01")]
)
def test_it_begins_with_the_certificate_year_of_the_city(
    tmp_path: Path, name: str, first_day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["demo", "make", "--residents", "50", "--out", str(tmp_path), "--municipality", name]
    assert main(asked) == 0
    assert read_manifest(tmp_path).as_of == first_day
    assert main([*asked, "--as-of", "2026-11-01"]) == 0
    assert read_manifest(tmp_path).as_of == "2026-11-01"


def test_the_city_of_another_run_is_not_taken_for_this_one(city: tuple[str, Path], tmp_path: Path) -> None:
    name, folder = city
    manifest = read_manifest(folder)

    def plan(of: str) -> DemoPlan:
        return DemoPlan(
            residents=1_500, seed=2, municipality=of, as_of=date(2026, 9, 1), fresh=False, folder=tmp_path,
            documents_folder=tmp_path, feeds={},
        )  # fmt: skip

    _refuse_another_city(plan(name), manifest=manifest)
    with pytest.raises(Refused, match=MUNICIPALITIES[name].name):
        _refuse_another_city(plan("yokohama"), manifest=manifest)
