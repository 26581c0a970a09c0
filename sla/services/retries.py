"""In which order timers come again that were claimed before and did not fire.

Claimed once: most likely they were only in the batch of a worker that died. They come by urgency
among the fresh, first among equals, in small groups. A worker that dies of such a group leaves its
timers claimed twice; from then on each comes alone, one between two batches, the least tried first:
so who kills its worker takes nobody along, and holds up nobody until it is parked.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sla.models import Timer
from sla.services import claims
from sla.services.claims import Tried

TOGETHER = 10
LOOKED_AT_MOST = 500
# A look reads all that is due, so it is rare while a backlog is fired.
LOOK_SECONDS = 5


@dataclass
class Retries:
    lease: timedelta
    once: deque[Tried] = field(default_factory=deque)
    often: deque[Tried] = field(default_factory=deque)
    _look_at: float = 0

    def look(self, now: datetime) -> None:
        if time.monotonic() < self._look_at:
            return
        found = claims.tried_before(now, limit=LOOKED_AT_MOST)
        self.once = deque(tried for tried in found if tried.attempts == 1)
        self.often = deque(tried for tried in found if tried.attempts > 1)
        self._look_at = time.monotonic() + LOOK_SECONDS

    @property
    def urgency(self) -> int | None:
        """Of the most urgent that were claimed once; None: there are none."""
        return self.once[0].urgency if self.once else None

    def claim_group(self, size: int, now: datetime) -> list[Timer]:
        """The next of one urgency that were claimed once; what another sweep took is not among them."""
        urgency = self.urgency
        group: list[int] = []
        while self.urgency == urgency and self.once and len(group) < min(size, TOGETHER):
            group.append(self.once.popleft().pk)
        return claims.claim_tried(group, 1, now, self.lease)

    def claim_one(self, now: datetime) -> list[Timer]:
        """The next of those that are suspects, or none when another sweep has it or it is parked."""
        suspect = self.often.popleft()
        return claims.claim_tried([suspect.pk], suspect.attempts, now, self.lease)
