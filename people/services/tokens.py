from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from helpdesk.common import clock
from people.models import ApiToken, User


def issue_token(
    *, user: User, name: str, expires_at: datetime | None = None, key: str = ""
) -> tuple[ApiToken, str]:
    """A new token and its key, which is shown this once and not kept."""
    key = key or ApiToken.new_key()
    token = ApiToken.objects.create(
        user=user, name=name, hint=key[:8], digest=ApiToken.digest_of(key), expires_at=expires_at
    )
    return token, key


def user_of_key(key: str) -> User | None:
    """The active user who holds this key, None for an unknown, revoked or expired one."""
    now = clock.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .filter(digest=ApiToken.digest_of(key), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    return token.user if token else None


def revoke_token(*, token: ApiToken) -> None:
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
