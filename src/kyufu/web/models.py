"""Tables of the pages themselves: drafts of forms. Sessions and counters of attempts stand in tables of Django's."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """A form that somebody has begun (下書き): one for an account, a form and what it is about.

    `content` is sealed to these three; `addressee` is the person whom it is about.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("staff.Account", on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    addressee = models.ForeignKey("registry.Addressee", on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        db_table = "web_draft"
        constraints = (
            models.UniqueConstraint(fields=["account", "form", "subject"], name="web_draft_one_each"),
        )
        indexes = (models.Index(fields=["saved_at"], name="web_draft_saved_at"),)
