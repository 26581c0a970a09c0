"""The one terminal that several processes share: whole lines, each with its process's name."""

from __future__ import annotations

import os
import sys
import threading
from typing import IO

_COLOURS = {"tuntas": 36, "web": 32, "worker": 33, "beat": 35, "set-up": 34}
_WIDTH = max(map(len, _COLOURS))
_lock = threading.Lock()


def say(name: str, line: str) -> None:
    prefix = f"{name:<{_WIDTH}} |"
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        prefix = f"\033[{_COLOURS.get(name, 37)}m{prefix}\033[0m"
    write(f"{prefix} {line}")


def write(text: str) -> None:
    with _lock:
        try:
            print(text, flush=True)
        except OSError:
            # The terminal is gone; the processes go on until they are told to stop.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


def follow(name: str, stream: IO[bytes]) -> threading.Thread:
    """Prints each line of the stream as it comes, until its writer ends."""

    def copy() -> None:
        for line in stream:
            say(name, line.decode(errors="replace").rstrip())

    thread = threading.Thread(target=copy, name=f"output of {name}", daemon=True)
    thread.start()
    return thread
