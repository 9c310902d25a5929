"""Pages for the staff of a municipality."""
