"""`POST /api/oauth/token`: a token for an hour, by OAuth 2.0's client credentials and no other grant.

oauthlib speaks the protocol (RFC 6749, section 4.4); clients, scopes and tokens are ours, so what a
client may do is decided where it is decided for every other token.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from helpdesk.common.errors import TooMany
from helpdesk.common.problems import problem_of
from helpdesk.common.scopes import ALL, SCOPES
from people.models import ApiToken
from people.services import address_of, client_of_secret, count_attempt, give_token
from people.services.clients import LASTS

HOUR = timedelta(hours=1)
GRANT = "client_credentials"
MAX_BODY = 8_000
FORM = "application/x-www-form-urlencoded"


class _Clients(RequestValidator):
    """What oauthlib asks about the clients."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        pair = _pair_of(request)
        request.client = client_of_secret(*pair) if pair else None
        return request.client is not None

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type == GRANT

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> Any:
        return list(request.client.scopes)

    def validate_scopes(
        self,
        client_id: str,
        scopes: list[str],
        client: Any,
        request: Any,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        allowed = {ALL, *SCOPES} if ALL in client.scopes else set(client.scopes)
        return bool(scopes) and allowed.issuperset(scopes)

    def save_bearer_token(self, token: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        give_token(request.client, token["access_token"], request.scopes)


_server = BackendApplicationServer(
    _Clients(),
    token_generator=lambda _request: ApiToken.new_key(),
    token_expires_in=int(LASTS.total_seconds()),
)


@csrf_exempt
@sensitive_post_parameters("client_secret")
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Answers as RFC 6749 says; too many attempts: a problem document with Retry-After."""
    body = request.body.decode("utf-8", "replace") if request.content_type == FORM else ""
    if len(body) > MAX_BODY or "\x00" in body:
        body = ""
    try:
        _count(request)
    except TooMany as limit:
        problem = problem_of(limit)
        assert problem is not None  # noqa: S101 - a Refusal always is one
        return problem.as_response()
    given = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": FORM}
    headers, content, status = _server.create_token_response(
        request.build_absolute_uri(), "POST", body, given
    )
    response = HttpResponse(content, status=status)
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="tuntas"'
    return response


def _count(request: HttpRequest) -> None:
    """A client needs one an hour. Per client and address, so that nobody locks out another's."""
    address = address_of(request)
    pair = _basic(request.headers.get("Authorization", ""))
    client = pair[0] if pair else request.POST.get("client_id", "")
    count_attempt("oauth_address", address, limit=600, per=HOUR)
    count_attempt("oauth_client", f"{client[:100]}|{address}", limit=120, per=HOUR)


def _pair_of(request: Any) -> tuple[str, str] | None:
    """Id and secret, by Basic or in the body; not by both (RFC 6749, section 2.3)."""
    header = request.headers.get("Authorization", "")
    in_body = request.client_id, request.client_secret
    if header:
        return None if any(in_body) else _basic(header)
    return (in_body[0], in_body[1]) if all(in_body) else None


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _space, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    found = unquote_plus(name), unquote_plus(secret)
    return found if colon and "\x00" not in "".join(found) else None
