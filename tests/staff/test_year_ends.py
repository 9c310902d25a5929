"""Around 31 March: grants end with the fiscal year, transfers of 1 April take effect on that day and not before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.errors import Refused
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level, Scheme
from kyufu.staff.personnel import MOVED, ON_LEAVE, PERSONNEL, RETIRED, RETURNED, personnel_feed
from kyufu.staff.rights import works_on
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, rows

NEW_YEAR = date(2027, 4, 1)
LATE = date(2027, 3, 10)
DAY = timedelta(days=1)


def event(kind: str, *, on: date, office: str = "", number: str = "PC001") -> Mapping[str, object]:
    """A row of the feed about the clerk."""
    return {"ido_jiyu": kind, "shokuin_bango": number, "koryoku_nengappi": on, "shozoku_kodo": office}


@pytest.fixture
def in_march(town: Town) -> Town:
    """The town on a Wednesday in March, everybody used lately."""
    rows(
        "UPDATE staff_account SET last_used_on = %s, renewed_on = '2027-04-01', expires_on = '2028-03-31'",
        [LATE],
    )
    return town


@pytest.fixture
def personnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Personnel:
    """The personnel section, whose files arrive in March."""
    return Personnel(tmp_path, monkeypatch=monkeypatch)


class Personnel:
    """Numbers its files; they arrive on a day."""

    def __init__(self, folder: Path, *, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.seq = folder, monkeypatch, 0

    def send(self, *events: Mapping[str, object], arrives: date = LATE) -> FeedResult:
        """Send a file that is taken in on a day."""
        self.seq += 1
        self.monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: at(arrives))
        path = write_feed(self.folder, layout=PERSONNEL, rows=events, mode="DIFF", seq=self.seq)
        return receive_feed(path, feeds={"personnel": personnel_feed()}, municipality=MUNICIPALITY)


def may(town: Town, *, on: date, office: str = "TSU") -> bool:
    """May the clerk work on cases at an office on a day?"""
    rights = staff.rights_of(town.clerk, on=on)
    return rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD, office=office)


def office_of(town: Town, *, on: date) -> str:
    """Where the clerk works on a day."""
    return staff.rights_of(town.clerk, on=on).office_code


@pytest.mark.requirement("YOK-173")
def test_a_grant_ends_with_the_year_although_the_account_goes_on(in_march: Town) -> None:
    in_march.grant(in_march.clerk)
    assert [may(in_march, on=day) for day in (YEAR_END - DAY, YEAR_END, NEW_YEAR)] == [True, True, False]
    assert works_on(in_march.clerk, on=NEW_YEAR)


def test_a_transfer_of_the_first_of_april_changes_the_office_on_that_day(
    in_march: Town, personnel: Personnel
) -> None:
    in_march.grant(in_march.clerk)
    personnel.send(event(MOVED, on=NEW_YEAR, office="KAN"))
    assert [office_of(in_march, on=day) for day in (LATE, YEAR_END, NEW_YEAR)] == ["TSU", "TSU", "KAN"]
    assert may(in_march, on=YEAR_END)
    assert not may(in_march, on=NEW_YEAR)
    assert not may(in_march, on=NEW_YEAR, office="KAN")


def test_a_grant_of_the_new_year_at_the_new_office_outlives_the_transfer(
    in_march: Town, personnel: Personnel
) -> None:
    last_day = date(2028, 3, 31)
    at_new = in_march.ask(in_march.clerk, office="KAN", valid_from=NEW_YEAR, last_day=last_day)
    at_old = in_march.ask(in_march.clerk, office="TSU", valid_from=NEW_YEAR, last_day=last_day)
    for grant in (at_new, at_old):
        staff.confirm_grant(grant, rights=in_march.rights(in_march.second_admin), at=NOW)
    personnel.send(event(MOVED, on=NEW_YEAR, office="KAN"))
    states = {one.grant_id: one.state for one in staff.grants_of(in_march.clerk)}
    assert (states[at_new], states[at_old]) == ("confirmed", "ended")
    assert may(in_march, on=NEW_YEAR, office="KAN")
    assert not may(in_march, on=NEW_YEAR, office="TSU")


def test_who_retires_at_the_years_end_works_to_its_last_day(in_march: Town, personnel: Personnel) -> None:
    in_march.grant(in_march.clerk)
    personnel.send(event(RETIRED, on=NEW_YEAR))
    assert works_on(in_march.clerk, on=YEAR_END)
    assert not works_on(in_march.clerk, on=NEW_YEAR)
    assert may(in_march, on=YEAR_END)


def test_leave_over_the_turn_of_the_year_gives_nothing_back_on_return(
    in_march: Town, personnel: Personnel
) -> None:
    in_march.grant(in_march.clerk)
    back = date(2027, 5, 6)
    personnel.send(
        event(ON_LEAVE, on=date(2027, 3, 20)), event(RETURNED, on=back, office="TSU"), arrives=LATE
    )
    seen = [may(in_march, on=day) for day in (date(2027, 3, 19), date(2027, 3, 20), NEW_YEAR, back)]
    assert seen == [True, False, False, False]
    assert [office_of(in_march, on=day) for day in (date(2027, 3, 20), back - DAY, back)] == ["", "", "TSU"]


def test_a_file_that_comes_late_closes_from_its_day_on(in_march: Town, personnel: Personnel) -> None:
    in_march.grant(in_march.clerk)
    personnel.send(event(MOVED, on=LATE - 5 * DAY, office="KAN"), arrives=LATE)
    assert not may(in_march, on=LATE)
    assert office_of(in_march, on=LATE) == "KAN"
    (grant,) = staff.grants_of(in_march.clerk)
    assert grant.ends_before == LATE - 5 * DAY


def test_the_same_file_again_changes_nothing(in_march: Town, personnel: Personnel) -> None:
    in_march.grant(in_march.clerk)
    personnel.send(event(MOVED, on=NEW_YEAR, office="KAN"))
    before = rows("SELECT account_id, office_id, valid::text FROM staff_posting ORDER BY id")
    steps = rows("SELECT count(*) FROM staff_grant_transition")
    personnel.send(event(MOVED, on=NEW_YEAR, office="KAN"))
    assert rows("SELECT account_id, office_id, valid::text FROM staff_posting ORDER BY id") == before
    assert rows("SELECT count(*) FROM staff_grant_transition") == steps


class Undo(Exception):
    """Takes an example's rows away again."""


def year_end_after(day: date) -> date:
    """The 31 March on or after a day, by walking to it."""
    while (day.month, day.day) != (3, 31):
        day += DAY
    return day


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.dates(date(2026, 7, 6), date(2027, 5, 31)), length=st.integers(-3, 420), probe=st.integers(-5, 430)
)  # fmt: skip
def test_a_grant_lies_within_one_year_and_holds_on_its_days_alone(
    in_march: Town, *, first: date, length: int, probe: int
) -> None:
    last = first + length * DAY
    fits = first <= last <= year_end_after(first)
    with pytest.raises(Undo), transaction.atomic():
        try:
            with transaction.atomic():
                in_march.grant(in_march.clerk, valid_from=first, last_day=last)
        except Refused as refused:
            assert not fits
            assert "年度の末日" in refused.message
            raise Undo from None
        assert fits
        day = first + probe * DAY
        rows("UPDATE staff_account SET last_used_on = %s WHERE id = %s", [day, in_march.clerk])
        works = works_on(in_march.clerk, on=day)
        assert may(in_march, on=day) is (works and first <= day <= last)
        raise Undo


@pytest.mark.parametrize("day", [TODAY, YEAR_END, NEW_YEAR])
def test_lapsing_takes_what_is_over_and_leaves_the_rest(in_march: Town, day: date) -> None:
    this_year = in_march.grant(in_march.clerk)
    next_year = in_march.grant(in_march.clerk, valid_from=NEW_YEAR, last_day=date(2028, 3, 31))
    staff.lapse_due(at=at(day))
    states = {one.grant_id: one.state for one in staff.grants_of(in_march.clerk)}
    assert states[next_year] == "confirmed"
    assert states[this_year] == ("lapsed" if day > YEAR_END else "confirmed")
