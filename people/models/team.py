from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """A squad of officers or a specialist team; every ticket lies with exactly one."""

    class Kind(models.TextChoices):
        SQUAD = "squad", _("general CS squad")
        SUPERVISION = "supervision", _("supervision")
        OPERATIONS = "operations", _("operations management")
        SPECIALIST = "specialist", _("specialist team")

    class Assignment(models.TextChoices):
        OFF = "off", _("off: people take or assign by hand")
        LOAD = "load", _("by load: whoever has least for their capacity")
        SKILL = "skill", _("by skill and load")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_id = models.CharField(_("name (Indonesian)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    email = models.EmailField(_("team's own e-mail address"), blank=True)
    talks_to_customer = models.BooleanField(
        _("talks to the customer"),
        default=True,
        help_text=_("Legal does not: the officer relays (domain section 4)."),
    )
    assignment = models.CharField(
        _("automatic assignment"),
        max_length=10,
        choices=Assignment.choices,
        default=Assignment.OFF,
        db_default=Assignment.OFF,
    )
    position = models.PositiveSmallIntegerField(default=0)
    members: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TeamMembership", related_name="teams"
    )

    class Meta:
        ordering = ("position", "code")
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id

    @property
    def is_specialist(self) -> bool:
        return self.kind == self.Kind.SPECIALIST


class TeamMembership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    leads = models.BooleanField(_("supervises the team"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.team}"
