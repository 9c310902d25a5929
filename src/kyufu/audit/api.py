"""The door of the log: who acts, what was read, what happened."""

from __future__ import annotations

from kyufu.audit.events import EventKind
from kyufu.audit.faces import notes_asked, notes_found, notes_streamed, reading_as, the_same
from kyufu.audit.parameters import Retention, retention
from kyufu.audit.recording import NotRecorded, acting, note_read, record_event, write_reads
from kyufu.audit.tables import ExemptTable, LoggedTable, exempt_tables, logged_tables

__all__ = [
    "EventKind",
    "ExemptTable",
    "LoggedTable",
    "NotRecorded",
    "Retention",
    "acting",
    "exempt_tables",
    "logged_tables",
    "note_read",
    "notes_asked",
    "notes_found",
    "notes_streamed",
    "reading_as",
    "record_event",
    "retention",
    "the_same",
    "write_reads",
]
