"""The registry's tables: addressees, the events told about them, and the versions of a person derived from those."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from kyufu.platform.db import UpperIsOpen
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.registry.states import DISCREPANCIES, UNDRAWABLE


class Addressee(models.Model):
    """Whoever an addressee number (宛名番号) names; `merged_into` is the present end of a merge (名寄せ)."""

    addressee_no = models.CharField(max_length=15)
    kind = models.CharField(max_length=12)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table = "registry_addressee"
        constraints = (
            models.CheckConstraint(
                name="addressee_kind", condition=Q(kind__in=("resident", "non_resident", "corporation"))
            ),
            models.CheckConstraint(name="addressee_not_into_itself", condition=~Q(merged_into=F("id"))),
            models.UniqueConstraint(name="addressee_no_once", fields=("addressee_no",)),
        )
        indexes = (
            models.Index(
                name="addressee_merged_into", fields=("merged_into",), condition=Q(merged_into__isnull=False)
            ),
        )


class AddresseeMerge(models.Model):
    """A merge of one addressee into another, with who, when and why; undone ones keep their closed `recorded`."""

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Addressee, on_delete=models.PROTECT, related_name="+")
    recorded = DateTimeRangeField()
    merged_by = models.CharField(max_length=50)
    reason = models.TextField()
    undone_by = models.CharField(max_length=50, db_default="")
    undone_reason = models.TextField(db_default="")

    class Meta:
        db_table = "registry_addressee_merge"
        constraints = (
            models.UniqueConstraint(
                name="merge_once", fields=("addressee",), condition=Q(UpperIsOpen(F("recorded")))
            ),
        )


class PersonEvent(models.Model):
    """One event told about a person (異動), append-only: the whole person after it.

    A higher `revision` (履歴枝番) of the same `history_no` (履歴番号) corrects it; `cancelled` takes it back.
    Its foreign key, and those of the versions, are asked by triggers once a statement (migration 0002).
    Texts have no length here: the layout of the feed has checked it, and checking it again costs a sixth of an import.
    `municipality` is where the person lives after the event: the city's own code, another's, or empty (unknown, dead).
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    history_no = models.IntegerField()
    revision = models.IntegerField()
    cancelled = models.BooleanField()
    kind = models.TextField()
    event_date = models.DateField()
    notified_on = models.DateField(null=True)
    name = models.TextField()
    kana = models.TextField()
    roman_name = models.TextField()
    alias = models.TextField()
    sex = models.TextField()
    birth_date = models.DateField(null=True)
    birth_date_note = models.TextField()
    nationality_kind = models.TextField()
    status = models.TextField()
    household_no = models.TextField()
    relation = models.TextField()
    ward_code = models.TextField()
    town_code = models.TextField()
    prefecture = models.TextField()
    city = models.TextField()
    town = models.TextField()
    house_number = models.TextField()
    building = models.TextField()
    postal_code = models.TextField()
    other_municipality = models.TextField()
    municipality = models.TextField()
    name_key = models.TextField()
    kana_key = models.TextField()
    alias_key = models.TextField()
    sound_key = models.TextField()
    address_key = models.TextField()
    file_id = models.BigIntegerField(null=True)
    row_no = models.IntegerField(null=True)
    recorded_by = models.TextField()
    note = models.TextField(db_default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_person_event"
        constraints = (
            models.UniqueConstraint(name="person_event_once", fields=("addressee", "history_no", "revision")),
            models.CheckConstraint(name="person_event_status", condition=Q(status__in=("1", "2", "3"))),
        )
        indexes = (
            models.Index(fields=("name_key",), opclasses=("text_pattern_ops",), name="person_event_name_key"),
            models.Index(fields=("kana_key",), opclasses=("text_pattern_ops",), name="person_event_kana_key"),
            models.Index(
                fields=("alias_key",), opclasses=("text_pattern_ops",), name="person_event_alias_key",
                condition=~Q(alias_key=""),
            ),
            models.Index(fields=("household_no",), name="person_event_household", condition=~Q(household_no="")),
            # The second column lets readings that are written alike be passed over within the index.
            models.Index(
                fields=("sound_key", "kana_key"), opclasses=("text_pattern_ops", "text_pattern_ops"),
                name="person_event_sound_key", condition=~Q(sound_key=""),
            ),
            models.Index(
                fields=("address_key",), opclasses=("text_pattern_ops",), name="person_event_address_key",
                condition=Q(status="1") & ~Q(address_key=""),
            ),
            models.Index(
                fields=("birth_date", "kana_key"), opclasses=("date_ops", "text_pattern_ops"),
                name="person_event_birth_date",
            ),
        )  # fmt: skip


class PersonVersion(models.Model):
    """What is (or was) held true of a person during `valid`, derived from the events; the items are the event's.

    A version that is no longer held true keeps its row with `recorded` closed. Those held true of a person are one
    chain without overlap and gap: `kyufu.platform.db.chain_statements` in migration 0002.
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    event = models.ForeignKey(PersonEvent, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    valid = DateRangeField()
    recorded = DateTimeRangeField()

    class Meta:
        db_table = "registry_person_version"


class Discrepancy(models.Model):
    """A known resident who is missing from a full feed: for a person to look into, never deleted."""

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT)
    file_id = models.BigIntegerField()
    state = models.CharField(max_length=16, db_default="open")

    class Meta:
        db_table = DISCREPANCIES.subject_table
        constraints = (
            states_constraint(DISCREPANCIES.pairs, name="discrepancy_state"),
            models.UniqueConstraint(
                name="discrepancy_once", fields=("addressee",), condition=Q(state="open")
            ),
        )


class DiscrepancyTransition(Transition):
    """A step of a discrepancy: who, when and why."""

    subject = models.ForeignKey(Discrepancy, on_delete=models.PROTECT)

    class Meta:
        db_table = DISCREPANCIES.history_table
        constraints = (
            pairs_constraint(DISCREPANCIES.pairs, start=DISCREPANCIES.start, name="discrepancy_steps"),
        )


class UndrawableName(models.Model):
    """A name or address item that the print font cannot draw, with the code points it lacks."""

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, db_index=False)
    field = models.CharField(max_length=50)
    code_points = models.TextField()
    state = models.CharField(max_length=16, db_default="open")

    class Meta:
        db_table = UNDRAWABLE.subject_table
        constraints = (
            states_constraint(UNDRAWABLE.pairs, name="undrawable_state"),
            models.UniqueConstraint(name="undrawable_once", fields=("addressee", "field", "code_points")),
        )


class UndrawableNameTransition(Transition):
    """A step of an undrawable name: who, when and why."""

    subject = models.ForeignKey(UndrawableName, on_delete=models.PROTECT)

    class Meta:
        db_table = UNDRAWABLE.history_table
        constraints = (pairs_constraint(UNDRAWABLE.pairs, start=UNDRAWABLE.start, name="undrawable_steps"),)


class Protection(models.Model):
    """A protective measure (支援措置) as told, append-only: the highest revision of a history number counts.

    `recorded_at` is when it became known; what was known at an instant is the highest revision recorded by then.
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, db_index=False)
    history_no = models.IntegerField()
    revision = models.IntegerField()
    cancelled = models.BooleanField()
    kind = models.CharField(max_length=1)
    valid = DateRangeField()
    safe_postal_code = models.CharField(max_length=7)
    safe_address = models.CharField(max_length=300)
    safe_building = models.CharField(max_length=300)
    safe_name = models.CharField(max_length=100)
    file_id = models.BigIntegerField(null=True)
    row_no = models.IntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_protection"
        constraints = (
            models.UniqueConstraint(name="protection_once", fields=("addressee", "history_no", "revision")),
            models.CheckConstraint(name="protection_not_empty", condition=Q(valid__isempty=False)),
        )


class Contact(models.Model):
    """応対記録, append-only: who was in touch, when, how, about what, and a day on which to come back to it.

    A later row `corrects` an earlier one of the same person (a foreign key of both columns, migration 0004).
    `ward_code` is that of the office that took it, never of the person.
    """

    id = models.BigAutoField(primary_key=True)
    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, related_name="+")
    contacted_on = models.DateField()
    way = models.CharField(max_length=8)
    caller = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    content = models.TextField()
    follow_up_on = models.DateField(null=True)
    ward_code = models.CharField(max_length=6)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    author_id = models.CharField(max_length=20)
    author_name = models.CharField(max_length=100)
    author_office = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_contact"
        constraints = (
            models.CheckConstraint(
                name="contact_way", condition=Q(way__in=("counter", "phone", "mail", "other"))
            ),
            models.CheckConstraint(name="contact_said", condition=~Q(content="") & ~Q(subject="")),
            models.CheckConstraint(name="contact_author", condition=~Q(author_id="")),
            models.CheckConstraint(
                name="contact_follow_up_after",
                condition=Q(follow_up_on__isnull=True) | Q(follow_up_on__gte=F("contacted_on")),
            ),
            models.UniqueConstraint(name="contact_of_person", fields=("id", "addressee")),
        )
        indexes = (
            models.Index(
                name="contact_follow_up", fields=("follow_up_on",), condition=Q(follow_up_on__isnull=False)
            ),
        )


class ContactDone(models.Model):
    """That the follow-up of a contact is finished: what was done, by whom and when; append-only."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, primary_key=True, related_name="+")
    note = models.CharField(max_length=200)
    author_id = models.CharField(max_length=20)
    author_name = models.CharField(max_length=100)
    author_office = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_contact_done"
        constraints = (
            models.CheckConstraint(name="contact_done_said", condition=~Q(note="") & ~Q(author_id="")),
        )
