"""From the chosen documents of a run to its files: sorted without their contents, then set in the order of the mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kyufu.documents.compose import Setting
from kyufu.documents.content import Content
from kyufu.documents.damage import Damage
from kyufu.documents.envelopes import Envelope, envelope_for
from kyufu.documents.ledger import Order, Sheaf
from kyufu.documents.render import Press
from kyufu.documents.selection import Chosen, LeftOut
from kyufu.documents.sorting import Part, Placed, cut, in_order
from kyufu.documents.spool import Spool, digest_of

CHANGED = (
    "印刷したときと宛名や内容が変わったか、印刷したときの内容の記録がありません。"
    "この1件を確かめて、理由を付けて再印刷してください。"
)


class Layout(NamedTuple):
    """What a run lays its documents out with: the order, its setting, the press and the spool."""

    order: Order
    setting: Setting
    press: Press
    spool: Spool

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """The envelopes in use on the date of the documents."""
        return self.setting.municipality.envelopes(on=self.setting.dated)


def lay_out(
    blocks: Iterable[list[Chosen]], *, layout: Layout, left_out: list[LeftOut], seen: Callable[[], None]
) -> list[Placed]:
    """Put the contents of the blocks away; gives the documents in the order of the mail.

    Of a damaged range, what would not be the same again is added to `left_out`. `seen` is called after each block.
    """
    envelopes = layout.envelopes
    placed: list[Placed] = []
    for chosen, pages in layout.press.measure(blocks, contents_of=_contents_of):
        for one, number_of_pages in zip(chosen, pages, strict=True):
            found = _place(one, pages=number_of_pages, layout=layout, envelopes=envelopes)
            placed.append(found) if isinstance(found, Placed) else left_out.append(found)
        seen()
    return in_order(placed)


def press_files(ordered: Sequence[Placed], *, layout: Layout, most_pages: int) -> Iterator[Sheaf]:
    """Write the documents to files, each of one ward and one envelope and of a bounded size."""
    envelopes = layout.envelopes
    done = layout.press.run(
        cut(ordered, most_pages=most_pages),
        contents_of=lambda part: layout.spool.take([one.place for one in part.documents]),
        name_of=lambda part: _name(part, envelopes=envelopes),
        marks_of=lambda part: _marks(part, order=layout.order),
    )
    for part, file in done:
        yield Sheaf(part, file, envelopes[part.envelope].code)


def _place(one: Chosen, *, pages: int, layout: Layout, envelopes: Sequence[Envelope]) -> Placed | LeftOut:
    digest = digest_of(one.content)
    if _differs(one, digest=digest, damage=layout.order.damage):
        return LeftOut(one.item, "content_changed", CHANGED)
    return Placed(
        item=one.item,
        number=one.content.number,
        ward=one.ward,
        envelope=envelope_for(pages, among=envelopes),
        pages=pages,
        postal_code=one.content.addressee.postal_code,
        household=one.household,
        digest=digest,
        place=layout.spool.put(one.content),
    )


def _differs(one: Chosen, *, digest: str, damage: Damage | None) -> bool:
    return damage is not None and damage.originals[one.item.subject_id].digest != digest


def _contents_of(chosen: Sequence[Chosen]) -> list[Content]:
    return [one.content for one in chosen]


def _name(part: Part, *, envelopes: Sequence[Envelope]) -> str:
    """Number of the file, ward, envelope, pages, first and last running number."""
    code = envelopes[part.envelope].code
    return f"{part.sequence:04d}-{part.ward}-{code}-p{part.pages:04d}-{part.first:06d}-{part.last:06d}"


def _marks(part: Part, *, order: Order) -> list[str]:
    return [
        _mark(running_no, one=one, order=order)
        for running_no, one in enumerate(part.documents, start=part.first)
    ]


def _mark(running_no: int, *, one: Placed, order: Order) -> str:
    if order.damage is None:
        return f"通し {running_no:06d}"
    original = order.damage.originals[one.item.subject_id]
    return f"再印刷　通し {running_no:06d}（元の通し {original.running_no:06d}）"
