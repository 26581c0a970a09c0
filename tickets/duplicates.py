"""Tickets that may tell of the same: one person, one order or one problem within 14 days, any channel.

Each way of being alike is asked of an index that holds few rows for it: the customer's latest tickets,
the order number, a contact or an order in the search index, and the rarest words of the text there.
Only what was received within the window is read, and only the texts of those are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from bahasa.contacts import find_contacts
from bahasa.folding import fold
from bahasa.orders import find_references
from bahasa.search_words import stems_of, whole_of, words_of
from people.actors import Actor
from people.models import organisation
from tickets.models import NotAlike, Ticket, TicketLink
from tickets.search.tsquery import all_of, any_of, quoted
from tickets.search.words import seen
from tickets.selectors import visible_tickets

PERSON, CONTACT, ORDER, PROBLEM = "person", "contact", "order", "problem"
MOST_OF_ONE_WAY, MOST_TEXTS, MOST_SHOWN = 20, 60, 8
# Of words of which each stands in few tickets, two in both texts: then the texts are compared.
RAREST, COMMONEST = 6, 20_000
SIMILAR_FROM = 0.5
LONGEST_COMPARED = 4_000

_BY_KEYS = """
(SELECT id, %(person)s FROM tickets_ticket
 WHERE customer_id = %(customer)s AND received_at BETWEEN %(since)s AND %(until)s AND id <> %(ticket)s
 ORDER BY received_at DESC LIMIT %(most)s)
UNION ALL
(SELECT id, %(order)s FROM tickets_ticket
 WHERE order_number <> '' AND order_number = ANY(%(orders)s)
   AND received_at BETWEEN %(since)s AND %(until)s AND id <> %(ticket)s LIMIT %(most)s)
UNION ALL
(SELECT t.id, %(contact)s FROM people_customer c JOIN tickets_ticket t ON t.customer_id = c.id
 WHERE (c.email = ANY(%(emails)s) OR c.phone = ANY(%(phones)s)) AND c.id <> %(customer)s
   AND t.received_at BETWEEN %(since)s AND %(until)s
 ORDER BY t.received_at DESC LIMIT %(most)s)
"""
_BY_WORDS = """
(SELECT ticket_id, %s FROM tickets_searchentry
 WHERE vector @@ %s::tsquery AND received_at BETWEEN %s AND %s AND ticket_id <> %s LIMIT %s)
"""


@dataclass(frozen=True)
class Alike:
    """A ticket that may be the same, and why: PERSON, CONTACT, ORDER, PROBLEM. `percent`: how much of
    both texts' words are the same, where PROBLEM is among the reasons."""

    ticket: Ticket
    reasons: tuple[str, ...]
    percent: int = 0


def alike(actor: Actor, ticket: Ticket) -> list[Alike]:
    """The likeliest first, at most MOST_SHOWN, of tickets that the actor may see; four statements.

    Not among them: what is linked or merged with it already, and what somebody said is another.
    """
    window = timedelta(days=organisation()["duplicate_window_days"])
    since, until = ticket.received_at - window, ticket.received_at + window
    found = _candidates(ticket, since, until)
    rows = _others(actor, ticket).filter(pk__in=found)
    likely = [each for row in rows if (each := _compared(ticket, row, found[row.pk]))]
    likely.sort(key=lambda each: (-len(each.reasons), -each.percent, -each.ticket.pk))
    return likely[:MOST_SHOWN]


def _candidates(ticket: Ticket, since: datetime, until: datetime) -> dict[int, set[str]]:
    text = fold(f"{ticket.subject}\n{ticket.description}"[:LONGEST_COMPARED])
    contacts = find_contacts(text)
    emails = {each.value for each in contacts if each.kind == "email"}
    phones = {each.value for each in contacts if each.kind == "phone"}
    orders = {each.text for each in find_references(text) if each.kind == "order"}
    orders |= {ticket.order_number} - {""}
    spellings = {form for each in orders for form in (each, each.upper(), each.lower())}
    asked = [
        (CONTACT, _some(map(quoted, _contact_words(ticket, emails, phones)))),
        (ORDER, _some(quoted(word) for each in orders if (word := whole_of(fold(each).text)))),
        (PROBLEM, _rare_pairs(ticket)),
    ]
    statement = _BY_KEYS
    values: dict[str, Any] = {
        "person": PERSON, "order": ORDER, "contact": CONTACT, "customer": ticket.customer_id,
        "orders": list(spellings), "emails": list(emails), "phones": list(phones),
        "since": since, "until": until, "ticket": ticket.pk, "most": MOST_OF_ONE_WAY,
    }  # fmt: skip
    found: defaultdict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
        if wanted := [(why, query) for why, query in asked if query]:
            cursor.execute(
                " UNION ALL ".join([_BY_WORDS] * len(wanted)),
                [
                    value
                    for why, query in wanted
                    for value in (why, query, since, until, ticket.pk, MOST_TEXTS)
                ],
            )
            rows += cursor.fetchall()
    for pk, why in rows:
        found[pk].add(why)
    return dict(found)


def _contact_words(ticket: Ticket, emails: set[str], phones: set[str]) -> Iterable[str]:
    """How the search index writes the contacts of this customer and those named in the text."""
    customer = ticket.customer
    for email in emails | ({customer.email} if customer.email else set()):
        yield fold(email).text
    for phone in phones | ({customer.phone} if customer.phone else set()):
        digits = phone.lstrip("+")
        yield digits
        if digits.startswith("62"):
            yield f"0{digits[2:]}"


def _rare_pairs(ticket: Ticket) -> str:
    """Any two of the rarest words of the text; nothing where all its words are common."""
    counts = seen(_stems(ticket))
    rare = sorted((n, word) for word, n in counts.items() if 2 <= n <= COMMONEST)[:RAREST]
    pairs = combinations([quoted(word) for _n, word in rare], 2)
    return _some(f"({all_of(pair)})" for pair in pairs)


def _some(parts: Iterable[str]) -> str:
    """Any of the parts; nothing where there is none."""
    known = list(parts)
    return any_of(known) if known else ""


def _stems(ticket: Ticket) -> frozenset[str]:
    text = f"{ticket.subject}\n{ticket.description}"[:LONGEST_COMPARED]
    return frozenset(
        stem
        for word in words_of(text)
        for stem in stems_of(word.written)
        if len(stem) > 2 and stem.isascii() and stem.isalpha()
    )


def _others(actor: Actor, ticket: Ticket) -> QuerySet[Ticket]:
    both = Q(from_ticket=ticket, to_ticket=OuterRef("pk")) | Q(
        to_ticket=ticket, from_ticket=OuterRef("pk")
    )
    other = Q(one=ticket, other=OuterRef("pk")) | Q(other=ticket, one=OuterRef("pk"))
    wanted = ("number", "subject", "description", "state", "category", "received_at", "channel")
    return (
        visible_tickets(actor)
        .filter(~Exists(TicketLink.objects.filter(both)), ~Exists(NotAlike.objects.filter(other)))
        .only(*wanted, "customer_id", "order_number", "held_until")
    )


def _compared(ticket: Ticket, other: Ticket, why: set[str]) -> Alike | None:
    """The reasons that hold once both are read; the same person needs another reason beside it,
    unless both are of one category."""
    reasons = {each for each in why if each in (PERSON, ORDER, CONTACT)}
    # Whom the index knows by the contact of their own ticket is the person, not a contact named.
    if PERSON in reasons:
        reasons.discard(CONTACT)
    percent = 0
    if other.category == ticket.category:
        percent = similarity(_stems(ticket), _stems(other))
        if percent >= SIMILAR_FROM * 100:
            reasons.add(PROBLEM)
    if not reasons or (reasons == {PERSON} and other.category != ticket.category):
        return None
    ordered = tuple(each for each in (ORDER, PERSON, CONTACT, PROBLEM) if each in reasons)
    return Alike(other, ordered, percent if PROBLEM in reasons else 0)


def similarity(one: frozenset[str], other: frozenset[str]) -> int:
    """Percent of all words of both that stand in both (Jaccard)."""
    return round(100 * len(one & other) / len(one | other)) if one and other else 0
