"""The one place where the clock is read; everywhere else a date or an instant is an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def current_instant() -> datetime:
    """The present instant in UTC, for record times."""
    return datetime.now(UTC)  # noqa: TID251 - this module is the exception the rule names


def current_date_in_japan() -> date:
    """The present legal date in Japan."""
    return current_instant().astimezone(JAPAN).date()
