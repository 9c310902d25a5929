"""What the municipality publishes about its handling of personal numbers, printed from the running system."""
