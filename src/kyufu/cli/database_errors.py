"""What a command says of a database error that nobody anticipated: never the server's words, which quote values.

A DETAIL such as `Key (name)=(...) already exists` holds what stands in the row. The reference says where in the program
and when; the server's own log has the rest, where the municipality lets the server keep one.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator

from kyufu.platform.clock import current_instant

# Set to 1 by whoever looks for the fault: the places in the program are shown as well, still without any value.
PLACES_WANTED = "KYUFU_TRACEBACK"
UNKNOWN_STATE = "不明"


def is_of_database(error: BaseException) -> bool:
    """Is the error, or one that it was raised from, the database's?"""
    return any(_is_database_error(one) for one in _chain(error))


def say_database_error(error: BaseException) -> None:
    """Print one line with SQLSTATE and reference to the standard error, and the places in the program where asked."""
    found = list(_chain(error))
    state = next(filter(None, (getattr(one, "sqlstate", None) for one in found)), UNKNOWN_STATE)
    print(
        f"エラー: データベースの処理に失敗しました（SQLSTATE {state}、照会番号 {_reference(found)}）。"
        "照会番号をシステムの担当へ連絡してください。",
        file=sys.stderr,
    )
    if os.environ.get(PLACES_WANTED) == "1":
        from kyufu.web.logs import where_it_rose

        print(where_it_rose(error), file=sys.stderr)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen, one = set[int](), error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        following = one.__cause__ or one.__context__
        if following is None:
            return
        one = following


def _is_database_error(error: BaseException) -> bool:
    # Looked up where they were loaded: a command that needs no database loads neither.
    kinds = [
        getattr(sys.modules[name], kind)
        for name, kind in (("django.db", "Error"), ("psycopg", "Error"))
        if name in sys.modules
    ]
    return isinstance(error, tuple(kinds))


def _reference(chain: list[BaseException]) -> str:
    """The instant (UTC) and the innermost place of ours: module and line."""
    places = [
        (frame.f_globals.get("__name__", ""), line)
        for one in chain
        for frame, line in traceback.walk_tb(one.__traceback__)
    ]
    ours = [f"{name.removeprefix('kyufu.')}:{line}" for name, line in places if name.startswith("kyufu.")]
    return "/".join((f"{current_instant():%Y%m%dT%H%M%SZ}", *ours[-1:]))
