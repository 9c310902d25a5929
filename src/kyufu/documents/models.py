"""Tables of the print ledger: runs, their files, each document on its page, and each one left out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kyufu.documents.content import Kind

KINDS = [(kind.value, kind.label) for kind in Kind]


class PrintRun(models.Model):
    """One run of printing (印刷実行): who, when, totals that tie (population = printed + left out)."""

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

    class Meta:
        db_table = "documents_print_run"
        constraints = (
            models.CheckConstraint(
                name="documents_print_run_totals_tie",
                condition=Q(population=F("documents") + F("exceptions")) & Q(pages__gte=F("documents")),
            ),
            models.CheckConstraint(name="documents_print_run_has_maker", condition=~Q(made_by="")),
        )


class PrintFile(models.Model):
    """A PDF of a run: its name inside the run's folder, pages, size and SHA-256."""

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    pages = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "documents_print_file"
        constraints = (models.UniqueConstraint(name="documents_print_file_once", fields=["run", "name"]),)


class Document(models.Model):
    """A printed document: for which certificate or decision, to whom, on which page of which file."""

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

    class Meta:
        db_table = "documents_document"
        constraints = (
            models.UniqueConstraint(
                name="documents_document_printed_once",
                fields=["kind", "subject_id"],
                condition=Q(reprint=False),
            ),
            models.UniqueConstraint(name="documents_document_own_page", fields=["file", "page"]),
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
