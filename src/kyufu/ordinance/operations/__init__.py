"""Writes: one public operation is one transaction."""
