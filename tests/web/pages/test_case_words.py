"""What the page of a case says comes next, what it lacks and what it rested on: words for every state (no database)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.law.calendar.period import Period
from kyufu.law.decision import Outcome
from kyufu.web.pages.case_access import changes_since
from kyufu.web.pages.case_forms import HandoverForm, PrintForm, StepForm
from kyufu.web.pages.case_view import CLERK, ENDED, Case, next_step
from kyufu.web.pages.explaining import INCOME, INSURANCE, Whose, guardian_words, headline, missing_in
from tests.law.test_telling import decided

AT = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
STATES = tuple(cases.ApplicationState)
VALID = Period(date(2026, 8, 1), date(2027, 8, 1))
CARD = cases.CertificateSeen(7, "0000000007", "0000001", 1, "new", VALID, "child", VALID.start, "issued")
HANDED = cases.HandoverSeen(7, 1, "mail", "guardian", "", date(2026, 8, 2), "", "課　交付", AT)
FATHER, MOTHER = Whose(11, "保護者1（父）"), Whose(12, "保護者2（母）")


def case(state: str, **items: Any) -> Case:
    """A case in a state, with nothing printed, handed over or stale unless said."""
    row = cases.ApplicationRow(1, "R8-0000001", "new", "", state, "141011", date(2026, 8, 1), 10, 5)
    known: dict[str, Any] = {
        "row": row, "file": None, "steps": (), "persons": [], "guardians": (), "decision": None, "seen": "",
        "stale": "", "paper": None, "handovers": (), "certificates": (),
    }  # fmt: skip
    return Case(**{**known, **items})


def paper(*, printed: bool) -> documents.Paper:
    """The card of the case."""
    return documents.Paper(documents.Kind.CERTIFICATE, 7, 5, 10, 11, AT if printed else None, printed)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("received", "判定"),
        ("incomplete", "補正（足りない本人確認・書類の受領）"),
        ("judged", "決裁"),
        ("undecided", "足りない資料の受領と再判定"),
        ("sent_back", "差戻しの理由を確かめて再判定"),
        ("approved", "医療証の交付"),
        ("withdrawn", "ありません（処理は終わっています）"),
        ("closed", "ありません（処理は終わっています）"),
    ],
)
def test_what_comes_next_is_said_of_each_state(state: str, words: str) -> None:
    assert next_step(case(state)).what == words


@pytest.mark.parametrize("state", STATES)
def test_somebody_is_named_wherever_there_is_something_to_do(state: cases.ApplicationState) -> None:
    found = next_step(case(str(state)))
    assert bool(found.who) is (state not in ENDED)
    assert (found.who == CLERK) is (state not in ENDED and state is not cases.ApplicationState.JUDGED)


@pytest.mark.parametrize("state", STATES)
def test_a_stale_decision_is_judged_again_before_anything_else(state: cases.ApplicationState) -> None:
    words = next_step(case(str(state), stale="事実が変わりました")).what
    assert words.startswith("再判定") is (state not in ENDED)


def test_a_card_is_printed_then_handed_over_then_the_case_is_closed() -> None:
    issued = {"certificates": (CARD,)}
    assert next_step(case("issued", **issued, paper=paper(printed=False))).what == "医療証の印刷"
    printed = issued | {"paper": paper(printed=True)}
    assert next_step(case("issued", **printed)).what == "医療証の手渡しまたは郵送"
    assert next_step(case("issued", **printed, handovers=(HANDED,))).what == "完結"
    other = HANDED._replace(certificate_id=6)
    assert next_step(case("issued", **printed, handovers=(other,))).what == "医療証の手渡しまたは郵送"


@pytest.mark.parametrize("state", ["voided", "recovered", "replaced"])
def test_without_a_card_in_use_there_is_nothing_to_print(state: str) -> None:
    gone = case("issued", certificates=(CARD._replace(state=state),), paper=paper(printed=True))
    assert gone.card is None
    assert next_step(gone).what == "完結"


def test_a_rejection_is_printed_before_it_is_sent() -> None:
    assert next_step(case("rejected", paper=paper(printed=False))).what == "却下通知書の印刷"
    assert next_step(case("rejected", paper=paper(printed=True))).what == "却下通知書の送付、完結"


@pytest.mark.parametrize(
    ("kind", "start"), [("new", "却下："), ("loss", "喪失："), ("change", "資格なし："), ("", "資格なし：")]
)
def test_no_entitlement_is_said_in_the_word_of_what_was_asked(kind: str, start: str) -> None:
    assert headline(decided(), kind=kind).startswith(start)
    eligible = decided(salary=3_000_000)
    assert headline(eligible, kind=kind).startswith("資格あり：")


def test_what_is_missing_leads_to_where_it_is_entered() -> None:
    open_ = decided(insurances=())
    assert open_.outcome is Outcome.CANNOT_DECIDE
    (missing,) = missing_in(open_, child=10, guardians=(FATHER, MOTHER))
    assert missing.links == ((INSURANCE, 10, "児童の健康保険を登録する"),)
    assert missing.request


def test_a_missing_income_leads_to_each_guardian() -> None:
    poor = decided()
    without = decided(guardians=())
    assert missing_in(poor, child=10, guardians=(FATHER,)) == ()
    unknown = decided()._replace(
        outcome=Outcome.CANNOT_DECIDE,
        reasons=(decided().reasons[0]._replace(code="income.undeclared", text="未申告です。"),),
    )
    (missing,) = missing_in(unknown, child=10, guardians=(FATHER, MOTHER))
    assert missing.links == (
        (INCOME, 11, "保護者1（父）の所得を登録する"),
        (INCOME, 12, "保護者2（母）の所得を登録する"),
    )
    assert without.outcome is Outcome.CANNOT_DECIDE


def test_guardians_are_named_by_place_and_relation() -> None:
    words = guardian_words([(11, "father"), (12, "mother"), (13, "other")])
    assert [one.addressee_id for one in words] == [11, 12, 13]
    assert [one.word for one in words] == ["保護者1（父）", "保護者2（母）", "保護者3（その他）"]


def step(number: int) -> cases.StepRow:
    """A step of a history."""
    return cases.StepRow(None, "judged", "判定", "課", AT, "", None, number)


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ("3", []),
        ("2", [3]),
        ("1", [2, 3]),
        ("0", [1, 2, 3]),
        ("", []),
        ("x", []),
        ("-1", []),
        ("１", []),
        ("99", []),
    ],
)
def test_only_what_came_after_what_was_seen_is_a_change(seen: str, found: list[int]) -> None:
    steps = [step(number) for number in (1, 2, 3)]
    assert [one.step_id for one in changes_since(steps, step=seen)] == found


@pytest.mark.parametrize("sent", ["", "x", "0", "-1", "1.5"])
def test_an_act_says_what_it_was_seen_as_or_is_refused(sent: str) -> None:
    for form in (StepForm({"step": sent}), PrintForm({"step": sent}), HandoverForm({"step": sent})):
        assert "step" in form.errors
    assert StepForm({"step": "1"}).is_valid()


@pytest.mark.parametrize(
    ("way", "identity", "is_taken"),
    [
        ("counter", "photo_document", True), ("counter", "", False), ("counter", "none", False),
        ("counter", "insurance_alone", False), ("mail", "", True), ("mail", "photo_document", False), ("", "", False),
        ("courier", "", False),
    ],
)  # fmt: skip
def test_at_the_counter_somebody_is_looked_at_and_by_mail_nobody(
    way: str, identity: str, is_taken: bool
) -> None:
    sent = {
        "step": "1", "recorded": "0", "way": way, "handed_to": "guardian", "identity": identity,
        "handed_on": "2026-08-02",
    }  # fmt: skip
    form = HandoverForm(sent)
    assert form.is_valid() is is_taken, form.errors
    if is_taken:
        filing = form.filing()
        assert str(filing.way) == way
        assert (filing.identity is None) is (way == "mail")
