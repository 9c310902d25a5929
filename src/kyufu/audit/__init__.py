"""The append-only record of every read and write, chained so that tampering shows."""
