"""Which periods of a person the picture shows, in what words and in which order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from kyufu.cases.api import CertificateSeen, CertificateState, EntitlementRow
from kyufu.evidence.api import EvidenceHeld
from kyufu.evidence.insurance import InsuranceEvidence
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import OtherScheme, OtherSchemeKind, Residence
from kyufu.law.child.income_years import IncomeYear
from kyufu.law.income.evidence import Declared, Deductions, Dependants, IncomeEvidence, Incomes, IncomeSource
from kyufu.registry.api import PersonFacts
from kyufu.web.pages.person_lanes import lanes_of
from kyufu.web.pages.timeline import Lane, draw

TODAY = date(2026, 11, 29)
YEAR = Period(date(2026, 8, 1), date(2027, 8, 1))
NOTHING = EvidenceHeld((), (), (), ())
ALWAYS = ["資格", "医療証", "医療保険", "所得の資料"]
HERE = Residence("141003", Period(date(2018, 5, 10), None))
THERE = Residence("131016", Period(date(2016, 1, 1), date(2018, 5, 10)))


def card(state: CertificateState, number: str = "C1") -> CertificateSeen:
    return CertificateSeen(1, number, "0000001", 1, "new", YEAR, "infant", date(2026, 8, 1), str(state))


def income(tax_year: int, source: IncomeSource) -> tuple[IncomeEvidence, IncomeYear]:
    """What a source says of the year before a levy year, with the certificate year that goes by it."""
    covers = Period(date(tax_year - 1, 1, 1), date(tax_year, 1, 1))
    evidence = IncomeEvidence(
        tax_year=tax_year, covers=covers, declared=next(iter(Declared)), source=source,
        obtained_on=date(tax_year, 6, 10),
        incomes=Incomes(), deductions=Deductions(), dependants=Dependants(), income_levy=0, per_capita_levy=0,
    )  # fmt: skip
    return evidence, IncomeYear(tax_year, covers, Period(date(tax_year, 8, 1), date(tax_year + 1, 8, 1)))


def lanes(
    *,
    entitlements: Sequence[EntitlementRow] = (),
    certificates: Sequence[CertificateSeen] = (),
    incomes: Sequence[tuple[IncomeEvidence, IncomeYear | None]] = (),
    held: EvidenceHeld = NOTHING,
    facts: PersonFacts | None = None,
) -> list[Lane]:
    return lanes_of(
        entitlements=entitlements, certificates=certificates, incomes=incomes, held=held, facts=facts
    )


def labels(found: list[Lane]) -> list[str]:
    return [one.label for one in found]


def lane(found: list[Lane], label: str) -> Lane:
    (one,) = [lane for lane in found if lane.label == label]
    return one


def test_of_nobody_known_the_ordinary_lanes_stand_empty() -> None:
    found = lanes()
    assert labels(found) == ALWAYS
    assert all(one.bars == () for one in found)
    assert draw(found, today=TODAY, birth_date=None).lanes[0].bars == ()


def test_where_somebody_lived_is_a_lane_only_where_it_may_be_shown() -> None:
    facts = PersonFacts(date(2016, 1, 1), (THERE, HERE))
    assert labels(lanes(facts=facts)) == [*ALWAYS, "住民登録"]
    assert "住民登録" not in labels(lanes(facts=None)), "a protected person's residence is nobody's business"


def test_only_the_residences_in_the_city_are_drawn() -> None:
    found = lanes(facts=PersonFacts(None, (THERE, HERE)))
    assert [(bar.period, bar.text, bar.kind) for bar in lane(found, "住民登録").bars] == [
        (HERE.period, "市内に住民登録", "residence")
    ]
    assert lane(lanes(facts=PersonFacts(None, (THERE,))), "住民登録").bars == ()


def test_an_entitlement_is_named_with_its_class() -> None:
    rows = [
        EntitlementRow(1, 2, YEAR, "free", 3),
        EntitlementRow(2, 2, Period(YEAR.start, None), "visit_500", 4),
    ]
    bars = lane(lanes(entitlements=rows), "資格").bars
    assert [bar.period for bar in bars] == [row.valid for row in rows]
    assert {bar.kind for bar in bars} == {"entitled"}
    assert all(bar.text.startswith("資格あり（") and bar.text.endswith("）") for bar in bars)


@pytest.mark.parametrize("state", list(CertificateState))
def test_a_card_says_its_state_and_number_and_only_one_in_use_looks_like_one(state: CertificateState) -> None:
    (bar,) = lane(lanes(certificates=[card(state, "R8-77")]), "医療証").bars
    assert bar.text.endswith(" R8-77")
    assert len(bar.text) > len(" R8-77"), "never by colour alone"
    assert (bar.kind == "card") is (state is CertificateState.ISSUED)


def test_every_card_that_ever_was_is_drawn() -> None:
    cards = [card(CertificateState.VOIDED, "C1"), card(CertificateState.ISSUED, "C2")]
    assert [bar.text.split()[-1] for bar in lane(lanes(certificates=cards), "医療証").bars] == ["C1", "C2"]


def test_an_insurance_is_told_by_its_insurer_and_by_no_number_of_the_insured() -> None:
    insured = InsuranceEvidence(
        "01130012", "記号9", "番号8", "枝番7", "family", YEAR, "feed", date(2026, 7, 1)
    )  # fmt: skip
    (bar,) = lane(lanes(held=NOTHING._replace(insurances=(insured,))), "医療保険").bars
    assert (bar.text, bar.period) == ("保険者 01130012", YEAR)


def test_two_sources_of_a_year_are_one_bar() -> None:
    sources = list(IncomeSource)
    both = [income(2026, sources[0]), income(2026, sources[-1])]
    (bar,) = lane(lanes(incomes=both), "所得の資料").bars
    assert (bar.text, bar.period, bar.kind) == ("令和7年中の所得", both[0][1].benefit, "income")


def test_the_incomes_of_two_years_follow_upon_each_other() -> None:
    source = next(iter(IncomeSource))
    first, second = lane(lanes(incomes=[income(2025, source), income(2026, source)]), "所得の資料").bars
    assert (first.text, second.text) == ("令和6年中の所得", "令和7年中の所得")
    assert first.period.end == second.period.start


def test_an_income_of_a_year_without_rules_speaks_for_no_months() -> None:
    evidence, _ = income(1999, next(iter(IncomeSource)))
    assert lane(lanes(incomes=[(evidence, None)]), "所得の資料").bars == ()


def test_a_year_is_said_by_its_era_where_the_era_changed() -> None:
    (bar,) = lane(lanes(incomes=[income(2020, next(iter(IncomeSource)))]), "所得の資料").bars
    assert bar.text in ("平成31年中の所得", "令和元年中の所得")


@pytest.mark.parametrize("kind", list(OtherSchemeKind))
def test_every_other_scheme_has_words_and_a_lane(kind: OtherSchemeKind) -> None:
    found = lanes(held=NOTHING._replace(other_schemes=(OtherScheme(kind, YEAR),)))
    assert labels(found) == [*ALWAYS, "他制度"]
    (bar,) = lane(found, "他制度").bars
    assert bar.text
    assert bar.text != str(kind), "a clerk reads no code"


def test_assistance_stands_before_the_other_schemes_and_its_lane_before_the_residence() -> None:
    held = NOTHING._replace(
        assistances=(YEAR,), other_schemes=(OtherScheme(OtherSchemeKind.SINGLE_PARENT, YEAR),)
    )
    found = lanes(held=held, facts=PersonFacts(None, (HERE,)))
    assert labels(found) == [*ALWAYS, "他制度", "住民登録"]
    assert lane(found, "他制度").bars[0].text == "生活保護など"
    assert len(lane(found, "他制度").bars) == 2


def test_what_shares_days_stands_in_rows_below_each_other() -> None:
    held = NOTHING._replace(
        assistances=(YEAR,), other_schemes=(OtherScheme(OtherSchemeKind.SINGLE_PARENT, YEAR),)
    )
    (drawn,) = [
        one for one in draw(lanes(held=held), today=TODAY, birth_date=None).lanes if one.label == "他制度"
    ]
    assert len({bar.y for bar in drawn.bars}) == 2
