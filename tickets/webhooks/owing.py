"""Makes the deliveries that follow from the events: each event once for each endpoint that wants it.

The event row is the outbox. How far it has been read and what is owed from it are written in one
transaction, so a process that dies between the two has done neither.
"""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from people.actors import of_user
from tickets.event_feed import settled, told_events
from tickets.models import TicketEvent, WebhookDelivery, WebhookEndpoint, WebhookPosition

BATCH = 1_000
PATIENCE = 2.0


def owe_deliveries(*, patience: float = PATIENCE) -> int:
    """Go on from where the last call ended; how many deliveries were made. Outside a transaction."""
    position = WebhookPosition.objects.values_list("event_id", flat=True).first() or 0
    upto, made, further = settled(after=position, patience=patience), 0, True
    while further:
        count, further = _owe_batch(upto)
        made += count
    return made


@transaction.atomic
def _owe_batch(upto: int) -> tuple[int, bool]:
    """How many were made, and whether there is more to read."""
    WebhookPosition.objects.get_or_create(pk=1, defaults={"event_id": 0})
    position = WebhookPosition.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if position is None or position.event_id >= upto:  # somebody else is at it, or it is done
        return 0, False
    active = WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE)
    endpoints = list(active.select_related("owner"))
    # What is older than every endpoint concerns none of them.
    begin = max([position.event_id, min((row.from_event for row in endpoints), default=upto)])
    rows = TicketEvent.objects.filter(pk__gt=begin, pk__lte=upto).order_by("pk")
    # What is retold of another system's past is in the feed; nobody is called for it.
    rows = rows.exclude(data__has_key="imported")
    batch = list(rows.values_list("pk", "kind")[:BATCH])
    made = sum(_owe(endpoint, batch) for endpoint in endpoints)
    further = len(batch) == BATCH
    position.event_id = batch[-1][0] if further else upto
    position.save(update_fields=["event_id"])
    return made, further


def _owe(endpoint: WebhookEndpoint, batch: list[tuple[int, str]]) -> int:
    wanted = [pk for pk, kind in batch if pk > endpoint.from_event and endpoint.wants(kind)]
    if not wanted or not endpoint.owner.is_active:
        return 0
    seen = told_events(of_user(endpoint.owner)).filter(pk__in=wanted).values_list("pk", flat=True)
    now = clock.now()
    owed = [
        WebhookDelivery(endpoint=endpoint, event_id=pk, created_at=now, next_try_at=now)
        for pk in sorted(seen)
    ]
    WebhookDelivery.objects.bulk_create(owed, ignore_conflicts=True)
    return len(owed)
