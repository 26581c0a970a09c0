"""Connected systems that fetch their tokens themselves: made, ended, and a token for an hour."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import ApiClient, ApiToken, User
from people.services.tokens import require_wanted

security_log = logging.getLogger("tuntas.security")

LASTS = timedelta(hours=1)
KEPT = timedelta(days=1)


def create_client(
    *,
    actor: Actor,
    user: User,
    name: str,
    scopes: Iterable[str],
    rate_per_minute: int | None = None,
) -> tuple[ApiClient, str]:
    """A client and its secret, which is shown this once and not kept.

    By an administrator, for a connected system or for themselves. Raises NotAllowed, InvalidInput.
    """
    wanted = require_wanted(
        actor=actor, user=user, name=name, scopes=scopes, rate_per_minute=rate_per_minute
    )
    secret = ApiClient.new_secret()
    client = ApiClient.objects.create(
        user=user,
        client_id=ApiClient.new_id(),
        name=name.strip(),
        scopes=wanted,
        rate_per_minute=rate_per_minute,
        digest=ApiToken.digest_of(secret),
        created_by=actor.user,
    )
    _log("created", client, actor)
    return client, secret


@transaction.atomic
def revoke_client(*, actor: Actor, client_id: int) -> ApiClient:
    """From the next request on neither it nor any of its tokens opens anything. Twice is once.

    Raises NotAllowed, WrongState.
    """
    actor.require("manage_tokens")
    client = ApiClient.objects.select_for_update().filter(pk=client_id).first()
    if client is None:
        raise WrongState(_("There is no such client."), code="unknown_client")
    now = clock.now()
    if client.revoked_at is None:
        client.revoked_at = now
        client.save(update_fields=["revoked_at"])
        _log("revoked", client, actor)
    client.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    return client


def client_of_secret(client_id: str, secret: str) -> ApiClient | None:
    """The client that this pair belongs to, with its active account; None for any other."""
    found = ApiClient.objects.select_related("user").filter(client_id=client_id).first()
    # Compared also where there is none: how long it takes tells nothing.
    digest = found.digest if found else "0" * 64
    same = hmac.compare_digest(digest, ApiToken.digest_of(secret))
    works = found is not None and found.revoked_at is None and found.user.is_active
    return found if same and works else None


@transaction.atomic
def give_token(client: ApiClient, key: str, scopes: Iterable[str]) -> ApiToken | None:
    """The token with this key, for an hour; None when the client has been revoked meanwhile."""
    locked = ApiClient.objects.select_for_update().get(pk=client.pk)
    if locked.revoked_at is not None:
        return None
    now = clock.now()
    locked.last_used_at = now
    locked.save(update_fields=["last_used_at"])
    return ApiToken.objects.create(
        user_id=locked.user_id,
        client=locked,
        name=locked.name,
        hint=key[:8],
        digest=ApiToken.digest_of(key),
        scopes=list(scopes),
        lineage=locked.lineage,
        rate_per_minute=locked.rate_per_minute,
        expires_at=now + LASTS,
    )


def forget_ended_tokens() -> int:
    """Delete the clients' tokens whose hour ended a day ago; returns how many."""
    ended = ApiToken.objects.filter(client__isnull=False, expires_at__lt=clock.now() - KEPT)
    deleted, _models = ended.delete()
    return deleted


def _log(what: str, client: ApiClient, actor: Actor) -> None:
    by = actor.user.pk if actor.user else actor.label
    security_log.info("client %s id=%s user=%s by=%s", what, client.pk, client.user_id, by)
