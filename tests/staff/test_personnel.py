"""Staff transfers: whoever moves or leaves loses what they were granted on that very day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from kyufu.platform.errors import Refused
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.platform.feeds.worklist import open_rows
from kyufu.staff import api as staff
from kyufu.staff import personnel
from kyufu.staff.api import Function, Level, Scheme
from kyufu.staff.personnel import PERSONNEL, personnel_feed
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.staff.town import NOW, TODAY, YEAR_END, Town, at, days, hire, rows


class Personnel:
    """The personnel section as a sender that numbers its files; files arrive on `arrives`."""

    def __init__(self, folder: Path, *, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.seq, self.monkeypatch = folder, 0, monkeypatch

    def send(self, *events: Mapping[str, object], arrives: date = TODAY) -> FeedResult:
        self.seq += 1
        self.monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: at(arrives))
        path = write_feed(self.folder, layout=PERSONNEL, rows=events, mode="DIFF", seq=self.seq)
        return receive_feed(path, feeds={"personnel": personnel_feed()}, municipality=MUNICIPALITY)


@pytest.fixture
def sender(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Personnel:
    return Personnel(tmp_path, monkeypatch=monkeypatch)


def event(kind: str, *, on: date, office: str = "", number: str = "PC001") -> Mapping[str, object]:
    return {"ido_jiyu": kind, "shokuin_bango": number, "koryoku_nengappi": on, "shozoku_kodo": office}


def may(town: Town, *, on: date, office: str = "TSU") -> bool:
    rights = staff.rights_of(town.clerk, on=on)
    return rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD, office=office)


def state_of(account: int) -> str:
    return str(rows("SELECT state FROM staff_account WHERE id = %s", [account])[0][0])


@pytest.mark.requirement("YOK-173", "KWS-171", "ATG-221")
def test_a_transfer_to_come_closes_grants_on_its_day_and_not_before(town: Town, sender: Personnel) -> None:
    town.grant(town.clerk)
    day = TODAY + days(26)
    result = sender.send(event(personnel.MOVED, on=day, office="KAN"))
    assert result.counts == {"異動": 1, "終わる権限": 1, "アカウントのない職員": 0}
    assert may(town, on=day - days(1))
    assert not may(town, on=day)
    assert staff.rights_of(town.clerk, on=day - days(1)).office_code == "TSU"
    assert staff.rights_of(town.clerk, on=day).office_code == "KAN"
    assert [grant.state for grant in staff.grants_of(town.clerk)] == ["confirmed"]
    staff.lapse_due(at=at(day))
    assert [grant.state for grant in staff.grants_of(town.clerk)] == ["lapsed"]


def test_a_transfer_of_today_ends_the_grant_at_once(town: Town, sender: Personnel) -> None:
    town.grant(town.clerk, valid_from=TODAY - days(5))
    sender.send(event(personnel.MOVED, on=TODAY, office="KAN"))
    (grant,) = staff.grants_of(town.clerk)
    assert (grant.state, grant.ends_before) == ("ended", TODAY)
    assert rows(
        "SELECT from_state, to_state, actor_name, why FROM staff_grant_transition WHERE subject_id = %s ORDER BY id",
        [grant.grant_id],
    )[-1] == ("confirmed", "ended", "人事異動連携", f"人事異動：異動（{TODAY.isoformat()}から）")


def test_what_was_asked_for_at_the_new_office_stays(town: Town, sender: Personnel) -> None:
    day = TODAY + days(26)
    old = town.grant(town.clerk)
    new = town.grant(town.clerk, office="KAN", valid_from=day)
    early = town.grant(town.clerk, office="KAN", last_day=day - days(1))
    across = town.grant(town.clerk, office="KAN", valid_from=TODAY + days(1))
    again_old = town.grant(town.clerk, office="TSU1", valid_from=day + days(3))
    waiting = town.ask(town.clerk, office="TSU", valid_from=day)
    sender.send(event(personnel.MOVED, on=day, office="KAN"))
    seen = {grant.grant_id: (grant.state, grant.ends_before) for grant in staff.grants_of(town.clerk)}
    after_year = YEAR_END + days(1)
    assert seen == {
        old: ("confirmed", day),
        new: ("confirmed", after_year),
        early: ("confirmed", day),
        across: ("confirmed", day),
        again_old: ("ended", after_year),
        waiting: ("lapsed", after_year),
    }
    assert may(town, on=day, office="KAN")


@pytest.mark.requirement("SPR-182")
def test_who_retires_works_to_the_last_day_and_the_account_ends(town: Town, sender: Personnel) -> None:
    town.grant(town.clerk)
    day = TODAY + days(10)
    sender.send(event(personnel.RETIRED, on=day))
    staff.refuse_sign_in(town.clerk, on=day - days(1))
    with pytest.raises(Refused, match="サインインできません"):
        staff.refuse_sign_in(town.clerk, on=day)
    assert (may(town, on=day - days(1)), may(town, on=day)) == (True, False)
    staff.lapse_due(at=at(day - days(1)))
    assert state_of(town.clerk) == "active"
    staff.lapse_due(at=at(day))
    assert state_of(town.clerk) == "ended"


def test_who_has_retired_by_now_is_signed_out(town: Town, sender: Personnel) -> None:
    staff.record_success(town.clerk, session_key="k1", terminal_id=None, at=NOW)
    sender.send(event(personnel.RETIRED, on=TODAY))
    assert state_of(town.clerk) == "ended"
    assert staff.see_session("k1", at=at(TODAY, hour=10, minute=1)) is None


def test_leave_takes_everything_and_return_gives_only_the_office_back(town: Town, sender: Personnel) -> None:
    town.grant(town.clerk)
    away, back = TODAY + days(5), TODAY + days(200)
    sender.send(event(personnel.ON_LEAVE, on=away), event(personnel.RETURNED, on=back, office="TSU"))
    assert may(town, on=away - days(1))
    assert staff.rights_of(town.clerk, on=away).office_code == ""
    on_return = staff.rights_of(town.clerk, on=back)
    assert (on_return.office_code, on_return.held) == ("TSU", frozenset())
    staff.refuse_sign_in(town.clerk, on=back)


def test_a_move_to_a_section_without_the_system_leaves_no_posting(town: Town, sender: Personnel) -> None:
    town.grant(town.clerk)
    sender.send(event(personnel.MOVED, on=TODAY + days(1), office="DOBOKU"))
    assert staff.rights_of(town.clerk, on=TODAY + days(1)).office_code == ""
    assert not may(town, on=TODAY + days(1))


def test_people_without_an_account_are_counted_and_nothing_else(town: Town, sender: Personnel) -> None:
    before = rows("SELECT * FROM staff_posting ORDER BY id")
    result = sender.send(
        event(personnel.APPOINTED, on=TODAY, office="TSU", number="P99999"),
        event(personnel.RETIRED, on=TODAY, number="PX001"),
    )
    assert result.counts == {"終わる権限": 0, "アカウントのない職員": 2}
    assert state_of(town.worker) == "active"
    assert rows("SELECT * FROM staff_posting ORDER BY id") == before


def test_rows_that_cannot_be_right_go_to_the_worklist(town: Town, sender: Personnel) -> None:
    other = hire("C002", name="見本　次郎")
    result = sender.send(
        event(personnel.MOVED, on=TODAY),
        event(personnel.MOVED, on=TODAY, office="KAN", number="PC002"),
        event(personnel.RETIRED, on=TODAY, number="PC002"),
        event(personnel.MOVED, on=date(2026, 3, 31), office="KAN", number="PA001"),
        event("99", on=TODAY),
    )
    assert (result.landed, result.rejected) == (0, 5)
    assert {row.code for row in open_rows(limit=10)} == {"office", "twice", "out_of_order", "code"}
    assert state_of(other) == "active"
    assert staff.rights_of(town.clerk, on=TODAY).office_code == "TSU"


def test_a_personnel_number_with_a_hyphen_is_found(town: Town, sender: Personnel) -> None:
    other = hire("C003", name="見本　九郎", personnel_no="P-C003")
    sender.send(event(personnel.RETIRED, on=TODAY, number="P-C003"))
    assert state_of(other) == "ended"


def test_an_event_that_is_sent_again_changes_nothing(town: Town, sender: Personnel) -> None:
    sender.send(event(personnel.MOVED, on=TODAY, office="KAN"))
    town.grant(town.clerk, office="HQ1")
    again = sender.send(event(personnel.MOVED, on=TODAY, office="KAN"))
    assert again.counts == {"終わる権限": 0, "アカウントのない職員": 0}
    assert [grant.state for grant in staff.grants_of(town.clerk)] == ["confirmed"]
    sender.send(event(personnel.RETIRED, on=TODAY + days(9)))
    assert sender.send(event(personnel.RETIRED, on=TODAY + days(9))).counts["終わる権限"] == 0


def test_the_day_that_counts_begins_in_japan(town: Town, sender: Personnel) -> None:
    sender.monkeypatch.setattr(
        "kyufu.platform.feeds.intake.current_instant", lambda: at(TODAY + days(1), hour=0, minute=5)
    )
    path = write_feed(sender.folder, layout=PERSONNEL, rows=[event(personnel.RETIRED, on=TODAY + days(1))])
    receive_feed(path, feeds={"personnel": personnel_feed()}, municipality=MUNICIPALITY)
    assert state_of(town.clerk) == "ended"


def test_the_layout_is_documented_as_it_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "feeds.md").read_text(encoding="utf-8")
    section = page.split("\n## `personnel`: ")[1].split("\n## ")[0]
    cells = [line.split("|") for line in section.splitlines() if line.startswith("| ") and line[2].isdigit()]
    listed = [[one.strip(" `") for one in (row[2], row[3], row[5], row[6])] for row in cells]
    assert listed == [
        [column.name, column.label, str(column.length), "yes" if column.required else ""]
        for column in PERSONNEL.columns
    ]
    assert all(kind in cells[0][7] for kind in PERSONNEL.columns[0].codes)
