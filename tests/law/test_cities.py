"""Municipalities as data: what they share means the same, faults in their files are refused, they stay apart."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import MUNICIPALITIES, check_overlay, judge, list_parameters, parameter_tables
from kyufu.law.child.cities import UnknownMunicipality, city_of, register
from kyufu.law.child.city import City, Sources
from kyufu.law.child.codec import decision_from_json, decision_to_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import ChildFacts, Residence
from kyufu.law.child.labels import benefit_class_label, benefit_classes
from kyufu.law.child.parameters import Parameters, parameters_from, tables_of
from kyufu.law.child.telling import tell
from kyufu.law.child.uses import use_of
from kyufu.law.decision import Citation, Outcome
from kyufu.law.parameters.entries import DATA, Certainty, ParameterError
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay
from kyufu.law.parameters.reading import read_entries
from kyufu.law.parameters.wording import names_of, say_entry
from tests.law.independent import ON, any_facts, child_of, earner

NEW = ("kawasaki", "sapporo")
HERE = "141003"
CALM = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def moved_to(city: str, facts: ChildFacts) -> ChildFacts:
    """The facts of somebody of Yokohama, as of somebody of another city."""
    code = city_of(city).code
    there = tuple(
        Residence(code if one.municipality == HERE else one.municipality, one.period)
        for one in facts.residences
    )
    return facts._replace(residences=there)


def test_codes_keys_and_files_belong_to_one_municipality() -> None:
    for one, other in combinations(MUNICIPALITIES.values(), 2):
        assert one.key != other.key
        assert one.code != other.code
        assert one.rule != other.rule
        assert one.files.city != other.files.city
        assert one.files.printed != other.files.printed
    assert city_of("kawasaki").files.prefecture == city_of("yokohama").files.prefecture


def test_a_class_of_benefit_means_the_same_wherever_it_is_known() -> None:
    for city in MUNICIPALITIES:
        for code, each in benefit_classes(city).items():
            assert benefit_class_label(code) == each.label, (city, code)
    assert "tenth" not in benefit_classes("kawasaki")


def test_the_versions_of_three_cities_differ() -> None:
    versions = {check_overlay(city, overlay=NOTHING) for city in MUNICIPALITIES}
    assert len(versions) == len(MUNICIPALITIES)


def test_a_municipality_is_registered_once() -> None:
    kawasaki = city_of("kawasaki")
    register(kawasaki)
    assert city_of("kawasaki") is kawasaki
    sources = Sources(*[Citation("見本条例", "第1条", "assumed")] * 7)
    copied = City("kawasaki", "142018", "見本市", "助成", "child.x.1", "県", "県", sources, kawasaki.files)
    with pytest.raises(ValueError, match="川崎市"):
        register(copied)
    with pytest.raises(UnknownMunicipality, match=r"atlantis.*yokohama、kawasaki、sapporo"):
        city_of("atlantis")


@pytest.mark.parametrize("city", NEW)
def test_every_value_has_a_use_a_source_and_words(city: str) -> None:
    entries = list_parameters(city)
    names = names_of(entries)
    assert {entry.certainty for entry in entries} == set(Certainty)
    for entry in entries:
        use = use_of(entry.file, table=entry.table, key=entry.key, municipality=city)
        assert use.figures, entry
        assert bool(use.citations) or entry.file in city_of(city).files[2:]
        said = say_entry(entry, names=names)
        assert not re.search(r"\b(true|false|higher_earner|every_levy|judged_guardian|grade:|age:)", said), (
            said
        )


@pytest.mark.parametrize("city", NEW)
def test_what_no_page_tells_is_marked_as_assumed(city: str) -> None:
    assumed = {entry.key for entry in list_parameters(city) if entry.certainty is Certainty.ASSUMED}
    assert {"backdating_days", "payer_number"} <= assumed
    for entry in list_parameters(city):
        if "確認でき" in entry.source or "仮定" in entry.source or "とみる" in entry.source:
            assert entry.certainty is not Certainty.OFFICIAL, entry


def changed(city: str, tmp_path: Path, *, old: str, new: str) -> Parameters:
    """The city's own files with one text changed everywhere."""
    one = city_of(city)
    tables = tables_of(one)
    text = (DATA / one.files.city).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / one.files.city
    path.write_text(text.replace(old, new), encoding="utf-8")
    return parameters_from(
        city=read_entries(path, tables=tables[one.files.city]),
        prefecture=read_entries(DATA / one.files.prefecture, tables=tables[one.files.prefecture]),
        of=one,
    )


@pytest.mark.parametrize(
    ("city", "old", "new", "says"),
    [
        ("kawasaki", '"income_levy"', '"tax"', "知らない決め方です：tax"),
        ("kawasaki", 'value = "judged_guardian"', 'value = "father"', "知らない決め方です：father"),
        ("sapporo", '"higher_earner"', '"lower_earner"', "知らない決め方です：lower_earner"),
        ("sapporo", 'name = "judo_first_visit"', 'name = "massage"', "知らない名前の値です"),
        ("sapporo", 'name = "claim_years"', 'name = "claim_days"', "知らない名前の値です"),
        ("kawasaki", "[[judging]]", "[[judged]]", "知らない表です：judged"),
        ("kawasaki", "crosses_years = true", "crosses_years = 1", "値の型が違います：crosses_years"),
        (
            "sapporo",
            "inpatient_percent = 10",
            'inpatient_percent = "1割"',
            "値の型が違います：inpatient_percent",
        ),
        ("sapporo", 'class_exempt = "first_visit"', 'class_exempt = "free"', "知らない区分です：free"),
        ("kawasaki", "to = 2026-09-01", "to = 2026-08-01", "重なっているか、空いています"),
        ("kawasaki", "value = 1826", "value = -1", "負の値は使えません"),
        (
            "sapporo",
            'to = 2024-08-01\nsource = "札幌市 gendo',
            'to = 2024-07-01\nsource = "札幌市 gendo',
            "空き",
        ),
    ],
)
def test_a_wrong_value_of_a_city_is_refused(tmp_path: Path, city: str, old: str, new: str, says: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(says)) as refused:
        changed(city, tmp_path, old=old, new=new)
    assert refused.value.file == city_of(city).files.city


def test_a_file_of_a_city_without_its_own_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="値がありません：exempt_levy"):
        changed(
            "sapporo",
            tmp_path,
            old='[[judging]]\nname = "exempt_levy"',
            new='[[copay]]\nname = "exempt_levy"',
        )


@pytest.mark.requirement("SPR-022")
def test_a_dated_change_of_a_city_touches_that_city_alone() -> None:
    file = city_of("sapporo").files.city
    period = Period(date(2026, 8, 1), None)
    change = Change(file, "limit", "base", "value", 9_000_000, period, "見本", Certainty.ASSUMED, "見本")
    overlay = Overlay((change,))
    facts = moved_to("sapporo", child_of(earner(7_000_000), born=date(2018, 5, 5)))
    before, under = (judge(facts, municipality="sapporo", on=date(2026, 10, 1), overlay=one)
                     for one in (NOTHING, overlay))  # fmt: skip
    assert (before.outcome, under.outcome) == (Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE)
    assert before.parameter_version != under.parameter_version
    for other in ("yokohama", "kawasaki"):
        assert check_overlay(other, overlay=overlay) == check_overlay(other, overlay=NOTHING)


@pytest.mark.parametrize(
    ("city", "words", "others"),
    [
        (
            "kawasaki",
            ("川崎市 小児医療費助成", "川崎市に住所", "県補助", "神奈川県"),
            ("横浜", "札幌", "道補助"),
        ),
        (
            "sapporo",
            ("札幌市 子ども医療費助成", "札幌市に住所", "道補助", "北海道"),
            ("横浜", "川崎", "県補助"),
        ),
    ],
)
def test_a_decision_is_explained_in_the_words_of_its_city(
    city: str, words: tuple[str, ...], others: tuple[str, ...]
) -> None:
    facts = moved_to(city, child_of(earner(2_000_000), born=date(2018, 5, 5)))
    decision = judge(facts, municipality=city, on=date(2022, 10, 1))
    text = explain(decision)
    assert all(word in text for word in words)
    assert not any(other in text for other in others)
    assert decision.rule == city_of(city).rule
    assert decision_from_json(decision_to_json(decision)) == decision
    told = tell(decision)
    assert {"case", "band", "city_limit", "answer", "prefecture"} <= {one.code for one in told.sections}
    assert "other" not in {one.code for one in told.sections}


def test_an_exemption_without_a_limit_is_told_without_a_comparison() -> None:
    facts = moved_to("kawasaki", child_of(earner(2_000_000, levies=(0, 5_000)), born=date(2012, 5, 5)))
    told = tell(judge(facts, municipality="kawasaki", on=date(2024, 10, 1)))
    section = next(one for one in told.sections if one.code == "city_limit")
    assert [step.label for step in section.steps] == ["保護者の市民税所得割が非課税か"]
    assert (section.result, section.holds) == ("", None)


@CALM
@given(st.sampled_from(NEW), any_facts(), ON)
def test_every_judgement_has_an_answer_that_is_whole(city: str, facts: ChildFacts, on: date) -> None:
    decision = judge(moved_to(city, facts), municipality=city, on=on)
    assert decision.reasons
    assert (decision.benefit_class is not None) == (decision.outcome is Outcome.ELIGIBLE)
    assert decision.benefit_class in {None, *benefit_classes(city)}
    if decision.period is None:
        assert decision.reasons[0].code == "missing.rules"
        return
    start, end = decision.period
    assert on in decision.period
    assert end is not None
    for day in (start, end - timedelta(days=1)):
        same = judge(moved_to(city, facts), municipality=city, on=day)
        assert (same.outcome, same.benefit_class, same.period) == (
            decision.outcome,
            decision.benefit_class,
            decision.period,
        )


@CALM
@given(st.sampled_from(NEW), st.dates(date(2001, 1, 1), date(2026, 1, 1)), ON, st.integers(0, 12_000_000))
def test_more_income_never_gives_more(city: str, born: date, on: date, income: int) -> None:
    """The outcome does not rise with the income; the levies are the same on both sides."""
    ranks = [Outcome.NOT_ELIGIBLE, Outcome.CANNOT_DECIDE, Outcome.ELIGIBLE]
    poor, rich = (
        judge(moved_to(city, child_of(earner(each), born=born)), municipality=city, on=on)
        for each in (income, income + 1_000_000)
    )
    assert ranks.index(rich.outcome) <= ranks.index(poor.outcome)
    if rich.benefit_class == "free":
        assert poor.benefit_class == "free"


@pytest.mark.parametrize("city", NEW)
def test_the_tables_of_a_city_are_those_of_its_files(city: str) -> None:
    tables = parameter_tables(city)
    for entry in list_parameters(city):
        assert entry.table in {table.name for table in tables[entry.file]}
