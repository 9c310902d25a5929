"""Offices, accounts, roles and dated grants; who may do what, and the second person."""
