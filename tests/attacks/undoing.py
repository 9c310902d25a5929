"""What a test does and nobody keeps: transactions that are rolled back, in every database at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import transaction

from kyufu.platform.databases import ORDINARY, VAULT

ALIASES = (ORDINARY, VAULT)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of every database that is rolled back, marked as a test's own so that screens may act in it."""
    with ExitStack() as stack:
        for alias in ALIASES:
            block = transaction.atomic(using=alias)
            block._from_testcase = True  # type: ignore[attr-defined]
            stack.enter_context(block)
        try:
            yield
        finally:
            for alias in ALIASES:
                transaction.set_rollback(True, using=alias)
