"""The file of sign-in rules: every day has one value of each, and a wrong file is refused with name and entry."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.staff.policy import (
    FILE,
    IN_NAMES,
    Certainty,
    PolicyError,
    SignInPolicy,
    is_name_of_person,
    is_written_as_name,
    policy_rules,
    read_rules,
    sign_in_policy,
)

TEXT = FILE.read_text(encoding="utf-8")
RAW: dict[str, list[dict[str, Any]]] = tomllib.loads(TEXT)
FIRST = date(2020, 4, 1)
DAYS = st.dates(FIRST, date(2060, 12, 31))
AGE_ENDS, AGE_BEGINS = "to = 2024-03-01", "from = 2024-03-01"


def refused(text: str, *, folder: Path) -> str:
    """How a text is refused in the place of the file."""
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refusal:
        read_rules(path)
    return str(refusal.value)


@given(DAYS)
def test_every_day_has_what_the_file_says_by_a_plain_reading(day: date) -> None:
    expected = {
        row["name"]: row["value"] for row in RAW["rule"] if row["from"] <= day < row.get("to", date.max)
    }
    found = sign_in_policy(day)
    assert {name: getattr(found, name) for name in SignInPolicy.__dataclass_fields__} == expected


@pytest.mark.parametrize(("day", "age"), [(date(2024, 2, 29), 90), (date(2024, 3, 1), 365)])
def test_a_rule_changes_on_its_day(day: date, age: int) -> None:
    assert sign_in_policy(day).password_max_age_days == age


def test_a_day_before_the_first_rule_has_none_and_is_named() -> None:
    with pytest.raises(PolicyError, match="2020-03-31"):
        sign_in_policy(date(2020, 3, 31))


def test_every_rule_is_listed_with_source_certainty_and_unit() -> None:
    assert [rule.name for rule in policy_rules()] == [row["name"] for row in RAW["rule"]]
    for rule in policy_rules():
        assert rule.source.strip()
        assert rule.unit.strip()
        assert rule.label.strip()
        assert rule.certainty in Certainty
        # What no document gives a number for is never presented as official.
        says_own = "本システムの決定" in rule.source
        assert says_own is (rule.certainty is Certainty.ASSUMED), rule.name


def test_the_words_that_name_no_person_have_a_source_too() -> None:
    for row in RAW["not_a_person"]:
        assert row["source"].strip()
        assert row["certainty"] in set(Certainty)
        assert len(set(row["words"])) == len(row["words"])


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (AGE_ENDS, "to = 2024-02-29"),
        (AGE_ENDS, "to = 2024-03-02"),
        (AGE_BEGINS, "from = 2024-03-02"),
        (AGE_BEGINS, "from = 2024-02-29"),
        (AGE_BEGINS, "from = 2020-04-01"),
        (AGE_ENDS + "\n", ""),
        (AGE_BEGINS, AGE_BEGINS + "\nto = 2030-01-01"),
    ],
)
def test_gaps_overlaps_and_ends_are_refused_with_file_and_rule(
    tmp_path: Path, found: str, wrong: str
) -> None:
    assert TEXT.count(found) == 1
    said = refused(TEXT.replace(found, wrong), folder=tmp_path)
    assert "policy.toml" in said
    assert "password_max_age_days" in said


def test_a_rule_too_many_or_too_few_is_refused(tmp_path: Path) -> None:
    assert "過不足" in refused(TEXT.replace('name = "idle_minutes"', 'name = "idle_hours"'), folder=tmp_path)
    start = TEXT.index('[[rule]]\nname = "idle_minutes"')
    without = TEXT[:start] + TEXT[TEXT.index("[[", start + 2) :]
    assert "policy.toml" in refused(without, folder=tmp_path)
    assert "過不足" in refused("", folder=tmp_path)


@pytest.mark.parametrize("value", ["0", "-3", "3.5", '"3"', "true"])
def test_a_value_that_is_no_count_is_refused_with_its_name(tmp_path: Path, value: str) -> None:
    said = refused(TEXT.replace("value = 3\n", f"value = {value}\n", 1), folder=tmp_path)
    assert "failures_before_lock" in said
    assert "1 以上の整数" in said


def test_a_value_without_a_source_is_refused_with_its_name(tmp_path: Path) -> None:
    source = next(row["source"] for row in RAW["rule"] if row["name"] == "absolute_hours")
    wrong = TEXT.replace(
        f'value = 10\nunit = "時間"\nfrom = 2020-04-01\nsource = "{source}"',
        'value = 10\nunit = "時間"\nfrom = 2020-04-01\nsource = " "',
    )
    assert wrong != TEXT
    assert "absolute_hours" in refused(wrong, folder=tmp_path)


@pytest.mark.parametrize(
    "name",
    ["label", "value", "unit", "from", "source", "certainty"],
)
def test_an_entry_that_lacks_something_is_refused_and_named(tmp_path: Path, name: str) -> None:
    row = TEXT[TEXT.index("[[rule]]") : TEXT.index("[[rule]]", TEXT.index("[[rule]]") + 2)]
    lacking = "\n".join(line for line in row.splitlines() if not line.startswith(f"{name} ="))
    said = refused(TEXT.replace(row, lacking + "\n\n", 1), folder=tmp_path)
    assert "policy.toml" in said
    assert "failures_before_lock" in said
    assert name in said


def test_a_certainty_that_nobody_knows_is_refused_and_named(tmp_path: Path) -> None:
    said = refused(TEXT.replace('certainty = "official"', 'certainty = "sure"', 1), folder=tmp_path)
    assert "failures_before_lock" in said
    assert "certainty" in said


WORDS = [word for row in RAW["not_a_person"] for word in row["words"]]
KANJI = st.text("山田花子太郎一二三鶴見港北青葉", min_size=1, max_size=6)


@given(before=KANJI, after=KANJI, word=st.sampled_from(WORDS), day=DAYS)
def test_a_word_of_posts_anywhere_in_a_name_makes_it_no_person(
    *, before: str, after: str, word: str, day: date
) -> None:
    assert not is_name_of_person(f"{before}{word}{after}", on=day)
    assert is_name_of_person(f"{before}　{after}", on=day) is not any(
        each in f"{before}　{after}" for each in WORDS
    )


@given(st.text(max_size=12))
def test_a_name_holds_nothing_that_a_page_a_sheet_or_a_log_would_take_for_its_own(text: str) -> None:
    if is_written_as_name(text):
        assert not set(text) & set('<>&"`=+@\t\r\n\x00,;:|/\\0123456789(){}[]')
        assert text[0] not in IN_NAMES
    else:
        assert not text.isalpha()
