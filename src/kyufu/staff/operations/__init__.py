"""Writes of this module: offices and accounts, sign-in facts, grants, and proposals for a second person."""
