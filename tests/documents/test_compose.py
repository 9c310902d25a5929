"""What documents say: every reason and figure of the Decision, wareki, the appeal, and no address of the protected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyufu.documents import compose
from kyufu.documents.content import Kind, LetterContent
from kyufu.documents.selection import texts_of
from kyufu.documents.wording import appeal_notice
from kyufu.law.decision import Outcome, Reason
from kyufu.platform.errors import BadInput, Refused
from tests.documents import samples
from tests.law.yokohama import INSURANCE_UNKNOWN, NOT_RESIDENT, RULES_UNKNOWN, TOO_OLD, say_income_over


def all_text(content: object) -> str:
    """Everything that is put on paper, in one string."""
    return "\n".join(texts_of(content))


def headings(letter: LetterContent) -> list[str]:
    """The headings of a letter."""
    return [section.heading for section in letter.sections]


def test_the_card_says_what_the_certificate_row_holds() -> None:
    content = samples.certificate(index=1234566)
    card = content.card
    assert (card.payer_number, card.recipient_number) == (samples.PAYER, "1234566")
    assert (card.valid_from, card.valid_to) == ("令和8年8月1日", "令和9年7月31日")
    assert (card.copay, card.issued, card.qr_text) == ("自己負担なし", "令和8年8月1日", "0001234566")
    assert (card.child_address, card.child_building) == (samples.ADDRESS, samples.BUILDING)


def test_the_last_day_is_the_day_before_the_end() -> None:
    row = samples.certificate_row(end=date(2027, 4, 1))
    content = compose.certificate_content(row, people=samples.people(), setting=samples.SETTING)
    assert content.card.valid_to == "令和9年3月31日"


def test_a_copay_is_named_as_the_law_names_it() -> None:
    row = samples.certificate_row(benefit_class="visit_500")
    content = compose.certificate_content(row, people=samples.people(), setting=samples.SETTING)
    assert "通院1回500円まで" in content.card.copay


@pytest.mark.parametrize(
    "row", [samples.certificate_row(end=None), samples.certificate_row(benefit_class="unheard")]
)
def test_a_certificate_without_end_or_with_an_unknown_copay_is_refused(row: samples.CertificateRow) -> None:
    with pytest.raises(Refused):
        compose.certificate_content(row, people=samples.people(), setting=samples.SETTING)


def test_the_address_of_a_protected_child_is_nowhere() -> None:
    safe = samples.postal(address="横浜市中区日本大通１番地", building="支援センター気付")
    hidden = samples.person(protected=True)
    of = samples.people(child=hidden, guardian=hidden, to=safe)
    for content in (samples.certificate(of=of), samples.rejection(of=of)):
        assert samples.ADDRESS not in all_text(content)
        assert samples.BUILDING not in all_text(content)
        assert content.addressee.address == safe.address
    card = samples.certificate(of=of).card
    assert (card.child_address, card.child_building) == ("横浜市", "")


HIDDEN = samples.person(protected=True)


@pytest.mark.parametrize(
    "people",
    [
        samples.people(child=HIDDEN),
        samples.people(guardian=HIDDEN),
        samples.people(child=HIDDEN, guardian=HIDDEN),
    ],
    ids=["child", "guardian", "both"],
)
def test_letters_to_a_protected_household_come_from_the_head_office_and_name_no_ward(
    people: compose.People,
) -> None:
    safe = replace(people, to=samples.postal(address="横浜市中区日本大通１番地", building=""))
    for content in (samples.certificate(of=safe), samples.rejection(of=safe)):
        assert (content.sender.office, content.sender.section) == ("健康福祉局", "医療援助課")
        assert content.number.startswith("医援第")
        assert "港北" not in all_text(content.sender) + content.number
    assert samples.certificate(of=safe).card.office == "健康福祉局 医療援助課"


def test_nothing_on_the_paper_of_a_protected_family_names_the_ward() -> None:
    safe = samples.postal(address="横浜市中区日本大通１番地", building="")
    of = samples.people(child=HIDDEN, guardian=HIDDEN, to=safe)
    for content in (samples.certificate(of=of), samples.rejection(of=of)):
        assert "港北" not in all_text(content)
        assert "045-540-2221" not in all_text(content)


def test_even_an_address_that_slipped_in_stays_off_a_protected_card() -> None:
    leaky = replace(samples.person(), protected=True)
    assert samples.ADDRESS not in all_text(samples.certificate(of=samples.people(child=leaky)).card)


@pytest.mark.parametrize(
    ("birth_date", "note", "written"),
    [
        (date(2019, 4, 30), "", "平成31年4月30日"),
        (date(2019, 5, 1), "", "令和元年5月1日"),
        (None, "平成25年日不詳", "平成25年日不詳"),
        (date(2013, 6, 1), "平成25年6月日不詳", "平成25年6月日不詳"),
        (None, "", "不詳"),
    ],
)
def test_birth_dates_in_wareki_or_as_the_register_notes_them(
    birth_date: date | None, note: str, written: str
) -> None:
    assert compose.birth_text(samples.person(birth_date=birth_date, birth_date_note=note)) == written


def test_a_rejection_gives_every_reason_with_its_basis() -> None:
    income = say_income_over(6_080_000)
    letter = samples.rejection(reasons=(TOO_OLD, income, NOT_RESIDENT))
    (section,) = [section for section in letter.sections if "理由" in section.heading]
    assert section.points == (TOO_OLD.text, income.text, NOT_RESIDENT.text)
    assert "第2条第1項" in section.note
    assert "第4条" in section.note
    assert "令和8年8月1日現在" in section.heading
    assert "令和8年7月15日に受け付けた" in letter.opening[0]


def test_figures_leave_out_what_is_not_the_addressees_to_know() -> None:
    text = all_text(samples.rejection())
    assert "4,321,000" not in text
    assert "18歳" in text
    assert "平成27年4月1日" in text
    assert "学年" not in text


def test_each_decision_that_affects_rights_tells_how_to_appeal() -> None:
    notice = appeal_notice(samples.TOWN.appeal)
    assert samples.rejection().appeal == notice
    assert samples.loss().appeal == notice
    assert "翌日から起算して３か月以内に、横浜市長に対して審査請求" in notice[0]
    assert "翌日から起算して６か月以内に、横浜市を被告として" in notice[1]
    assert "横浜市を代表する者は横浜市長" in notice[1]
    assert "裁決があったことを知った日の翌日から起算して６か月以内" in notice[2]


def test_a_request_is_no_decision_and_asks_for_papers() -> None:
    letter = samples.request(
        reasons=(INSURANCE_UNKNOWN, Reason("income.missing_year", "所得の資料がありません。"))
    )
    assert letter.appeal == ()
    assert "決定していません" in letter.opening[0]
    (asked,) = [section.points for section in letter.sections if section.heading == "ご提出いただくもの"]
    assert [("資格確認書" in asked[0]), ("課税" in asked[1])] == [True, True]


def test_the_same_paper_is_asked_for_once() -> None:
    twice = (
        Reason("income.missing_year", "父の所得がありません。"),
        Reason("missing.levy", "税額が分かりません。"),
    )
    (asked,) = [
        s.points for s in samples.request(reasons=twice).sections if s.heading == "ご提出いただくもの"
    ]
    assert len(asked) == 1


def test_a_guardian_is_not_written_to_about_what_only_the_office_can_find() -> None:
    with pytest.raises(Refused, match="保護者に提出を求めるもの"):
        samples.request(reasons=(RULES_UNKNOWN,))


def test_a_loss_says_from_when_and_asks_the_card_back() -> None:
    letter = samples.loss()
    text = all_text(letter)
    assert letter.kind is Kind.LOSS
    assert "令和8年7月20日からは小児医療証を使えません" in text
    assert "1234566" in text
    assert [("喪失" in heading) for heading in headings(letter)][:2] == [True, True]


def test_the_ward_in_charge_sends_it() -> None:
    content = samples.certificate()
    assert (content.sender.office, content.sender.section) == ("港北区役所", "保険年金課")
    assert content.number == "港北保年第0000000001号"
    assert content.card.office == "港北区役所 保険年金課"


def test_a_ward_of_another_city_cannot_send() -> None:
    abroad = replace(samples.people(), ward_code="131016")
    with pytest.raises(BadInput, match="131016"):
        samples.certificate(of=abroad)


def test_no_section_is_empty() -> None:
    bare = samples.decision(outcome=Outcome.NOT_ELIGIBLE)._replace(steps=())
    letter = compose.rejection_content(
        samples.rejection_row(), decision=bare, people=samples.people(), setting=samples.SETTING
    )
    assert "判定に用いた内容" not in headings(letter)
