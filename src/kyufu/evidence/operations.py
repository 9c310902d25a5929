"""Evidence that a clerk records by hand: from the information network, or from a paper the citizen handed in.

Each operation is one transaction. What was recorded stays: a correction or withdrawal closes it and inserts
its own. The persons' rows are locked, so that two clerks cannot correct the same record at once.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from kyufu.evidence.checks import check_income, check_insurance, figures_of
from kyufu.evidence.columns import FIGURES
from kyufu.evidence.insurance import InsuranceEvidence
from kyufu.evidence.models import Income, Insurance
from kyufu.law.child.facts import IncomeEvidence, IncomeSource
from kyufu.notation.check_digits import INSURER_NUMBER, CheckDigit
from kyufu.platform.actors import Actor
from kyufu.platform.changes import record_changes
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.api import merged_ids

Fact = TypeVar("Fact", Income, Insurance)

_INCOME_FACTS = (
    *("tax_year", "covers", "declared", "source", "obtained_on"),
    *(figure.column for figure in FIGURES),
)
_INSURANCE_FACTS = (
    *("insurer_no", "check_digit_agrees", "symbol", "number", "branch", "relation", "valid"),
    *("source", "obtained_on", "history_no"),
)


def record_income(evidence: IncomeEvidence, *, addressee_id: int, by: Actor, note: str) -> int:
    """Record income obtained by inquiry or certificate; returns the id of the record.

    What the same source gave on the same day is corrected by it, for which `note` must say why. Raises
    BadInput for evidence that cannot be (wrong year, negative amount ...), Refused for an unknown person.
    """
    check_income(evidence, today=current_date_in_japan())
    with transaction.atomic():
        lock_person(addressee_id)
        fresh = Income(addressee_id=addressee_id, cancelled=False, **_income_facts(evidence))
        known = Income.objects.filter(
            addressee_id=addressee_id,
            tax_year=evidence.tax_year,
            source=evidence.source.value,
            obtained_on=evidence.obtained_on,
            recorded__upper_inf=True,
        ).first()
        return _record(fresh, known=known, by=by, note=note)


def withdraw_income(record_id: int, *, addressee_id: int, by: Actor, reason: str) -> int:
    """Take back income recorded by mistake (取消); a replay of the time before still sees it."""
    with transaction.atomic():
        lock_person(addressee_id)
        known = (
            Income.objects.filter(
                id=record_id, addressee_id=addressee_id, recorded__upper_inf=True, cancelled=False
            )
            .exclude(source=IncomeSource.TAX_LEDGER.value)
            .first()
        )
        if known is None:
            raise Refused(
                "取り消せる所得の記録がありません。",
                remedy="手で入力した最新の記録を選んでください。課税台帳の所得は税の連携で訂正されます。",
            )
        facts = {name: getattr(known, name) for name in _INCOME_FACTS}
        fresh = Income(addressee_id=addressee_id, cancelled=True, **facts)
        return _record(fresh, known=known, by=by, note=reason)


def record_insurance(
    evidence: InsuranceEvidence,
    *,
    addressee_id: int,
    corrects: int | None,
    by: Actor,
    note: str,
    check: CheckDigit,
) -> int:
    """Record health insurance obtained by inquiry or from a paper; returns the id of the record.

    `corrects` is the id of the record it corrects, for which `note` must say why; None records another one.
    Raises BadInput for evidence that cannot be, Refused for an unknown person or an old record.
    """
    check_insurance(evidence, today=current_date_in_japan(), check=check)
    with transaction.atomic():
        lock_person(addressee_id)
        known = None if corrects is None else _insurance_to_correct(corrects, addressee_id=addressee_id)
        numbers = Insurance.objects.filter(addressee_id=addressee_id, source=evidence.source)
        last_no = numbers.order_by("-history_no").values_list("history_no", flat=True).first() or 0
        fresh = Insurance(
            addressee_id=addressee_id,
            cancelled=False,
            history_no=last_no + 1 if known is None else known.history_no,
            **_insurance_facts(evidence),
        )
        return _record(fresh, known=known, by=by, note=note)


def withdraw_insurance(record_id: int, *, addressee_id: int, by: Actor, reason: str) -> int:
    """Take back insurance recorded by mistake (取消); a replay of the time before still sees it."""
    with transaction.atomic():
        lock_person(addressee_id)
        known = _insurance_to_correct(record_id, addressee_id=addressee_id)
        facts = {name: getattr(known, name) for name in _INSURANCE_FACTS}
        fresh = Insurance(addressee_id=addressee_id, cancelled=True, **facts)
        return _record(fresh, known=known, by=by, note=reason)


def _insurance_to_correct(record_id: int, *, addressee_id: int) -> Insurance:
    by_hand = Insurance.objects.exclude(recorded_by="").filter(cancelled=False)
    known = by_hand.filter(id=record_id, addressee_id=addressee_id, recorded__upper_inf=True).first()
    if known is None:
        raise Refused(
            "訂正できる医療保険の記録がありません。",
            remedy="手で入力した最新の記録を選んでください。連携で届いた資格は送信元で訂正されます。",
        )
    return known


def lock_person(addressee_id: int) -> None:
    """Hold a person within the transaction, so that two clerks follow each other; raises Refused for nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM registry_addressee WHERE id = %s FOR NO KEY UPDATE", [addressee_id])
        if cursor.rowcount == 0:
            raise Refused("宛名番号の者が登録されていません。", remedy="住登外者として登録してください。")


def _record(fresh: Fact, *, known: Fact | None, by: Actor, note: str) -> int:
    """Close what is known and insert the fresh fact; the same fact again changes nothing."""
    if known is not None and _facts(known) == _facts(fresh):
        return int(known.pk)
    if known is not None and not note.strip():
        raise BadInput("訂正・取消の理由がありません。", remedy="理由を入力してください。")
    at = current_instant()
    if known is not None:
        closed = DateTimeTZRange(known.recorded.lower, at)
        type(known).objects.filter(pk=known.pk).update(recorded=closed)
    fresh.revision = 0 if known is None else known.revision + 1
    fresh.recorded = DateTimeTZRange(at, None)
    fresh.recorded_by, fresh.note = by.staff_id, note
    fresh.save(force_insert=True)
    _note_change(fresh)
    return int(fresh.pk)


def _facts(fact: Income | Insurance) -> dict[str, Any]:
    names = _INCOME_FACTS if isinstance(fact, Income) else _INSURANCE_FACTS
    return {name: getattr(fact, name) for name in ("cancelled", *names)}


def _note_change(fact: Income | Insurance) -> None:
    """Decisions on the person are stale now, under whichever of the person's numbers they were made."""
    change = "income" if isinstance(fact, Income) else "insurance"
    person = int(fact.addressee_id)
    numbers = merged_ids((person,)).get(person, (person,))
    record_changes(source="evidence", rows=((number, change) for number in numbers))


def _income_facts(evidence: IncomeEvidence) -> dict[str, Any]:
    return {
        "tax_year": evidence.tax_year,
        "covers": DateRange(evidence.covers.start, evidence.covers.end),
        "declared": evidence.declared.value,
        "source": evidence.source.value,
        "obtained_on": evidence.obtained_on,
        **{figure.column: value for figure, value in zip(FIGURES, figures_of(evidence), strict=True)},
    }


def _insurance_facts(evidence: InsuranceEvidence) -> dict[str, Any]:
    return {
        **evidence._asdict(),
        "valid": DateRange(evidence.valid.start, evidence.valid.end),
        "check_digit_agrees": INSURER_NUMBER.is_valid(evidence.insurer_no),
    }
