"""A decision on a page: told step by step, with the evidence it used, and what is missing where nothing was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import ChildFacts, IncomeEvidence
from kyufu.law.child.labels import OUTCOME_LABELS
from kyufu.law.child.telling import Section, Told, ToldStep, say_in_one, tell
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.overlay import Overlay
from kyufu.notation.display import format_date
from kyufu.ordinance.api import confirmed_overlay
from kyufu.web.pages.evidence_forms import year_words
from kyufu.web.pages.words import WORDS

# The words of the law's records for the guardians of a case, in the order of the application.
GUARDIAN_STEPS = frozenset({"guardian", "judged_guardian"})
INSURANCE, INCOME = "insurance_add", "income_add"
REFUSED_AS = {str(cases.Kind.NEW): "却下", str(cases.Kind.LOSS): "喪失"}
LINK_OF = {"missing.insurance": INSURANCE, "missing.levy": INCOME}


class Evidence(NamedTuple):
    """A fact that the decision had: its kind, of whom, what it says, for which period and from where."""

    kind: str
    whose: str
    said: str
    period: Period
    source: str


class Missing(NamedTuple):
    """What a decision lacks: the reason, what the guardian hands in, and the screens (code, addressee id, words)."""

    reason: str
    request: str
    links: tuple[tuple[str, int, str], ...]


class Whose(NamedTuple):
    """A person of the case: addressee id, and the word for them on the page."""

    addressee_id: int
    word: str


def told_of(
    decision: Decision, *, guardians: Sequence[Whose], kind: str = "", overlay: Overlay | None = None
) -> Told:
    """The explanation with the guardians named as the page names them, and the answer in the words of the case.

    `overlay` is the municipality's own values where several decisions are told, read once for all.
    """
    told = tell(decision, overlay=overlay or confirmed_overlay(decision.municipality))
    told = told._replace(sentence=headline(decision, kind=kind))
    names = {f"guardian-{number}": one.word for number, one in enumerate(guardians, start=1)}
    return told._replace(sections=tuple(_named(one, names=names) for one in told.sections))


def headline(decision: Decision, *, kind: str) -> str:
    """The answer with its reason in one sentence: of a new application that is not entitled, a rejection (却下)."""
    said = say_in_one(decision)
    if decision.outcome is Outcome.NOT_ELIGIBLE and kind in REFUSED_AS:
        return f"{REFUSED_AS[kind]}{said.removeprefix(OUTCOME_LABELS[decision.outcome])}"
    return said


def _named(section: Section, *, names: Mapping[str, str]) -> Section:
    def named(step: ToldStep) -> ToldStep:
        is_guardian = step.name in GUARDIAN_STEPS
        return step._replace(figure=names.get(step.figure, step.figure)) if is_guardian else step

    return section._replace(steps=tuple(map(named, section.steps)))


def guardian_words(relations: Iterable[tuple[int, str]]) -> tuple[Whose, ...]:
    """The guardians of (addressee id, relation), as the page names them."""
    return tuple(
        Whose(addressee_id, f"保護者{number}（{WORDS.get(relation, relation)}）")
        for number, (addressee_id, relation) in enumerate(relations, start=1)
    )


def evidence_in(facts: ChildFacts, *, guardians: Sequence[Whose], hides_home: bool) -> tuple[Evidence, ...]:
    """The facts of a decision with the periods that they speak for; where one lived only where that may be told."""
    return (
        *([] if hides_home else _residences(facts)),
        *(
            Evidence("健康保険", "児童", f"保険者番号 {one.insurer_no}", one.period, "")
            for one in facts.insurances
        ),
        *(Evidence("生活保護など", "児童", "受給", one, "") for one in facts.public_assistance),
        *(
            Evidence("他の制度", "児童", WORDS.get(str(one.kind), str(one.kind)), one.period, "")
            for one in facts.other_schemes
        ),
        *_incomes(facts, guardians=guardians),
    )


def _residences(facts: ChildFacts) -> Iterator[Evidence]:
    for one in facts.residences:
        yield Evidence("住所", "児童", f"団体コード {one.municipality}", one.period, "住民記録")


def _incomes(facts: ChildFacts, *, guardians: Sequence[Whose]) -> Iterator[Evidence]:
    names = {f"guardian-{number}": one.word for number, one in enumerate(guardians, start=1)}
    for guardian in facts.guardians:
        for one in guardian.incomes:
            yield Evidence(
                "所得", names.get(guardian.ref, guardian.ref), _income(one), one.covers, _source(one)
            )


def _income(one: IncomeEvidence) -> str:
    declared = WORDS.get(str(one.declared), str(one.declared))
    said = f"{declared}、扶養 {one.dependants.total}人"
    return f"{year_words(one.tax_year)}（{one.tax_year}） 合計 {sum(one.incomes):,}円（{said}）"


def _source(one: IncomeEvidence) -> str:
    return f"{WORDS.get(str(one.source), str(one.source))}　{format_date(one.obtained_on)}取得"


def missing_in(decision: Decision, *, child: int, guardians: Sequence[Whose]) -> tuple[Missing, ...]:
    """What has to be brought for a decision that could not be reached, reason by reason."""
    if decision.outcome is not Outcome.CANNOT_DECIDE:
        return ()
    return tuple(
        Missing(
            reason.text,
            documents.request_for(reason.code),
            tuple(_links(reason.code, child=child, guardians=guardians)),
        )
        for reason in decision.reasons
    )


def _links(code: str, *, child: int, guardians: Sequence[Whose]) -> Iterator[tuple[str, int, str]]:
    wanted = INCOME if code.startswith("income.") else LINK_OF.get(code, "")
    if wanted == INSURANCE:
        yield INSURANCE, child, "児童の健康保険を登録する"
    if wanted == INCOME:
        for one in guardians:
            yield INCOME, one.addressee_id, f"{one.word}の所得を登録する"
