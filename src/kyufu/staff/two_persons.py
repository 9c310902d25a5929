"""The rule that two different persons act (二人確認), in the forms that code, tables and bulk SQL need."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.platform.errors import Refused

SAME_PERSON_TEXT = "最初に行った職員は、その確認をできません。"


class SamePerson(Refused):
    """The second person is the first one."""


def refuse_same_person(*, first: str, second: str, message: str = SAME_PERSON_TEXT) -> None:
    """Raise SamePerson where both staff numbers are one; blank numbers name nobody and are refused too."""
    if not first or not second or first == second:
        raise SamePerson(message, remedy="別の職員が確認してください。")


def two_persons_constraint(*, name: str, first: str, second: str) -> models.CheckConstraint:
    """Refuse a row whose columns of staff numbers `first` and `second` name one person; NULL is nobody yet."""
    return models.CheckConstraint(name=name, condition=~Q(**{first: F(second)}))


def same_person_sql(*, first: str, second: str) -> str:
    """The same question as an SQL condition over two expressions, for operations that work on many rows."""
    return f"({first} IS NOT DISTINCT FROM {second})"
