"""What a clerk may not record as evidence, each with the reason in Japanese; the feeds refuse the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kyufu.evidence.columns import AMONG_DEPENDANTS, DEPENDANTS, FIGURES, Figure, Unit
from kyufu.evidence.insurance import BY_HAND, RELATIONS, InsuranceEvidence
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import IncomeEvidence, IncomeSource
from kyufu.notation.check_digits import INSURER_NUMBER, CheckDigit
from kyufu.platform.errors import BadInput


def calendar_year_before(tax_year: int) -> Period:
    """The calendar year whose income is taxed in a tax year (賦課年度の前年)."""
    return Period(date(tax_year - 1, 1, 1), date(tax_year, 1, 1))


def figures_of(evidence: IncomeEvidence) -> tuple[int | None, ...]:
    """The figures of income evidence in the order of `FIGURES`."""
    return (
        *evidence.incomes,
        *evidence.deductions,
        *evidence.dependants,
        evidence.income_levy,
        evidence.per_capita_levy,
    )


def check_income(evidence: IncomeEvidence, *, today: date) -> None:
    """Raise BadInput unless the evidence may be recorded by hand."""
    if evidence.source is IncomeSource.TAX_LEDGER:
        raise BadInput(
            "課税台帳の所得は手で入力できません。",
            remedy="税の連携ファイルを取り込むか、情報照会・証明書として入力してください。",
        )
    _check_dates(evidence, today=today)
    for figure, value in zip(FIGURES, figures_of(evidence), strict=True):
        _check_figure(figure, value=value)
    _check_persons(evidence)


def check_insurance(evidence: InsuranceEvidence, *, today: date, check: CheckDigit) -> None:
    """Raise BadInput unless the insurance may be recorded by hand."""
    if evidence.source not in BY_HAND:
        raise BadInput("情報源は情報照会か証明書です。", remedy="情報源を選び直してください。")
    if evidence.relation not in RELATIONS:
        raise BadInput("本人・家族の別がありません。", remedy="本人か家族かを選んでください。")
    problem = INSURER_NUMBER.problem_with(evidence.insurer_no, check=check)
    if problem is not None:
        raise BadInput(problem, remedy="資格確認書などの保険者番号を確かめてください。")
    if not evidence.number.strip():
        raise BadInput("被保険者証等の番号がありません。", remedy="番号を入力してください。")
    if evidence.valid.end is not None and evidence.valid.end <= evidence.valid.start:
        raise BadInput("資格喪失年月日が資格取得年月日以前です。", remedy="日付を確かめてください。")
    if evidence.obtained_on > today:
        raise BadInput("取得年月日が未来の日です。", remedy="取得年月日を直してください。")


def _check_dates(evidence: IncomeEvidence, *, today: date) -> None:
    covered = calendar_year_before(evidence.tax_year)
    if evidence.covers != covered:
        raise BadInput(
            f"所得の対象期間が{evidence.tax_year}年度の前年"
            f"（{covered.start.year}年1月1日から12月31日まで）ではありません。",
            remedy="証明書の年度と「何年中の所得か」を確かめてください。",
        )
    if evidence.obtained_on in covered or evidence.obtained_on < covered.start:
        raise BadInput(
            "取得年月日が所得の対象期間の終わりより前です。", remedy="年度か取得年月日を直してください。"
        )
    if evidence.obtained_on > today:
        raise BadInput("取得年月日が未来の日です。", remedy="取得年月日を直してください。")


def _check_figure(figure: Figure, *, value: int | None) -> None:
    if value is None or figure.unit in (Unit.MARK, Unit.YEN_OR_LOSS):
        return
    if value < 0:
        raise BadInput(f"{figure.label}が負の値です。", remedy="0以上の値を入力してください。")


def _check_persons(evidence: IncomeEvidence) -> None:
    parts = sum(_parts_of(evidence))
    if evidence.dependants.total < parts:
        raise BadInput(
            "扶養親族等の数が内訳の合計より少なくなっています。", remedy="人数を確かめてください。"
        )
    if evidence.deductions.widow and evidence.deductions.single_parent:
        raise BadInput(
            "寡婦とひとり親の両方が選ばれています。", remedy="どちらか一方にしてください（所得税法第2条）。"
        )


def _parts_of(evidence: IncomeEvidence) -> Iterator[int]:
    for figure, value in zip(DEPENDANTS, evidence.dependants, strict=True):
        if figure in AMONG_DEPENDANTS:
            yield value
