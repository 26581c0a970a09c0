"""Which tickets a list holds: a filter for every field that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import Instant, Text, WholeNumber, YesNo
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.paging import PageQuery
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, Tier
from people.selectors import team_of_code
from tickets.api.shapes import DESK_ONLY
from tickets.api.shaping import ShapedQuery
from tickets.catalogue import known_category, known_queue
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets
from tickets.states import Channel, Priority, Reporter, State, WantedSolution
from tickets.tag_reads import ids_of_slugs, slug_of

SEVERAL = "One or several, with commas."
LANGUAGES = ("id", "en")
WORDS: dict[str, Iterable[str]] = {
    "state": State.values,
    "priority": Priority.values,
    "reporter": Reporter.values,
    "channel": Channel.values,
    "language": LANGUAGES,
    "tier": Tier.values,
    "wanted_solution": WantedSolution.values,
}
MOMENTS = (
    "received_at",
    "classified_at",
    "first_response_at",
    "escalated_at",
    "closed_at",
    "sealed_at",
    "waiting_for_customer_since",
    "confirmation_asked_at",
    "held_until",
    "next_due_at",
    "breached_at",
)
NOBODY = "none"


class TicketQuery(PageQuery, ShapedQuery):
    number = Text(required=False, max_length=1500, help_text=f"{SEVERAL} At most 100.")
    team = Text(required=False, max_length=40, help_text="Code of the team that holds it.")
    home_team = Text(required=False, max_length=40, help_text="Code of its squad. For the desk.")
    assignee = Text(
        required=False, max_length=12, help_text="A person's id, or `none`. For the desk."
    )
    category = Text(required=False, max_length=400, help_text=SEVERAL)
    queue = Text(required=False, max_length=400, help_text=SEVERAL)
    expedited = YesNo(required=False, help_text="For the desk.")
    order_number = Text(required=False, max_length=60)
    customer_email = Text(required=False, max_length=254)
    subject = Text(required=False, max_length=100, help_text="Words that it holds, in this order.")
    amount_idr_min = WholeNumber(required=False, min_value=0, max_value=MAX_AMOUNT)
    amount_idr_max = WholeNumber(required=False, min_value=0, max_value=MAX_AMOUNT)
    reopened = YesNo(required=False, help_text="Whether it was ever reopened.")
    tag = Text(required=False, max_length=400, help_text=f"{SEVERAL} For the desk.")
    watched = YesNo(required=False, help_text="True: only those that the caller watches.")

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name in WORDS:
            fields[name] = Text(required=False, max_length=200, help_text=SEVERAL)
        for name in MOMENTS:
            fields[f"{name}_from"] = Instant(required=False, help_text="At this instant or later.")
            fields[f"{name}_until"] = Instant(required=False, help_text="Before this instant.")
            fields[f"{name}_known"] = YesNo(required=False, help_text="Whether there is one.")
        return fields


def listed_tickets(actor: Actor, query: Mapping[str, Any]) -> QuerySet[Ticket]:
    """What the actor may see of what is asked for. Raises InvalidInput for an unknown value."""
    _refuse_the_desks(actor, query)
    rows = visible_tickets(actor)
    for condition in _conditions(query):
        rows = rows.filter(condition)
    if query.get("watched"):
        rows = rows.filter(watches__person=actor.user)
    return rows


def _conditions(query: Mapping[str, Any]) -> Iterable[Q]:
    for name, known in WORDS.items():
        if words := query.get(name):
            yield Q(**{f"{name}__in": _known(words, known, name)})
    for name, checks in (("category", known_category), ("queue", known_queue)):
        if words := query.get(name):
            yield Q(**{f"{name}__in": _known(words, filter(checks, words.split(",")), name)})
    for name in ("team", "home_team"):
        if code := query.get(name):
            yield Q(**{name: _team(code, name)})
    for name, lookup in (
        ("order_number", "order_number"),
        ("subject", "subject__icontains"),
        ("amount_idr_min", "amount_idr__gte"),
        ("amount_idr_max", "amount_idr__lte"),
        ("expedited", "expedited"),
    ):
        if query.get(name) not in (None, ""):
            yield Q(**{lookup: query[name]})
    if email := query.get("customer_email"):
        yield Q(customer__email=email.lower())
    yield from _of_several(query)
    yield from _of_moments(query)


def _of_several(query: Mapping[str, Any]) -> Iterable[Q]:
    if words := query.get("number"):
        numbers = [read_number(word) for word in words.split(",")]
        if None in numbers or len(numbers) > 100:
            raise _unknown("number")
        yield Q(number__in=numbers)
    if words := query.get("tag"):
        ids = ids_of_slugs([slug_of(word) for word in words.split(",")])
        yield Q(tags__overlap=ids) & ~Q(tags=[]) if ids else Q(pk=None)
    if who := query.get("assignee"):
        if who != NOBODY and not (who.isascii() and who.isdecimal() and int(who) < 2**31):
            raise _unknown("assignee")
        yield Q(assignee=None if who == NOBODY else int(who))
    if query.get("reopened") is not None:
        yield Q(reopen_count__gt=0) if query["reopened"] else Q(reopen_count=0)


def _of_moments(query: Mapping[str, Any]) -> Iterable[Q]:
    for name in MOMENTS:
        if (begin := query.get(f"{name}_from")) is not None:
            yield Q(**{f"{name}__gte": begin})
        if (end := query.get(f"{name}_until")) is not None:
            yield Q(**{f"{name}__lt": end})
        if (known := query.get(f"{name}_known")) is not None:
            yield Q(**{f"{name}__isnull": not known})


def _refuse_the_desks(actor: Actor, query: Mapping[str, Any]) -> None:
    """What is not shown to somebody does not sort their tickets for them either."""
    if actor.at_desk:
        return
    message = _("Only the desk may filter by this.")
    given = [name for name in query if query[name] is not None]
    hidden = [name for name in given if _field_of(name) in DESK_ONLY]
    if hidden:
        raise InvalidInput(
            message, code="not_yours_to_filter", fields=dict.fromkeys(hidden, message)
        )


def _field_of(name: str) -> str:
    if name == "tag":
        return "tags"
    for ending in ("_from", "_until", "_known"):
        if name.removesuffix(ending) in MOMENTS:
            return name.removesuffix(ending)
    return name


def _team(code: str, name: str) -> Team:
    team = team_of_code(code)
    if team is None:
        raise _unknown(name)
    return team


def _known(words: str, known: Iterable[str], name: str) -> list[str]:
    given = words.split(",")
    if not set(known).issuperset(given):
        raise _unknown(name)
    return given


def _unknown(name: str) -> InvalidInput:
    message = _("This value is not known.")
    return InvalidInput(message, code="unknown_value", fields={name: message})
