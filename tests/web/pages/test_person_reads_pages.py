"""Who looked at this child last month: the privacy staff finds it in two clicks, and sees no more of the person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import Http404

from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.web.pages import person_reads
from kyufu.web.pages.person_reads import LAST_MONTH, PAST_YEAR, PERIODS, THIS_MONTH, period_of
from kyufu.web.pages.purposes import LOG_REVIEW, known_purpose, purposes
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import Page, read
from tests.web.pages.test_people_pages import SECRET_TOWN, open_person
from tests.web.pages.test_person_pages import page_of
from tests.web.town import HEAD, Person

TODAY = clock.current_date_in_japan()


@pytest.fixture
def auditor(world: World, signed_in: SignedIn) -> Person:
    """The privacy staff at head office."""
    return signed_in("auditor", office=HEAD)


@pytest.fixture
def reader(family: Family, signed_in: SignedIn) -> Person:
    """A clerk who has looked at the family's child."""
    clerk = signed_in()
    open_person(clerk, family.child_no, purpose="case", case_no="R8-77")
    return clerk


def address(person: Person, addressee: int) -> str:
    """Where who looked at somebody is shown."""
    key = Ticket(addressee, LOG_REVIEW.code, "").key
    return f"/reads/{token_for(kind='person', key=key, account_id=person.account_id)}/"


def asked(person: Person, addressee: int, query: str = "") -> Page:
    """The page of who looked."""
    answer = person.get(f"{address(person, addressee)}{query}")
    assert answer.status_code == 200
    return read(answer)


@pytest.mark.requirement("TKY-220", "KWS-183", "ATG-230")
def test_from_the_menu_by_number_it_is_two_clicks(family: Family, auditor: Person, reader: Person) -> None:
    home = read(auditor.get("/"))
    assert "/reads/" in home.links
    found = auditor.post("/reads/", {"text": family.child_no})
    assert found.status_code == 302
    page = read(auditor.get(found["Location"]))
    for words in (
        "戸塚 桜子",
        "戸塚区保険係",
        reader.staff_no,
        "窓口1",
        "個人",
        "個別の申請の調査",
        "受付番号 R8-77",
    ):
        assert words in page.text, words
    assert "見た職員" in page.text


def test_by_name_all_who_are_alike_are_offered_with_name_birth_and_number_alone(
    family: Family, auditor: Person
) -> None:
    page = read(auditor.post("/reads/", {"text": "ミホン"}))
    assert family.child_no in page.text
    assert "平成30年5月10日（2018年）" in page.text
    for words in (SECRET_TOWN, "鶴見区", "世帯"):
        assert words not in page.html
    assert read(auditor.get(page.link_to("/reads/"))).headings == ["この人の情報をだれが見たか"]


def test_from_the_persons_page_it_is_one_click(family: Family, reader: Person, town: object) -> None:
    both = Person(0, "")
    account_id, staff_no = town.account(office=HEAD)  # type: ignore[attr-defined]
    for role in ("head", "auditor"):
        town.grant(account_id, role=role, office=HEAD)  # type: ignore[attr-defined]
    both = Person(account_id, staff_no).begin()
    link = next(
        one for one in page_of(both, family.child).links if one.startswith("/reads/") and one != "/reads/"
    )
    assert reader.staff_no in read(both.get(link)).text


def test_who_has_no_right_to_the_log_is_not_offered_it(family: Family, reader: Person) -> None:
    assert not [one for one in page_of(reader, family.child).links if one.startswith("/reads/")]
    assert reader.get(address(reader, family.child)).status_code == 403
    assert reader.get("/reads/").status_code == 403


@pytest.mark.parametrize("text", ["", "該当しない人", "改\n行"])
def test_a_search_without_a_hit_says_what_to_do(text: str, auditor: Person) -> None:
    answer = auditor.post("/reads/", {"text": text})
    assert answer.status_code == (200 if text == "該当しない人" else 422)
    assert "該当する人はいません" in read(answer).text or "入力に誤りがあります" in read(answer).text


@pytest.mark.parametrize(
    ("choice", "first", "last"),
    [
        (THIS_MONTH, date(2026, 11, 1), date(2026, 11, 29)),
        (LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (PAST_YEAR, date(2025, 11, 29), date(2026, 11, 29)),
    ],
)
def test_the_periods_to_choose_from(choice: str, first: date, last: date) -> None:
    found = period_of(choice, today=date(2026, 11, 29))
    assert (found.first_day, found.last_day, found.choice) == (first, last, choice)
    assert found.until - found.since == last - first + timedelta(days=1)


def test_last_month_in_january_is_december_of_the_year_before() -> None:
    found = period_of(LAST_MONTH, today=date(2027, 1, 31))
    assert (found.first_day, found.last_day) == (date(2026, 12, 1), date(2026, 12, 31))


def test_no_other_period_can_be_chosen(family: Family, auditor: Person) -> None:
    with pytest.raises(Http404):
        period_of("ever", today=TODAY)
    assert auditor.get(f"{address(auditor, family.child)}?period=ever").status_code == 404


def test_the_page_opens_with_this_month_and_offers_the_others(
    family: Family, auditor: Person, reader: Person
) -> None:
    page = asked(auditor, family.child)
    assert reader.staff_no in page.text
    for code, label in PERIODS.items():
        assert label in page.text
        assert [one for one in page.links if one.endswith(f"period={code}")]
    assert "（2026年）から" in page.text or "年）から" in page.text
    before = asked(auditor, family.child, "?period=last_month")
    assert reader.staff_no not in before.text
    assert "この期間に、この人の情報を見た記録はありません" in before.text


def test_days_can_be_typed(family: Family, auditor: Person, reader: Person) -> None:
    query = f"?first_day={TODAY.isoformat()}&last_day={TODAY.isoformat()}"
    assert reader.staff_no in asked(auditor, family.child, query).text
    old = asked(auditor, family.child, "?first_day=R2.4.1&last_day=R2.4.30")
    assert "令和2年4月1日（2020年）から令和2年4月30日（2020年）まで" in old.text
    wrong = auditor.get(f"{address(auditor, family.child)}?first_day={TODAY.isoformat()}&last_day=2001-01-01")
    assert wrong.status_code == 422
    assert "最後の日が最初の日より前です。" in read(wrong).text
    assert reader.staff_no not in read(wrong).text


def test_what_one_request_read_is_one_time(family: Family, auditor: Person, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page_of(clerk, family.child)
    page = asked(auditor, family.child)
    assert len(reads_on("person", by=clerk.staff_no)) > 1
    assert page.html.count(f"<br>{clerk.staff_no}</td>") == 1
    assert "資格の期間と区分" in page.text


def test_a_long_answer_goes_on_page_by_page(
    family: Family, auditor: Person, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_reads, "PAGE", 2)
    first = asked(auditor, family.child)
    link = next(one for one in first.links if "after=" in one)
    second = auditor.get(link)
    assert second.status_code == 200
    assert "続き" in read(second).text
    assert auditor.get(f"{address(auditor, family.child)}?after=made-up").status_code == 404


def test_asking_is_itself_on_record(family: Family, auditor: Person, reader: Person) -> None:
    asked(auditor, family.child)
    (event,) = events_of("log_searched", by=auditor.staff_no)
    assert event[1] == [family.child]
    found = reads_on("person_reads", by=auditor.staff_no)
    assert {row[0] for row in found} == {"操作記録の点検"}


def test_of_a_protected_person_no_more_than_the_name_is_shown(
    world: World, family: Family, auditor: Person, reader: Person
) -> None:
    world.send("protection", [measure(family.number + 1)])
    page = asked(auditor, family.child)
    assert reader.staff_no in page.text
    for words in (SECRET_TOWN, "141011"):
        assert words not in page.html


def test_readings_under_a_former_number_count_too(
    family: Family, auditor: Person, signed_in: SignedIn
) -> None:
    paper = registry.NonResident(
        "架空　太郎", "カクウ　タロウ", "1", date(1990, 1, 15), "", "141305", "2100001", "神奈川県", "川崎市", "",
        "１番", "",
    )  # fmt: skip
    from tests.web.town import MAKER

    at = clock.current_instant()
    outsider = registry.register_non_resident(
        paper, valid_from=TODAY, distinct_from=(), by=MAKER, reason="申請書による", at=at
    )
    clerk = signed_in("head", office=HEAD)
    page_of(clerk, outsider)
    assert clerk.staff_no not in asked(auditor, family.father).text
    registry.merge_into_resident(
        non_resident=outsider, resident=family.father, by=MAKER, reason="同一人", at=clock.current_instant()
    )
    assert clerk.staff_no in asked(auditor, family.father).text


def test_the_purpose_of_the_privacy_staff_is_nobodys_to_pick() -> None:
    assert LOG_REVIEW.code not in purposes()
    assert known_purpose(LOG_REVIEW.code) is LOG_REVIEW
    assert known_purpose("application") == purposes()["application"]
    assert known_purpose("curiosity") is None


def test_the_search_of_the_log_says_where_the_question_is_answered(auditor: Person) -> None:
    page = read(auditor.get("/log/"))
    assert "だれが見たかの確認" in page.text
    assert page.links.count("/reads/") == 2


def test_nobody_is_found_behind_a_ticket_of_nobody(auditor: Person) -> None:
    assert auditor.get(address(auditor, 999_999)).status_code == 404
