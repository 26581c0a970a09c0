"""The editor of the SLA policy: in words, as forms, as a difference; what it would do."""
