"""Documents on their way into files, without contents: for tests of the order, of cutting and of the ledger."""

from __future__ import annotations

from kyufu.documents.jobs import Item
from kyufu.documents.ledger import Sheaf
from kyufu.documents.render import Extent, Rendered
from kyufu.documents.sorting import Part, Place, Placed
from tests.documents import samples


def placed(
    subject_id: int,
    *,
    item: Item | None = None,
    ward: str = samples.KOHOKU,
    envelope: int = 0,
    pages: int = 1,
    postal_code: str = "2220032",
    household: str = "",
    guardian_id: int = 0,
) -> Placed:
    """A document that has its place; its item is that of a certificate unless a test gives one."""
    return Placed(
        item=item or Item(subject_id, 0, 0, 0, guardian_id, None),
        number=f"第{subject_id}号",
        ward=ward,
        envelope=envelope,
        pages=pages,
        postal_code=postal_code,
        household=household,
        digest=f"{subject_id:032d}",
        place=Place(0, 0),
    )


def sheaf_of(
    *documents: Placed, name: str = "certificate-0001.pdf", sequence: int = 1, first: int = 1
) -> Sheaf:
    """A file in which the documents lie one after the other."""
    extents, page = [], 1
    for one in documents:
        extents.append(Extent(page, one.pages))
        page += one.pages
    part = Part(sequence, documents[0].ward, documents[0].envelope, first, documents)
    return Sheaf(part, Rendered(name, page - 1, 1000, "0" * 64, tuple(extents)), "you3")
