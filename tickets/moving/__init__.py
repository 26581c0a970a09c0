"""Tickets from and to other helpdesks: reading their exports, writing ours."""
