"""The page of a person: its sections, what it tells of whom to whom, and that it asks the database no more for more."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.registry import api as registry
from kyufu.web.pages.people import person_on_page
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World, approve, certify, judge, receive
from tests.evidence.files import INCOME
from tests.registry.persons import addressee_no, fetch, measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.pages.test_people_pages import SECRET_TOWN, open_person
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, OTHER_WARD_CODE, Person

PERSON_PAGE = re.compile(r"^/people/[^/]+/$")
SECTIONS = ("household", "entitlement", "applications", "certificates", "evidence", "letters", "contacts")
BY = Actor("S0009", "記録 花子", "戸塚区保険係")


def address_of(person: Person, addressee: int) -> str:
    """The address of somebody's page for a member of staff."""
    key = Ticket(addressee, "application", "").key
    return f"/people/{token_for(kind='person', key=key, account_id=person.account_id)}/"


def page_of(person: Person, addressee: int) -> Page:
    """The page of somebody."""
    answer = person.get(address_of(person, addressee))
    assert answer.status_code == 200
    return read(answer)


def write(addressee: int, **items: Any) -> int:
    """Write a contact down."""
    today = clock.current_date_in_japan()
    said = registry.NewContact(today, registry.ContactWay.PHONE, "母", "再交付", "電話の内容", None)
    return registry.record_contact(
        said._replace(**items), addressee_id=addressee, ward_code="141011", by=BY, at=clock.current_instant()
    )


def section(page: Page, name: str) -> str:
    """The words of a section of the page."""
    part = page.html.partition(f'<section id="{name}"')[2].partition("</section>")[0]
    return Page(f"<p{part}").text


@pytest.fixture
def entitled(family: Family) -> Family:
    """A family whose child has a certificate."""
    certify(family)
    return family


def test_the_sections_stand_in_order_and_each_can_be_jumped_to(entitled: Family, signed_in: SignedIn) -> None:
    page = page_of(signed_in(), entitled.child)
    ids = [one["id"] for tag, one in page.tags if tag == "section" and "id" in one]
    assert ids == list(SECTIONS)
    jumps = [one for one in page.links if one.startswith("#") and one != "#content"]
    assert jumps == [f"#{one}" for one in SECTIONS]


def test_the_head_says_who_it_is(entitled: Family, signed_in: SignedIn) -> None:
    page = page_of(signed_in(), entitled.child)
    today = clock.current_date_in_japan()
    age = cases_age(today)
    for words in ("平成30年5月10日（2018年）", age, "住民", entitled.child_no, "鶴見区", SECRET_TOWN):
        assert words in page.text, words
    assert "見本" not in page.title


def cases_age(today: date) -> str:
    """The age of the family's child, born on 2018-05-10."""
    return f"{today.year - 2018 - ((today.month, today.day) < (5, 10))}歳"


def test_the_household_tells_who_is_entitled_and_who_is_guardian(
    entitled: Family, signed_in: SignedIn
) -> None:
    words = section(page_of(signed_in(), entitled.father), "household")
    assert "資格あり" in words
    assert "保護者" in words
    assert "（この人）" in words
    assert "対象年齢ではない" in words


def test_a_child_without_entitlement_is_said_to_have_none(family: Family, signed_in: SignedIn) -> None:
    words = section(page_of(signed_in(), family.child), "household")
    assert "資格なし" in words
    assert "申請の記録なし" in words
    receive(family)
    assert "新規申請は「受付」" in section(page_of(signed_in(), family.child), "household")


def test_links_of_the_household_keep_the_purpose(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = open_person(clerk, family.child_no, purpose="case", case_no="R8-9")
    link = next(one for one in page.links if PERSON_PAGE.match(one))
    other = read(clerk.get(link))
    assert "個別の申請の調査（受付番号が必要）（受付番号 R8-9）" in other.text
    assert any(family.father in row[3] and row[1] == "R8-9" for row in reads_on("person", by=clerk.staff_no))


def test_the_picture_says_the_same_as_its_table(entitled: Family, signed_in: SignedIn) -> None:
    page = page_of(signed_in(), entitled.child)
    assert next(one for tag, one in page.tags if tag == "svg")["role"] == "img"
    assert "資格と、そのもとになる期間の図" in page.text
    words = section(page, "entitlement")
    for lane in ("資格", "医療証", "医療保険", "住民登録"):
        assert lane in words
    assert page.running() == []
    assert page.twice() == []


def test_what_is_missing_for_a_judgement_is_said_by_the_law(world: World, signed_in: SignedIn) -> None:
    family = world.family(insured=False)
    receive(family)
    words = section(page_of(signed_in(), family.child), "entitlement")
    assert "判定できません" in words
    assert "見込みであり、決定ではありません" in words
    world.insure(family.number + 1)
    assert "判定すると：資格あり" in section(page_of(signed_in(), family.child), "entitlement")


def test_the_guardians_missing_income_is_said_with_its_year(
    world: World, entitled: Family, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = signed_in()
    words = section(page_of(clerk, entitled.father), "evidence")
    assert "課税）の資料がありません" in words
    year = int(re.search(r"（(\d{4})年度）課税", words)[1])  # type: ignore[index]
    world.send("tax", [{
        **INCOME, "atenabango": entitled.father_no, "fuka_nendo": year, "taisho_kaishi": f"{year - 1}-01-01",
        "taisho_shuryo": f"{year - 1}-12-31", "shutoku_nengappi": f"{year}-06-10",
    }])  # fmt: skip
    told = section(page_of(clerk, entitled.father), "evidence")
    assert "の資料がありません" not in told
    assert "今日の判定に使う年" in told
    assert "年8月1日" in told
    assert "3,000,000円" in told


def test_an_adult_who_is_no_guardian_is_not_asked_for_income(family: Family, signed_in: SignedIn) -> None:
    assert "の資料がありません" not in page_of(signed_in(), family.father).text


def test_applications_say_who_did_what_and_for_whom_they_wait(family: Family, signed_in: SignedIn) -> None:
    application_id = receive(family)
    clerk = signed_in()
    assert "窓口担当の審査・判定を待っています" in section(page_of(clerk, family.child), "applications")
    judge(application_id)
    words = section(page_of(clerk, family.father), "applications")
    assert "判定 花子" in words.replace("　", " ")
    assert "決裁者の決裁を待っています" in words
    assert "児童：見本 一郎" in words.replace("　", " ")
    approve(application_id)
    assert "決裁 次郎" in section(page_of(clerk, family.child), "applications").replace("　", " ")


def test_a_stale_decision_stands_at_the_top_with_what_to_do(
    world: World, entitled: Family, signed_in: SignedIn
) -> None:
    world.send_loss_of_insurance(entitled, on="2026-09-01")
    page = page_of(signed_in(), entitled.child)
    alerts = page.text.partition("手続")[0]
    assert "判定の失効" in alerts
    assert "判定し直します" in alerts
    assert page.html.count("申請の画面を開く") == 1


def test_a_stale_decision_of_long_ago_alarms_nobody(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    application_id = receive(family)
    number = cases.application_by_id(application_id).number
    judge(application_id)
    from tests.cases.world import AT, CLERK, filing

    cases.withdraw_application(filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number), by=CLERK, at=AT)
    world.send_loss_of_insurance(family, on="2026-09-01")
    assert "判定の失効" not in page_of(signed_in(), family.child).text


@pytest.mark.parametrize("tell", ["move_out", "die"])
def test_who_is_gone_with_a_card_is_alarming(
    tell: str, world: World, entitled: Family, signed_in: SignedIn
) -> None:
    getattr(world, tell)(entitled, on="2026-09-10")
    page = page_of(signed_in(), entitled.child)
    assert "喪失届を受け付け、医療証を回収してください" in page.text
    assert "最後に登録されていた世帯の人" in page.text


def test_a_name_that_cannot_be_printed_is_told(family: Family, signed_in: SignedIn) -> None:
    fetch(
        "INSERT INTO registry_undrawable_name (addressee_id, field, code_points) VALUES (%s, 'shimei', 'U+20BB7') "
        "RETURNING id",
        family.child,
    )
    assert "氏名に、印刷用の書体にない文字があります" in page_of(signed_in(), family.child).text


def test_acts_lead_to_screens_that_may_be_opened(entitled: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = page_of(clerk, entitled.child)
    assert "応対を記録" in page.text
    acts = page.html.partition('class="person-acts"')[2].partition("</section>")[0]
    links = Page(f"<p{acts}").links
    assert links
    assert {clerk.get(one).status_code for one in links} == {200}


def test_who_may_not_write_is_offered_no_acts(entitled: Family, signed_in: SignedIn) -> None:
    page = page_of(signed_in("number"), entitled.child)
    assert "応対を記録" not in page.text
    assert "無効にする" not in page.text
    write(entitled.child)
    assert "訂正する" not in page_of(signed_in("number"), entitled.child).text


def test_of_a_protected_person_nothing_tells_where(
    world: World, entitled: Family, signed_in: SignedIn
) -> None:
    world.send("protection", [measure(entitled.number + 1)])
    page = page_of(signed_in("counter", office=OTHER_WARD), entitled.child)
    assert "支援措置の対象です" in page.text
    assert SECRET_TOWN not in page.html
    assert "鶴見区" not in page.text.replace("鶴見区保険年金課", "")
    assert entitled.father_no not in page.text
    assert not [one for one in page.links if PERSON_PAGE.match(one)]
    assert "市内に住民登録" not in page.text
    assert (
        page.text.index("支援措置の対象です") < page.text.index("この画面の中")
        if "この画面の中" in page.text
        else True
    )


def test_another_ward_is_refused_and_learns_nothing(entitled: Family, signed_in: SignedIn) -> None:
    elsewhere = signed_in(office=OTHER_WARD)
    answer = elsewhere.get(address_of(elsewhere, entitled.child))
    assert answer.status_code == 403
    for words in ("見本", entitled.child_no, SECRET_TOWN, "資格"):
        assert words not in answer.content.decode().partition("<main")[2]


def test_the_head_office_sees_every_ward(entitled: Family, signed_in: SignedIn) -> None:
    assert "資格あり" in page_of(signed_in("head", office=HEAD), entitled.child).text


def test_a_contractor_sees_the_page_without_contact_records(
    world: World, entitled: Family, signed_in: SignedIn, town: Any
) -> None:
    write(entitled.child)
    worker = signed_in("contractor", office=CONTRACTOR)
    answer = worker.get(address_of(worker, entitled.child))
    assert answer.status_code == 403
    account_id, staff_no = town.account(office=CONTRACTOR)
    town.grant(account_id, role="contractor", office=HEAD)
    reach = Person(account_id, staff_no).begin()
    page = page_of(reach, entitled.child)
    assert "資格あり" in page.text
    assert "電話の内容" not in page.text
    assert "応対記録" not in page.text
    assert not any("応対記録" in row[2] for row in reads_on("person", by=reach.staff_no))


def test_what_the_page_shows_is_on_record(entitled: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page_of(clerk, entitled.child)
    told = {
        what for row in reads_on("person", by=clerk.staff_no) if entitled.child in row[3] for what in row[2]
    }
    assert {
        "氏名・生年月日・性別・住所・世帯", "世帯員", "資格の有無と保護者かどうか", "申請の経過と判定・決裁",
        "医療証の交付の経過", "資格の期間と区分", "所得・医療保険・生活保護・他制度", "印刷した帳票の経過", "応対記録",
    } <= told  # fmt: skip
    of_father = {
        what for row in reads_on("person", by=clerk.staff_no) if entitled.father in row[3] for what in row[2]
    }
    assert "判定に足りないものの確認（所得・医療保険・生活保護・他制度）" in of_father
    assert "所得・医療保険・生活保護・他制度" not in of_father


def _queries_of(person: Person, addressee: int) -> list[str]:
    address = address_of(person, addressee)
    person.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert person.get(address).status_code == 200
    return [one["sql"] for one in asked]


def test_the_page_asks_no_more_for_a_large_family(
    world: World, entitled: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    small = _queries_of(clerk, entitled.father)
    household = f"9{entitled.number:014}"
    more = [
        resident(entitled.number + 3 + one, setaibango=household, tsuzukigara="10", seinengappi="2019-05-10",
                 shimei="見本　次子", ido_nengappi="2020-04-01")
        for one in range(5)
    ]  # fmt: skip
    world.send("resident", more)
    ids = registry.addressee_ids([addressee_no(entitled.number + 3 + one) for one in range(5)])
    for child in ids.values():
        receive(Family(0, "", "", child, entitled.father))
    for _ in range(25):
        write(entitled.father)
    large = _queries_of(clerk, entitled.father)
    assert len(large) == len(small), large[len(small) :]
    assert len(page_of(clerk, entitled.father).links) > 10


def test_the_whole_page_is_few_round_trips(entitled: Family, signed_in: SignedIn) -> None:
    assert len(_queries_of(signed_in(), entitled.child)) <= 45


def test_no_section_asks_more_than_three_times(entitled: Family) -> None:
    today = clock.current_date_in_japan()
    ids = [entitled.child, entitled.father]
    for ask in (
        lambda: (registry.household(entitled.child, today=today), cases.standing_of(ids, on=today)),
        lambda: cases.applications_told(entitled.child, on=today),
        lambda: (cases.certificates_of(ids[:1]), cases.entitlements_of(ids[:1])),
        lambda: evidence.evidence_held(ids),
        lambda: (registry.person_facts(ids[:1]), registry.undrawable_items(entitled.child)),
        lambda: registry.contacts_of(entitled.child, limit=20),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        assert len(asked) <= 3, [one["sql"] for one in asked]


def test_only_twenty_records_stand_on_the_page_and_the_rest_is_a_link_away(
    family: Family, signed_in: SignedIn
) -> None:
    for number in range(21):
        write(family.child, content=f"応対その{number:02}。")
    clerk = signed_in()
    page = page_of(clerk, family.child)
    assert "応対その20。" in page.text
    assert "応対その00。" not in page.text
    more = next(one for one in page.links if re.match(r"^/contacts/[^/]+/$", one))
    assert "応対その00。" not in read(clerk.get(more)).text
    last = next(one for one in read(clerk.get(more)).links if "after=" in one)
    assert "応対その00。" in read(clerk.get(last)).text


def test_an_application_of_another_ward_is_no_link(world: World, signed_in: SignedIn) -> None:
    family = world.family()
    receive(family, ward_code=OTHER_WARD_CODE)
    page = page_of(signed_in(), family.child)
    assert not [one for one in page.links if one.startswith("/applications/") and one != "/applications/"]


def test_nobody_is_found_behind_a_ticket_of_nobody(world: World, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert clerk.get(address_of(clerk, 999_999)).status_code == 404
    assert person_on_page.__doc__


def test_what_lies_a_day_ahead_is_not_due(family: Family, signed_in: SignedIn) -> None:
    today = clock.current_date_in_japan()
    write(family.child, follow_up_on=today + timedelta(days=1))
    clerk = signed_in()
    assert "期限の用件が残っています" not in page_of(clerk, family.child).text
    write(family.child, follow_up_on=today)
    assert "期限の用件が残っています" in page_of(clerk, family.child).text
