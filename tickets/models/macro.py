"""Answers kept ready, and what sending one does to the ticket."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from tickets.models.message import Message


class Macro(models.Model):
    """A reply or note with placeholders, of one person, of a team, or (neither) of everybody.

    `effects` says what else sending it does; `tickets.services.macros.EFFECTS` names what is known.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply to the customer")
        NOTE = "note", _("internal note")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.REPLY)
    body = models.TextField(_("text in Indonesian"))
    body_en = models.TextField(_("text in English"), blank=True)
    effects = models.JSONField(default=dict)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="macros"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="macros",
    )
    version = models.PositiveIntegerField(default=1)
    # Nobody: it came with the reference data.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=True) | models.Q(owner__isnull=True),
                name="macro_of_a_team_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["name", "team", "owner"],
                condition=models.Q(archived_at__isnull=True),
                nulls_distinct=False,
                name="one_macro_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def text_for(self, language: str) -> str:
        """The text in the customer's language; Indonesian where there is no other."""
        return self.body_en if language == "en" and self.body_en else self.body


class MacroUse(models.Model):
    """A message that was made from a macro: written with it, so that one sending counts once."""

    macro = models.ForeignKey(Macro, on_delete=models.PROTECT, related_name="uses")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="macro_use")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["macro", "at"], name="macro_use_by_macro")]

    def __str__(self) -> str:
        return f"{self.macro_id} {self.at:%Y-%m-%d %H:%M}"
