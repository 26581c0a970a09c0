"""What a production start refuses besides wrong settings: people of the demo, rules of another release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError

from helpdesk.common.versioned import unreadable_rules


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


def _unprepared() -> str:
    """What is missing in the database for this release, in words; '' when it is prepared."""
    try:
        found = unreadable_rules()
    except ProgrammingError:
        found = ["tables"]
    if not found:
        return ""
    return (
        f"This database is not prepared for this release: {', '.join(found)}. Run "
        "`manage.py prepare`, the one command of an upgrade: migrations and reference data."
    )


@register(Tags.database, deploy=True)
def prepared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Sequence[CheckMessage]:
    """`manage.py check --deploy` says when `prepare` was forgotten."""
    words = _unprepared() if settings.PRODUCTION else ""
    return [Error(words, id="helpdesk.E002")] if words else []


def refuse_unprepared_database_in_production() -> None:
    """Stops a web, worker or beat process that would fail with the first ticket."""
    if settings.PRODUCTION and (words := _unprepared()):
        raise ImproperlyConfigured(words)
