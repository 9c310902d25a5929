"""The dated changes of parameters that the municipality decided (基準値の変更), beside the files it was given."""
