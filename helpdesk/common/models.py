from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered; see helpdesk/common/idempotency.py.

    `key` and `fingerprint` are hashes: neither the caller's key nor what was sent is kept. `status` is
    0 only inside the transaction that is making the answer.
    """

    key = models.CharField(max_length=64, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.status}"
