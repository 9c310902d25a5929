"""What a module declares about one of its feeds: the layout, and the set-based SQL that takes its rows in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kyufu.platform.feeds.layout import Layout


@dataclass(frozen=True, slots=True)
class Derived:
    """A staging column worked out in Python from one column, once for each distinct value.

    The function gives None where there is nothing to store (NULL); `sql_type` is the type in the staging table.
    """

    name: str
    source: str
    work_out: Callable[[str], str | None]
    sql_type: str = "text"


@dataclass(frozen=True, slots=True)
class RowRule:
    """A refusal of single rows by SQL after staging: rows for which `condition` holds go to the worklist.

    `condition` is a boolean SQL expression over the staging row `s`; `column` is the item name it is about;
    `message` is Japanese and says what is wrong and what to do, without any value of the row.
    """

    code: str
    column: str
    message: str
    condition: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose good rows lie in the staging table, as `apply` gets it.

    `table` has `row_no integer`, one column for each layout column (NULL or empty text where empty; the individual
    number always empty), the derived columns, and the `extra` columns. All runs in the file's one transaction.
    `spotted` are the row numbers that the feed's `spot` answered for.
    """

    table: str
    file_id: int
    mode: str
    municipality: str
    made_at: datetime
    recorded_at: datetime
    spotted: tuple[int, ...] = ()

    @property
    def is_full(self) -> bool:
        """Is it a snapshot of everything (FULL) and not a difference?"""
        return self.mode == "FULL"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of a module.

    `prepare` fills `extra` columns by SQL (such as addressee_id) before the row rules are asked; `apply` writes the
    good rows into the module's tables by set-based SQL and returns counts by Japanese label for the summary.
    `receive_numbers` is the vault's seam: pairs of addressee number and individual number of rows that are good.
    `spot` is asked of every good line as a whole, and must be quick; what it answers for is in `Staged.spotted`.
    """

    layout: Layout
    apply: Callable[[Staged], Mapping[str, int]]
    rules: tuple[RowRule, ...] = ()
    derived: tuple[Derived, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    prepare: Callable[[Staged], None] | None = None
    number_owner: str = "atenabango"
    receive_numbers: Callable[[Iterable[tuple[str, str]]], None] | None = None
    spot: Callable[[str], object] | None = None
