"""docs/guides/add-a-municipality.md followed for a city that does not exist: outside the product, by the same doors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kyufu.cases import payer
from kyufu.cases.payer import payer_number
from kyufu.cli.main import main
from kyufu.documents import office as documents
from kyufu.law.child import (
    UnknownMunicipality,
    check_overlay,
    judge,
    list_parameters,
    parameter_tables,
)
from kyufu.law.child.cities import MUNICIPALITIES, city_of, register
from kyufu.law.child.codec import facts_to_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import ChildFacts, Residence
from kyufu.law.child.income_years import income_year_on
from kyufu.law.child.labels import benefit_classes
from kyufu.law.child.uses import use_of
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters import entries as parameters
from kyufu.law.parameters.overlay import NOTHING
from kyufu.notation import municipalities as notation
from kyufu.notation.municipalities import Municipality, add_city, municipality_name
from tests.law.independent import child_of, earner
from tests.municipality.mihon.city import MIHON

FOLDER = Path(__file__).parent / "mihon"
ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/guides/add-a-municipality.md").read_text(encoding="utf-8")
BORN = date(2018, 5, 5)


@pytest.fixture
def mihon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The city while a test runs; afterwards nobody knows it."""
    monkeypatch.setattr(parameters, "_FURTHER", [])
    monkeypatch.setattr(documents, "_FURTHER", [])
    listed, wards = dict(notation._listed), dict(notation._wards)
    register(MIHON)
    parameters.add_folder(FOLDER)
    documents.add_folder(FOLDER / "documents")
    add_city(Municipality("149993", "神奈川県", "見本市"))
    yield
    del MUNICIPALITIES["mihon"]
    for kept, before in ((notation._listed, listed), (notation._wards, wards)):
        kept.clear()  # type: ignore[attr-defined]
        kept.update(before)  # type: ignore[arg-type]
    documents.municipality.cache_clear()
    payer._entries.cache_clear()


def child(income: int, *, born: date = BORN, levies: tuple[int, int] = (100_000, 5_000)) -> ChildFacts:
    """A child of the city with one guardian."""
    facts = child_of(earner(income, levies=levies), born=born)
    return facts._replace(residences=(Residence(MIHON.code, facts.residences[0].period),))


def decided(income: int, *, on: date, levies: tuple[int, int] = (100_000, 5_000)) -> Decision:
    return judge(child(income, levies=levies), municipality="mihon", on=on)


def blocks(language: str) -> list[str]:
    """The code of the guide in a language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_code_of_the_guide_is_the_code_of_the_city() -> None:
    record, door, listed, folders = blocks("python")
    assert record in (FOLDER / "city.py").read_text(encoding="utf-8")
    here = Path(__file__).read_text(encoding="utf-8")
    for block in (door, listed, folders):
        assert all(f"    {line}\n" in here for line in block.splitlines())


def test_the_commands_and_files_of_the_guide_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for command in re.findall(r"^bin/kyufu (\w+)", "\n".join(blocks("sh")), flags=re.MULTILINE):
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
    assert "--municipality" in capsys.readouterr().out
    for name in re.findall(r"`((?:law|notation|documents)/[\w/]+\.py)`", GUIDE):
        assert (ROOT / "src/kyufu" / name).is_file(), name
    tables = {table.name for city in MUNICIPALITIES for of in parameter_tables(city).values() for table in of}
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?`) \|", GUIDE, flags=re.MULTILINE))))
    assert named == tables - {"income"}


def test_nobody_knows_the_city_before_it_is_added() -> None:
    with pytest.raises(UnknownMunicipality, match="mihon"):
        decided(1, on=date(2026, 6, 1))
    with pytest.raises(FileNotFoundError):
        parameters.path_of("mihon_child.toml").read_bytes()


@pytest.mark.usefixtures("mihon")
@pytest.mark.parametrize(
    ("income", "levies", "outcome", "benefit_class"),
    [
        (5_079_999, (100_000, 5_000), Outcome.ELIGIBLE, "visit_200"),
        (5_080_000, (100_000, 5_000), Outcome.NOT_ELIGIBLE, None),
        (5_079_999, (0, 5_000), Outcome.ELIGIBLE, "free"),
        (5_080_000, (0, 5_000), Outcome.NOT_ELIGIBLE, None),
    ],
)
def test_its_children_are_judged_by_its_own_values(
    income: int, levies: tuple[int, int], outcome: Outcome, benefit_class: str | None
) -> None:
    decision = decided(income, on=date(2026, 6, 1), levies=levies)
    assert (decision.outcome, decision.benefit_class) == (outcome, benefit_class)
    assert decision.period == (date(2026, 4, 1), date(2027, 4, 1))
    assert (decision.municipality, decision.rule) == ("mihon", "child.mihon.1")


@pytest.mark.usefixtures("mihon")
def test_its_bands_and_its_certificate_year_are_its_own() -> None:
    rich = [decided(9_000_000, on=day) for day in (date(2021, 5, 31), date(2021, 6, 1))]
    assert [one.benefit_class for one in rich] == ["free", None]
    last = [decided(1_000_000, on=day).outcome for day in (date(2031, 3, 31), date(2031, 4, 1))]
    assert last == [Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE]
    assert decided(1, on=date(2020, 3, 31)).reasons[0].text.endswith("（令和2年4月以後の分があります）。")
    asked = income_year_on(date(2027, 3, 31), municipality="mihon")
    assert asked is not None
    assert (asked.tax_year, asked.benefit) == (2026, (date(2026, 4, 1), date(2027, 4, 1)))


@pytest.mark.usefixtures("mihon")
def test_it_explains_itself_in_its_own_words() -> None:
    text = explain(decided(9_000_000, on=date(2026, 6, 1)))
    assert "【見本市 子ども医療費助成】資格なし" in text
    assert "見本市子どもの医療費の助成に関する条例（令和2年条例第1号） 第4条" in text
    assert "横浜" not in text
    version = check_overlay("mihon", overlay=NOTHING)
    assert version in text
    assert version not in {check_overlay(other, overlay=NOTHING) for other in ("yokohama", "kawasaki")}


@pytest.mark.usefixtures("mihon")
def test_its_values_are_listed_with_their_uses() -> None:
    listed = list_parameters("mihon")
    assert {entry.file for entry in listed} == set(MIHON.files)
    for entry in listed:
        assert use_of(entry.file, table=entry.table, key=entry.key, municipality="mihon").figures
    assert set(benefit_classes("mihon")) == {"free", "visit_200"}


@pytest.mark.usefixtures("mihon")
def test_the_commands_know_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(facts_to_json(child(1_000_000)), encoding="utf-8")
    asked = ["judge", "child", "--municipality", "mihon", "--on", "2026-06-01", str(file)]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["benefit_class"] == "visit_200"
    assert main(["parameters", "--municipality", "mihon"]) == 0
    assert "要件を満たした日にさかのぼって資格を認める申請までの日数" in capsys.readouterr().out


@pytest.mark.usefixtures("mihon")
def test_its_papers_have_a_sender_and_a_payer() -> None:
    town = documents.municipality("mihon")
    assert (town.name, town.certificate, town.certificate_short) == ("見本市", "子ども医療証", "医療証")
    assert town.sender("149993").section == "医療助成課"
    assert payer_number(municipality="mihon", on=date(2026, 6, 1)) == "80149990"
    assert municipality_name(city_of("mihon").code) == "神奈川県見本市"
    assert documents.uncertain("mihon")


def test_afterwards_nobody_knows_it() -> None:
    assert "mihon" not in MUNICIPALITIES
    assert municipality_name("149993") == "149993"
