"""The pages of Kawasaki and Sapporo: wards, names of parameter files, residence and law of the city that is served."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.evidence.api import EvidenceHeld
from kyufu.law.calendar.period import Period
from kyufu.law.child import list_parameters
from kyufu.law.child.facts import Residence
from kyufu.platform import clock
from kyufu.registry.api import PersonFacts
from kyufu.web.pages.parameter_forms import ParameterListForm, file_names
from kyufu.web.pages.person_lanes import lanes_of
from kyufu.web.pages.statistics_tables import subsidy_tables
from kyufu.web.pages.wards import UNTOLD, city_here, subsidy_name, ward_label
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.town import HEAD, Town

CODES = {"yokohama": "141003", "kawasaki": "141305", "sapporo": "011002"}


@pytest.mark.parametrize("name", CODES)
def test_the_city_served_here_is_that_of_the_setting(settings: Any, name: str) -> None:
    settings.KYUFU_MUNICIPALITY = name
    assert (city_here().key, city_here().code) == (name, CODES[name])


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("141011", "鶴見区"), ("141313", "川崎区"), ("011100", "清田区"), ("141305", "川崎市"), ("", UNTOLD),
        ("999999", "999999"),
    ],
)  # fmt: skip
def test_a_ward_is_named_without_its_city(code: str, label: str) -> None:
    assert ward_label(code) == label


@pytest.mark.parametrize(("name", "word"), [("kawasaki", "県補助"), ("sapporo", "道補助")])
def test_the_subsidy_of_the_prefecture_is_called_as_the_city_calls_it(
    settings: Any, name: str, word: str
) -> None:
    settings.KYUFU_MUNICIPALITY = name
    assert subsidy_name() == word
    tables = subsidy_tables([], months=[], day=1)
    assert all(table.title.startswith(f"{word}の対象") for table in tables)


@pytest.mark.parametrize("name", CODES)
def test_somebody_lives_here_who_lives_in_the_city_served(settings: Any, name: str) -> None:
    settings.KYUFU_MUNICIPALITY = name
    since = {code: Period(date(2000 + place, 1, 1), None) for place, code in enumerate(CODES.values())}
    facts = PersonFacts(None, tuple(Residence(code, period) for code, period in since.items()))
    found = lanes_of(
        entitlements=(), certificates=(), incomes=(), held=EvidenceHeld((), (), (), ()), facts=facts
    )
    (lane,) = [one for one in found if one.label == "住民登録"]
    assert [bar.period for bar in lane.bars] == [since[CODES[name]]]


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("kawasaki", "川崎市 小児医療費助成の基準", "神奈川県 小児医療費助成事業の補助基準"),
        ("sapporo", "札幌市 子ども医療費助成の基準", "北海道 子ども医療費助成事業の補助基準"),
    ],
)
def test_the_files_of_the_parameters_are_called_after_the_city(
    settings: Any, name: str, first: str, second: str
) -> None:
    settings.KYUFU_MUNICIPALITY = name
    assert list(file_names().values()) == [first, second, "医療証の印字", "更新処理の見込みと予定"]
    offered = [value for value, _ in ParameterListForm().fields["file"].choices]  # type: ignore[attr-defined]
    assert [one for one in offered if one] == list(file_names())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["kawasaki", "sapporo"])
def test_the_list_of_parameters_shows_the_values_of_the_city(
    settings: Any, town: Town, signed_in: SignedIn, name: str
) -> None:
    settings.KYUFU_MUNICIPALITY = name
    page = read(signed_in("head", office=HEAD).get("/parameters/"))
    text = page.text
    assert city_here().full_scheme in text
    assert "横浜市 小児医療費助成の基準" not in text
    open_now = [entry for entry in list_parameters(name) if clock.current_date_in_japan() in entry.period]
    assert all(str(entry.columns["label"]) in text for entry in open_now if entry.table == "judging")
