"""The mark across a paper (透かし): papers about people who do not exist must say so, whoever prints them."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS

from kyufu.documents.wording import WATERMARK
from kyufu.platform.schema import is_demonstration


def watermark_here() -> str:
    """The mark of what is printed from this schema: that of a sample in a demonstration's, nothing in a city's."""
    return WATERMARK if is_demonstration(using=DEFAULT_DB_ALIAS) else ""
