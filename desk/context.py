"""What every page may show: who we are, what is unread, what the reader may do."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from agents_ops.approvals.deciding import waiting_for
from desk.keys.own import Keyboard
from desk.practice import Tour
from people.actors import of_user
from people.models import User, organisation
from tickets.models import Notice


class MayFlags:
    """`may.view_dashboard` in a template, asked only when used."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def __getitem__(self, permission: str) -> bool:
        return isinstance(self._user, User) and self._user.may(permission)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """`organisation`, `unread_notices` (lazy), `keyboard`, `tour` and `may` for every template."""
    user = getattr(request, "user", None)
    return {
        "organisation": SimpleLazyObject(organisation),
        # A callable, so that a page that does not show it does not ask for it.
        "unread_notices": cache(lambda: unread_notices(user)),
        "approvals_waiting": cache(lambda: approvals_waiting(user)),
        "may": MayFlags(user),
        "tour": SimpleLazyObject(lambda: Tour(user)),
        "keyboard": SimpleLazyObject(lambda: Keyboard(user)),
    }


def approvals_waiting(user: Any) -> int:
    """What the reader may decide now, up to a hundred."""
    if not isinstance(user, User):
        return 0
    return waiting_for(of_user(user)).order_by()[:100].count()


def unread_notices(user: Any) -> int:
    if not getattr(user, "is_authenticated", False):
        return 0
    return Notice.objects.filter(recipient=user, read_at__isnull=True)[:100].count()
