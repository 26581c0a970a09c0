"""Where an embedded server keeps its data, its socket, its log and its locks.

Data lies in the checkout's var/. The socket lies in a short private folder below /tmp, since the
path of a socket may have 107 bytes at most; the folder's name comes from the checkout's path and
the user, so that two checkouts, or two users, never meet.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from helpdesk.embedded import accounts

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """One server's corner of a checkout; name is a short word such as `postgres`."""

    root: Path
    name: str

    @property
    def _mark(self) -> str:
        return hashlib.sha256(f"{self.root}\0{os.geteuid()}".encode()).hexdigest()[:10]

    @property
    def sockets(self) -> Path:
        return Path("/tmp") / f"tuntas-{self._mark}-{self.name}"  # noqa: S108 -- 0700, owner checked

    @property
    def outside(self) -> Path:
        """World-readable folder for what an account without access to the checkout must reach."""
        return Path("/var/lib") / f"tuntas-{self._mark}"

    @property
    def data(self) -> Path:
        return self.root / "var" / self.name

    def data_for_postgres(self) -> Path:
        """As `data`, or `outside` where PostgreSQL's account cannot reach the checkout."""
        elsewhere = self.outside / self.name
        if elsewhere.exists() or not accounts.reachable(self._existing_parent()):
            return elsewhere
        return self.data

    def _existing_parent(self) -> Path:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        return self.data.parent

    @property
    def log(self) -> Path:
        return self.root / "var" / "log" / f"{self.name}.log"

    def lock(self, purpose: str) -> Path:
        return self.root / "var" / "locks" / f"{self.name}.{purpose}"
