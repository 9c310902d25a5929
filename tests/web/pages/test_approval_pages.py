"""The approver's queue: what is worth a look, side by side, and several at once, each by what was seen of it."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.web.pages import approvals, batch
from tests.cases.world import CHECK, Family, World, certify, judge, receive, state
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.casework import address_of, page_of, press, values_of
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import OTHER_WARD, OTHER_WARD_CODE, Person


def judged(family: Family, **items: object) -> int:
    """A judged application."""
    case = receive(family, **items)
    judge(case)
    return case


def chosen_of(person: Person) -> list[str]:
    """What may be chosen on the queue."""
    return values_of(read(person.get("/approvals/")), "chosen")


def reviewed(person: Person, chosen: list[str]) -> Page:
    """The page on which the chosen ones are looked at."""
    answer = person.post("/approvals/review/", {"chosen": chosen})
    assert answer.status_code == 200
    return read(answer)


def test_the_queue_holds_the_judged_of_the_ward_oldest_first(world: World, signed_in: SignedIn) -> None:
    first, second = judged(world.family()), judged(world.family())
    judged(world.family(), ward_code=OTHER_WARD_CODE)
    receive(world.family())
    page = read(signed_in("approver").get("/approvals/"))
    numbers = [cases.application_by_id(one).number for one in (first, second)]
    assert [page.text.index(one) for one in numbers] == sorted(page.text.index(one) for one in numbers)
    assert len(values_of(page, "chosen")) == 2
    assert "資格あり：" in page.text
    assert "8歳" in page.text
    assert "鶴見区保険年金課 判定 花子" in page.text.replace("　", " ")


def test_an_empty_queue_says_so(world: World, signed_in: SignedIn) -> None:
    assert "決裁を待つ申請はありません" in read(signed_in("approver").get("/approvals/")).text


def test_the_queue_goes_on_behind_a_sealed_place(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "PAGE", 2)
    for _ in range(3):
        judged(world.family())
    approver = signed_in("approver")
    first = read(approver.get("/approvals/"))
    (onward,) = [one for one in first.links if "after=" in one]
    assert len(values_of(first, "chosen")) == 2
    assert len(values_of(read(approver.get(onward)), "chosen")) == 1
    assert approver.get("/approvals/?after=made-up").status_code == 404


def test_own_and_stale_judgements_are_marked_and_not_to_be_chosen(world: World, signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    own, stale = receive(world.family()), world.family()
    judge(own, by=Actor(approver.staff_no, "戸塚 桜子", "戸塚区保険係"))
    judged(stale)
    world.send_loss_of_insurance(stale, on="2026-09-01")
    page = read(approver.get("/approvals/"))
    assert values_of(page, "chosen") == []
    assert "自分の判定" in page.text
    assert "使えません" in page.text


def test_what_is_worth_a_look_is_flagged(world: World, signed_in: SignedIn) -> None:
    mailed, protected, changed = world.family(), world.family(), world.family(insured=False)
    copied = CHECK._replace(seen=cases.Seen.COPY)
    judged(mailed, channel=cases.Channel.MAIL, identity=copied)
    judged(protected)
    world.send("protection", [measure(protected.number + 1)])
    again = judged(changed)
    world.insure(changed.number + 1)
    judge(again)
    text = read(signed_in("approver").get("/approvals/")).text
    for words in ("郵送で本人確認", "支援措置", "前の判定と異なる"):
        assert words in text, words


def test_the_three_are_shown_side_by_side(family: Family, signed_in: SignedIn) -> None:
    case = judged(family, documents=("資格確認書の写し",))
    page = page_of(signed_in("approver"), case, act="approval")
    for words in (
        "申請に書かれたこと",
        "資料が示すこと",
        "判定の過程",
        "資格確認書の写し",
        "保険者番号 06130488",
    ):
        assert words in page.text, words
    assert "個人番号カード" in page.text
    assert page.form_to("/approve/").fields["seen"] == page.form_to("/send-back/").fields["seen"]


def test_side_by_side_is_approved_and_sent_back(world: World, signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    yes, no = judged(world.family()), judged(world.family())
    assert press(approver, page_of(approver, yes, act="approval"), "approve").status_code == 302
    page = page_of(approver, no, act="approval")
    assert press(approver, page, "send-back", why="資料の確認").status_code == 302
    assert (state(yes), state(no)) == ("approved", "sent_back")


def test_side_by_side_is_of_the_ward_and_of_what_was_judged(world: World, signed_in: SignedIn) -> None:
    case, other = judged(world.family()), receive(world.family())
    elsewhere, here = signed_in("approver", office=OTHER_WARD), signed_in("approver")
    assert elsewhere.get(address_of(elsewhere, case, act="approval")).status_code == 403
    assert here.get(address_of(here, other, act="approval")).status_code == 404
    done = certify(world.family())
    page = page_of(here, done, act="approval")
    assert "この申請は決裁を待っていません" in page.text
    assert not [form for form in page.forms if "approve" in form.action]


def test_the_judge_is_not_asked_side_by_side(family: Family, signed_in: SignedIn) -> None:
    approver, case = signed_in("approver"), receive(family)
    judge(case, by=Actor(approver.staff_no, "戸塚 桜子", "戸塚区保険係"))
    page = page_of(approver, case, act="approval")
    assert "判定した職員は決裁できません" in page.text
    assert not [form for form in page.forms if form.action.endswith(("/approve/", "/send-back/"))]


def test_several_are_looked_at_and_each_is_approved_by_what_was_seen(
    world: World, signed_in: SignedIn
) -> None:
    ids = [judged(world.family()) for _ in range(3)]
    approver = signed_in("approver")
    page = reviewed(approver, chosen_of(approver))
    confirmed = values_of(page, "confirmed")
    assert len(confirmed) == 3
    for words in ("内容を確認した", "資格あり：", "基準日の満年齢", "自己負担なし", "照合値"):
        assert words in page.text, words
    answer = approver.post("/approvals/decide/", {"confirmed": confirmed[:2]})
    assert "2件を決裁しました。" in read(answer).text
    assert [state(one) for one in ids] == ["approved", "approved", "judged"]


def test_one_that_went_stale_meanwhile_is_left_and_named(world: World, signed_in: SignedIn) -> None:
    families = [world.family() for _ in range(3)]
    ids = [judged(one) for one in families]
    approver = signed_in("approver")
    confirmed = values_of(reviewed(approver, chosen_of(approver)), "confirmed")
    world.send_loss_of_insurance(families[1], on="2026-09-01")
    judge(ids[2])
    text = read(approver.post("/approvals/decide/", {"confirmed": confirmed})).text
    assert "1件を決裁しました。" in text
    assert "決裁しなかったもの（2件）" in text
    assert "判定のあとに住民・所得・保険などの事実が変わりました" in text
    assert "表示したあとに判定が変わりました" in text
    assert [state(one) for one in ids] == ["approved", "judged", "judged"]


def test_one_that_another_approved_meanwhile_is_left_and_named(world: World, signed_in: SignedIn) -> None:
    case = judged(world.family())
    first, second = signed_in("approver"), signed_in("approver")
    chosen = chosen_of(second)
    confirmed = values_of(reviewed(second, chosen), "confirmed")
    press(first, page_of(first, case), "approve")
    text = read(second.post("/approvals/decide/", {"confirmed": confirmed})).text
    assert "判定済の申請ではありません" in text
    assert "もう決裁を待っていません" in reviewed(second, chosen).text


def test_of_a_batch_in_which_much_changed_only_the_unchanged_is_approved(
    world: World, signed_in: SignedIn
) -> None:
    """Judged again, sent back, gone stale, approved by another, and one as it was: each by itself, none blindly."""
    families = {name: world.family() for name in ("same", "again", "back", "stale", "other", "unmarked")}
    ids = {name: judged(family) for name, family in families.items()}
    mine, theirs = signed_in("approver"), signed_in("approver")
    confirmed = values_of(reviewed(mine, chosen_of(mine)), "confirmed")
    assert len(confirmed) == 6
    judge(ids["again"])
    press(theirs, page_of(theirs, ids["back"]), "send-back", why="資料の確認")
    world.send_loss_of_insurance(families["stale"], on="2026-09-01")
    press(theirs, page_of(theirs, ids["other"]), "approve")
    text = read(mine.post("/approvals/decide/", {"confirmed": confirmed[:5]})).text
    assert "1件を決裁しました。" in text and "決裁しなかったもの（4件）" in text
    for name in ("again", "back", "stale", "other"):
        assert cases.application_by_id(ids[name]).number in text, name
    assert {name: state(case) for name, case in ids.items()} == {
        "same": "approved", "again": "judged", "back": "sent_back", "stale": "judged", "other": "approved",
        "unmarked": "judged",
    }  # fmt: skip
    approvers = {name: cases.case_file(ids[name]).approved_by for name in ("same", "other")}
    assert all(approvers.values())


def test_what_was_seen_of_one_approves_no_other(world: World, signed_in: SignedIn) -> None:
    ids = [judged(world.family()) for _ in range(2)]
    approver = signed_in("approver")
    first, second = values_of(reviewed(approver, chosen_of(approver)), "confirmed")
    crossed = [f"{first.partition('.')[0]}.{second.partition('.')[2]}"]
    text = read(approver.post("/approvals/decide/", {"confirmed": crossed})).text
    assert "表示したあとに判定が変わりました" in text
    assert {state(one) for one in ids} == {"judged"}


def test_one_of_another_ward_among_several_approves_none(world: World, signed_in: SignedIn) -> None:
    """The right is asked of all before the first is approved: a batch is not done by half for want of it."""
    from kyufu.web.tokens import token_for

    here, there = judged(world.family()), judged(world.family(), ward_code=OTHER_WARD_CODE)
    approver = signed_in("approver")
    sent = []
    for case in (here, there):
        token = token_for(kind="application", key=case, account_id=approver.account_id)
        sent.append(f"{token}.{cases.decision_digest(cases.application_by_id(case).decision_id or 0)}")
    assert approver.post("/approvals/decide/", {"confirmed": sent}).status_code == 403
    assert (state(here), state(there)) == ("judged", "judged")


def test_the_same_one_twice_is_approved_once(world: World, signed_in: SignedIn) -> None:
    case, approver = judged(world.family()), signed_in("approver")
    (chosen,) = chosen_of(approver)
    page = reviewed(approver, [chosen, chosen])
    (confirmed,) = values_of(page, "confirmed")
    text = read(approver.post("/approvals/decide/", {"confirmed": [confirmed, confirmed]})).text
    assert "1件を決裁しました。" in text and "決裁しなかったもの" not in text
    assert state(case) == "approved"


def test_what_rests_on_an_unconfirmed_value_is_said_where_several_are_looked_at(
    family: Family, signed_in: SignedIn
) -> None:
    """The same marks as on the page of the one case: nobody approves an assumed value unseen for being in a hurry."""
    case = judged(family)
    approver = signed_in("approver")
    alone = page_of(approver, case, act="approval").text
    several = reviewed(approver, chosen_of(approver)).text
    assert "未確認の値" in alone
    assert "未確認の値" in several


def test_looking_at_more_asks_the_database_no_more_often(world: World, signed_in: SignedIn) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    approver, asked = signed_in("approver"), []
    for count in (1, 4):
        while len(chosen := chosen_of(approver)) < count:
            judged(world.family())
        with CaptureQueriesContext(connection) as queries:
            reviewed(approver, chosen)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_nothing_is_approved_blindly(world: World, signed_in: SignedIn) -> None:
    case = judged(world.family())
    approver = signed_in("approver")
    (chosen,) = chosen_of(approver)
    for data in ({"chosen": [chosen]}, {"chosen": [chosen], "confirmed": []}):
        answer = approver.post("/approvals/decide/", data)
        assert answer.status_code == 422
        assert "「内容を確認した」に印のある申請がありません" in read(answer).text
    assert approver.post("/approvals/decide/", {}).status_code == 422
    assert approver.post("/approvals/review/", {}).status_code == 422
    made_up = approver.post("/approvals/decide/", {"confirmed": [f"{chosen}.{'0' * 64}"]})
    assert "決裁しなかったもの（1件）" in read(made_up).text
    assert approver.post("/approvals/decide/", {"confirmed": ["made-up"]}).status_code == 404
    assert state(case) == "judged"


def test_the_batch_has_a_limit(world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [judged(world.family()) for _ in range(3)]
    approver = signed_in("approver")
    chosen = chosen_of(approver)
    confirmed = values_of(reviewed(approver, chosen), "confirmed")
    monkeypatch.setattr(approvals, "most_at_once", lambda _: 2)
    answer = approver.post("/approvals/review/", {"chosen": chosen})
    assert answer.status_code == 422
    assert "一度に決裁できるのは2件までです（3件が選ばれています）" in read(answer).text
    assert approver.post("/approvals/decide/", {"confirmed": confirmed}).status_code == 422
    assert {state(one) for one in ids} == {"judged"}


def test_own_judgements_are_left_out_of_a_batch(world: World, signed_in: SignedIn) -> None:
    approver, case = signed_in("approver"), receive(world.family())
    judge(case, by=Actor(approver.staff_no, "戸塚 桜子", "戸塚区保険係"))
    from kyufu.web.tokens import token_for

    token = token_for(kind="application", key=case, account_id=approver.account_id)
    page = reviewed(approver, [token])
    assert "判定した職員は、その決裁をできません" in page.text
    digest = cases.decision_digest(cases.application_by_id(case).decision_id or 0)
    answer = approver.post("/approvals/decide/", {"confirmed": [f"{token}.{digest}"]})
    assert "判定した職員は、その決裁をできません" in read(answer).text
    assert state(case) == "judged"


def test_a_batch_of_another_ward_is_refused(world: World, signed_in: SignedIn) -> None:
    case, elsewhere = judged(world.family()), signed_in("approver", office=OTHER_WARD)
    from kyufu.web.tokens import token_for

    token = token_for(kind="application", key=case, account_id=elsewhere.account_id)
    digest = cases.decision_digest(cases.application_by_id(case).decision_id or 0)
    assert elsewhere.post("/approvals/decide/", {"confirmed": [f"{token}.{digest}"]}).status_code == 403
    assert "決裁できる申請がありません" in reviewed(elsewhere, [token]).text
    assert state(case) == "judged"


def test_a_protected_child_has_no_address_in_queue_or_side_by_side(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    case = judged(family)
    world.send("protection", [measure(family.number + 1)])
    approver = signed_in("approver")
    for html in (
        read(approver.get("/approvals/")).html,
        page_of(approver, case, act="approval").html,
    ):
        assert "駒岡一丁目" not in html
        assert "支援措置" in html
    assert "住所の記録は表示しません" in page_of(approver, case, act="approval").text


def test_looking_at_the_queue_is_logged(family: Family, signed_in: SignedIn) -> None:
    judged(family)
    approver = signed_in("approver")
    approver.get("/approvals/")
    seen = {person for row in reads_on("approvals", by=approver.staff_no) for person in row[3]}
    assert family.child in seen


def test_the_limit_is_a_dated_value_that_is_owned_to_be_assumed() -> None:
    from datetime import date

    from kyufu.platform.errors import BadInput

    assert batch.most_at_once(date(2026, 8, 1)) == 20
    assert {one.certainty for one in batch.batch_rules()} == {"assumed"}
    with pytest.raises(BadInput, match="一括決裁の件数"):
        batch.most_at_once(date(2000, 1, 1))
