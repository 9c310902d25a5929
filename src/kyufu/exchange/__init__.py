"""What goes to and comes from other systems."""
