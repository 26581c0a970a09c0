"""Small facts about processes that are not our children."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# A started server must outlive its Popen object's garbage collection without a warning.
_spawned: list[subprocess.Popen[bytes]] = []


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was never collected does not count."""
    for child in _spawned:
        if child.pid == pid:
            return child.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"


def command(pid: int) -> str:
    """The command line of a process; empty when there is none."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    listing = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip()


def end(pid: int, how: signal.Signals, within: float) -> bool:
    """Sends the signal and waits up to `within` seconds; True when the process is gone."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return True
    return wait_until(lambda: not alive(pid), within)


def wait_until(true: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def remember(process: subprocess.Popen[bytes]) -> None:
    _spawned.append(process)


def last_lines(log: Path, count: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
