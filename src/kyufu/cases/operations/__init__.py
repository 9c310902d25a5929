"""Writes of cases; one public operation is one transaction, a bulk run one for each block."""
