"""Official transaction logs, for those at the desk who may see their tickets."""

from __future__ import annotations

from django.http import Http404

from agents_ops.models import TransactionLog
from people.actors import Actor
from tickets.selectors import visible_tickets


def log_for_actor_or_404(actor: Actor, key: str) -> TransactionLog:
    """Raises Http404 for whoever is not at the desk, as for a log that is not there."""
    rows = TransactionLog.objects.select_related("run__ticket")
    found = rows.filter(key=key, run__ticket__in=visible_tickets(actor)).first()
    if found is None or not (actor.at_desk and actor.may("work_ticket")):
        raise Http404("transaction log")
    return found
