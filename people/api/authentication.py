"""Who calls: the holder of an API token, by `Authorization: Bearer tnt_…` and nothing else.

No header that a proxy might set (X-Remote-User and its kin) is ever read. A token reaches as far as
its user, and no further than its scopes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from helpdesk.common.errors import NotAllowed, TooMany
from helpdesk.common.scopes import ALL
from helpdesk.common.wording import gettext as _
from people.models import ApiToken, User
from people.services import address_of, count_attempt, token_of_key

MAX_KEY_LENGTH = 200
REFUSED_A_MINUTE, MINUTE = 120, timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """Leaves requests without a Bearer token to the next authentication (the session)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = key.strip()
        token = None
        if key and key.isascii() and len(key) <= MAX_KEY_LENGTH:
            token = token_of_key(key)
        if token is None:
            _count_refused(request)
            raise AuthenticationFailed
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="tuntas"'


def _count_refused(request: Request) -> None:
    """Nobody guesses 256 bits; whoever tries all the same does not keep us busy."""
    try:
        count_attempt("refused_token", address_of(request), limit=REFUSED_A_MINUTE, per=MINUTE)
    except TooMany as limit:
        raise Throttled(wait=limit.retry_after) from limit


class InScope(BasePermission):
    """Whether the token reaches this operation; a session has no scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        method = "GET" if request.method == "HEAD" else request.method
        scope = getattr(view, "scopes", {}).get(method)
        if not token.allows(scope):
            message = _("This token lacks the scope %(scope)s.") % {"scope": scope or ALL}
            raise NotAllowed(message, code="insufficient_scope")
        return True


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "An API token, `tnt_…`: made by an administrator, or fetched for an hour by a client "
                "from `/api/oauth/token` (OAuth 2.0, client credentials)."
            ),
        }
