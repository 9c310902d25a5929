"""What other modules may use of documents."""

from __future__ import annotations

from kyufu.documents.content import Kind
from kyufu.documents.operations import Printed, preview, print_certificates, print_letters, reprint
from kyufu.documents.queries import (
    ExceptionTotal,
    KindTotal,
    PrintedPage,
    RunRow,
    count_due,
    exceptions,
    runs,
    totals,
)
from kyufu.documents.reads import pages_to
from kyufu.documents.wording import WATERMARK

__all__ = [
    "WATERMARK",
    "ExceptionTotal",
    "Kind",
    "KindTotal",
    "Printed",
    "PrintedPage",
    "RunRow",
    "count_due",
    "exceptions",
    "pages_to",
    "preview",
    "print_certificates",
    "print_letters",
    "reprint",
    "runs",
    "totals",
]
