"""Log lines: one entry is one line, whatever a visitor put into it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """An object a line: at (UTC), level, logger, message, and the traceback of an error.

    json.dumps escapes line breaks and control characters, so no input can forge a second entry.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)


class PlainFormatter(logging.Formatter):
    """For a person at a terminal: time, level, message; only our own traceback may break lines."""

    def format(self, record: logging.LogRecord) -> str:
        clock = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        message = "".join(
            character if character.isprintable() else character.encode("unicode_escape").decode()
            for character in record.getMessage()
        )
        line = f"{clock} {record.levelname.lower():<7} {message}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
