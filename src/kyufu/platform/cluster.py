"""Which PostgreSQL cluster writes a row: transaction numbers mean something within one only."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

# An ordinary role may ask. A dump restored elsewhere keeps what was written; new rows name the new cluster.
CLUSTER = RawSQL("(pg_control_system()).system_identifier", ())
