"""Synthetic persons of the vault's tests, who acts, and short ways to look into the vault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, connections, transaction

from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import ADDRESSEE, BusinessNumber, DrainResult, NumberSecret
from kyufu.platform.access import Access, Channel, Opening
from kyufu.platform.actors import Actor
from tests.registry.persons import addressee_no, my_number

CLERK = Actor("1001", "見本 一子", "鶴見区保険年金課")
SECOND = Actor("1002", "見本 二郎", "鶴見区保険年金課")
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def secret(number: int) -> NumberSecret:
    """The individual number of the person of this number."""
    return NumberSecret.parse(my_number(number))


def addressee(number: int) -> BusinessNumber:
    """The addressee number of the person of this number, as a link."""
    return BusinessNumber(ADDRESSEE, addressee_no(number))


def post(*pairs: tuple[str, str]) -> None:
    """Post pairs as a feed does, in a transaction of the ordinary account."""
    with transaction.atomic():
        mynumber.post_numbers(pairs)


def send(*pairs: tuple[str, str]) -> DrainResult:
    """Post pairs and open the inbox."""
    post(*pairs)
    return drain()


def drain() -> DrainResult:
    """Open the inbox."""
    return mynumber.drain_inbox(by=CLERK, at=AT)


def pair(number: int) -> tuple[str, str]:
    """Addressee number and individual number of the person of this number."""
    return addressee_no(number), my_number(number)


def register(number: int, *, with_number: int | None = None, at: datetime = AT) -> str:
    """Register the person of this number at the counter, with the individual number of this or another one."""
    return mynumber.register_number(
        addressee_no=addressee_no(number),
        number=secret(number if with_number is None else with_number),
        subject=number,
        by=CLERK,
        reason="申請書と個人番号カード",
        at=at,
    )


def access(*opened: Opening, terminal: str = "T-01", purpose: str = "小児医療費助成の申請") -> Access:
    """An access of the clerk with openings."""

    return Access(
        actor=CLERK,
        terminal=terminal,
        channel=Channel.SCREEN,
        screen="number",
        purpose=purpose,
        reference=uuid4(),
        opened=frozenset(opened),
    )


def look(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query in the vault."""
    with connections["vault"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def log(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query outside the vault."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
