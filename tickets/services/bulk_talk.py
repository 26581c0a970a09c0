"""Replying to many and closing many: the words are given once and filled in for each ticket."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from helpdesk.common.errors import InvalidInput
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.macro_reads import macro_for_actor_or_404
from tickets.macro_words import NAMES, fill, words_for
from tickets.models import Macro, Ticket
from tickets.services.bulk_orders import BulkVerb, Order, bulk_verb
from tickets.services.closing import close_ticket
from tickets.services.conversation import MAX_BODY, reply_to_customer
from tickets.services.macros import require_filled, send_macro
from tickets.services.words import clean_words
from tickets.states import Confirmation


def _reply(actor: Actor, ticket_id: int, order: Order) -> object:
    person = actor.require_person("reply_ticket")
    ticket = Ticket.objects.select_related("customer", "team").get(pk=ticket_id)
    said: dict[str, Any] = {
        "actor": actor,
        "ticket_id": ticket_id,
        "wait_for_customer": order.parts.get("wait_for_customer") is True,
        "seen": order.seen,
    }
    body = order.text("body")
    macro = _macro(actor, order)
    if macro is None:
        words = fill(body, ticket, person).text
        require_filled(words)
        return reply_to_customer(**said, body=words)
    words = (fill(body, ticket, person) if body else words_for(macro, ticket, person)).text
    return send_macro(**said, macro_id=macro.pk, kind=Macro.Kind.REPLY, body=words)


def _check_reply(actor: Actor, order: Order) -> None:
    body = clean_text(order.text("body"), field="body", max_length=MAX_BODY, multiline=True)
    macro = _macro(actor, order)
    if macro is not None and macro.kind != Macro.Kind.REPLY:
        message = _("This macro is of another kind: a note never becomes a reply.")
        raise InvalidInput(message, code="macro_kind", fields={"macro": message})
    if not body and macro is None:
        message = _("Write the text.")
        raise InvalidInput(message, fields={"body": message})
    if unknown := unknown_names(body, NAMES):
        message = _("These words in brackets are not known: %(names)s.") % {
            "names": ", ".join(unknown)
        }
        raise InvalidInput(message, code="unknown_placeholder", fields={"body": message})


def _macro(actor: Actor, order: Order) -> Macro | None:
    pk = order.parts.get("macro")
    if pk is None:
        return None
    try:
        return macro_for_actor_or_404(actor, int(pk))
    except Http404:
        message = _("There is no such macro.")
        raise InvalidInput(message, code="unknown_macro", fields={"macro": message}) from None


def _close(actor: Actor, ticket_id: int, order: Order) -> object:
    return close_ticket(
        actor=actor,
        ticket_id=ticket_id,
        root_cause=order.text("root_cause"),
        solution=order.text("solution"),
        confirmation=order.text("confirmation"),
    )


def _check_closing(_actor: Actor, order: Order) -> None:
    needed = _("This part of the closing form is needed.")
    problems: dict[str, Any] = {
        name: needed
        for name in ("root_cause", "solution")
        if not clean_words(order.text(name), field=name)
    }
    if order.text("confirmation") not in Confirmation.values:
        problems["confirmation"] = _("Say what the customer answered.")
    if problems:
        raise InvalidInput(_("The closing form is not complete."), fields=problems)


bulk_verb("reply", BulkVerb("reply_ticket", _reply, _check_reply))
bulk_verb("close", BulkVerb("close_ticket", _close, _check_closing))
