"""What-if: the same law on changed facts, marked as such everywhere, stored nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.world import Family, World, certify, receive
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.casework import page_of, person_address, table_counts
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import CONTRACTOR, OTHER_WARD, Person

MARK = "試算：保存されません。決定ではありません。"
CHECKS = ("widow", "single_parent", "working_student", "elderly_spouse")
FATHER = {
    "g1-relation": "father", "g1-tax_year": "2022", "g1-declared": "yes", "g1-salary": "６，４００，０００円",
    "g1-income_levy": "200,000", "g1-per_capita_levy": "5000", "g1-dependants": "1",
}  # fmt: skip
# A day on which the city still limited the income.
LIMITED = {
    "judged_on": "2022-10-01",
    "applied_on": "2022-08-01",
    "insured": "yes",
    "insured_from": "2019-01-01",
}


def opened(person: Person, addressee_id: int) -> Page:
    """The form with the gathered facts."""
    answer = person.get(person_address(person, addressee_id, act="trial"))
    assert answer.status_code == 200
    return read(answer)


def tried(person: Person, addressee_id: int, **typed: str) -> Any:
    """Send the form with what is changed in it; a list to pick from keeps what is picked."""
    page = opened(person, addressee_id)
    fields = max(page.forms, key=lambda form: len(form.fields)).fields
    fields = {name: value for name, value in fields.items() if name.rpartition("-")[2] not in CHECKS}
    fields |= {"insured": "yes", "scheme": "", "g1-relation": "", "g1-declared": ""}
    fields |= {"g2-relation": "", "g2-declared": ""}
    return person.post(person_address(person, addressee_id, act="trial"), fields | typed)


def test_the_form_is_filled_with_what_is_known(family: Family, signed_in: SignedIn) -> None:
    receive(family)
    page = opened(signed_in(), family.child)
    fields = max(page.forms, key=lambda form: len(form.fields)).fields
    assert fields["birth_date"] == "平成30年5月10日"
    assert fields["resident_from"] == "令和2年4月1日"
    assert fields["insured_from"] == "令和6年4月1日"
    assert page.text.count(MARK) == 1
    assert page.unlabelled() == []
    assert page.twice() == []


def test_the_law_answers_the_changed_facts(family: Family, signed_in: SignedIn) -> None:
    receive(family)
    clerk = signed_in()
    kept = read(tried(clerk, family.child, **{"g1-relation": "father"}))
    assert "資格あり：" in kept.text
    assert kept.text.count(MARK) == 2
    grown = read(tried(clerk, family.child, birth_date="H13.5.10"))
    assert "資格なし：この日に助成の対象となる年齢を過ぎています。" in grown.text
    assert "判定の過程" in grown.text


def test_a_limit_of_income_is_compared_with_both_figures(family: Family, signed_in: SignedIn) -> None:
    text = read(tried(signed_in(), family.child, **LIMITED, **FATHER)).text
    assert "判定所得 6,220,000円 ≧ 限度額 5,700,000円" in text
    assert "保護者1（父）" in text
    under = read(tried(signed_in(), family.child, **LIMITED, **(FATHER | {"g1-salary": "3000000"}))).text
    assert "判定所得 2,820,000円 ＜ 限度額 5,700,000円" in under


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"insured": "unknown", "insured_from": ""}, "健康保険の資格が確認できません"),
        ({"birth_date": ""}, "生年月日が分かりません"),
        ({"applied_on": ""}, "申請がありません"),
    ],
)
def test_what_is_left_empty_is_not_known_to_the_law(
    typed: dict[str, str], said: str, family: Family, signed_in: SignedIn
) -> None:
    receive(family)
    text = read(tried(signed_in(), family.child, **({"g1-relation": "father"} | typed))).text
    assert "判定できません：" in text
    assert said in text
    assert "足りないもの" in text


def test_public_assistance_and_other_schemes_are_tried(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    helped = read(tried(clerk, family.child, assisted_from="2026-01-01"))
    assert "生活保護（又は支援給付）を受けています" in helped.text
    other = read(tried(clerk, family.child, scheme="disability", scheme_from="2026-01-01"))
    assert "重度障害者の医療費助成を受けています" in other.text


def test_nothing_of_a_trial_is_stored(family: Family, signed_in: SignedIn) -> None:
    certify(family)
    clerk = signed_in()
    before = table_counts()
    assert tried(clerk, family.child, birth_date="2001-05-10").status_code == 200
    assert tried(clerk, family.child, birth_date="nonsense").status_code == 422
    assert table_counts() == before
    assert "cases_decision" in before


def test_a_trial_is_logged_as_a_reading_of_child_and_guardian(family: Family, signed_in: SignedIn) -> None:
    receive(family)
    clerk = signed_in()
    opened(clerk, family.child)
    seen = {person for row in reads_on("trial", by=clerk.staff_no) for person in row[3]}
    assert {family.child, family.father} <= seen


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"judged_on": ""}, "判定の基準日：入力してください。"),
        ({"birth_date": "kinou"}, "日付として読めません"),
        ({"resident_to": "2019-01-01"}, "最後の日が始まりの日より前か"),
        ({"insured_from": ""}, "加入しているときは、資格取得日を入力してください"),
        ({"scheme": "disability"}, "開始日を入力してください"),
        ({"g1-relation": "father", "g1-salary": "たくさん"}, "数字で入力してください（例"),
        ({"g1-relation": "father", "g1-salary": "9" * 15}, "桁が多すぎます"),
        ({"g1-relation": "father", "g1-tax_year": "2026"}, "賦課年度と申告は"),
        ({"g1-dependants": "1", "g1-elderly": "2"}, "扶養親族等の数より多く"),
        ({"g1-dependants": "21"}, "桁が多すぎます"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    typed: dict[str, str], said: str, family: Family, signed_in: SignedIn
) -> None:
    answer = tried(signed_in(), family.child, **typed)
    assert answer.status_code == 422
    page = read(answer)
    assert said in page.text
    assert "試算の結果" not in page.text
    for name, value in typed.items():
        if value and name != "g1-relation":
            assert value in page.html, name


def test_another_ward_and_a_contractor_try_nothing(family: Family, signed_in: SignedIn) -> None:
    for person in (signed_in(office=OTHER_WARD), signed_in("contractor", office=CONTRACTOR)):
        assert person.get(person_address(person, family.child, act="trial")).status_code == 403


def test_a_protected_child_is_tried_without_an_address(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    receive(family)
    world.send("protection", [measure(family.number + 1)])
    clerk = signed_in()
    for html in (opened(clerk, family.child).html, read(tried(clerk, family.child)).html):
        assert "駒岡一丁目" not in html


def test_the_page_of_an_application_is_no_trial(family: Family, signed_in: SignedIn) -> None:
    assert MARK not in page_of(signed_in(), certify(family)).text
