from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PolicyDraft(models.Model):
    """What one person is changing in the policy, before it is put in force.

    `base_version` is the version that it began from. `revision` counts its changes, so that two
    windows of the same person do not overwrite each other.
    """

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="policy_draft"
    )
    base_version = models.PositiveIntegerField(_("begun from version"))
    body = models.JSONField(_("rules"))
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("policy draft")
        verbose_name_plural = _("policy drafts")

    def __str__(self) -> str:
        return f"draft of {self.author_id} on v{self.base_version}"
