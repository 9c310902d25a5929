"""Names that cannot be printed on a certificate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from kyufu.audit.api import reading_as
from kyufu.platform.fonts import undrawable
from kyufu.registry import api as registry

NAMES = "医療証に印刷する氏名"
UNKNOWN_TEXT = "児童の氏名が登録されていません。"


def undrawable_names(child_ids: Collection[int], *, on: date) -> dict[int, str]:
    """Those of the children whose name the print font cannot draw, with the reason against issuing."""
    # Names alone are taken, so it does not matter whose address is hidden today.
    with reading_as(NAMES):
        people = registry.people(sorted(child_ids), valid_on=on, today=on)
    reasons = {child_id: UNKNOWN_TEXT for child_id in child_ids if child_id not in people}
    for child_id, person in people.items():
        if missing := undrawable(person.name):
            reasons[child_id] = f"児童の氏名に印刷用の書体にない文字があります（{'、'.join(missing)}）。"
    return reasons
