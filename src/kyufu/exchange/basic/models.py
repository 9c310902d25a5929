"""The tables of 個人基本: receiving systems, dated lists of items, deliveries, and what each system was last told."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from kyufu.exchange.basic.catalogue import ITEMS, NUMBER, PROTECTED_ADDRESS
from kyufu.exchange.basic.states import LISTS, ListState
from kyufu.platform.db import no_overlap
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.staff.api import two_persons_constraint


class System(models.Model):
    """A system of the municipality that may receive the register (受領システム)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)

    class Meta:
        db_table = "exchange_basic_system"
        constraints = (
            models.UniqueConstraint(name="basic_system_once", fields=("code",)),
            models.CheckConstraint(name="basic_system_code", condition=Q(code__regex="^[a-z][a-z0-9_]*$")),
            models.CheckConstraint(name="basic_system_named", condition=~Q(name="")),
        )


class ItemList(models.Model):
    """Which items a system may have, on what law, asked by one person for `valid` and confirmed by another.

    `in_force` is `valid` until a later list takes its place and ends it.

    Whether the system uses the individual number (個人番号利用事務) is part of it, with the law that says so.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()
    in_force = DateRangeField()
    law_basis = models.TextField()
    uses_individual_number = models.BooleanField()
    number_law_basis = models.TextField()
    reason = models.TextField()
    digest = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=20)
    confirmed_by = models.CharField(max_length=20, null=True)
    state = models.CharField(max_length=16, db_default=ListState.PROPOSED)

    class Meta:
        db_table = LISTS.subject_table
        constraints = (
            states_constraint(LISTS.pairs, name="basic_list_state"),
            no_overlap(
                name="basic_list_one_in_force",
                key="system_id",
                period="in_force",
                condition=Q(state=ListState.CONFIRMED),
            ),
            models.CheckConstraint(
                name="basic_list_not_empty", condition=Q(valid__isempty=False, in_force__isempty=False)
            ),
            models.CheckConstraint(name="basic_list_law", condition=~Q(law_basis="") & ~Q(reason="")),
            models.CheckConstraint(
                name="basic_list_number_law",
                condition=Q(uses_individual_number=False) | ~Q(number_law_basis=""),
            ),
            two_persons_constraint(name="basic_list_two_persons", first="proposed_by", second="confirmed_by"),
            models.CheckConstraint(
                name="basic_list_confirmed",
                condition=~Q(state=ListState.CONFIRMED) | Q(confirmed_by__isnull=False),
            ),
            models.UniqueConstraint(name="basic_list_flag", fields=("id", "uses_individual_number")),
        )


class ItemListTransition(Transition):
    """A step of a list: who, when and why."""

    subject = models.ForeignKey(ItemList, on_delete=models.PROTECT)

    class Meta:
        db_table = LISTS.history_table
        constraints = (pairs_constraint(LISTS.pairs, start=LISTS.start, name="basic_list_steps"),)


class ListedItem(models.Model):
    """An item of a list; the flag beside it is the list's own (a foreign key in migration 0002)."""

    item_list = models.ForeignKey(ItemList, on_delete=models.PROTECT, related_name="items")
    uses_individual_number = models.BooleanField()
    item = models.CharField(max_length=40)
    reason = models.TextField(db_default="")

    class Meta:
        db_table = "exchange_basic_item"
        constraints = (
            models.UniqueConstraint(name="basic_item_once", fields=("item_list", "item")),
            models.CheckConstraint(name="basic_item_known", condition=Q(item__in=sorted(ITEMS))),
            models.CheckConstraint(
                name="basic_item_number_to_users", condition=~Q(item=NUMBER) | Q(uses_individual_number=True)
            ),
            models.CheckConstraint(
                name="basic_item_protected_reason", condition=~Q(item=PROTECTED_ADDRESS) | ~Q(reason="")
            ),
        )


class Delivery(models.Model):
    """A file handed to a system (情報連携記録): by which list, which number in the row, what stood in it."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    item_list = models.ForeignKey(ItemList, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(unique=True)
    seq = models.IntegerField()
    mode = models.CharField(max_length=4)
    on_day = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=20)
    made_by_name = models.CharField(max_length=100)
    made_by_office = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    told_count = models.IntegerField()
    ended_count = models.IntegerField()

    class Meta:
        db_table = "exchange_basic_delivery"
        constraints = (
            models.UniqueConstraint(name="basic_delivery_numbered_once", fields=("system", "seq")),
            models.CheckConstraint(
                name="basic_delivery_mode", condition=Q(mode="FULL") | Q(mode="DIFF", seq__gt=1)
            ),
            models.CheckConstraint(
                name="basic_delivery_counts", condition=Q(seq__gte=1, told_count__gte=0, ended_count__gte=0)
            ),
        )


class Told(models.Model):
    """What a system was last told of a person, as a digest that holds neither the items nor the individual number.

    `with_number` says that an individual number went with it. Kept by COPY and set-based SQL; the row goes with the
    last delivery that named the person as no longer in its population.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+", db_index=False)
    addressee_id = models.BigIntegerField()
    addressee_no = models.CharField(max_length=15)
    digest = models.BinaryField()
    with_number = models.BooleanField()

    class Meta:
        db_table = "exchange_basic_told"
        constraints = (models.UniqueConstraint(name="basic_told_once", fields=("system", "addressee_id")),)
