"""The verbs that join tickets (a part of `desk.verbs`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desk import joining_forms as forms
from desk.forms import TicketForm
from desk.verb import Data, Verb, on
from people.actors import Actor
from tickets.models import Ticket
from tickets.services import merge_into, merge_tickets, undo_merge


def _merge(actor: Actor, ticket: Ticket, data: Data) -> Any:
    numbers, words = data["numbers"], {"reason": data["reason"]}
    if data["keep"] == forms.OTHER:
        return merge_into(**on(actor, ticket, data), number=numbers[0], **words)
    return merge_tickets(**on(actor, ticket, data), numbers=numbers, **words)


JOINING = (
    Verb(
        "merge",
        forms.MergeForm,
        _merge,
        _("Merge"),
        _("Merged; it can be undone for a day"),
        icon="merge",
        key="u",
    ),
    Verb(
        "undo_merge",
        TicketForm,
        lambda a, t, d: undo_merge(**on(a, t, d)),
        _("Undo the merge"),
        _("The merge is undone: the ticket goes on by itself"),
        icon="undo",
        key="z",
        asks=False,
    ),
)
