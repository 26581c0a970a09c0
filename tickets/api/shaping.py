"""What an answer about tickets holds: chosen fields (`fields=`) and what belongs to them (`expand=`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer, Text
from helpdesk.common.outputs import listed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.api.expansions import expansions
from tickets.api.shapes import TicketSerializer
from tickets.models import Ticket
from tickets.personal_data import sees_openly


class ShapedQuery(QuerySerializer):
    expand = Text(
        required=False,
        max_length=200,
        help_text=(
            "What to put into each ticket, with commas: `customer`, `messages`, `events`, "
            "`attachments`, `clocks`, `escalations`; of the long ones the latest 50."
        ),
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        # A serializer keeps its own parts under the name `fields`.
        fields["fields"] = Text(
            required=False,
            max_length=1000,
            help_text="Only these, with commas, such as `number,state,next_due_at`.",
        )
        return fields


def shown(
    tickets: Sequence[Ticket],
    query: Mapping[str, Any],
    *,
    actor: Actor,
    shape: type[TicketSerializer] = TicketSerializer,
) -> list[dict[str, Any]]:
    """The tickets as asked for. Raises InvalidInput for unknown names, NotAllowed for the desk's."""
    asked = _names(query.get("expand"), expansions(), "expand")
    fields = _names(query.get("fields"), shape.known_names(), "fields")
    context = {"at_desk": actor.at_desk, "openly": sees_openly(actor)}
    rows = listed(shape, tickets, **context, only=frozenset(fields) or None)
    for name in asked:
        _expand(name, tickets, rows, actor, context)
    return rows


def _expand(
    name: str,
    tickets: Sequence[Ticket],
    rows: Sequence[dict[str, Any]],
    actor: Actor,
    context: dict[str, Any],
) -> None:
    expansion = expansions()[name]
    found = expansion.load(tickets, actor)
    context = {**context, "reader": actor.user.pk if actor.user else None}
    for ticket, row in zip(tickets, rows, strict=True):
        several = listed(expansion.shape, found.get(ticket.pk, ()), **context)
        row[name] = several if expansion.many else next(iter(several), None)


def _names(words: str | None, known: Iterable[str], parameter: str) -> list[str]:
    given = list(dict.fromkeys(words.split(","))) if words else []
    unknown = [word for word in given if word not in known]
    if unknown:
        message = _("Not known here: %(names)s.") % {"names": ", ".join(unknown)[:100]}
        raise InvalidInput(message, code="unknown_value", fields={parameter: message})
    return given
