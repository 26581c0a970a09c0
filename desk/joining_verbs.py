"""The verbs that join tickets (a part of `desk.verbs`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desk import incident_forms
from desk import joining_forms as forms
from desk.forms import TicketForm
from desk.verb import Data, Verb, on
from people.actors import Actor
from tickets.models import Ticket
from tickets.services import (
    ask_to_watch,
    attach_ticket,
    detach_ticket,
    link_tickets,
    merge_into,
    merge_tickets,
    split_ticket,
    tell_incident_words,
    undo_merge,
    unlink_tickets,
    unwatch_ticket,
    watch_ticket,
)


def _merge(actor: Actor, ticket: Ticket, data: Data) -> Any:
    numbers, words = data["numbers"], {"reason": data["reason"]}
    if data["keep"] == forms.OTHER:
        return merge_into(**on(actor, ticket, data), number=numbers[0], **words)
    return merge_tickets(**on(actor, ticket, data), numbers=numbers, **words)


def _split(actor: Actor, ticket: Ticket, data: Data) -> Any:
    chosen = {name: data[name] for name in ("messages", "subject", "reason")}
    return split_ticket(**on(actor, ticket, data), **chosen)


def _link(actor: Actor, ticket: Ticket, data: Data) -> Any:
    said = {name: data[name] for name in ("number", "kind", "reason")}
    return link_tickets(**on(actor, ticket, data), **said)


JOINING = (
    Verb(
        "split",
        forms.SplitForm,
        _split,
        _("Split"),
        _("Split off; the new ticket stands under 'Linked tickets'"),
        icon="split",
        key="y",
    ),
    Verb(
        "link",
        forms.LinkForm,
        _link,
        _("Link"),
        _("Linked: both tickets tell of it"),
        icon="link",
        key="l",
    ),
    Verb(
        "unlink",
        forms.UnlinkForm,
        lambda a, t, d: unlink_tickets(**on(a, t, d), link_id=d["link"]),
        _("Remove a link"),
        _("The link is removed"),
        icon="undo",
        key="shift+q",
    ),
    Verb(
        "incident",
        incident_forms.JoinIncidentForm,
        lambda a, t, d: attach_ticket(**on(a, t, d), incident_id=d["incident"].pk),
        _("Part of an incident"),
        _("The ticket is part of the incident"),
        icon="warn",
        key="shift+n",
    ),
    Verb(
        "leave_incident",
        TicketForm,
        lambda a, t, d: detach_ticket(**on(a, t, d)),
        _("No part of the incident"),
        _("The ticket is no part of the incident any more"),
        icon="undo",
        key="shift+n",
        asks=False,
    ),
    Verb(
        "incident_words",
        incident_forms.IncidentWordsForm,
        lambda a, t, d: tell_incident_words(
            **on(a, t, d), body=d["body"], words_at=d.get("words_at")
        ),
        _("Tell the incident's words"),
        _("The customer was told"),
        icon="send",
        key="shift+t",
    ),
    Verb(
        "watch",
        TicketForm,
        lambda a, t, d: watch_ticket(actor=a, ticket_id=t.pk),
        _("Watch"),
        _("You get notices of what happens here"),
        icon="eye",
        key="w",
        asks=False,
    ),
    Verb(
        "unwatch",
        TicketForm,
        lambda a, t, d: unwatch_ticket(actor=a, ticket_id=t.pk),
        _("Stop watching"),
        _("You get no more notices of it"),
        icon="x",
        key="w",
        asks=False,
    ),
    Verb(
        "ask_to_watch",
        forms.AskToWatchForm,
        lambda a, t, d: ask_to_watch(actor=a, ticket_id=t.pk, person=d["person"]),
        _("Ask a colleague to watch"),
        _("Your colleague watches it now"),
        icon="users",
        key="shift+w",
    ),
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
