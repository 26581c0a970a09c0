"""The desk's own words for tickets."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Tag(models.Model):
    """A word of the vocabulary, which grows by use. `slug` is what it is compared by.

    Tickets keep ids (`Ticket.tags`), so a new label changes one row, and so does a merge: a tag with
    `merged_into` stands for that one wherever it is met.
    """

    slug = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=40)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("slug",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="tag_not_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.label
