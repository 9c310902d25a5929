"""Tables of the files handed in with applications (添付書類): what they are, how they stand, and their sealed content.

The content is a table of its own, so that a list never touches it, and so that it alone can be deleted.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kyufu.attachments.formats import MEDIA_TYPES
from kyufu.attachments.names import NAME_LENGTH
from kyufu.attachments.states import ATTACHMENT_PAIRS, ATTACHMENT_START, Scan
from kyufu.platform.transitions import Transition, pairs_constraint, states_constraint


def _one_of(column: str, *, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{column}__in": sorted(map(str, values))}))


class HandedIn(models.Model):
    """What a file handed in says of itself: for which application, what it is, who took it and when."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="+")
    child_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    staff_id = models.CharField(max_length=20)
    staff_name = models.CharField(max_length=100)
    staff_office = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Attachment(HandedIn):
    """A file that was received; `width` and `height` are pixels of its largest page, 0 for a PDF."""

    media_type = models.CharField(max_length=20)
    pages = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    scan = models.CharField(max_length=10)
    state = models.CharField(max_length=12)

    class Meta:
        db_table = "attachments_attachment"
        constraints = (
            states_constraint(ATTACHMENT_PAIRS, name="attachments_attachment_states"),
            _one_of("media_type", values=list(MEDIA_TYPES), name="attachments_attachment_type"),
            _one_of("scan", values=list(Scan), name="attachments_attachment_scan"),
            models.CheckConstraint(
                name="attachments_attachment_something", condition=Q(size__gt=0, pages__gt=0) & ~Q(name="")
            ),
            models.CheckConstraint(
                name="attachments_attachment_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="attachments_attachment_staff", condition=~Q(staff_id="")),
            models.UniqueConstraint(
                name="attachments_attachment_once",
                fields=["application", "sha256"],
                condition=Q(state="received"),
            ),
        )


class AttachmentTransition(Transition):
    """Who received, withdrew or deleted a file, when and why."""

    subject = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "attachments_attachment_transition"
        constraints = (
            pairs_constraint(ATTACHMENT_PAIRS, start=ATTACHMENT_START, name="attachments_attachment_steps"),
        )


class AttachmentContent(models.Model):
    """The sealed content: under a key of its own, which `key_id` names the wrapping of."""

    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    key_id = models.CharField(max_length=32)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "attachments_attachment_content"


class AttachmentRefusal(HandedIn):
    """A file that was not taken because the scanner found something in it; nothing of its content is kept."""

    class Meta:
        db_table = "attachments_refusal"
        constraints = (models.CheckConstraint(name="attachments_refusal_staff", condition=~Q(staff_id="")),)
