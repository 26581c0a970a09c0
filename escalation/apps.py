from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscalationConfig(AppConfig):
    name = "escalation"
    verbose_name = _("Escalation")

    def ready(self) -> None:
        from escalation import (  # noqa: F401 - registers them
            follow_up_timers,
            freeze_timers,
            handlers,
            receivers,
            target_timers,
        )
        from escalation.services import bulk  # noqa: F401 - registers its verb
