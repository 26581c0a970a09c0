from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.drafting import RuleDraft


class PolicyDraft(RuleDraft):
    """What one person is changing in the policy."""

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="policy_draft"
    )

    class Meta:
        verbose_name = _("policy draft")
        verbose_name_plural = _("policy drafts")

    def __str__(self) -> str:
        return f"draft of {self.author_id} on v{self.base_version}"
