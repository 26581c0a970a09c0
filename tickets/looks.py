"""The record of looks at masked data: who looked at whose, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from helpdesk.common.contact import read_contact
from helpdesk.common.durations import WIB
from helpdesk.common.errors import InvalidInput
from helpdesk.common.paging import page_of
from people.actors import Actor
from people.models import User, organisation
from people.services import find_customer
from tickets.models import DataLook, Ticket
from tickets.numbers import read_number


@dataclass(frozen=True)
class Wanted:
    """Which looks; what is empty narrows nothing. `customer` is a ticket number or a contact."""

    since: datetime | None = None
    until: datetime | None = None
    person: int | None = None
    customer: str = ""


@dataclass
class PersonCount:
    """One person's looks: all, at how many customers, and the most of one day in WIB.

    `unusual`: on some day more than the organisation's profile calls usual.
    """

    person: User
    looks: int = 0
    customers: int = 0
    most_in_a_day: int = 0
    unusual: bool = field(init=False, default=False)


def looks(wanted: Wanted, *, actor: Actor) -> QuerySet[DataLook]:
    """The wanted looks with their people. Raises NotAllowed."""
    actor.require("view_looks")
    rows = DataLook.objects.select_related("user", "ticket", "customer")
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.person is not None:
        rows = rows.filter(user_id=wanted.person)
    if wanted.customer:
        rows = rows.filter(_of_customer(wanted.customer))
    return rows


def page_of_looks(
    rows: QuerySet[DataLook], query: dict[str, Any]
) -> tuple[list[DataLook], dict[str, Any] | None]:
    """One page, the latest first, and the query of the next."""
    return page_of(rows, query, by=("at", "id"), descending=True)


def counts_of(rows: QuerySet[DataLook]) -> list[PersonCount]:
    """Who looked how often, the most first; two statements and one for the names."""
    plain = rows.select_related(None).order_by()
    days = plain.values("user_id", day=TruncDate("at", tzinfo=WIB)).annotate(n=Count("pk"))
    daily = list(days)
    customers = dict(
        plain.values("user_id")
        .annotate(n=Count("customer_id", distinct=True))
        .values_list("user_id", "n")
    )
    people = User.objects.in_bulk(list(customers))
    counts = {pk: PersonCount(people[pk], customers=n) for pk, n in customers.items()}
    for row in daily:
        one = counts[row["user_id"]]
        one.looks += row["n"]
        one.most_in_a_day = max(one.most_in_a_day, row["n"])
    usual = organisation()["looks"]["usual_per_day"]
    for one in counts.values():
        one.unusual = one.most_in_a_day > usual
    return sorted(counts.values(), key=lambda one: (-one.looks, one.person.full_name))


def _of_customer(text: str) -> Q:
    """By the number of one of their tickets, else by a contact; nothing for whoever is unknown."""
    if number := read_number(text):
        ticket = Ticket.objects.filter(number=number).values("customer_id")
        return Q(customer_id__in=ticket)
    try:
        kind, value = read_contact(text)
    except InvalidInput:
        return Q(pk__in=[])
    found = find_customer(**{kind: value})
    return Q(customer=found) if found else Q(pk__in=[])
