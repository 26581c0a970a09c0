"""What a production start refuses besides wrong settings: people left over from the demo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured


def demo_people() -> int:
    """How many users carry the demo's published passwords."""
    return get_user_model().objects.filter(is_demo=True).count()


def _message(count: int) -> str:
    return (
        f"This database holds demo users with published passwords ({count}); a production start "
        "refuses them. Use a database that never saw `make run`."
    )


@register(Tags.security, deploy=True)
def no_demo_people(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """`manage.py check --deploy` names the demo users in a production database."""
    if not settings.PRODUCTION:
        return []
    count = demo_people()
    return [Error(_message(count), id="helpdesk.E001")] if count else []


def refuse_demo_people_in_production() -> None:
    """Stops a web, worker or beat process of a production start that finds demo users."""
    if settings.PRODUCTION and (count := demo_people()):
        raise ImproperlyConfigured(_message(count))
