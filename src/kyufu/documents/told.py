"""How the documents of many subjects stand: when each was printed, or why a run left it out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from kyufu.documents.content import Kind
from kyufu.documents.models import Document, PrintException


class LetterSeen(NamedTuple):
    """When a letter was first printed (None: not yet), and why the latest run left it out (empty: none did)."""

    printed_at: datetime | None
    left_out: str


NOT_YET = LetterSeen(None, "")


def letters_of(kind: Kind, *, subject_ids: Collection[int]) -> dict[int, LetterSeen]:
    """How the documents of a kind stand, by subject; names nobody."""
    printed = dict(
        Document.objects.filter(kind=kind, subject_id__in=subject_ids, reprint=False).values_list(
            "subject_id", "printed_at"
        )
    )
    reasons = dict(
        PrintException.objects.filter(kind=kind, subject_id__in=subject_ids)
        .order_by("id")
        .values_list("subject_id", "text")
    )
    return {
        one: LetterSeen(printed.get(one), "" if one in printed else reasons.get(one, ""))
        for one in subject_ids
        if one in printed or one in reasons
    }
