"""The database session is told who acts, so that the triggers can write it down (`kyufu.access`)."""

from __future__ import annotations

import json

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kyufu.platform.access import ACCESS, Access

# The vault has a log of its own calls and sees nothing of this schema.
TOLD = frozenset({"default", "owner"})


def as_setting(access: Access | None) -> str:
    """The access as the triggers read it; empty for nobody."""
    if access is None:
        return ""
    return json.dumps(
        {
            "reference": str(access.reference),
            "actor_id": access.actor.staff_id,
            "actor_name": access.actor.name,
            "actor_office": access.actor.office,
            "terminal": access.terminal,
            "channel": access.channel,
            "screen": access.screen,
            "purpose": access.purpose,
            "case_no": access.case_no,
        },
        ensure_ascii=False,
    )


def tell_sessions(access: Access | None) -> None:
    """Say to every open session who acts from now on; a session that cannot be told is closed."""
    for connection in connections.all(initialized_only=True):
        if connection.alias in TOLD and connection.connection is not None:
            _tell(connection, access=access)


def tell_new_session(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Say to a session that was opened meanwhile who acts."""
    access = ACCESS.get()
    if access is not None and connection.alias in TOLD:
        _tell(connection, access=access)


def _tell(connection: BaseDatabaseWrapper, *, access: Access | None) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kyufu.access', %s, false)", [as_setting(access)])
    except DatabaseError:
        # Whoever comes next on this session would be written down as the one before.
        connection.close()
        if access is not None:
            raise
