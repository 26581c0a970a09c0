"""The forms of tickets that belong together."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from desk.forms import LONG, TicketForm
from helpdesk.common.durations import wib_text
from people.actors import Actor
from tickets.models import Ticket
from tickets.selectors import visible_tickets
from tickets.states import OPEN_STATES, State

MOST_CANDIDATES = 8
THIS, OTHER = "this", "other"
_BETWEEN = re.compile(r"[,;\n]+")


def likely_same(actor: Actor, ticket: Ticket) -> QuerySet[Ticket]:
    """Other open tickets of the customer that the actor may see; those about the same order or of
    the same kind, which intake would have taken for the same problem, come first."""
    same = [When(category=ticket.category, then=Value(1))]
    if ticket.order_number:
        same.insert(0, When(order_number__iexact=ticket.order_number, then=Value(0)))
    others = visible_tickets(actor).filter(
        Q(customer_id=ticket.customer_id, state__in=OPEN_STATES), ~Q(pk=ticket.pk)
    )
    likeness = Case(*same, default=Value(2), output_field=IntegerField())
    ranked = others.annotate(likeness=likeness).order_by("likeness", "-received_at")
    return ranked.only("number", "subject", "state", "received_at")[:MOST_CANDIDATES]


def in_words(ticket: Ticket) -> str:
    received, state = wib_text(ticket.received_at), State(ticket.state).label
    return f"{ticket.number} · {ticket.subject[:60]} · {received} · {state}"


class MergeForm(TicketForm):
    chosen = forms.MultipleChoiceField(
        label=_("Open tickets of this customer"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    numbers = forms.CharField(
        label=_("Or by number"),
        required=False,
        max_length=600,
        help_text=_("Several with commas between them."),
    )
    keep = forms.ChoiceField(
        label=_("Which ticket goes on"),
        widget=forms.RadioSelect,
        choices=[
            (THIS, _("This one; the others are closed as duplicates")),
            (OTHER, _("The other one; this one is closed as a duplicate")),
        ],
        initial=THIS,
    )
    reason = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(other.number, in_words(other)) for other in likely_same(self.actor, self.ticket)]
        if found:
            cast("forms.MultipleChoiceField", self.fields["chosen"]).choices = found
        else:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        typed = (part.strip() for part in _BETWEEN.split(data.get("numbers", "")))
        data["numbers"] = [*data.get("chosen", []), *(part for part in typed if part)]
        if data.get("keep") == OTHER and len(data["numbers"]) != 1:
            self.add_error("keep", _("Name exactly one other ticket: only one can go on."))
        return data
