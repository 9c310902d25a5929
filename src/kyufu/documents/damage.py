"""A damaged range of a print run: the documents that have to be printed again in the place of those that were lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kyufu.documents.models import Document, PrintException, PrintRun
from kyufu.platform.errors import BadInput, Refused


class Original(NamedTuple):
    """A document of a damaged range as it was printed: its row, running number, addressee, digest."""

    document_id: int
    running_no: int
    addressee_id: int
    digest: str


class Damage(NamedTuple):
    """A damaged range of a run that is printed again: the run, the running numbers, and the documents by subject.

    `reprints` is how many re-prints of the run somebody has seen who asks for one more, None where nobody looked.
    """

    run_id: int
    first: int
    last: int
    originals: Mapping[int, Original]
    reprints: int | None


class NotPrintedAgain(NamedTuple):
    """A document that a re-print left out: its running number in the damaged run, and why; names nobody."""

    running_no: int
    text: str


def damage_of(run: PrintRun, *, first: int, last: int, reprints: int | None) -> Damage:
    """The documents of a range, in their order; raises Refused for a range that does not lie within the run."""
    found = Document.objects.filter(run=run, running_no__gte=max(first, 1), running_no__lte=last)
    originals = {
        one.subject_id: Original(one.pk, one.running_no, one.addressee_id, one.content_digest)
        for one in found.order_by("running_no")
    }
    if first < 1 or first > last or len(originals) != last - first + 1:
        raise Refused(
            f"通し番号 {first} から {last} までの範囲は、この印刷にありません（1 から {run.documents} まで）。",
            remedy="送付票で通し番号を確かめてください。",
        )
    return Damage(run.pk, first, last, originals, reprints)


def refuse_if_reprinted(damage: Damage) -> None:
    """Raise Refused where the run was printed again since somebody looked at it."""
    made = PrintRun.objects.filter(reprint_of=damage.run_id).count()
    if damage.reprints is not None and made != damage.reprints:
        raise Refused(
            "この画面を開いたあとに、ほかの職員がこの印刷を再印刷しました。",
            remedy="再印刷の記録を確かめ、まだ要る範囲だけを入力し直してください。",
        )


def find_run(run_id: int) -> PrintRun:
    """A print run by its number; raises BadInput where there is none."""
    found = PrintRun.objects.filter(pk=run_id).first()
    if found is None:
        raise BadInput(
            f"印刷番号 {run_id} の印刷はありません。", remedy="印刷の一覧で番号を確かめてください。"
        )
    return found


def not_printed_again(run_id: int, *, limit: int) -> tuple[NotPrintedAgain, ...]:
    """What a re-print of a range left out, in the order of the damaged run."""
    run = find_run(run_id)
    why = dict(PrintException.objects.filter(run=run).values_list("subject_id", "text"))
    lost = Document.objects.filter(run=run.reprint_of_id, subject_id__in=why).order_by("running_no")
    rows = lost.values_list("running_no", "subject_id")[:limit]
    return tuple(NotPrintedAgain(running_no, why[subject_id]) for running_no, subject_id in rows)
