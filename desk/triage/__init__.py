"""The editor of the triage rules."""
