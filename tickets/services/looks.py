"""Looking at masked contact data: nothing is shown before who looked stands on record."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User, organisation
from tickets.models import DataLook, Ticket
from tickets.personal_data import CONTACTS, value_of
from tickets.selectors import sees


@dataclass(frozen=True)
class Reason:
    """Why somebody looks: a code of the organisation's list and its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True)
class Looked:
    """What a look showed. Not kept anywhere."""

    look: DataLook
    value: str


def look_reasons() -> list[Reason]:
    """The reasons to choose from, as the organisation's profile lists them."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    rows = organisation()["looks"]["reasons"]
    return [Reason(row["code"], row[f"name_{language}"]) for row in rows]


def needs_reason(actor: Actor) -> bool:
    return not actor.may("look_without_reason")


@transaction.atomic
def look_at(
    *, actor: Actor, ticket: Ticket, field: str, reason: str = "", via: DataLook.Via
) -> Looked:
    """Show one masked field of the ticket's customer or agent, once, and write down who looked.

    `field` is a DataLook.Field, `reason` a code of look_reasons. Raises NotAllowed; InvalidInput for
    an unknown or missing reason, or where there is nothing to show.
    """
    person = actor.require_person("reveal_contact")
    if not sees(actor, ticket):
        raise NotAllowed(_("Your role does not permit this."))
    _require_reason(actor, reason)
    value = value_of(ticket, field) if field in CONTACTS else ""
    if not value:
        message = _("There is nothing on record to show.")
        raise InvalidInput(message, code="nothing_to_show", fields={"field": message})
    return Looked(record_look(person, ticket, field, reason=reason, via=via), value)


def record_look(
    person: User, ticket: Ticket, field: str, *, reason: str = "", via: DataLook.Via
) -> DataLook:
    """Before anything is shown, in its transaction."""
    return DataLook.objects.create(
        user=person,
        ticket=ticket,
        customer_id=ticket.customer_id,
        field=field,
        reason=reason,
        via=via,
        at=clock.now(),
    )


def _require_reason(actor: Actor, reason: str) -> None:
    known = {each.code for each in look_reasons()}
    if reason and reason not in known:
        message = _("Choose one of the reasons.")
        raise InvalidInput(message, code="unknown_reason", fields={"reason": message})
    if not reason and needs_reason(actor):
        message = _("Choose why you look.")
        raise InvalidInput(message, code="reason_needed", fields={"reason": message})
