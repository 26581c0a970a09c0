"""Complaints to suppliers, for those who may see their tickets."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from agents_ops.models import SupplierComplaint, SupplierMessage
from agents_ops.selectors import require_reader
from people.actors import Actor
from tickets.selectors import visible_tickets

FAILED = SupplierMessage.objects.filter(complaint=OuterRef("pk"), state="failed")


def visible_complaints(actor: Actor) -> QuerySet[SupplierComplaint]:
    """The latest first; `undelivered`: a message waits for a person. Raises NotAllowed."""
    require_reader(actor)
    rows = SupplierComplaint.objects.filter(ticket__in=visible_tickets(actor))
    return rows.select_related("ticket", "opened_by").annotate(undelivered=Exists(FAILED))


def complaint_or_404(actor: Actor, key: str) -> SupplierComplaint:
    """With its messages. Raises NotAllowed, Http404."""
    rows = visible_complaints(actor).filter(key=key).prefetch_related("messages__by")
    found = rows.first()
    if found is None:
        raise Http404("complaint")
    return found


def answered_complaint_or_404(actor: Actor, key: str, *, supplier: str = "") -> SupplierComplaint:
    """As above; a connected system that speaks for suppliers needs no ticket of its own. `supplier`: the one
    that the caller is, for whom the complaints of others do not exist."""
    if not actor.may("receive_for_others"):
        return complaint_or_404(actor, key)
    found = SupplierComplaint.objects.filter(key=key).select_related("ticket").first()
    if found is None or (supplier and _plain(found.supplier) != _plain(supplier)):
        raise Http404("complaint")
    return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
