"""The parameters on the pages: listed in words, changed by one and approved by another, with the effect before it."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.law.child import list_parameters
from kyufu.law.parameters.entries import Certainty
from kyufu.law.parameters.overlay import NOTHING
from kyufu.ordinance import api as ordinance
from kyufu.platform import clock
from tests.cases.world import World, certify, quiet
from tests.ordinance.parts import FIRST, PREFECTURE_BASE, confirmed, head_office, wish
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import Form, Page, read
from tests.web.town import HEAD, Person, Town

pytestmark = pytest.mark.django_db(transaction=True)
LABEL = "要件を満たした日にさかのぼって資格を認める申請までの日数"


@pytest.fixture
def two(town: Town, signed_in: SignedIn) -> tuple[Person, Person]:
    """Two of the head office at their terminals."""
    return signed_in("head", office=HEAD), signed_in("head", office=HEAD)


def page_of(person: Person, *, label: str = LABEL) -> str:
    """The address of a parameter's own page."""
    html = person.get("/parameters/").content.decode()
    return html.split(f'">{label}</a>')[0].rpartition('href="')[2].rstrip('"')


def main_form(page: Page) -> Form:
    """The form of the page itself, which goes to its own address."""
    return next(form for form in page.forms if form.action == "" and form.method == "post")


def form_of(person: Person, *, label: str = LABEL, column: str = "") -> tuple[str, dict[str, str]]:
    """The address of the form of proposing a change, and what stands in it at first."""
    own = person.get(page_of(person, label=label)).content.decode()
    address = own.split(f">{label}{column}の変更を申し出る")[0].rpartition('href="')[2].rstrip('"')
    html = person.get(address).content.decode()
    picked = html.partition('" selected')[0].rpartition('value="')[2]
    fields = main_form(read(person.get(address))).fields
    return address, {
        "change1-place": picked,
        "change1-value": "60",
        "change1-first_day": "令和9年8月1日",
        "change1-last_day": "",
        "change1-source": "小児医療費助成の要綱（令和9年改正）",
        "change1-certainty": "official",
        "reason": "要綱の改正のため",
        "rows": "1",
        "version": fields["version"],
    }


def propose(person: Person, **items: str) -> tuple[str, int]:
    """Propose through the page; gives the address of the proposal's page and its id."""
    address, data = form_of(person)
    answer = person.post(address, data | items)
    assert answer.status_code == 302, read(answer).text
    (waiting,) = ordinance.open_change_sets(at=clock.current_instant())
    return answer["Location"], waiting.proposed.proposal_id


def for_second(person: Person, *, number: int) -> Page:
    """The page of the proposal as the second person opens it from the list of parameters."""
    page = read(person.get("/parameters/"))
    return read(person.get(next(link for link in page.links if "/parameters/changes/" in link)))


def test_every_parameter_is_listed_once_with_certainty_in_words(two: tuple[Person, Person]) -> None:
    page = read(two[0].get("/parameters/"))
    ordered = sorted(list_parameters("yokohama"), key=lambda one: one.period.start)
    labels = {(one.file, one.table, one.key): str(one.columns["label"]) for one in ordered}.values()
    assert not [label for label in labels if label not in page.text]
    for certainty in Certainty:
        assert certainty.label in page.text
    for code in ("yokohama_child", "backdating_days", "to_18_year_end", "first_of_next_month", "grade:13"):
        assert code not in page.text
    assert page.bare_tables == 0 and page.unlabelled() == [] and page.twice() == []


def test_the_value_of_a_day_and_the_filters(two: tuple[Person, Person]) -> None:
    first = two[0]
    then = read(
        first.get(
            "/parameters/", data={"on": "平成30年4月1日", "text": "対象 中学校", "file": "", "certainty": ""}
        )
    )
    assert "中学校1年生から3年生まで" in then.text
    assumed = read(
        first.get("/parameters/", data={"on": "2026-11-24", "certainty": "assumed", "file": "", "text": ""})
    )
    assert "仮定" in assumed.text and "child.html（2023-09-01）：有効期間" not in assumed.text
    none = read(
        first.get(
            "/parameters/", data={"on": "2026-11-24", "text": "存在しない言葉", "file": "", "certainty": ""}
        )
    )
    assert "条件に合う基準値はありません" in none.text
    wrong = first.get("/parameters/", data={"on": "きのう", "file": "", "certainty": "", "text": ""})
    assert wrong.status_code == 422 and "日付として読めません" in read(wrong).text


def test_one_parameter_shows_its_days_its_use_and_its_history(two: tuple[Person, Person]) -> None:
    page = read(two[0].get(page_of(two[0])))
    assert LABEL in page.headings
    assert "30日" in page.text and "現在" in page.text and "仮定（要確認）" in page.text
    assert "第5条" in page.text and "資格の始まる日" in page.text
    assert "承認された変更はありません" in page.text
    bands = read(two[0].get(page_of(two[0], label="1歳から18歳に達する日以後の最初の3月31日まで")))
    assert "所得制限：なし" in bands.text and "第2条第1項" in bands.text


def test_a_role_without_the_right_sees_no_way_to_change(signed_in: SignedIn) -> None:
    auditor = signed_in("auditor", office=HEAD)
    page = read(auditor.get(page_of(auditor)))
    assert not [link for link in page.links if link.endswith("/propose/")]
    assert signed_in("counter").get("/parameters/").status_code == 403


def test_the_whole_way_of_a_change(world: World, two: tuple[Person, Person]) -> None:
    first, second = two
    certify(world.family())
    where, number = propose(first)
    own = read(first.get(where))
    assert "申し出た職員は承認できません" in own.text and "まだ試算していません" in own.text
    assert own.form_to("/estimate/").fields["on"] == "令和9年8月1日"
    theirs = for_second(second, number=number)
    for said in (
        LABEL,
        "30日",
        "60日",
        "令和9年8月1日",
        "小児医療費助成の要綱",
        "公表資料",
        "要綱の改正のため",
    ):
        assert said in theirs.text and said in own.text, said
    assert not [form for form in theirs.forms if form.action.endswith("/confirm/")]
    cases.estimate_change(number, on=FIRST, report=quiet)
    shown = for_second(second, number=number)
    assert (
        "試算した日時" in shown.text
        and "申請・資格のある児童：1人" in shown.text
        and "変わらない" in shown.text
    )
    form = shown.form_to("/confirm/")
    fields = {name: form.fields[name] for name in ("seen", "estimate")}
    own_form = first.post(form.action, fields)
    assert own_form.status_code == 404
    answer = second.post(form.action, fields)
    assert answer.status_code == 302
    assert "承認しました。令和9年8月1日から適用されます。" in read(second.get(answer["Location"])).text
    overlay = ordinance.confirmed_overlay("yokohama")
    assert [(one.value, one.period.start) for one in overlay.changes] == [(60, date(2027, 8, 1))]
    after = read(second.get(page_of(second)))
    assert "これから" in after.text and "承認した変更" in after.text and "要綱の改正のため" in after.text
    assert len(events_of("parameters_changed", by=second.staff_no)) == 1
    assert len(events_of("proposed", by=first.staff_no)) == 1


def test_the_proposer_cannot_approve_on_the_own_address(world: World, two: tuple[Person, Person]) -> None:
    where, number = propose(two[0])
    cases.estimate_change(number, on=FIRST, report=quiet)
    found = ordinance.find_change_set(number, at=clock.current_instant())
    assert found is not None
    seen = for_second(two[1], number=number).form_to("/confirm/").fields
    answer = two[0].post(f"{where}confirm/", {"seen": seen["seen"], "estimate": seen["estimate"]})
    assert answer.status_code == 409
    assert "最初に行った職員は、その確認をできません。" in read(answer).text
    assert ordinance.confirmed_overlay("yokohama") == NOTHING


def test_an_estimate_made_again_must_be_seen_again(world: World, two: tuple[Person, Person]) -> None:
    _, number = propose(two[0])
    cases.estimate_change(number, on=FIRST, report=quiet)
    form = for_second(two[1], number=number).form_to("/confirm/")
    fields = {name: form.fields[name] for name in ("seen", "estimate")}
    cases.estimate_change(number, on=date(2027, 9, 1), report=quiet)
    answer = two[1].post(form.action, fields)
    assert answer.status_code == 409 and "影響試算がやり直されています" in read(answer).text
    missing = two[1].post(form.action, {"seen": fields["seen"]})
    assert missing.status_code == 422
    assert ordinance.confirmed_overlay("yokohama") == NOTHING


def test_refused_by_the_second_or_taken_back_by_the_first(two: tuple[Person, Person]) -> None:
    where, number = propose(two[0])
    refusal = for_second(two[1], number=number).form_to("/refuse/")
    assert two[1].post(refusal.action, {"reason": "根拠が違います"}).status_code == 302
    assert two[0].get(where).status_code == 404
    where, _ = propose(two[0])
    withdrawal = read(two[0].get(where)).form_to("/withdraw/")
    assert two[0].post(withdrawal.action).status_code == 302
    assert ordinance.open_change_sets(at=clock.current_instant()) == ()
    assert ordinance.confirmed_overlay("yokohama") == NOTHING


def test_the_list_of_what_waits_leads_to_the_change(two: tuple[Person, Person]) -> None:
    propose(two[0])
    page = read(two[1].get("/proposals/"))
    assert "基準値の変更" in page.text
    answer = two[1].get(
        next(link for link in page.links if link.startswith("/proposals/") and len(link) > 20)
    )
    assert answer.status_code == 302 and "/parameters/changes/" in answer["Location"]


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ({"change1-value": "六十日"}, "新しい値：数字を入力してください。"),
        ({"change1-value": "30"}, "新しい値：今の値と同じです。"),
        ({"change1-first_day": "2010-01-01"}, "適用の始まる日：もとの値のない日"),
        ({"change1-last_day": "2027-07-01"}, "適用の最後の日：終わりの日が始まりの日より前です。"),
        ({"change1-source": ""}, "出典：入力してください。"),
        ({"change1-certainty": ""}, "確かさ：選んでください。"),
        ({"change1-place": "9999"}, "基準値：一覧から選び直してください。"),
        ({"reason": ""}, "変更の理由：理由を入力してください。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    two: tuple[Person, Person], items: dict[str, str], says: str
) -> None:
    address, data = form_of(two[0])
    answer = two[0].post(address, data | items)
    page = read(answer)
    assert answer.status_code == 422 and says in page.text, page.text
    kept = main_form(page).fields
    for name in ("change1-value", "change1-first_day", "change1-source"):
        assert kept[name] == (data | items)[name]
    assert ordinance.open_change_sets(at=clock.current_instant()) == ()


def test_changes_that_belong_together_are_proposed_together(two: tuple[Person, Person]) -> None:
    label = "1歳から18歳に達する日以後の最初の3月31日まで"
    address, data = form_of(two[0], label=label, column="：所得制限")
    more = two[0].post(address, data | {"add": "1"})
    page = read(more)
    assert more.status_code == 200 and "変更2" in page.text
    fields = main_form(page).fields
    assert fields["change1-value"] == "60" and fields["rows"] == "2" and fields["reason"] == data["reason"]
    html = more.content.decode()
    assert html.count("<fieldset") == 2
    both = data | {"rows": "2", "change1-value": "あり", **_second(html)}
    answer = two[0].post(address, both)
    assert answer.status_code == 302, read(answer).text
    (waiting,) = ordinance.open_change_sets(at=clock.current_instant())
    assert len(waiting.lines) == 2 and waiting.proposed.subject.endswith("ほか1件")


def _second(html: str) -> dict[str, str]:
    """A second change: the income limit of the city."""
    option = html.split(">市の所得限度額（扶養親族等0人）")[0].rpartition('value="')[2].partition('"')[0]
    return {
        "change2-place": option, "change2-value": "4,000,000", "change2-first_day": "2027-08-01",
        "change2-last_day": "", "change2-source": "条例の改正", "change2-certainty": "official",
    }  # fmt: skip


def test_a_form_made_before_another_change_was_approved_is_told_so(
    town: Town, two: tuple[Person, Person]
) -> None:
    address, data = form_of(two[0])
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    confirmed(wish(PREFECTURE_BASE, "6000000"), first=first, second=second, at=clock.current_instant())
    answer = two[0].post(address, data)
    page = read(answer)
    assert answer.status_code == 409
    assert (
        "別の変更が承認されました" in page.text and "基準 二郎" in page.text and "県の所得限度額" in page.text
    )
    again = main_form(page).fields
    assert again["change1-value"] == "60" and again["version"] != data["version"]
    assert two[0].post(address, data | {"version": again["version"]}).status_code == 302
