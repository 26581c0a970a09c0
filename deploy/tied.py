"""Runs a command that ends when the process that started it ends, however that happens.

`python -m deploy.tied PROGRAM ARGUMENT…` asks the kernel for it (Linux; elsewhere it does nothing)
and becomes the program.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(supervisor: int) -> None:
    """From now on this process gets SIGTERM when its parent, which was `supervisor`, ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        sys.exit("the supervisor has ended")


def main() -> None:
    end_with(os.getppid())
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 -- a path and words of our own


if __name__ == "__main__":
    main()
