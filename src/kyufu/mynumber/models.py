"""The vault's tables, in a schema of the vault's own account: nothing in them refers to another schema.

An addressee is named by the text of its number. The individual number itself is in `Number.sealed` alone, encrypted and
bound to its row.
"""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from kyufu.mynumber.states import CODES, CONFLICTS, KEYS, ConflictKind, KeyState
from kyufu.platform.db import UpperIsOpen
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint

NOW = Q(UpperIsOpen(F("recorded")))
PURPOSES = ("data", "index", "inbox")


class Key(models.Model):
    """A key, wrapped by the key-encryption key `kek`; `public` is the half that the ordinary account seals with.

    One key of each purpose is active: `data` encrypts rows, `index` makes blind indexes, `inbox` opens what was posted.
    """

    purpose = models.CharField(max_length=8)
    kek = models.CharField(max_length=32)
    wrapped = models.BinaryField(null=True)
    public = models.BinaryField(null=True)
    state = models.CharField(max_length=16)
    made_at = models.DateTimeField()

    class Meta:
        db_table = KEYS.subject_table
        constraints = (
            states_constraint(KEYS.pairs, name="mynumber_key_state"),
            models.CheckConstraint(name="mynumber_key_purpose", condition=Q(purpose__in=PURPOSES)),
            models.CheckConstraint(
                name="mynumber_key_gone",
                condition=~Q(state=KeyState.ACTIVE, wrapped__isnull=True)
                & (~Q(state=KeyState.DESTROYED) | Q(wrapped__isnull=True)),
            ),
            models.UniqueConstraint(
                name="mynumber_key_one_active", fields=("purpose",), condition=Q(state=KeyState.ACTIVE)
            ),
        )


class KeyTransition(Transition):
    """A step of a key: who, who confirmed it (in `why`), when."""

    subject = models.ForeignKey(Key, on_delete=models.PROTECT)

    class Meta:
        db_table = KEYS.history_table
        constraints = (pairs_constraint(KEYS.pairs, start=KEYS.start, name="mynumber_key_steps"),)


class Person(models.Model):
    """One person of the municipality under a unified number, given at first sight, never taken away or used again.

    `root` is the person itself, or the one it was merged into; all that is asked of a person is asked of its root.
    """

    unified_no = models.CharField(max_length=15)
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "mynumber_person"
        constraints = (models.UniqueConstraint(name="mynumber_unified_once", fields=("unified_no",)),)


class Recorded(models.Model):
    """The columns of what is held true for a time: since when and until when, who said so and ended it, and why."""

    recorded = DateTimeRangeField()
    by = models.TextField()
    reason = models.TextField()
    ended_by = models.TextField(db_default="")
    ended_reason = models.TextField(db_default="")

    class Meta:
        abstract = True


WHOLE_OR_ERASED = Q(key__isnull=False) | Q(sealed=b"") & ~NOW


class Number(Recorded):
    """A version of a person's individual number: `sealed` under `key`, found by `blind` (keyed, one way).

    One that nobody needs any more is erased: its row stays without key, number and blind index.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    version = models.IntegerField()
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True)
    sealed = models.BinaryField()
    blind = models.BinaryField()
    changed_on = models.DateField(null=True)

    class Meta:
        db_table = "mynumber_number"
        constraints = (
            models.CheckConstraint(name="mynumber_number_whole", condition=WHOLE_OR_ERASED),
            models.UniqueConstraint(name="mynumber_number_version", fields=("person", "version")),
            models.UniqueConstraint(name="mynumber_number_one", fields=("person",), condition=NOW),
            models.UniqueConstraint(name="mynumber_number_of_one", fields=("blind",), condition=NOW),
        )
        indexes = (models.Index(name="mynumber_number_blind", fields=("blind",)),)


class Link(Recorded):
    """A number of a business (業務固有番号; the addressee number is one) that names the person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    business = models.CharField(max_length=20)
    number = models.CharField(max_length=15)

    class Meta:
        db_table = "mynumber_link"
        constraints = (
            models.UniqueConstraint(
                name="mynumber_link_of_one", fields=("business", "number"), condition=NOW
            ),
        )


class Basics(Recorded):
    """The basic four items (氏名・生年月日・性別・住所) as given with the number, sealed: compared, never shown."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    version = models.IntegerField()
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "mynumber_basics"
        constraints = (
            models.CheckConstraint(name="mynumber_basics_whole", condition=WHOLE_OR_ERASED),
            models.UniqueConstraint(name="mynumber_basics_version", fields=("person", "version")),
            models.UniqueConstraint(name="mynumber_basics_one", fields=("person",), condition=NOW),
        )


class NoAutomaticReply(Recorded):
    """The sign that the network gets no automatic answer about the person (自動応答不可), and why."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta:
        db_table = "mynumber_no_automatic_reply"
        constraints = (
            models.UniqueConstraint(
                name="mynumber_no_automatic_reply_one", fields=("person",), condition=NOW
            ),
        )


class PersonMerge(Recorded):
    """A merge of one unified number into another; undone ones keep their closed `recorded`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    into = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "mynumber_merge"
        constraints = (
            models.CheckConstraint(name="mynumber_merge_two", condition=~Q(person=F("into"))),
            models.UniqueConstraint(name="mynumber_merge_once", fields=("person",), condition=NOW),
        )


class Code(models.Model):
    """How far the linkage code (符号) of a person is; the code itself is the intermediate server's, never ours."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=16)

    class Meta:
        db_table = CODES.subject_table
        constraints = (states_constraint(CODES.pairs, name="mynumber_code_state"),)


class CodeTransition(Transition):
    """A step of a linkage code's acquisition."""

    subject = models.ForeignKey(Code, on_delete=models.PROTECT)

    class Meta:
        db_table = CODES.history_table
        constraints = (pairs_constraint(CODES.pairs, start=CODES.start, name="mynumber_code_steps"),)


class Inbox(models.Model):
    """A sealed letter to the vault, posted by the ordinary account, which may add rows and never see them."""

    id = models.BigAutoField(primary_key=True)
    batch = models.UUIDField(unique=True)
    key_no = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "mynumber_inbox"


class Opened(models.Model):
    """A letter that was opened: it is not opened twice, and its sealed content is gone from the inbox."""

    batch = models.UUIDField(primary_key=True)
    opened_at = models.DateTimeField()
    counts = models.JSONField()

    class Meta:
        db_table = "mynumber_opened"


class Conflict(models.Model):
    """A pair that a clerk must look at, without its individual number; a merge or letter that could not be taken in."""

    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=40)
    other = models.CharField(max_length=15, db_default="")
    batch = models.UUIDField(null=True)
    state = models.CharField(max_length=16)

    class Meta:
        db_table = CONFLICTS.subject_table
        constraints = (
            states_constraint(CONFLICTS.pairs, name="mynumber_conflict_state"),
            models.CheckConstraint(
                name="mynumber_conflict_kind", condition=Q(kind__in=sorted(map(str, ConflictKind)))
            ),
            models.UniqueConstraint(
                name="mynumber_conflict_once", fields=("kind", "number"), condition=Q(state="open")
            ),
        )


class ConflictTransition(Transition):
    """A step of a conflict: who, when and why."""

    subject = models.ForeignKey(Conflict, on_delete=models.PROTECT)

    class Meta:
        db_table = CONFLICTS.history_table
        constraints = (
            pairs_constraint(CONFLICTS.pairs, start=CONFLICTS.start, name="mynumber_conflict_steps"),
        )


class Lookup(models.Model):
    """One search by individual number: counted by actor against the limits."""

    actor_id = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "mynumber_lookup"
        indexes = (models.Index(name="mynumber_lookup_actor", fields=("actor_id", "at")),)
