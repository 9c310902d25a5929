"""What is printed across papers: of a demonstration that its people do not exist; else what the installation says."""

from __future__ import annotations

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from kyufu.documents import api as documents
from kyufu.platform.schema import is_demonstration


def watermark() -> str:
    """The words across what is printed from the pages; empty for papers that are valid."""
    # Papers about people who do not exist must say so, whatever else is set.
    is_shown = is_demonstration(using=DEFAULT_DB_ALIAS)
    return documents.WATERMARK if is_shown else str(settings.KYUFU_WATERMARK)
