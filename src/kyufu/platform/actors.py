"""Who did something: kept as text, because the record must still be readable when the person has left."""

from __future__ import annotations

from typing import NamedTuple


class Actor(NamedTuple):
    """A member of staff (職員) at the moment of acting: staff number, name and office (所属)."""

    staff_id: str
    name: str
    office: str
