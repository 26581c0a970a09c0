"""The project package: settings, addresses, processes. No domain in here (see helpdesk.common)."""
