from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.models import Team


class SavedView(models.Model):
    """Filters, sort and columns of the queue under a name, for its owner, a team or everybody.

    `body` is what `desk.view_filters.checked` let pass; it never widens what a reader may see.
    """

    class Audience(models.TextChoices):
        PRIVATE = "private", _("only for me")
        TEAM = "team", _("for a team")
        ALL = "all", _("for everybody at the desk")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=60)
    audience = models.CharField(
        _("who has it"), max_length=7, choices=Audience.choices, default=Audience.PRIVATE
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    body = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="one_view_of_a_name_each"),
            models.CheckConstraint(
                condition=models.Q(audience="team", team__isnull=False)
                | (~models.Q(audience="team") & models.Q(team__isnull=True)),
                name="view_of_a_team_names_it",
            ),
        ]
        indexes = [
            models.Index(
                fields=["audience", "team"],
                name="view_shared",
                condition=~models.Q(audience="private"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.audience != self.Audience.PRIVATE
