"""The door of the log: who acts, what was read, what happened; and what the privacy staff asks of it."""

from __future__ import annotations

from kyufu.audit.chain import ChainResult, chain_records, chain_restored
from kyufu.audit.direct import DirectWrite, DirectWrites, direct_writes
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
from kyufu.audit.head import Head, export_head, read_head
from kyufu.audit.log_state import LogState, last_event_at, log_state, oldest_unsealed_at
from kyufu.audit.oddness import FactsSupplier, PersonFacts, Signal, StaffFacts
from kyufu.audit.parameters import Retention, limits, retention, weights
from kyufu.audit.partitions import ensure_partitions
from kyufu.audit.queries import LogQuery, LogRecord, Reader, Stream, readers_of, search_log
from kyufu.audit.recording import NotRecorded, acting, note_read, record_event, write_reads
from kyufu.audit.retention import Expired, delete_expired, expired_partitions
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
from kyufu.audit.signing import Signer, open_signer, public_keys, replace_key
from kyufu.audit.tables import ExemptTable, LoggedTable, exempt_tables, logged_tables
from kyufu.audit.verification import Fault, Verdict, verify
from kyufu.audit.verification import Finding as VerifyFinding

__all__ = [
    "DISCLOSURE_HEADINGS",
    "OPEN_STATES",
    "ChainResult",
    "DirectWrite",
    "DirectWrites",
    "DisclosureRow",
    "EventKind",
    "ExemptTable",
    "Expired",
    "FactsSupplier",
    "Fault",
    "Finding",
    "Head",
    "LogQuery",
    "LogRecord",
    "LogState",
    "LoggedTable",
    "NotRecorded",
    "PersonFacts",
    "Reader",
    "Retention",
    "ReviewSeen",
    "ReviewState",
    "ReviewStep",
    "ReviewedRead",
    "Signal",
    "Signer",
    "StaffFacts",
    "Stream",
    "Verdict",
    "VerifyFinding",
    "WatchedSeen",
    "Withheld",
    "acting",
    "answer_review",
    "assign_review",
    "chain_records",
    "chain_restored",
    "close_review",
    "delete_expired",
    "direct_writes",
    "disclosure_csv",
    "draw_sample",
    "ensure_partitions",
    "exempt_tables",
    "expired_partitions",
    "export_head",
    "find_review",
    "last_event_at",
    "limits",
    "log_state",
    "logged_tables",
    "note_read",
    "notes_asked",
    "notes_found",
    "notes_streamed",
    "oldest_unsealed_at",
    "open_odd_reads",
    "open_signer",
    "public_keys",
    "read_head",
    "readers_of",
    "reading_as",
    "reads_of",
    "record_disclosure",
    "record_event",
    "replace_key",
    "retention",
    "review_queue",
    "review_steps",
    "reviewed_read",
    "reviews_to_answer",
    "search_log",
    "the_same",
    "unwatch_person",
    "verify",
    "watch_person",
    "watched_persons",
    "weights",
    "write_reads",
]  # fmt: skip
