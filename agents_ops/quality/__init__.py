"""How well agents' cases are handled: first contact, handling time, and reviews by a score sheet."""
