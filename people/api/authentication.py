"""Who calls: the holder of an API token, by `Authorization: Bearer tnt_…` and nothing else.

No header that a proxy might set (X-Remote-User and its kin) is ever read.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from people.models import User
from people.services import user_of_key

MAX_KEY_LENGTH = 200


class TokenAuthentication(BaseAuthentication):
    """Leaves requests without a Bearer token to the next authentication (the session)."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = key.strip()
        user = None
        if key and key.isascii() and len(key) <= MAX_KEY_LENGTH:
            user = user_of_key(key)
        if user is None:
            raise AuthenticationFailed
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="tuntas"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token: `tnt_…`"}
