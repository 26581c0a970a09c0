"""PostgreSQL and Valkey inside the checkout, for machines where nobody runs a server.

Standard library only: this starts before Django and its settings exist. Read places.py (where),
lease.py (who uses it), postgres.py and valkey.py (how), session.py (when).
"""
