"""Playbooks at the desk: the panel beside the conversation, and the supervisors' editor."""
