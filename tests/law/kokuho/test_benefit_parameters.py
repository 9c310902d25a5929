"""The dated figures of the benefits: where they stand, how sure they are, what a faulty file is refused for."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from kyufu.law.kokuho.answer import UnknownMunicipality
from kyufu.law.kokuho.benefits import parameters
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.parameters import (
    BENEFITS_FILE,
    FUNERAL_FILE,
    HIGH_COST_FILE,
    all_entries,
    amount_on,
    benefit_rules_on,
    class_rules_on,
    funeral_on,
    limit_on,
    registered_from,
    rules_on,
    value_entry,
)
from kyufu.law.kokuho.common import COMMON_FILE
from kyufu.law.parameters.entries import DATA, Certainty, Entry, ParameterError

ENTRIES = all_entries()
REFORM = date(2026, 8, 1)


def rows(table: str, *, key: str) -> list[Entry]:
    return sorted(
        (entry for entry in ENTRIES if (entry.table, entry.key) == (table, key)),
        key=lambda entry: entry.period.start,
    )


def test_every_row_has_a_source_and_a_certainty() -> None:
    assert len(ENTRIES) > 100
    assert {entry.file for entry in ENTRIES} == {HIGH_COST_FILE, BENEFITS_FILE, FUNERAL_FILE}
    assert {entry.certainty for entry in ENTRIES} == set(Certainty)
    assert all(len(entry.source) > 2 for entry in ENTRIES)


def test_what_is_assumed_is_said_to_be_assumed_in_its_source() -> None:
    for entry in ENTRIES:
        if entry.certainty is Certainty.ASSUMED:
            assert any(word in entry.source for word in ("確認できない", "未確認", "とみる")), entry


def test_what_was_read_at_second_hand_is_not_called_official() -> None:
    second = [entry for entry in ENTRIES if "写した公開資料" in entry.source or "葬祭業者" in entry.source]
    assert second
    assert all(entry.certainty is not Certainty.OFFICIAL for entry in second)


@pytest.mark.parametrize("code", Under70)
def test_every_class_under_70_has_its_rows_without_a_gap_and_an_end(code: Under70) -> None:
    found = rows("under_70", key=code)
    assert found[0].period.start == date(2015, 1, 1)
    assert all(earlier.period.end == later.period.start for earlier, later in pairwise(found))
    # Of 2027 only the class of exempt households is published: it is in no bracket of the standard pay.
    assert found[-1].period.end == (None if code is Under70.O else date(2027, 8, 1))


@pytest.mark.parametrize("code", From70)
def test_every_class_from_70_has_its_rows_without_a_gap_and_an_end(code: From70) -> None:
    found = rows("from_70", key=code)
    assert found[0].period.start == date(2018, 8, 1)
    assert all(earlier.period.end == later.period.start for earlier, later in pairwise(found))
    assert found[-1].period.end == date(2027, 8, 1)


def test_the_reform_raises_every_ceiling_and_leaves_the_fourth_time() -> None:
    for table, codes in (("under_70", Under70), ("from_70", From70)):
        for code in codes:
            old = limit_on(date(2026, 7, 31), table=table, code=code)
            new = limit_on(REFORM, table=table, code=code)
            assert old is not None
            assert new is not None
            assert new.base > old.base
            assert new.threshold >= old.threshold
            assert old.annual is None
            assert new.annual is not None
            if old.several is not None:
                assert new.several == old.several


def test_the_base_of_a_percent_class_is_three_tenths_of_its_threshold() -> None:
    """The tables hang together: where the 1 % begins, three tenths of the cost are the base."""
    for entry in ENTRIES:
        if entry.columns.get("threshold"):
            assert int(entry.columns["base"]) * 10 == int(entry.columns["threshold"]) * 3, entry


def test_the_ceilings_of_both_ages_agree_where_the_law_says_the_same() -> None:
    for young, senior in (("a", "active_3"), ("i", "active_2"), ("u", "active_1")):
        for on in (date(2025, 9, 1), REFORM):
            one = limit_on(on, table="under_70", code=young)
            other = limit_on(on, table="from_70", code=senior)
            assert one is not None
            assert other is not None
            assert (one.base, one.threshold, one.several, one.annual) == (
                other.base,
                other.threshold,
                other.several,
                other.annual,
            )


def test_nothing_is_registered_outside_the_tables() -> None:
    assert limit_on(date(2014, 12, 31), table="under_70", code="a") is None
    assert limit_on(date(2018, 7, 31), table="from_70", code="general") is None
    assert limit_on(date(2027, 8, 1), table="under_70", code="a") is None
    assert limit_on(date(2025, 1, 1), table="under_70", code="zz") is None
    assert amount_on(date(2026, 6, 1), table="meal", code="general") is None
    assert value_entry("nothing", file=HIGH_COST_FILE, table="class", on=REFORM) is None
    with pytest.raises(ParameterError):
        rules_on(date(2014, 12, 31))
    with pytest.raises(ParameterError):
        class_rules_on(date(2014, 12, 31))
    with pytest.raises(ParameterError):
        benefit_rules_on(date(2018, 3, 31))


def test_the_first_day_of_a_table_is_known() -> None:
    assert registered_from(HIGH_COST_FILE, table="class") == date(2015, 1, 1)
    assert registered_from(HIGH_COST_FILE, table="from_70") == date(2018, 8, 1)
    assert registered_from(BENEFITS_FILE, table="rule") == date(2018, 4, 1)


def test_the_figures_follow_their_day() -> None:
    assert class_rules_on(date(2025, 7, 31)).low_pension == 800_000
    assert class_rules_on(date(2025, 8, 1)).low_pension == 806_700
    assert class_rules_on(REFORM).low_pension == 826_500
    assert benefit_rules_on(date(2023, 3, 31)).childbirth == 408_000
    assert benefit_rules_on(date(2023, 4, 1)).childbirth == 488_000


def test_a_municipality_without_an_amount_is_named_with_those_that_have_one() -> None:
    with pytest.raises(UnknownMunicipality, match=r"kyoto.*atsugi"):
        funeral_on(REFORM, municipality="kyoto")
    before, after = (funeral_on(day, municipality="naka") for day in (date(2018, 3, 31), date(2018, 4, 1)))
    assert before is not None
    assert after is not None
    assert (before.columns["amount"], after.columns["amount"]) == (40_000, 50_000)
    assert funeral_on(date(2000, 1, 1), municipality="naka") is None


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three files in a folder of their own, to be spoilt."""
    for name in (HIGH_COST_FILE, BENEFITS_FILE, FUNERAL_FILE, COMMON_FILE):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    monkeypatch.setattr("kyufu.law.parameters.catalogue.DATA", tmp_path)
    return tmp_path


def spoil(files: Path, *, name: str, old: str, new: str) -> None:
    text = (files / name).read_text(encoding="utf-8")
    assert old in text
    (files / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def load() -> object:
    return parameters._loaded.__wrapped__()


def test_the_files_as_they_are_can_be_loaded(files: Path) -> None:
    assert load()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (HIGH_COST_FILE, "to = 2026-08-01", "to = 2026-07-01", "期間の重なりか空き"),
        (HIGH_COST_FILE, "to = 2026-08-01", "to = 2026-09-01", "期間の重なりか空き"),
        (HIGH_COST_FILE, 'name = "minimum_item"', 'name = "minimal_item"', "知らない名前の値"),
        (HIGH_COST_FILE, "value = 21000", 'value = "21000"', "値の型が違います"),
        (HIGH_COST_FILE, 'certainty = "official"', 'certainty = "sure"', "certainty"),
        (BENEFITS_FILE, "[[meal]]", "[[meals]]", "知らない表です"),
        (BENEFITS_FILE, "amount = 2120000", "amount = true", "値の型が違います"),
        (FUNERAL_FILE, "to = 2018-04-01", "to = 2018-05-01", "期間の重なりか空き"),
    ],
)
def test_a_faulty_file_is_refused(files: Path, name: str, old: str, new: str, said: str) -> None:
    spoil(files, name=name, old=old, new=new)
    with pytest.raises(ParameterError, match=said) as caught:
        load()
    assert caught.value.file == name
