"""The forms of tickets that belong together."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from desk.access import person_of
from desk.forms import LONG, TicketForm
from desk.joined import other_end, words_of
from helpdesk.common.durations import wib_text
from people.actors import Actor
from people.models import User
from tickets.models import Message, Ticket, TicketLink
from tickets.selectors import (
    conversation,
    links_of,
    people_who_see,
    visible_tickets,
    watchers_of,
)
from tickets.services.reports import MAX_SUBJECT
from tickets.states import OPEN_STATES, State

MOST_CANDIDATES = 8
MOST_SHOWN, SHOWN_LETTERS = 200, 160
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


class SplitForm(TicketForm):
    """The latest messages to choose from, the oldest of them first."""

    messages = forms.TypedMultipleChoiceField(
        label=_("What belongs to the other problem"),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
        help_text=_("What you choose stays here too; its files go along."),
    )
    subject = forms.CharField(
        label=_("Subject of the new ticket"),
        required=False,
        max_length=MAX_SUBJECT,
        help_text=_("Left empty: the first line of the customer's words."),
    )
    reason = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = conversation(self.ticket, internal=True).order_by("-sent_at", "-id")
        field = cast("forms.TypedMultipleChoiceField", self.fields["messages"])
        field.choices = [(each.pk, said_in_words(each)) for each in reversed(newest[:MOST_SHOWN])]


def said_in_words(message: Message) -> str:
    who = message.author or message.customer or ""
    kind = f" ({_('internal note')})" if message.is_internal else ""
    words = " ".join(message.body.split())
    cut = f"{words[:SHOWN_LETTERS]}…" if len(words) > SHOWN_LETTERS else words
    return f"{who}{kind} · {wib_text(message.sent_at)} · {cut}"


class LinkForm(TicketForm):
    kind = forms.ChoiceField(
        label=_("This ticket is"),
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in TicketLink.BY_HAND],
        initial=TicketLink.Kind.RELATED.value,
    )
    number = forms.CharField(label=_("Ticket number"), required=False, max_length=40)
    reason = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )


class UnlinkForm(TicketForm):
    link = forms.TypedChoiceField(label=_("Which link"), widget=forms.RadioSelect, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = links_of(self.ticket).filter(kind__in=TicketLink.BY_HAND)
        field = cast("forms.TypedChoiceField", self.fields["link"])
        field.choices = [(link.pk, link_in_words(self.ticket, link)) for link in found]


def link_in_words(ticket: Ticket, link: TicketLink) -> str:
    return f"{words_of(ticket, link)} {other_end(ticket, link).number}"


class AskToWatchForm(TicketForm):
    person = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["person"])
        already = watchers_of(self.ticket).values("pk")
        field.queryset = (
            people_who_see(self.ticket).exclude(pk=person_of(self.actor).pk).exclude(pk__in=already)
        )
