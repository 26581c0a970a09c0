from __future__ import annotations


class EmbeddedServerError(RuntimeError):
    """A server could not be found, started or stopped; the message tells the reader what to do."""
