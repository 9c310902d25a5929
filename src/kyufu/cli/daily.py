"""What is done once a day: whatever is over is closed or deleted, and that it was done is written down."""

from __future__ import annotations

from datetime import datetime

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN


def close_what_is_over(*, by: Actor, at: datetime) -> dict[str, int]:
    """Close or delete what is over at an instant; how many of each, by Japanese label.

    An event says that it was done, also on a day on which nothing was due: the page of the system's state looks for it.
    """
    from kyufu.audit.api import EventKind, record_event
    from kyufu.staff import api as staff
    from kyufu.web import drafts
    from kyufu.web.sessions import clear_expired_rows

    counts = staff.lapse_due(at=at)
    counts["期限切れの申し出"] = staff.lapse_proposals(at=at)
    counts |= clear_expired_rows(at=at)
    counts["期限切れの下書き"] = drafts.delete_expired(at=at)
    counts["取り下げた添付書類の削除"] = _delete_attachments(by=by, at=at)
    record_event(EventKind.DAILY_DONE, detail={label: str(count) for label, count in counts.items()})
    return counts


def _delete_attachments(*, by: Actor, at: datetime) -> int:
    from kyufu.attachments import api as attachments

    deleted, on = 0, at.astimezone(JAPAN).date()
    while block := attachments.delete_withdrawn_attachments(by=by, on=on, at=at):
        deleted += block
    return deleted
