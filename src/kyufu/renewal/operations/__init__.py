"""Writes of renewals: one public operation is one transaction, or one for each block."""
