"""The list of applications: narrowed, looked up by receipt number, and never beyond the wards of the right."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.web.pages import applications
from tests.cases.world import World, judge, receive
from tests.web.conftest import SignedIn
from tests.web.pages.casework import address_of, page_of, press
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, OTHER_WARD_CODE, WARD_CODE


def listed(page: Page) -> int:
    """How many applications a list shows."""
    starts = [one for one in page.links if one.startswith("/applications/")]
    return len([one for one in starts if one != "/applications/" and "?" not in one])


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("kind=new", 3), ("kind=loss", 0), ("received_from=R8.8.2", 1), ("received_to=2026-08-01", 2),
        ("received_from=2026-08-01&received_to=2026-08-01", 2), (f"ward={WARD_CODE}", 2),
        (f"ward={OTHER_WARD_CODE}&state=received", 1), ("state=judged", 1), ("mine=on", 0), ("state=&kind=", 3),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(query: str, total: int, world: World, signed_in: SignedIn) -> None:
    from datetime import date

    judge(receive(world.family()))
    receive(world.family(), received_on=date(2026, 8, 2))
    receive(world.family(), ward_code=OTHER_WARD_CODE)
    answer = signed_in("head", office=HEAD).get(f"/applications/?{query}")
    assert answer.status_code == 200
    assert listed(read(answer)) == total


def test_own_work_is_what_one_has_dealt_with(world: World, signed_in: SignedIn) -> None:
    mine, _ = receive(world.family()), receive(world.family())
    clerk = signed_in()
    press(clerk, page_of(clerk, mine), "judge")
    assert listed(read(clerk.get("/applications/?mine=on"))) == 1
    assert listed(read(clerk.get("/applications/"))) == 2


@pytest.mark.parametrize("query", ["kind=nonsense", "ward=999999", f"ward={OTHER_WARD_CODE}", "state=x"])
def test_what_no_link_makes_is_not_found(query: str, world: World, signed_in: SignedIn) -> None:
    assert signed_in().get(f"/applications/?{query}").status_code == 404


def test_a_day_that_is_none_is_said(world: World, signed_in: SignedIn) -> None:
    answer = signed_in().get("/applications/?received_from=kyou")
    assert answer.status_code == 422
    assert "日付として読めません" in read(answer).text


def test_the_next_page_stays_narrowed(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "PAGE", 1)
    for _ in range(2):
        judge(receive(world.family()))
    receive(world.family())
    clerk = signed_in()
    (onward,) = [one for one in read(clerk.get("/applications/?state=judged")).links if "after=" in one]
    assert "state=judged" in onward
    last = read(clerk.get(onward))
    assert listed(last) == 1
    assert not [one for one in last.links if "after=" in one]


@pytest.mark.parametrize("form", ["{number}", "{running}", "{short}", " {number} ", "{wide}"])
def test_a_receipt_number_leads_to_its_page(form: str, world: World, signed_in: SignedIn) -> None:
    case = receive(world.family())
    number = cases.application_by_id(case).number
    running = number.partition("-")[2]
    wide = "".join(chr(ord(one) + 0xFEE0) for one in number)
    typed = form.format(number=number, running=running, short=running.lstrip("0"), wide=wide)
    clerk = signed_in()
    answer = clerk.post("/applications/", {"number": typed})
    assert (answer.status_code, answer["Location"]) == (302, address_of(clerk, case))


def test_a_number_of_two_years_is_listed(world: World, signed_in: SignedIn) -> None:
    from django.db import connection

    for year in ("2025", "2026"):
        case = receive(world.family())
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_application SET number = %s WHERE id = %s", [f"{year}-0000077", case]
            )
    page = read(signed_in().post("/applications/", {"number": "77"}))
    assert listed(page) == 2
    assert "受付番号が当てはまるもの" in page.text


def test_a_number_of_another_ward_is_not_found(world: World, signed_in: SignedIn) -> None:
    case = receive(world.family())
    number = cases.application_by_id(case).number
    page = read(signed_in(office=OTHER_WARD).post("/applications/", {"number": number}))
    assert "その受付番号の申請・届出は、所管する区にありません" in page.text
    assert number not in page.title


def test_no_number_is_asked_for(world: World, signed_in: SignedIn) -> None:
    answer = signed_in().post("/applications/", {"number": ""})
    assert answer.status_code == 422
    assert "受付番号：入力してください。" in read(answer).text
