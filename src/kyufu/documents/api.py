"""What other modules may use of documents."""

from __future__ import annotations

from kyufu.documents.again import reprint_range
from kyufu.documents.checking import Checked, check_run
from kyufu.documents.content import Kind
from kyufu.documents.damage import NotPrintedAgain, not_printed_again
from kyufu.documents.mailing import BulkPrint, bulk_prints_to_mail, mail_bulk_print
from kyufu.documents.manifest import Bundle, FileLine, LeftOutLine, Manifest, faults_of, manifest_of
from kyufu.documents.marks import watermark_here
from kyufu.documents.office import municipality
from kyufu.documents.operations import Printed, preview, print_certificates, print_letters, print_one, reprint
from kyufu.documents.queries import (
    Account,
    ExceptionTotal,
    KindTotal,
    PrintedPage,
    RunRow,
    account_for,
    count_due,
    exceptions,
    reprints_of,
    runs,
    totals,
)
from kyufu.documents.reads import pages_to
from kyufu.documents.requests import request_for
from kyufu.documents.single import (
    Paper,
    certificates_to_hand_over,
    hand_over_certificate,
    paper_of,
    pdf_of,
    print_paper,
)
from kyufu.documents.told import NOT_YET, LetterSeen, letters_of
from kyufu.documents.wording import WATERMARK

__all__ = [
    "NOT_YET",
    "WATERMARK",
    "Account",
    "BulkPrint",
    "Bundle",
    "Checked",
    "ExceptionTotal",
    "FileLine",
    "Kind",
    "KindTotal",
    "LeftOutLine",
    "LetterSeen",
    "Manifest",
    "NotPrintedAgain",
    "Paper",
    "Printed",
    "PrintedPage",
    "RunRow",
    "account_for",
    "bulk_prints_to_mail",
    "certificates_to_hand_over",
    "check_run",
    "count_due",
    "exceptions",
    "faults_of",
    "hand_over_certificate",
    "letters_of",
    "mail_bulk_print",
    "manifest_of",
    "municipality",
    "not_printed_again",
    "pages_to",
    "paper_of",
    "pdf_of",
    "preview",
    "print_certificates",
    "print_letters",
    "print_one",
    "print_paper",
    "reprint",
    "reprint_range",
    "reprints_of",
    "request_for",
    "runs",
    "totals",
    "watermark_here",
]
