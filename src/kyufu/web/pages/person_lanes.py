"""Which periods of a person the picture of time shows, and in what words."""

from __future__ import annotations

from collections.abc import Sequence

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.income_years import IncomeYear
from kyufu.law.child.labels import benefit_class_label
from kyufu.law.income.evidence import IncomeEvidence
from kyufu.registry import api as registry
from kyufu.web.pages.timeline import Bar, Lane
from kyufu.web.pages.wards import city_here
from kyufu.web.pages.words import WORDS


def lanes_of(
    *,
    entitlements: Sequence[cases.EntitlementRow],
    certificates: Sequence[cases.CertificateSeen],
    incomes: Sequence[tuple[IncomeEvidence, IncomeYear | None]],
    held: evidence.EvidenceHeld,
    facts: registry.PersonFacts | None,
) -> list[Lane]:
    """The lanes from what the office decided to what it rests on.

    `facts` None: where somebody lived is not shown (支援措置). Lanes of what most people never have are left out.
    """
    lanes = [
        Lane("資格", tuple(_entitled(one) for one in entitlements)),
        Lane("医療証", tuple(_card(one) for one in certificates)),
        Lane(
            "医療保険",
            tuple(Bar(one.valid, f"保険者 {one.insurer_no}", "insurance") for one in held.insurances),
        ),
        Lane("所得の資料", _incomes(incomes)),
    ]
    others = [Bar(one, "生活保護など", "other") for one in held.assistances]
    others += [Bar(one.period, WORDS[str(one.kind)], "other") for one in held.other_schemes]
    if others:
        lanes.append(Lane("他制度", tuple(others)))
    if facts is not None:
        here = [one.period for one in facts.residences if one.municipality == city_here().code]
        lanes.append(Lane("住民登録", tuple(Bar(one, "市内に住民登録", "residence") for one in here)))
    return lanes


def _entitled(one: cases.EntitlementRow) -> Bar:
    return Bar(one.valid, f"資格あり（{benefit_class_label(one.benefit_class)}）", "entitled")


def _card(one: cases.CertificateSeen) -> Bar:
    state = cases.CertificateState(one.state)
    kind = "card" if state is cases.CertificateState.ISSUED else "card-ended"
    return Bar(one.valid, f"{cases.japanese(state)} {one.number}", kind)


def _incomes(incomes: Sequence[tuple[IncomeEvidence, IncomeYear | None]]) -> tuple[Bar, ...]:
    """One bar a levy year: two sources of a year speak for the same months."""
    spoken = {one.tax_year: (one, year) for one, year in incomes if year is not None}
    return tuple(
        Bar(year.benefit, f"{format_wareki(one.covers.start).partition('年')[0]}年中の所得", "income")
        for one, year in spoken.values()
        if year is not None
    )
