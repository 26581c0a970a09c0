from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.playbook.parts import Playbook, read_playbooks
from helpdesk.common.drafting import RuleDraft
from helpdesk.common.versioned import VersionedData


class PlaybookSet(VersionedData):
    """Every playbook, as one version of one document (fixtures/playbooks.json). A run keeps the
    version that it began with."""

    @cached_property
    def playbooks(self) -> dict[str, Playbook]:
        return read_playbooks(self.body)

    def read_all(self) -> None:
        _read = self.playbooks


class PlaybookDraft(RuleDraft):
    """What one person is changing in the playbooks."""

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="playbook_draft"
    )

    class Meta:
        verbose_name = _("playbook draft")
        verbose_name_plural = _("playbook drafts")

    def __str__(self) -> str:
        return f"draft of {self.author_id} on v{self.base_version}"
