from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.models.run import PlaybookRun


class Lookup(models.Model):
    """A look into a system for the open step of a run, or what was found by hand.

    `result` is empty where the system did not answer; `trouble` says why. `facts` are masked before
    they are kept, `words` what somebody wrote who looked by hand; both can be erased.
    """

    run = models.ForeignKey(
        PlaybookRun, on_delete=models.PROTECT, related_name="lookups", db_index=False
    )
    step = models.SlugField(max_length=40, db_index=False)
    system = models.CharField(max_length=20)
    result = models.CharField(_("result"), max_length=20, blank=True)
    trouble = models.CharField(max_length=20, blank=True)
    by_hand = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result="", by_hand=False) & ~models.Q(trouble="")
                | models.Q(trouble="") & ~models.Q(result=""),
                name="lookup_found_or_in_trouble",
            ),
        ]
        indexes = [models.Index(fields=["run", "step", "-id"], name="lookup_latest")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.system} {self.result or self.trouble}"

    def fact(self, name: str) -> Any:
        return self.facts.get(name, "")
