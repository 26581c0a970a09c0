from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("SLA and deadlines")

    def ready(self) -> None:
        from sla import assignment, canary, handlers, readiness, receivers  # noqa: F401 - registers them
