"""Accounts: one person each, for one fiscal year at the most, with where they work and how they signed in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from kyufu.platform.db import no_overlap
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint
from kyufu.staff.functions import AccountKind
from kyufu.staff.models.offices import Office, Terminal, one_of
from kyufu.staff.states import ACCOUNT_PAIRS, ACCOUNTS


class Account(AbstractBaseUser):
    """The account of one member of staff or of one worker of a contractor; `staff_no` is the login name.

    It names one person and cannot be shared by design: a personal name and the personnel number (職員番号, for a
    contractor's worker the number in the roster) are required, and no personnel number has two accounts that have not
    ended. Names of posts and machines are refused when it is made (policy.toml). No birth date, address or family is
    kept here: the personnel number is what tells two persons of one name apart.

    `usable_from` to `expires_on` (the last day) is when it works; `renewed_on` is the day its present term counts
    from, and the term ends by 31 March of that fiscal year, which a constraint holds. `leaves_on` is the first day
    on which the person is no longer in office. `awake_from` is the day from which days without use are counted.
    """

    staff_no = models.CharField(max_length=20, unique=True)
    personnel_no = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kana = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=16)
    usable_from = models.DateField()
    renewed_on = models.DateField()
    expires_on = models.DateField()
    leaves_on = models.DateField(null=True)
    awake_from = models.DateField()
    last_used_on = models.DateField(null=True)
    failed_count = models.SmallIntegerField(db_default=0)
    password_set_at = models.DateTimeField()
    password_is_temporary = models.BooleanField()

    objects = BaseUserManager()  # by which a login name is found

    USERNAME_FIELD = "staff_no"

    class Meta:
        db_table = ACCOUNTS.subject_table
        constraints = (
            states_constraint(ACCOUNT_PAIRS, name="staff_account_states"),
            one_of("kind", values=AccountKind, name="staff_account_kind"),
            models.UniqueConstraint(
                name="staff_account_one_for_person", fields=("personnel_no",), condition=~Q(state="ended")
            ),
            models.CheckConstraint(
                name="staff_account_names_person",
                condition=~Q(staff_no="") & ~Q(personnel_no="") & ~Q(name__regex=r"^\s*$") & ~Q(kana=""),
            ),
            models.CheckConstraint(
                name="staff_account_name_no_digit", condition=~Q(name__regex="[0-9０-９]")
            ),
            models.CheckConstraint(
                name="staff_account_days",
                condition=Q(usable_from__lte=F("renewed_on")) & Q(renewed_on__lte=F("expires_on")),
            ),
            models.CheckConstraint(name="staff_account_failures", condition=Q(failed_count__gte=0)),
        )

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Is the account neither locked nor ended?"""
        return self.state == "active"


class AccountTransition(Transition):
    """Made, renewed, locked, opened again, ended: by whom, when and why (ID管理簿)."""

    subject = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = ACCOUNTS.history_table
        constraints = (pairs_constraint(ACCOUNT_PAIRS, start=ACCOUNTS.start, name="staff_account_steps"),)


class Posting(models.Model):
    """Where a person works (所属), from when to when; never at two offices on one day."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta:
        db_table = "staff_posting"
        constraints = (
            no_overlap(name="staff_posting_no_overlap", key="account"),
            models.CheckConstraint(
                name="staff_posting_days",
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
            ),
        )


class StaffRelation(models.Model):
    """An addressee who is the member of staff or of their family: reads of them by this account are odd.

    The addressee number is text because the register lies above this module.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    addressee_no = models.CharField(max_length=15)
    relation = models.CharField(max_length=10)

    class Meta:
        db_table = "staff_relation"
        constraints = (
            models.UniqueConstraint(name="staff_relation_once", fields=("account", "addressee_no")),
            models.CheckConstraint(name="staff_relation_kind", condition=Q(relation__in=("self", "family"))),
        )


class PasswordHistory(models.Model):
    """Passwords that an account had, as argon2 hashes, so that none is used again."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "staff_password_history"


class SignInSession(models.Model):
    """A session from sign-in to sign-out; an account has one at a time. The key is kept as its SHA-256."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    key_digest = models.CharField(max_length=64, unique=True)
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20)

    class Meta:
        db_table = "staff_session"
        constraints = (
            models.UniqueConstraint(
                name="staff_session_one_open", fields=("account",), condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="staff_session_order",
                condition=Q(started_at__lte=F("last_seen_at"))
                & (
                    Q(ended_at__isnull=True, why="")
                    | Q(ended_at__isnull=False, ended_at__gte=F("started_at")) & ~Q(why="")
                ),
            ),
        )
