"""Accounts, offices, roles and grants; what must hold is held by the database."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    """A member of staff who signs in; `staff_no` is the login name."""

    staff_no = models.CharField(max_length=20, unique=True)

    USERNAME_FIELD = "staff_no"

    class Meta:
        db_table = "staff_account"
