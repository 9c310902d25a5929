"""Roles (職務) with their rights, and grants of them: dated, scoped, asked by one and confirmed by another."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.staff.functions import Function, Scheme
from kyufu.staff.models.accounts import Account
from kyufu.staff.models.offices import Office, one_of
from kyufu.staff.states import GRANT_PAIRS, GRANTS
from kyufu.staff.two_persons import two_persons_constraint


class Role(models.Model):
    """A duty that rights are granted by; rows come from roles.toml."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=50)

    class Meta:
        db_table = "staff_role"


class RoleRight(models.Model):
    """How far a role may use a function, from when to when; a function without a row is closed to it."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    function = models.CharField(max_length=20)
    level = models.SmallIntegerField()
    valid = DateRangeField()

    class Meta:
        db_table = "staff_role_right"
        constraints = (
            one_of("function", values=Function, name="staff_role_right_function"),
            models.CheckConstraint(name="staff_role_right_level", condition=Q(level__in=(1, 2))),
            models.UniqueConstraint(name="staff_role_right_once", fields=("role", "function", "valid")),
        )


class Grant(models.Model):
    """A role for an account at an office (and those below it) in a scheme; `valid` may only be cut shorter."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=12)
    valid = DateRangeField()
    state = models.CharField(max_length=16)
    why = models.TextField()
    asked_by_id = models.CharField(max_length=20)
    asked_by_name = models.CharField(max_length=100)
    asked_by_office = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    confirmed_by_id = models.CharField(max_length=20, null=True)
    confirmed_by_name = models.CharField(max_length=100)
    confirmed_by_office = models.CharField(max_length=100)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = GRANTS.subject_table
        constraints = (
            states_constraint(GRANT_PAIRS, name="staff_grant_states"),
            one_of("scheme", values=Scheme, name="staff_grant_scheme"),
            two_persons_constraint(
                name="staff_grant_two_persons", first="asked_by_id", second="confirmed_by_id"
            ),
            models.CheckConstraint(
                name="staff_grant_confirmed",
                condition=~Q(state__in=("confirmed", "ended"))
                | Q(confirmed_by_id__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="staff_grant_days",
                condition=Q(
                    valid__isempty=False, valid__startswith__isnull=False, valid__endswith__isnull=False
                ),
            ),
        )


class GrantTransition(Transition):
    """Asked, confirmed, refused, cut short, ended, lapsed: by whom, when and why."""

    subject = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = GRANTS.history_table
        constraints = (pairs_constraint(GRANT_PAIRS, start=GRANTS.start, name="staff_grant_steps"),)
