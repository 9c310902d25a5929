"""Offices (所属) as a tree, and the terminals (端末) that may sign in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from kyufu.staff.functions import OfficeKind

if TYPE_CHECKING:
    _TextField = models.TextField[str | None, str | None]
else:
    _TextField = models.TextField


class NetworkField(_TextField):
    """A network in CIDR notation, such as 10.1.2.0/24."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's signature
        """The column type."""
        return "cidr"


def one_of(column: str, *, values: Iterable[StrEnum], name: str) -> models.CheckConstraint:
    """Refuse a value that the enumeration does not know."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{column}__in": sorted(map(str, values))}))


class Office(models.Model):
    """A section of head office or of a ward, or a contractor; a right for it covers the offices below it.

    Its place in the tree is fixed when it is made, so that no ring can arise; `valid` is only ever closed.
    """

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ward_code = models.CharField(max_length=6)
    valid = DateRangeField()

    class Meta:
        db_table = "staff_office"
        constraints = (
            one_of("kind", values=OfficeKind, name="staff_office_kind"),
            models.CheckConstraint(name="staff_office_ward", condition=Q(kind="ward") ^ Q(ward_code="")),
            models.CheckConstraint(name="staff_office_named", condition=~Q(name="") & ~Q(code="")),
            models.CheckConstraint(
                name="staff_office_days", condition=Q(valid__isempty=False, valid__startswith__isnull=False)
            ),
        )


class Terminal(models.Model):
    """A registered terminal: known by its network, or by the fingerprint of its certificate."""

    name = models.CharField(max_length=50, unique=True)
    network = NetworkField(null=True)
    fingerprint = models.CharField(max_length=64, null=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta:
        db_table = "staff_terminal"
        constraints = (
            models.CheckConstraint(
                name="staff_terminal_one_mark",
                condition=Q(network__isnull=True) ^ Q(fingerprint__isnull=True),
            ),
            models.CheckConstraint(
                name="staff_terminal_days",
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
            ),
        )
