"""Filters: days by era, Japan's time, periods with their last day, and a word for every code that a page can meet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from kyufu.cases import api as cases
from kyufu.evidence.insurance import RELATIONS as INSURED
from kyufu.evidence.insurance import SOURCES as INSURERS
from kyufu.law.calendar.period import ALWAYS, Period
from kyufu.law.child.facts import Declared, IncomeSource, OtherSchemeKind
from kyufu.law.decision import Outcome
from kyufu.platform.access import Channel
from kyufu.registry.api import Status
from kyufu.registry.feeds.layouts import RELATIONS
from kyufu.staff import api as staff
from kyufu.web.pages import words
from kyufu.web.templatetags import pages as filters
from tests.law.yokohama import benefit_classes

DAY = date(2026, 8, 1)


def test_a_day_is_written_by_era_with_the_western_year() -> None:
    assert filters.day(DAY) == "令和8年8月1日（2026年）"
    assert filters.day(None) == ""


def test_an_unknown_birthday_is_said_to_be_unknown() -> None:
    assert filters.born(None) == "不明"
    assert filters.born(date(1989, 1, 7)) == "昭和64年1月7日（1989年）"


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 7, 31, 15, 0, tzinfo=UTC), "令和8年8月1日 00:00"),
        (datetime(2026, 7, 31, 14, 59, tzinfo=UTC), "令和8年7月31日 23:59"),
        (datetime(2019, 4, 30, 15, 0, tzinfo=UTC), "令和元年5月1日 00:00"),
    ],
)
def test_an_instant_is_that_of_a_clock_in_japan(instant: datetime, written: str) -> None:
    assert filters.moment(instant) == written


def test_no_instant_is_nothing() -> None:
    assert filters.moment(None) == ""


def test_a_period_is_written_with_its_last_day() -> None:
    period = Period(DAY, date(2027, 8, 1))
    assert filters.period(period) == "令和8年8月1日（2026年）から令和9年7月31日（2027年）まで"


def test_a_period_without_end_or_beginning_says_so() -> None:
    assert filters.period(Period(DAY, None)) == "令和8年8月1日（2026年）から（終わりの定めなし）"
    assert filters.period(ALWAYS) == "（始まりの定めなし）から（終わりの定めなし）"
    assert filters.period(None) == "期間なし"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(1, 5_000))
def test_the_last_day_of_a_period_is_the_day_before_its_end(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    last = date.fromordinal(end.toordinal() - 1)
    assert filters.period(Period(start, end)).endswith(f"{filters.day(last)}まで")
    assert filters.last_day(end) == filters.day(last)


def test_what_has_no_end_has_no_last_day() -> None:
    assert filters.last_day(None) == "定めなし"


@pytest.mark.parametrize(
    ("amount", "written"), [(0, "0円"), (1_234_567, "1,234,567円"), (-5, "▲5円"), (None, "不明")]
)
def test_yen(amount: int | None, written: str) -> None:
    assert filters.yen(amount) == written


def test_a_postal_code() -> None:
    assert filters.postal("2300071") == "〒230-0071"
    assert filters.postal("") == ""


@pytest.mark.parametrize(
    "code",
    [
        *Status,
        *Declared,
        *IncomeSource,
        *OtherSchemeKind,
        *Channel,
        *INSURED,
        *INSURERS,
        "father",
        "mother",
        "other",
    ],
)
def test_every_code_of_the_registers_has_a_word(code: str) -> None:
    said = filters.word(code)
    assert said != str(code)
    assert not said.isascii()


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert filters.word("Z9") == "Z9"
    assert filters.sex("9") == "9"
    assert filters.relation("77") == "77"


@pytest.mark.parametrize("code", ["0", "1", "2"])
def test_every_sex_of_the_layout_has_a_word(code: str) -> None:
    assert filters.sex(code) == words.SEXES[code]


@pytest.mark.parametrize("code", RELATIONS)
def test_every_relation_of_the_layout_has_a_word(code: str) -> None:
    assert not filters.relation(code).isascii()


@pytest.mark.parametrize("state", list(cases.ApplicationState))
def test_every_state_of_an_application(state: str) -> None:
    assert not filters.application_state(state).isascii()


@pytest.mark.parametrize("state", list(cases.CertificateState))
def test_every_state_of_a_certificate(state: str) -> None:
    assert not filters.certificate_state(state).isascii()


@pytest.mark.parametrize("kind", list(cases.Kind))
def test_every_kind_of_application(kind: str) -> None:
    assert not filters.application_kind(kind).isascii()


@pytest.mark.parametrize("channel", list(cases.Channel))
def test_every_way_in(channel: str) -> None:
    assert not filters.came_by(channel).isascii()


@pytest.mark.parametrize("code", sorted(benefit_classes()))
def test_every_class_of_benefit(code: str) -> None:
    assert filters.benefit_class(code)


@pytest.mark.parametrize("answer", list(Outcome))
def test_every_outcome(answer: str) -> None:
    assert not filters.outcome(answer).isascii()


def test_nothing_stays_nothing() -> None:
    assert (filters.benefit_class(None), filters.application_state(None)) == ("", "")


@pytest.mark.parametrize("one", list(staff.Scheme))
def test_every_scheme(one: str) -> None:
    assert not filters.scheme(one).isascii()


@pytest.mark.parametrize("state", list(staff.AccountState))
def test_every_state_of_an_account(state: str) -> None:
    assert not filters.account_state(state).isascii()


@pytest.mark.parametrize("state", list(staff.GrantState))
def test_every_state_of_a_grant(state: str) -> None:
    assert not filters.grant_state(state).isascii()


@pytest.mark.parametrize("kind", list(staff.ProposalKind))
def test_every_kind_of_proposal_has_a_word_and_a_right(kind: str) -> None:
    assert not filters.proposal_kind(kind).isascii()
    assert staff.ProposalKind(kind) in staff.NEEDS


@pytest.mark.parametrize("kind", list(staff.AccountKind))
def test_every_kind_of_account(kind: str) -> None:
    assert not filters.account_kind(kind).isascii()


@pytest.mark.parametrize("kind", list(staff.OfficeKind))
def test_every_kind_of_office(kind: str) -> None:
    assert not filters.office_kind(kind).isascii()


def test_a_ward_is_named_in_full() -> None:
    assert filters.ward("141011") == "神奈川県横浜市鶴見区"


@pytest.mark.parametrize("text", ["<script>", "\"'>", "&amp;", "{{ 1 }}"])
def test_what_a_filter_gives_is_escaped_by_the_page(text: str) -> None:
    page = Template("{% load pages %}{{ value|word }}").render(Context({"value": text}))
    assert "<" not in page
    assert '"' not in page
