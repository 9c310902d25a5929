"""The door of the log: who acts, what was read, what happened; and what the privacy staff asks of it."""

from __future__ import annotations

from kyufu.audit.disclosure import (
    HEADINGS as DISCLOSURE_HEADINGS,
)
from kyufu.audit.disclosure import (
    DisclosureRow,
    Withheld,
    disclosure_csv,
    reads_of,
    record_disclosure,
)
from kyufu.audit.events import EventKind
from kyufu.audit.faces import notes_asked, notes_found, notes_streamed, reading_as, the_same
from kyufu.audit.oddness import FactsSupplier, PersonFacts, Signal, StaffFacts
from kyufu.audit.parameters import Retention, limits, retention, weights
from kyufu.audit.queries import LogQuery, LogRecord, Stream, search_log
from kyufu.audit.recording import NotRecorded, acting, note_read, record_event, write_reads
from kyufu.audit.review import (
    answer_review,
    assign_review,
    close_review,
    draw_sample,
    open_odd_reads,
    unwatch_person,
    watch_person,
)
from kyufu.audit.review_queries import (
    OPEN_STATES,
    ReviewedRead,
    ReviewSeen,
    ReviewStep,
    WatchedSeen,
    find_review,
    review_queue,
    review_steps,
    reviewed_read,
    reviews_to_answer,
    watched_persons,
)
from kyufu.audit.review_states import Finding, ReviewState
from kyufu.audit.tables import ExemptTable, LoggedTable, exempt_tables, logged_tables

__all__ = [
    "DISCLOSURE_HEADINGS", "OPEN_STATES", "DisclosureRow", "EventKind", "ExemptTable", "FactsSupplier", "Finding",
    "LogQuery", "LogRecord", "LoggedTable", "NotRecorded", "PersonFacts", "Retention", "ReviewSeen", "ReviewState",
    "ReviewStep", "ReviewedRead", "Signal", "StaffFacts", "Stream", "WatchedSeen", "Withheld", "acting",
    "answer_review", "assign_review", "close_review", "disclosure_csv", "draw_sample", "exempt_tables", "find_review",
    "limits", "logged_tables", "note_read", "notes_asked", "notes_found", "notes_streamed", "open_odd_reads",
    "reading_as", "reads_of", "record_disclosure", "record_event", "retention", "review_queue", "review_steps",
    "reviewed_read", "reviews_to_answer", "search_log", "the_same", "unwatch_person", "watch_person",
    "watched_persons", "weights", "write_reads",
]  # fmt: skip
