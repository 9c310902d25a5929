"""Tables of the print ledger: runs, their files, each document on its page, and each one left out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.documents.content import Kind

KINDS = [(kind.value, kind.label) for kind in Kind]


class PrintRun(models.Model):
    """One run of printing (印刷実行): who, when, totals that tie (population = printed + left out).

    A run that prints a range of another again names it, with the first and last running number (通し番号) asked for.
    """

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    document_date = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=50)
    reprint_reason = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField()
    population = models.PositiveIntegerField()
    population_sha256 = models.CharField(max_length=64)
    documents = models.PositiveIntegerField()
    exceptions = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    folder = models.CharField(max_length=100, unique=True)
    reprint_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="reprints", null=True)
    reprint_first = models.PositiveIntegerField(null=True)
    reprint_last = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "documents_print_run"
        constraints = (
            models.CheckConstraint(
                name="documents_print_run_range_whole",
                condition=Q(reprint_of=None, reprint_first=None, reprint_last=None)
                | Q(reprint_of__isnull=False, reprint_first__isnull=False, reprint_last__isnull=False)
                & Q(reprint_first__gte=1, reprint_last__gte=F("reprint_first"))
                & ~Q(reprint_reason=""),
            ),
            models.CheckConstraint(
                name="documents_print_run_totals_tie",
                condition=Q(population=F("documents") + F("exceptions")) & Q(pages__gte=F("documents")),
            ),
            models.CheckConstraint(name="documents_print_run_has_maker", condition=~Q(made_by="")),
        )


class PrintFile(models.Model):
    """A PDF of a run: its name inside the run's folder, pages, size, SHA-256, and the one ward and envelope in it.

    `ward` is a ward's code or "individual". Files from before there was an order have no ward, and zeros.
    """

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    pages = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    ward = models.CharField(max_length=10)
    envelope = models.CharField(max_length=10)
    first_no = models.PositiveIntegerField()
    last_no = models.PositiveIntegerField()

    class Meta:
        db_table = "documents_print_file"
        constraints = (models.UniqueConstraint(name="documents_print_file_once", fields=["run", "name"]),)


class Document(models.Model):
    """A printed document: for which certificate or decision, to whom, on which page of which file.

    `running_no` (通し番号) counts the documents of a run as they lie, 0 before there was one; `replaces` is the one in
    whose place a document of a damaged range is printed.
    """

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="printed")
    file = models.ForeignKey(PrintFile, on_delete=models.PROTECT, related_name="printed")
    kind = models.CharField(max_length=20, choices=KINDS)
    subject_id = models.BigIntegerField()
    addressee_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    page = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    printed_at = models.DateTimeField()
    reprint = models.BooleanField()
    running_no = models.PositiveIntegerField()
    content_digest = models.CharField(max_length=32)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)

    class Meta:
        db_table = "documents_document"
        constraints = (
            models.UniqueConstraint(
                name="documents_document_printed_once",
                fields=["kind", "subject_id"],
                condition=Q(reprint=False),
            ),
            models.UniqueConstraint(name="documents_document_own_page", fields=["file", "page"]),
            models.UniqueConstraint(
                name="documents_document_running_no_once",
                fields=["run", "running_no"],
                condition=Q(running_no__gt=0),
            ),
            models.CheckConstraint(
                name="documents_document_replaces_as_reprint",
                condition=Q(replaces=None) | Q(reprint=True),
            ),
        )
        indexes = (models.Index(name="documents_document_to", fields=["addressee_id"]),)


class PrintException(models.Model):
    """A document that a run left out: why, as a code and a Japanese sentence without personal data."""

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="left_out")
    kind = models.CharField(max_length=20, choices=KINDS)
    subject_id = models.BigIntegerField()
    addressee_id = models.BigIntegerField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=200)

    class Meta:
        db_table = "documents_print_exception"
        constraints = (
            models.UniqueConstraint(name="documents_print_exception_once", fields=["run", "subject_id"]),
        )
