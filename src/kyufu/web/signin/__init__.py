"""Sign-in: allauth's flows with the rules of `staff`, and what the gate of every screen asks of them."""
