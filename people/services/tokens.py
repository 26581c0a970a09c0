"""Keys of connected systems: made, passed on, ended; what they are good for is told by their rows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.scopes import ALL, SCOPES, SUPPLIERS
from helpdesk.common.text import clean_text
from helpdesk.common.together import Shelf, read_together
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import ApiToken, User
from people.roles import Role

security_log = logging.getLogger("tuntas.security")

MAX_OVERLAP_HOURS = 168
MAX_RATE = 1_000_000
# So long a token's last use may be behind: a row that every request writes would be a hot one.
USE_NOTED_EVERY = timedelta(minutes=1)
_NOTE_USE = """
UPDATE people_apitoken SET last_used_at = %s WHERE id = (
    SELECT id FROM people_apitoken
    WHERE id = %s AND (last_used_at IS NULL OR last_used_at < %s)
    FOR NO KEY UPDATE SKIP LOCKED)
"""


def issue_token(
    *,
    user: User,
    name: str,
    expires_at: datetime | None = None,
    key: str = "",
    scopes: Iterable[str] = (ALL,),
    by: User | None = None,
    rate_per_minute: int | None = None,
    supplier: str = "",
) -> tuple[ApiToken, str]:
    """A new token and its key, which is shown this once and not kept."""
    key = key or ApiToken.new_key()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        hint=key[:8],
        digest=ApiToken.digest_of(key),
        expires_at=expires_at,
        scopes=list(scopes),
        created_by=by,
        rate_per_minute=rate_per_minute,
        supplier=supplier,
    )
    return token, key


def create_token(
    *,
    actor: Actor,
    user: User,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    rate_per_minute: int | None = None,
    supplier: str = "",
) -> tuple[ApiToken, str]:
    """As `issue_token`, by an administrator for a connected system or for themselves.

    With `supplier` it answers that supplier's complaints, and does nothing else. A token acts as its
    user, so nobody makes one for another person. Raises NotAllowed, InvalidInput.
    """
    wanted = require_wanted(
        actor=actor, user=user, name=name, scopes=scopes, rate_per_minute=rate_per_minute
    )
    if expires_at is not None and expires_at <= clock.now():
        message = _("The token would have ended already.")
        raise InvalidInput(message, code="in_the_past", fields={"expires_at": message})
    named = clean_text(supplier, field="supplier", max_length=120)
    if named and wanted != [SUPPLIERS]:
        message = _("A supplier's token has the scope %(scope)s and no other.")
        message = message % {"scope": SUPPLIERS}
        raise InvalidInput(message, code="supplier_scope", fields={"scopes": message})
    token, key = issue_token(
        user=user,
        name=name.strip(),
        expires_at=expires_at,
        scopes=wanted,
        by=actor.user,
        rate_per_minute=rate_per_minute,
        supplier=named,
    )
    _log("created", token, actor)
    return token, key


def require_wanted(
    *,
    actor: Actor,
    user: User,
    name: str,
    scopes: Iterable[str],
    rate_per_minute: int | None = None,
) -> list[str]:
    """The scopes, each once, of a token or client that may be made. Raises NotAllowed, InvalidInput."""
    actor.require("manage_tokens")
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not {ALL, *SCOPES}.issuperset(wanted):
        message = _("Choose at least one scope of the list.")
        raise InvalidInput(message, code="unknown_scope", fields={"scopes": message})
    if not name.strip():
        message = _("Give the token a name.")
        raise InvalidInput(message, code="required", fields={"name": message})
    if rate_per_minute is not None and not 1 <= rate_per_minute <= MAX_RATE:
        message = _("Between 1 and %(most)s requests a minute.") % {"most": MAX_RATE}
        raise InvalidInput(message, code="bad_rate", fields={"rate_per_minute": message})
    if not _may_hold_one(user, actor):
        message = _("Only accounts of connected systems get a token, or you yourself.")
        raise InvalidInput(message, code="not_a_system", fields={"user": message})
    return wanted


@transaction.atomic
def rotate_token(*, actor: Actor, token_id: int, overlap_hours: int) -> tuple[ApiToken, str]:
    """A new key with the rights of the old one, which goes on working for so many hours.

    Raises NotAllowed, InvalidInput, WrongState.
    """
    actor.require("manage_tokens")
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        message = _("The old key may go on for at most %(hours)s hours.")
        message = message % {"hours": MAX_OVERLAP_HOURS}
        raise InvalidInput(message, code="bad_overlap", fields={"overlap_hours": message})
    old, now = _locked(token_id), clock.now()
    if old.client_id is not None:
        raise WrongState(_("A client fetches its tokens itself."), code="client_token")
    if not old.works_at(now) or old.rotated_at is not None:
        raise WrongState(_("This token has ended or has been rotated already."))
    new, key = issue_token(
        user=old.user,
        name=old.name,
        expires_at=old.expires_at,
        scopes=old.scopes,
        by=actor.user,
        rate_per_minute=old.rate_per_minute,
        supplier=old.supplier,
    )
    new.lineage = old.lineage
    new.save(update_fields=["lineage"])
    ends = now + timedelta(hours=overlap_hours)
    old.rotated_at = now
    old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
    old.save(update_fields=["rotated_at", "expires_at"])
    _log("rotated", old, actor)
    return new, key


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int) -> ApiToken:
    """From the next request on it opens nothing. Twice is once. Raises NotAllowed, WrongState."""
    actor.require("manage_tokens")
    token = _locked(token_id)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        _log("revoked", token, actor)
    return token


def token_of_key(key: str) -> ApiToken | None:
    """The working token of this key, with its active user; None for any other."""
    now = clock.now()
    (found,) = read_together(_WORKING.parts("", _working, ApiToken.digest_of(key), now)[""])
    if not found:
        return None
    token: ApiToken = found[0]
    _note_use(token, now)
    return token


_WORKING = Shelf()


def _working(digest: str, now: datetime) -> dict[str, QuerySet[ApiToken]]:
    tokens = ApiToken.objects.select_related("user").filter(digest=digest)
    lasting = tokens.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    return {"": lasting.filter(revoked_at__isnull=True, user__is_active=True)}


def _note_use(token: ApiToken, now: datetime) -> None:
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE_USE, [now, token.pk, before])


def _may_hold_one(user: User, actor: Actor) -> bool:
    if actor.is_system:
        return user.is_active
    return user.is_active and (Role.INTEGRATOR in user.roles or user == actor.user)


def _locked(token_id: int) -> ApiToken:
    found = ApiToken.objects.select_for_update(of=("self",)).select_related("user")
    token = found.filter(pk=token_id).first()
    if token is None:
        raise WrongState(_("There is no such token."), code="unknown_token")
    return token


def _log(what: str, token: ApiToken, actor: Actor) -> None:
    by = actor.user.pk if actor.user else actor.label
    security_log.info("token %s id=%s user=%s by=%s", what, token.pk, token.user_id, by)
