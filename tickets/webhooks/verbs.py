"""What owners do with their webhooks; administrators with everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.outbound import NotAllowedThere, judged_address
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.event_feed import PREFIX, TOLD, highest_id
from tickets.models import WebhookDelivery, WebhookEndpoint
from tickets.models.webhook import ALL_EVENTS
from tickets.webhooks.signing import new_salt, secret_of

MOST_ENDPOINTS = 20
OLD_SECRET_HOLDS = timedelta(hours=24)
ACTIVE, PAUSED = WebhookEndpoint.State.ACTIVE, WebhookEndpoint.State.PAUSED


def webhooks_of(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """The actor's own; every one for who manages tokens. Raises NotAllowed."""
    actor.require("use_webhooks")
    rows = WebhookEndpoint.objects.select_related("owner")
    return rows if actor.may("manage_tokens") else rows.filter(owner=actor.user)


def webhook_or_404(actor: Actor, pk: int) -> WebhookEndpoint:
    found = webhooks_of(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("webhook")
    return found


@transaction.atomic
def create_webhook(
    *, actor: Actor, url: str, events: Iterable[str], description: str = ""
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, which hears of what happens from now on, and its secret.

    Raises NotAllowed, InvalidInput.
    """
    owner = actor.require_person("use_webhooks")
    kinds = _checked_events(events)
    _check_url(url)
    if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST_ENDPOINTS:
        message = _("One account has at most %(most)s webhooks.") % {"most": MOST_ENDPOINTS}
        raise InvalidInput(message, code="too_many_webhooks", fields={"url": message})
    salt = new_salt()
    endpoint = WebhookEndpoint.objects.create(
        owner=owner,
        url=url,
        events=kinds,
        description=description,
        created_at=clock.now(),
        from_event=highest_id(),
        salt=salt,
    )
    return endpoint, secret_of(salt)


@transaction.atomic
def change_webhook(
    *,
    actor: Actor,
    pk: int,
    url: str | None = None,
    events: Iterable[str] | None = None,
    description: str | None = None,
    active: bool | None = None,
) -> WebhookEndpoint:
    """What is None stays. Put on again, it goes on with what it is owed. Raises as create_webhook."""
    endpoint = _locked(actor, pk)
    if url is not None and url != endpoint.url:
        _check_url(url)
        endpoint.url = url
    if events is not None:
        endpoint.events = _checked_events(events)
    if description is not None:
        endpoint.description = description
    if active is True and endpoint.state != ACTIVE:
        endpoint.state, endpoint.failures = ACTIVE, 0
        endpoint.failing_since = endpoint.rests_until = None
        endpoint.last_error = ""
    elif active is False and endpoint.state == ACTIVE:
        endpoint.state = PAUSED
    endpoint.save()
    return endpoint


@transaction.atomic
def delete_webhook(*, actor: Actor, pk: int) -> None:
    """With its log."""
    _locked(actor, pk).delete()


@transaction.atomic
def rotate_secret(*, actor: Actor, pk: int) -> tuple[WebhookEndpoint, str]:
    """A new secret; for a day everything is signed by both."""
    endpoint = _locked(actor, pk)
    endpoint.old_salt, endpoint.old_salt_until = endpoint.salt, clock.now() + OLD_SECRET_HOLDS
    endpoint.salt = new_salt()
    endpoint.save(update_fields=["salt", "old_salt", "old_salt_until"])
    return endpoint, secret_of(endpoint.salt)


@transaction.atomic
def try_webhook(*, actor: Actor, pk: int) -> WebhookDelivery:
    """Owe it an event of no ticket. Raises WrongState unless it is active."""
    endpoint = _locked(actor, pk)
    _require_active(endpoint)
    now = clock.now()
    return WebhookDelivery.objects.create(endpoint=endpoint, created_at=now, next_try_at=now)


@transaction.atomic
def replay_delivery(*, actor: Actor, pk: int, delivery_id: int) -> WebhookDelivery:
    """Owe it once more, under the same webhook-id, from now. Raises WrongState, Http404."""
    endpoint = _locked(actor, pk)
    _require_active(endpoint)
    row = endpoint.deliveries.select_for_update().filter(pk=delivery_id).first()
    if row is None:
        raise Http404("delivery")
    row.state, row.attempts = WebhookDelivery.State.PENDING, 0
    row.next_try_at, row.leased_until, row.delivered_at = clock.now(), None, None
    row.save(update_fields=["state", "attempts", "next_try_at", "leased_until", "delivered_at"])
    return row


def _locked(actor: Actor, pk: int) -> WebhookEndpoint:
    found = webhook_or_404(actor, pk)
    return WebhookEndpoint.objects.select_for_update().get(pk=found.pk)


def _require_active(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != ACTIVE:
        raise WrongState(_("This webhook is not active. Put it on first."), code="webhook_off")


def _checked_events(events: Iterable[str]) -> list[str]:
    """The kinds of these types ('ticket.closed', or '*'), each once."""
    kinds = list(dict.fromkeys(word.removeprefix(PREFIX) for word in events))
    if not kinds or not {ALL_EVENTS, *TOLD}.issuperset(kinds):
        message = _("Choose at least one event type of the list.")
        raise InvalidInput(message, code="unknown_event_type", fields={"events": message})
    return [ALL_EVENTS] if ALL_EVENTS in kinds else kinds


def _check_url(url: str) -> None:
    try:
        judged_address(url)
    except (NotAllowedThere, OSError) as error:
        message = _("This address cannot be used: public, https, and a name that exists.")
        raise InvalidInput(message, code="address_refused", fields={"url": message}) from error
