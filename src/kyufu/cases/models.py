"""Tables of applications, decisions, entitlements and certificates; what must hold is held by the database.

Persons are addressees of the registry; an application refers to them, and all else hangs on applications.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from kyufu.cases import identity, states
from kyufu.cases.correction_models import Correction, CorrectionPart  # noqa: F401 - Django looks for tables here
from kyufu.cases.mismatch_models import Mismatch, MismatchTransition  # noqa: F401 - Django looks for tables here
from kyufu.law.decision import Outcome
from kyufu.platform.cluster import CLUSTER
from kyufu.platform.db import no_overlap
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.staff.api import two_persons_constraint

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class SnapshotField(_TextField):
    """A `pg_snapshot`: which transactions a reading of the facts could see."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's signature
        """The column type."""
        return "pg_snapshot"


def _one_of(column: str, *, values: Iterable[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{column}__in": sorted(map(str, values))}))


def _matter_fits() -> Q:
    fits = Q()
    for kind, matters in sorted(states.MATTERS.items()):
        fits |= Q(kind=str(kind), matter__in=sorted(map(str, matters)))
    return fits


class Application(models.Model):
    """申請・届出. `event_on` is the day the law is asked about; `decision_id` the latest judgement."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    source_no = models.CharField(max_length=12, unique=True, null=True)
    kind = models.CharField(max_length=12)
    matter = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    ward_code = models.CharField(max_length=6)
    channel = models.CharField(max_length=8)
    received_on = models.DateField()
    applicant_kind = models.CharField(max_length=8)
    agent_name = models.CharField(max_length=100)
    child = models.ForeignKey("registry.Addressee", on_delete=models.PROTECT, related_name="+")
    event_on = models.DateField(null=True)
    target = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey("Decision", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "cases_application"
        indexes = (models.Index(fields=["state", "id"], name="cases_application_state"),)
        constraints = (
            states_constraint(states.APPLICATION_PAIRS, name="cases_application_states"),
            # Two spaces of numbers that are searched as one: by their form they cannot meet.
            models.CheckConstraint(
                name="cases_application_numbers",
                condition=Q(number__contains="-") & (Q(source_no__isnull=True) | ~Q(source_no__contains="-")),
            ),
            _one_of("channel", values=states.Channel, name="cases_application_channel"),
            _one_of("applicant_kind", values=states.ApplicantKind, name="cases_application_applicant"),
            models.CheckConstraint(name="cases_application_matter", condition=_matter_fits()),
            models.CheckConstraint(
                name="cases_application_agent",
                condition=Q(applicant_kind="guardian", agent_name="")
                | Q(applicant_kind="agent") & ~Q(agent_name=""),
            ),
            models.CheckConstraint(
                name="cases_application_target", condition=Q(kind="withdrawal") ^ Q(target__isnull=True)
            ),
            models.UniqueConstraint(
                name="cases_application_one_open",
                fields=["child", "kind"],
                condition=Q(state__in=sorted(map(str, states.OPEN_STATES))),
            ),
        )


class ApplicationTransition(Transition):
    """誰が、いつ、なぜ: one row for every step of an application."""

    subject = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "cases_application_transition"
        constraints = (
            pairs_constraint(
                states.APPLICATION_PAIRS, start=states.APPLICATION_START, name="cases_application_steps"
            ),
        )


class ApplicationGuardian(models.Model):
    """A guardian on the application; position 1 applies and receives the letters."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    addressee = models.ForeignKey("registry.Addressee", on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=8)

    class Meta:
        db_table = "cases_application_guardian"
        constraints = (
            models.UniqueConstraint(name="cases_guardian_position", fields=["application", "position"]),
            models.UniqueConstraint(name="cases_guardian_person", fields=["application", "addressee"]),
            models.CheckConstraint(name="cases_guardian_two", condition=Q(position__in=[1, 2])),
            models.CheckConstraint(
                name="cases_guardian_relation", condition=Q(relation__in=["father", "mother", "other"])
            ),
        )


class ApplicationDocument(models.Model):
    """A document handed in with the application (添付書類)."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=40)
    received_on = models.DateField()

    class Meta:
        db_table = "cases_application_document"


class IdentityCheckRow(models.Model):
    """A completed identity check (本人確認); an incomplete one never becomes a row."""

    id = models.BigAutoField(primary_key=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="+")
    number_document = models.CharField(max_length=20)
    identity_document = models.CharField(max_length=24)
    seen = models.CharField(max_length=10)
    explained = models.BooleanField()
    matched_on = models.DateField(null=True)
    staff_id = models.CharField(max_length=20)
    staff_name = models.CharField(max_length=100)
    checked_on = models.DateField()

    class Meta:
        db_table = "cases_identity_check"
        constraints = (
            _one_of("number_document", values=identity.NumberDocument, name="cases_identity_number"),
            _one_of("identity_document", values=identity.SUFFICIENT, name="cases_identity_person"),
            _one_of("seen", values=identity.Seen, name="cases_identity_seen"),
            models.CheckConstraint(name="cases_identity_staff", condition=~Q(staff_id="")),
            models.CheckConstraint(
                name="cases_identity_matched",
                condition=~Q(number_document="matched_in_system") | Q(matched_on__isnull=False),
            ),
        )


class Decision(models.Model):
    """決定: what the law answered, append-only; its `snapshot`, `cluster` and time say which facts it saw.

    A new application is judged from its first day on: the answers of its earlier stretches name the one for
    the day asked, on which the application stands, as their `principal`.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    principal = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    child_id = models.BigIntegerField(db_index=True)
    scheme = models.CharField(max_length=40)
    municipality = models.CharField(max_length=40)
    judged_for = models.DateField()
    outcome = models.CharField(max_length=16)
    valid = DateRangeField(null=True)
    benefit_class = models.CharField(max_length=40, null=True)
    issues_certificate = models.BooleanField(null=True)
    reason_codes = ArrayField(models.CharField(max_length=60))
    parameter_version = models.CharField(max_length=80)
    facts_hash = models.CharField(max_length=80)
    judged_by_id = models.CharField(max_length=20)
    judged_by_name = models.CharField(max_length=100)
    judged_by_office = models.CharField(max_length=100)
    judged_at = models.DateTimeField()
    gathered_at = models.DateTimeField()
    snapshot = SnapshotField()
    cluster = models.BigIntegerField(db_default=CLUSTER)

    class Meta:
        db_table = "cases_decision"
        constraints = (
            _one_of("outcome", values=Outcome, name="cases_decision_outcome"),
            models.CheckConstraint(
                name="cases_decision_period",
                condition=~Q(outcome="eligible") | Q(valid__isnull=False, benefit_class__isnull=False),
            ),
            models.UniqueConstraint(name="cases_decision_judge", fields=["id", "judged_by_id"]),
        )


class DecisionContent(models.Model):
    """The facts and the whole Decision as canonical JSON, byte for byte as they were hashed."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="+")
    facts = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "cases_decision_content"


class DecisionSubject(models.Model):
    """A person whose facts a decision rests on: child or guardian."""

    id = models.BigAutoField(primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    addressee_id = models.BigIntegerField(db_index=True)
    role = models.CharField(max_length=8)

    class Meta:
        db_table = "cases_decision_subject"
        constraints = (
            models.CheckConstraint(name="cases_subject_role", condition=Q(role__in=["child", "guardian"])),
        )


class Approval(models.Model):
    """決裁 of one decision, by another person than the one who judged (the database compares the two).

    `carried_from` is the decision that the person approved, where this one was judged later and says the same.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="+")
    judged_by_id = models.CharField(max_length=20)
    approved_by_id = models.CharField(max_length=20)
    approved_by_name = models.CharField(max_length=100)
    approved_by_office = models.CharField(max_length=100)
    at = models.DateTimeField()
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "cases_approval"
        constraints = (
            two_persons_constraint(
                name="cases_approval_two_persons", first="judged_by_id", second="approved_by_id"
            ),
        )


class Entitlement(models.Model):
    """資格: valid from when to when, known from `recorded_at` to `superseded_at` (NULL: held true)."""

    id = models.BigAutoField(primary_key=True)
    child_id = models.BigIntegerField(db_index=True)
    valid = DateRangeField()
    benefit_class = models.CharField(max_length=40)
    approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, db_column="decision_id", related_name="+"
    )
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_entitlement"
        constraints = (
            no_overlap(
                name="cases_entitlement_no_overlap", key="child_id", condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(name="cases_entitlement_some_day", condition=Q(valid__isempty=False)),
        )


class EntitlementChange(models.Model):
    """取得・変更・喪失 with day and reason, in the order they were decided; append-only."""

    id = models.BigAutoField(primary_key=True)
    child_id = models.BigIntegerField(db_index=True)
    event = models.CharField(max_length=8)
    effective_on = models.DateField()
    reason_code = models.CharField(max_length=60)
    approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, db_column="decision_id", related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "cases_entitlement_change"
        constraints = (_one_of("event", values=states.EntitlementEvent, name="cases_entitlement_event"),)


class Recipient(models.Model):
    """受給者番号: seven digits with check digit, given once to a child and kept."""

    child_id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=7, unique=True)

    class Meta:
        db_table = "cases_recipient"


class Certificate(models.Model):
    """小児医療証: one row for every issue. It hangs on an approval: without one the database refuses it."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=10, unique=True)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, db_column="child_id", related_name="+")
    guardian_id = models.BigIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, db_column="decision_id", related_name="+"
    )
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    payer_no = models.CharField(max_length=8)
    valid = DateRangeField()
    benefit_class = models.CharField(max_length=40)
    issued_on = models.DateField()
    state = models.CharField(max_length=12)

    class Meta:
        db_table = "cases_certificate"
        constraints = (
            states_constraint(states.CERTIFICATE_PAIRS, name="cases_certificate_states"),
            no_overlap(name="cases_certificate_one_in_use", key="recipient", condition=Q(state="issued")),
        )


class CertificateTransition(Transition):
    """発行履歴: who issued, voided, recovered or replaced a certificate, when and why."""

    subject = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "cases_certificate_transition"
        constraints = (
            pairs_constraint(
                states.CERTIFICATE_PAIRS, start=states.CERTIFICATE_START, name="cases_certificate_steps"
            ),
        )


class Handover(models.Model):
    """手渡し・郵送の記録: how a printed certificate left the office, to whom and by whom; append-only.

    `times` counts from 1: what came back by mail is handed over again, with a note.
    """

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+", db_index=False)
    times = models.SmallIntegerField()
    way = models.CharField(max_length=8)
    handed_to = models.CharField(max_length=8)
    identity_seen = models.CharField(max_length=24)
    handed_on = models.DateField()
    note = models.CharField(max_length=200)
    staff_id = models.CharField(max_length=20)
    staff_name = models.CharField(max_length=100)
    staff_office = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_handover"
        constraints = (
            models.UniqueConstraint(name="cases_handover_times", fields=["certificate", "times"]),
            _one_of("way", values=states.HandoverWay, name="cases_handover_way"),
            _one_of("handed_to", values=states.ApplicantKind, name="cases_handover_to"),
            models.CheckConstraint(
                name="cases_handover_identity",
                condition=Q(way="mail", identity_seen="")
                | Q(way="counter", identity_seen__in=sorted(map(str, identity.SUFFICIENT))),
            ),
            models.CheckConstraint(
                name="cases_handover_again", condition=Q(times=1) | Q(times__gt=1) & ~Q(note="")
            ),
            models.CheckConstraint(name="cases_handover_staff", condition=~Q(staff_id="")),
        )
