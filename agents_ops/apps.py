from __future__ import annotations

from django.apps import AppConfig


class AgentsOpsConfig(AppConfig):
    name = "agents_ops"
