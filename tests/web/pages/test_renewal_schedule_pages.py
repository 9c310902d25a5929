"""The schedule of renewals on the pages: proposed by one, confirmed by another, ended with a reason, seen by all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind, ScheduleState
from tests.web.conftest import SignedIn
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, WARD, Person, Town

pytestmark = pytest.mark.django_db(transaction=True)
SCHEDULE, NEW = "/renewals/schedule/", "/renewals/schedule/new/"
WISHED = {
    "kind": "yearly", "month": "8", "day": "1", "lead_days": "45", "issue_days": "12", "judges": "on",
    "why": "有効期間が8月1日に始まるため",
}  # fmt: skip


@pytest.fixture
def clerk(town: Town, signed_in: SignedIn) -> Person:
    """Who proposes."""
    return signed_in("head", office=HEAD)


@pytest.fixture
def approver(clerk: Person, signed_in: SignedIn) -> Person:
    """Who confirms."""
    return signed_in("approver", office=HEAD)


def forms(page: Page, ending: str) -> list[str]:
    """The addresses of the forms that end so."""
    return [one.action for one in page.forms if one.action.endswith(ending)]


def proposed(person: Person, **items: str) -> Page:
    """Propose a schedule; gives the page that follows."""
    answer = person.post(NEW, WISHED | items)
    assert answer.status_code == 302, read(answer).text
    return read(person.get(answer["Location"]))


def confirmed(person: Person) -> Page:
    """Confirm what is proposed; gives the page that follows."""
    (address,) = forms(read(person.get(SCHEDULE)), "/confirm/")
    answer = person.post(address, {})
    return read(person.get(answer["Location"]) if answer.status_code == 302 else answer)


def states() -> list[ScheduleState]:
    """Where the schedules stand."""
    return [one.state for one in renewal.schedules(today=clock.current_date_in_japan())]


def test_from_the_usual_one_to_the_next_day(clerk: Person, approver: Person) -> None:
    page = read(clerk.get(SCHEDULE))
    for told in ("有効な予定はありません", "市の標準の予定", "仮定（要確認）", "毎年8月1日", "毎月1日"):
        assert told in page.text
    usual = next(one for one in page.links if one.endswith("?usual=yearly"))
    form = next(one for one in read(clerk.get(usual)).forms if one.action in ("", usual, NEW))
    assert {name: form.fields[name] for name in ("month", "day", "lead_days", "issue_days")} == {
        "month": "8", "day": "1", "lead_days": "45", "issue_days": "12",
    }  # fmt: skip
    assert '<option value="yearly" selected>' in read(clerk.get(usual)).html
    page = proposed(clerk, **{name: form.fields[name] for name in WISHED if name not in ("kind", "judges")})
    assert "申し出中（確認待ち）" in page.text
    assert forms(page, "/confirm/") == [], "who proposes does not confirm"
    page = confirmed(approver)
    assert "確認しました" in page.text
    assert "次の立案" in page.text
    assert states() == [ScheduleState.ACTIVE]


def test_what_was_planned_by_it_is_told_with_its_lateness(clerk: Person, approver: Person) -> None:
    due = clock.current_date_in_japan()
    on = next(one for days in range(5, 12) if (one := due + timedelta(days=days)).day <= 28)
    proposed(
        clerk,
        kind="changed",
        month="",
        day=str(on.day),
        lead_days=str((on - due).days),
        issue_days="0",
        judges="",
    )
    confirmed(approver)
    renewal.keep_schedule(clock.current_instant() + timedelta(days=2))
    (one,) = renewal.latest_renewals(limit=5)
    assert (one.kind, one.on) == (RenewalKind.CHANGED, on)
    for person in (clerk, approver):
        page = read(person.get(SCHEDULE))
        assert "予定日より2日遅れて立案" in page.text
        assert format_wareki(on) in page.text
    link = next(
        one for one in read(clerk.get(SCHEDULE)).links
        if one.startswith("/renewals/") and not one.startswith(SCHEDULE) and one != "/renewals/"
    )  # fmt: skip
    assert "予定による立案（立案の予定日より2日遅れ）" in read(clerk.get(link)).text


def test_it_is_ended_with_a_reason(clerk: Person, approver: Person) -> None:
    proposed(clerk)
    confirmed(approver)
    (address,) = [one for one in read(clerk.get(SCHEDULE)).links if one.endswith("/end/")]
    answer = clerk.post(address, {"why": ""})
    assert answer.status_code == 422
    assert "理由を入力してください" in read(answer).text
    assert "毎年8月1日" in read(clerk.get(address)).text
    answer = clerk.post(address, {"why": "日程を見直すため"})
    assert "予定をやめました" in read(clerk.get(answer["Location"])).text
    assert states() == [ScheduleState.ENDED]
    answer = clerk.post(address, {"why": "もう一度"})
    assert answer.status_code == 409
    assert "終わっています" in read(answer).text


def test_a_new_one_takes_the_place_of_the_former(clerk: Person, approver: Person) -> None:
    proposed(clerk)
    confirmed(approver)
    proposed(clerk, lead_days="60")
    page = confirmed(approver)
    assert "60日前に立案" in page.text
    assert "終わった予定" in page.text
    assert states() == [ScheduleState.ACTIVE, ScheduleState.ENDED]


@pytest.mark.parametrize(
    ("items", "status", "said"),
    [
        ({"month": ""}, 409, "年次更新の基準日の月がありません"),
        ({"day": "31"}, 422, "28 以下で入力してください"),
        ({"day": ""}, 422, "入力してください"),
        ({"lead_days": "十"}, 422, "整数で入力してください"),
        ({"issue_days": "60"}, 409, "交付日は立案の日から"),
        ({"kind": "replay"}, 422, "選び直してください"),
        ({"why": ""}, 422, "理由を入力してください"),
    ],
)
def test_what_cannot_be_kept_is_said(clerk: Person, items: dict[str, str], status: int, said: str) -> None:
    answer = clerk.post(NEW, WISHED | items)
    assert answer.status_code == status
    assert said in read(answer).text
    assert states() == []


def test_a_second_press_on_confirm_is_answered(clerk: Person, approver: Person) -> None:
    proposed(clerk)
    (address,) = forms(read(approver.get(SCHEDULE)), "/confirm/")
    assert approver.post(address, {}).status_code == 302
    answer = approver.post(address, {})
    assert answer.status_code == 409
    assert "画面を開き直して" in read(answer).text


def test_a_right_that_ended_is_told_on_the_page(clerk: Person, approver: Person) -> None:
    from kyufu.renewal.models import Schedule

    proposed(clerk)
    confirmed(approver)
    Schedule.objects.update(trouble="この操作の権限がありません。")
    assert "立案できません：" in read(clerk.get(SCHEDULE)).text


@pytest.mark.parametrize("role", ["counter", "approver", "head"])
def test_a_ward_sees_the_schedule_and_changes_nothing(
    clerk: Person, approver: Person, signed_in: SignedIn, role: str
) -> None:
    proposed(clerk)
    ward = signed_in(role, office=WARD)
    page = read(ward.get(SCHEDULE))
    assert "申し出中（確認待ち）" in page.text
    assert [one.action for one in page.forms if one.action.startswith("/renewals/")] == []
    assert [one for one in page.links if one.endswith(("/end/", "/new/")) or "?usual=" in one] == []
    answer = ward.post(NEW, WISHED)
    assert answer.status_code in (403, 409)
    assert len(states()) == 1
