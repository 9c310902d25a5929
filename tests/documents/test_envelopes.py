"""Which envelope a document goes into: the thinnest that holds its pages, by the rule of the document's date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.documents.envelopes import Envelope, EnvelopeRule, envelope_for, envelopes_on, rules_from
from kyufu.documents.office import municipality, uncertain
from kyufu.platform.errors import BadInput

ON = date(2026, 8, 1)
SMALL, LARGE = Envelope("you3", "洋形長3号", 3), Envelope("kaku2", "角形2号", None)
CITIES = ("yokohama", "kawasaki", "sapporo")


def group(*kinds: dict[str, Any], since: date = date(2000, 1, 1)) -> dict[str, Any]:
    """The group of a data file with one rule."""
    return {"rule": [{"since": since, "kinds": list(kinds)}]}


def kind(code: str = "you3", *, most: int | None = None) -> dict[str, Any]:
    """An envelope as a data file has it."""
    return {"code": code, "name": code} | ({} if most is None else {"most_pages": most})


@pytest.mark.parametrize(("pages", "place"), [(1, 0), (3, 0), (4, 1), (400, 1)])
def test_the_thinnest_envelope_that_holds_the_pages_is_taken(pages: int, place: int) -> None:
    assert envelope_for(pages, among=(SMALL, LARGE)) == place


def test_the_rule_of_the_documents_date_holds() -> None:
    rules = (EnvelopeRule(date(2020, 1, 1), (LARGE,)), EnvelopeRule(ON, (SMALL, LARGE)))
    assert envelopes_on(rules, on=date(2026, 7, 31)) == (LARGE,)
    assert envelopes_on(rules, on=ON) == (SMALL, LARGE)


def test_before_the_first_rule_it_is_asked_for_and_not_guessed() -> None:
    with pytest.raises(BadInput, match="封筒の種類が登録されていません"):
        envelopes_on((EnvelopeRule(ON, (LARGE,)),), on=date(2026, 7, 31))


@pytest.mark.parametrize("name", CITIES)
def test_every_city_has_a_rule_that_it_must_confirm(name: str) -> None:
    small, large = municipality(name).envelopes(on=ON)
    assert (small.most_pages, large.most_pages) == (3, None)
    (told,) = [row for row in uncertain(name) if row[0] == "envelopes"]
    assert told[1] == "assumed"
    assert "封筒" in told[2]


@pytest.mark.parametrize("name", CITIES)
def test_a_ward_is_named_as_the_mail_room_knows_it(name: str) -> None:
    town = municipality(name)
    assert all(town.ward_name(code).endswith("区") for code in town.senders)
    assert town.ward_name("999999") == "999999"


def test_a_rule_is_read_with_its_envelopes_in_order() -> None:
    (rule,) = rules_from(group(kind("you3", most=3), kind("kaku2")))
    assert [one.code for one in rule.envelopes] == ["you3", "kaku2"]
    assert rule.since == date(2000, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        group(),
        group(kind("you3", most=3)),
        group(kind("you3"), kind("kaku2")),
        group(kind("you3", most=3), kind("you3")),
        group(kind("you3", most=5), kind("naga3", most=3), kind("kaku2")),
        group(kind("you3", most=0), kind("kaku2")),
        group(kind("洋形")),
        group(kind("")),
        group(kind("a" * 11)),
        {"rule": []},
        {"rule": [*group(kind(), since=ON)["rule"], *group(kind())["rule"]]},
        {"rule": group(kind())["rule"] * 2},
    ],
    ids=[
        "no envelope", "the last holds not all", "a middle one holds all", "one twice", "not the thinnest first",
        "holds nothing", "no name of a file", "no code", "too long a code", "no rule", "newest first", "one day twice",
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="envelopes"):
        rules_from(wrong)
