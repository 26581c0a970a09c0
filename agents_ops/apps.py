"""Reseller agents: playbooks, verification, supplier complaints, four-eyes, quality."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentsOpsConfig(AppConfig):
    name = "agents_ops"
    verbose_name = _("Agent operations")

    def ready(self) -> None:
        from agents_ops import (  # noqa: F401 - registers them
            approval_timers,
            block_gate,
            block_receivers,
            complaint_gate,
            escalation_gate,
            handlers,
            log_gate,
            lookup_gate,
            receivers,
        )
        from agents_ops.approvals import gate as approval_gate  # noqa: F401 - registers it
        from agents_ops.quality import handlers as quality_handlers  # noqa: F401 - registers them
        from agents_ops.verification import gate  # noqa: F401 - registers it
