"""Drafts on the pages: kept while typing, by a button and on every failure, offered again, thrown away, and rescued."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.web import drafts
from kyufu.web.models import Draft
from kyufu.web.pages.draft_offers import Place
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World, receive
from tests.web.conftest import SignedIn
from tests.web.pages.intake import address, completion, filled, latest, receive_at_once
from tests.web.pages.log import reads_on
from tests.web.pages.reading import read
from tests.web.town import OTHER_WARD, Person, Town

NOTICE = "前回の下書き"
AGENT = "代理 花子"


def save_address(page_html: str) -> str:
    """The address to which a page sends what is typed."""
    found = re.search(r'hx-post="([^"]+/save/)"', page_html)
    assert found is not None
    return found[1]


def begin(clerk: Person, family: Family, **items: str) -> str:
    """Open a form and type; gives the address of the form."""
    path = address(clerk, family.child)
    save = save_address(clerk.get(path).content.decode())
    answer = clerk.post(save, filled(family, agent_name=AGENT, **items), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return path


def test_what_is_typed_is_kept_and_said_so(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    html = clerk.get(address(clerk, family.child)).content.decode()
    assert 'hx-include="closest form"' in html and 'role="status"' in html and NOTICE not in html
    answer = clerk.post(save_address(html), filled(family), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert re.match(r"下書きを保存しました（\d\d:\d\d）。\d+月\d+日 \d\d:\d\d まで残ります。", text), text
    assert "<" not in text
    empty = clerk.post(save_address(html), {}, headers={"HX-Request": "true"})
    assert empty.content.decode() == "下書きに残す入力はありません。"


def test_without_a_script_the_button_keeps_it_and_comes_back(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    page = read(clerk.get(path))
    (save,) = {one for form in page.forms for one in form.buttons}
    answer = clerk.post(save, filled(family, agent_name=AGENT))
    assert (answer.status_code, answer["Location"]) == (302, path)
    again = read(clerk.get(path))
    assert "下書きを保存しました" in again.text and NOTICE in again.text


def test_a_draft_is_offered_filled_in_and_noted_as_read(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = read(clerk.get(begin(clerk, family, received_on="R8.11.1")))
    assert NOTICE in page.text and "表示しています" in page.text
    for kept in (f'value="{AGENT}"', 'value="R8.11.1"'):
        assert kept in page.html
    chosen = re.findall(r'<input[^>]*value="([^"]*)"[^>]*checked', page.html)
    assert {"counter", str(family.father), "father", "original"} <= set(chosen)
    whats = [(one, row[3]) for row in reads_on("intake_new", by=clerk.staff_no) for one in row[2]]
    assert any(one == drafts.WHAT and family.child in subjects for one, subjects in whats)


def test_nobody_else_sees_it(family: Family, signed_in: SignedIn) -> None:
    first, second = signed_in(), signed_in()
    begin(first, family)
    page = read(second.get(address(second, family.child)))
    assert NOTICE not in page.text and AGENT not in page.html
    assert "残っている下書きはありません" in read(second.get("/drafts/")).text


@pytest.mark.parametrize("step", ["confirm", "receive", "edit"])
def test_whatever_is_sent_and_not_received_is_kept(step: str, family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.post(path, {**filled(family, agent_name=AGENT, received_on="きのう"), "step": step})
    assert f'value="{AGENT}"' in clerk.get(path).content.decode()
    clerk.post(path, {**filled(family, agent_name="別の代理人"), "step": step})
    assert 'value="別の代理人"' in clerk.get(path).content.decode()


def test_it_is_gone_when_the_form_is_received(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = begin(clerk, family)
    assert receive_at_once(clerk, path, filled(family, agent_name=AGENT)).status_code == 302
    assert Draft.objects.count() == 0


def test_it_stays_when_the_form_is_refused(family: Family, signed_in: SignedIn) -> None:
    receive(family)
    clerk = signed_in()
    path = address(clerk, family.child)
    assert receive_at_once(clerk, path, filled(family, agent_name=AGENT)).status_code == 409
    assert f'value="{AGENT}"' in clerk.get(path).content.decode()


def test_it_is_thrown_away_by_the_button_of_the_notice(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = begin(clerk, family)
    form = read(clerk.get(path)).form_to("/discard/")
    answer = clerk.post(form.action)
    assert (answer.status_code, answer["Location"]) == (302, path)
    page = read(clerk.get(path))
    assert NOTICE not in page.text and AGENT not in page.html
    assert "下書きを破棄しました" in page.text
    assert clerk.post(form.action).status_code == 302


def test_one_that_cannot_be_read_is_said_and_hinders_nothing(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = begin(clerk, family)
    Draft.objects.update(content=b"\x00" * 64)
    page = read(clerk.get(path))
    assert "は読み取れませんでした" in page.text and AGENT not in page.html
    assert receive_at_once(clerk, path, filled(family)).status_code == 302


def test_the_own_list_leads_back_to_the_form(world: World, family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = begin(clerk, family)
    waiting = receive(world.family(), identity=None)
    clerk.post(completion(clerk, waiting), {"received_on": "いつか"})
    page = read(clerk.get("/drafts/"))
    assert "新規申請の受付" in page.text and "補正の受付" in page.text and "見本" in page.text
    assert AGENT not in page.html and "見本" not in page.title
    assert path in page.links and completion(clerk, waiting) in page.links
    for link in (path, completion(clerk, waiting)):
        assert NOTICE in read(clerk.get(link)).text
    seen = {one for row in reads_on("drafts", by=clerk.staff_no) for one in row[3]}
    assert family.child in seen
    for form in [one for one in page.forms if one.action.endswith("/discard/")]:
        assert clerk.post(form.action)["Location"] == "/drafts/"
    assert Draft.objects.count() == 0


def test_who_lost_the_right_sees_no_draft_and_saves_none(
    family: Family, signed_in: SignedIn, town: Town
) -> None:
    clerk = signed_in()
    path = begin(clerk, family)
    save = save_address(clerk.get(path).content.decode())
    by = staff.rights_of(town.administrators[0], on=town.today)
    (grant,) = staff.current_grants(clerk.account_id, on=town.today)
    staff.end_grant(grant.grant_id, rights=by, at=clock.current_instant(), why="担当替え")
    assert clerk.get("/drafts/").status_code == 403
    refused = clerk.post(save, filled(family, agent_name="変更"))
    assert refused.status_code == 409 and "権限がない" in read(refused).text
    assert clerk.get(path).status_code == 403


def test_a_draft_about_somebody_of_another_ward_shows_no_name(family: Family, signed_in: SignedIn) -> None:
    elsewhere = signed_in(office=OTHER_WARD)
    form = drafts.draft_form("intake_new")
    assert form is not None
    about = drafts.About(str(family.child), family.child)
    key = Place(form, about, "").key
    token = token_for(kind="draft", key=key, account_id=elsewhere.account_id)
    assert elsewhere.post(f"/drafts/{token}/save/", {"agent_name": AGENT})["Location"] == "/drafts/"
    page = read(elsewhere.get("/drafts/"))
    assert "いまの権限では表示できません" in page.text and "見本" not in page.html


@pytest.mark.parametrize("key", ["", "intake_new", "intake_new|1|1", "people|1|1|", "nothing|1|1|x"])
def test_a_token_that_names_no_form_opens_nothing(key: str, signed_in: SignedIn) -> None:
    clerk = signed_in()
    token = token_for(kind="draft", key=key, account_id=clerk.account_id)
    for end in ("save", "discard"):
        assert clerk.post(f"/drafts/{token}/{end}/", {"agent_name": "あ"}).status_code == 404


def test_a_token_of_another_account_saves_and_discards_nothing(family: Family, signed_in: SignedIn) -> None:
    first, second = signed_in(), signed_in()
    path = begin(first, family)
    html = first.get(path).content.decode()
    for target in (save_address(html), read(first.get(path)).form_to("/discard/").action):
        assert second.post(target, {"agent_name": "あ"}).status_code == 404
    assert f'value="{AGENT}"' in first.get(path).content.decode()


class Hands:
    """The hands of the house's clock, which a test may move on."""

    def __init__(self) -> None:
        self.at: datetime = clock.current_instant()


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """A clock that stands until it is moved."""
    hands = Hands()
    monkeypatch.setattr(clock, "current_instant", lambda: hands.at)
    return hands


def idle(hands: Hands) -> None:
    """Let the session end by itself."""
    hands.at += timedelta(minutes=staff.sign_in_policy(hands.at.date()).idle_minutes)


def test_what_is_sent_after_the_session_ended_is_kept_and_gone_on_with(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    idle(hands)
    answer = clerk.post(path, {**filled(family, agent_name=AGENT), "step": "confirm"})
    page = read(answer)
    assert answer.status_code == 403
    for words in ("入力は下書きに残しました", "サインインし直すと続けられます", "まだ登録していません"):
        assert words in page.text, words
    assert AGENT not in page.html and "見本" not in page.html
    assert any("next=" in link and "intake" in link for link in page.links)
    assert cases.applications_about([family.child]) == ()
    hands.at += timedelta(minutes=1)
    clerk.sign_in()
    again = read(clerk.get(path))
    assert NOTICE in again.text and f'value="{AGENT}"' in again.html
    assert receive_at_once(clerk, path, filled(family, agent_name=AGENT)).status_code == 302
    assert latest(family).state == "received"


def test_what_is_saved_while_typing_after_the_end_is_kept_as_well(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    save = save_address(clerk.get(path).content.decode())
    idle(hands)
    answer = clerk.post(save, filled(family, agent_name=AGENT), headers={"HX-Request": "true"})
    page = read(answer)
    assert answer.status_code == 403
    assert "入力は下書きに残しました" in page.text
    (link,) = [one for one in page.links if "next=" in one]
    assert link.endswith(quote(path, safe=""))
    hands.at += timedelta(minutes=1)
    clerk.sign_in()
    assert f'value="{AGENT}"' in clerk.get(path).content.decode()


def test_after_the_end_nothing_is_kept_by_a_token_of_another_account(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    other = signed_in()
    save = save_address(other.get(address(other, family.child)).content.decode())
    clerk = signed_in()
    clerk.get(address(clerk, family.child))
    idle(hands)
    assert clerk.post(save, filled(family)).status_code == 403
    assert Draft.objects.count() == 0


def test_after_the_end_nothing_is_kept_without_the_right(
    family: Family, signed_in: SignedIn, hands: Hands, town: Town
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    by = staff.rights_of(town.administrators[0], on=town.today)
    (grant,) = staff.current_grants(clerk.account_id, on=town.today)
    staff.end_grant(grant.grant_id, rights=by, at=clock.current_instant(), why="担当替え")
    idle(hands)
    answer = clerk.post(path, {**filled(family), "step": "confirm"})
    assert answer.status_code == 403 and "登録していません" in read(answer).text
    assert Draft.objects.count() == 0


def test_more_than_a_form_holds_is_not_kept_after_the_end(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    idle(hands)
    answer = clerk.post(path, filled(family, agent_name="あ" * (drafts.MOST_CHARACTERS + 1)))
    assert answer.status_code == 403 and "登録していません" in read(answer).text
    assert Draft.objects.count() == 0


def test_after_the_end_nothing_is_kept_of_what_another_site_sends(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    idle(hands)
    for token in ("", "x" * 64):
        data = {**filled(family, agent_name=AGENT), "csrfmiddlewaretoken": token}
        answer = clerk.client.post(path, data)
        assert answer.status_code in (302, 403)
        assert "下書きに残しました" not in answer.content.decode()
    assert Draft.objects.count() == 0


def test_a_form_that_was_not_opened_in_the_session_is_not_kept(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    clerk.get("/people/")
    idle(hands)
    answer = clerk.post(address(clerk, family.child), {**filled(family), "step": "confirm"})
    assert "登録していません" in read(answer).text
    assert Draft.objects.count() == 0


def test_at_another_terminal_the_session_ends_and_nothing_is_kept(
    family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    answer = clerk.post(path, {**filled(family), "step": "confirm"}, REMOTE_ADDR="::1")
    assert answer.status_code == 403
    assert Draft.objects.count() == 0


def test_at_another_terminal_nothing_is_kept_after_the_end_either(
    family: Family, signed_in: SignedIn, hands: Hands
) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    clerk.get(path)
    idle(hands)
    answer = clerk.post(path, {**filled(family), "step": "confirm"}, REMOTE_ADDR="::1")
    assert answer.status_code == 403
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("path", ["/people/", "/nowhere/", "/people/made-up/intake/new/", "/sign-out/"])
def test_other_forms_end_as_before(path: str, family: Family, signed_in: SignedIn, hands: Hands) -> None:
    clerk = signed_in()
    clerk.get(address(clerk, family.child))
    idle(hands)
    answer = clerk.post(path, {"agent_name": AGENT})
    assert answer.status_code == 403
    assert "最後に送信した内容は登録していません" in read(answer).text
    assert Draft.objects.count() == 0


def test_a_stranger_keeps_nothing(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    stranger = Client()
    assert stranger.post(path, filled(family)).status_code == 302
    assert Draft.objects.count() == 0
