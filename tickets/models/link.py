"""How tickets belong together. What is true now; how it came about, the events of both tell."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """One ticket points to another. `merged_into`: the conversation goes on there, both numbers work."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("same problem as")
        RELATED = "related", _("related to")
        CAUSED_BY = "caused_by", _("caused by")
        SPLIT_FROM = "split_from", _("split off from")
        MERGED_INTO = "merged_into", _("merged into")

    # What people tie and untie by hand; the others are made by verbs of their own.
    BY_HAND = (Kind.DUPLICATE, Kind.RELATED, Kind.CAUSED_BY)

    from_ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_out")
    to_ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["from_ticket", "to_ticket", "kind"], name="one_link_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["from_ticket"],
                condition=models.Q(kind="merged_into"),
                name="merged_into_one_ticket",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_ticket=models.F("to_ticket")), name="link_joins_two"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["duplicate", "related", "caused_by", "split_from", "merged_into"]
                ),
                name="link_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_ticket_id} {self.kind} {self.to_ticket_id}"
