"""Evidence as recorded facts: what another office said of a person, for which period, and when Kyufu knew it.

Rows are never changed: a correction closes `recorded` of the row it replaces and inserts its own. The columns
of the facts are those of `kyufu.law.child.facts`, with the same names.
"""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable

from kyufu.evidence.columns import NEVER_NEGATIVE
from kyufu.evidence.insurance import RELATIONS, SOURCES
from kyufu.law.child.facts import Declared, IncomeSource, OtherSchemeKind

INCOME_SOURCES = tuple(source.value for source in IncomeSource)
ASSISTANCE_KINDS = ("assistance", "support_benefit")


class RecordedFact(models.Model):
    """What every fact carries: whose it is, where it came from (row of a file or clerk), when known.

    A cancelled one (取消) stays as the mark that what it replaced does not hold.
    """

    addressee = models.ForeignKey("registry.Addressee", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    cancelled = models.BooleanField()
    recorded = DateTimeRangeField()
    file_id = models.BigIntegerField(null=True)
    row_no = models.PositiveIntegerField(null=True)
    recorded_by = models.TextField()
    note = models.TextField()

    class Meta:
        abstract = True


class NumberedFact(RecordedFact):
    """A fact that its sender numbers (履歴番号); a higher revision (履歴枝番) corrects it."""

    source = models.TextField()
    history_no = models.PositiveIntegerField()
    valid = DateRangeField()

    class Meta:
        abstract = True


def _constraints(*, table: str, key: tuple[str, ...]) -> list[models.BaseConstraint]:
    """One row known at a time for each key, no empty time known, an origin that can be followed."""
    from_feed = Q(file_id__isnull=False, row_no__isnull=False, recorded_by="")
    by_hand = Q(file_id__isnull=True, row_no__isnull=True) & ~Q(recorded_by="")
    return [
        models.UniqueConstraint(
            fields=key, condition=Q(recorded__upper_inf=True), name=f"{table}_known_once"
        ),
        models.CheckConstraint(condition=Q(recorded__isempty=False), name=f"{table}_recorded"),
        models.CheckConstraint(condition=from_feed | by_hand, name=f"{table}_origin"),
    ]


def _among(*, table: str, field: str, values: tuple[str, ...]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"{table}_{field}")


def _none_negative() -> Q:
    """Every figure that cannot be a loss is 0 or more; a levy that is not known passes."""
    return Q(**{f"{figure.column}__gte": 0 for figure in NEVER_NEGATIVE})


def _january_first(year: Combinable) -> Func:
    return Func(year, Value(1), Value(1), function="make_date", output_field=models.DateField())


def _calendar_year_before(field: str) -> Func:
    """The calendar year before a tax year as a daterange (地方税法: 前年の所得について課する)."""
    return Func(
        _january_first(F(field) - 1),
        _january_first(F(field) + 0),
        function="daterange",
        output_field=DateRangeField(),
    )


class Income(RecordedFact):
    """Income of one calendar year as one source gave it (所得情報); amounts in yen."""

    tax_year = models.SmallIntegerField()
    covers = DateRangeField()
    declared = models.TextField()
    source = models.TextField()
    obtained_on = models.DateField()
    salary = models.BigIntegerField()
    business = models.BigIntegerField()
    real_estate = models.BigIntegerField()
    interest = models.BigIntegerField()
    dividend = models.BigIntegerField()
    public_pension = models.BigIntegerField()
    miscellaneous = models.BigIntegerField()
    temporary = models.BigIntegerField()
    capital_gain_comprehensive = models.BigIntegerField()
    capital_gain_separate = models.BigIntegerField()
    stock = models.BigIntegerField()
    futures = models.BigIntegerField()
    forestry = models.BigIntegerField()
    retirement = models.BigIntegerField()
    casualty_loss = models.BigIntegerField()
    medical = models.BigIntegerField()
    small_enterprise_mutual_aid = models.BigIntegerField()
    disabled_persons = models.SmallIntegerField()
    specially_disabled_persons = models.SmallIntegerField()
    widow = models.BooleanField()
    single_parent = models.BooleanField()
    working_student = models.BooleanField()
    dependants_total = models.SmallIntegerField()
    dependants_elderly = models.SmallIntegerField()
    dependants_specified = models.SmallIntegerField()
    dependants_under_sixteen = models.SmallIntegerField()
    dependants_elderly_spouse = models.BooleanField()
    income_levy = models.BigIntegerField(null=True)
    per_capita_levy = models.BigIntegerField(null=True)

    class Meta:
        db_table = "evidence_income"
        constraints = (
            *_constraints(table="evidence_income", key=("addressee", "tax_year", "source", "obtained_on")),
            # The city's ledger has one entry a tax year; its corrections replace each other.
            models.UniqueConstraint(
                fields=("addressee", "tax_year"),
                name="evidence_income_one_ledger_entry",
                condition=Q(recorded__upper_inf=True, source=IncomeSource.TAX_LEDGER.value),
            ),
            _among(table="evidence_income", field="source", values=INCOME_SOURCES),
            _among(
                table="evidence_income", field="declared", values=tuple(answer.value for answer in Declared)
            ),
            models.CheckConstraint(
                condition=Q(covers=_calendar_year_before("tax_year")),
                name="evidence_income_covers_year_before",
            ),
            models.CheckConstraint(
                condition=_none_negative(),
                name="evidence_income_no_negative",
            ),
        )


class Insurance(NumberedFact):
    """Covered by a health insurer (医療保険資格); `valid` ends on the day of loss (喪失日)."""

    insurer_no = models.TextField()
    check_digit_agrees = models.BooleanField()
    symbol = models.TextField()
    number = models.TextField()
    branch = models.TextField()
    relation = models.TextField()
    obtained_on = models.DateField()

    class Meta:
        db_table = "evidence_insurance"
        constraints = (
            *_constraints(table="evidence_insurance", key=("addressee", "source", "history_no")),
            _among(table="evidence_insurance", field="source", values=SOURCES),
            _among(table="evidence_insurance", field="relation", values=RELATIONS),
            models.CheckConstraint(
                condition=Q(insurer_no__regex=r"^([0-9]{6}|[0-9]{8})$"),
                name="evidence_insurance_insurer_no",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), name="evidence_insurance_doubtful", condition=Q(check_digit_agrees=False)
            ),
        )


class PublicAssistance(NumberedFact):
    """Under public assistance (生活保護) or the support benefit (中国残留邦人等支援給付)."""

    kind = models.TextField()

    class Meta:
        db_table = "evidence_public_assistance"
        constraints = (
            *_constraints(table="evidence_public_assistance", key=("addressee", "source", "history_no")),
            _among(table="evidence_public_assistance", field="kind", values=ASSISTANCE_KINDS),
        )


class OtherScheme(NumberedFact):
    """Entitled under a subsidy scheme that comes before (他制度: 重度障害者, ひとり親, 措置)."""

    kind = models.TextField()

    class Meta:
        db_table = "evidence_other_scheme"
        constraints = (
            # Each scheme is run by an office of its own, with history numbers of its own.
            *_constraints(table="evidence_other_scheme", key=("addressee", "source", "kind", "history_no")),
            _among(
                table="evidence_other_scheme",
                field="kind",
                values=tuple(kind.value for kind in OtherSchemeKind),
            ),
        )
