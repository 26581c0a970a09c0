"""Reviews in each state: to be filled, to be answered, to be settled; and a note."""

from __future__ import annotations

from typing import Any

from agents_ops.models import QaReview, QualityRules
from agents_ops.quality.services import (
    GivenMark,
    answer_review,
    fill_review,
    pick_ticket,
    write_coaching_note,
)
from people.actors import of_user
from people.models import User
from tickets.models import Ticket
from tickets.services import close_ticket, handle_ticket, reply_to_customer

WORDS = "Transaksi pulsa 50rb ke 0812-5550-9012 masih pending, ID TP4410"


def closed_case(people: dict[str, User], file_ticket: Any) -> Ticket:
    """Wahyu's pending transaction, settled by Rizal."""
    wahyu, rizal = of_user(people["wahyu"]), of_user(people["rizal"])
    ticket = file_ticket(
        actor=wahyu, reporter="agent", subject="transaksi pending", description=WORDS
    )
    handle_ticket(actor=rizal, ticket_id=ticket.pk)
    reply_to_customer(actor=rizal, ticket_id=ticket.pk, body="Sudah sukses, Kak.")
    form = {"root_cause": "Suplier", "solution": "Sukses", "confirmation": "confirmed"}
    return close_ticket(actor=rizal, ticket_id=ticket.pk, **form)


def filled(review: QaReview, lead: User) -> QaReview:
    """Told, with points lost for the tone."""
    place = review.ticket.messages.order_by("pk")[0].pk
    marks = [
        GivenMark(code, "partly" if code == "tone" else "met", message=place)
        for code in QualityRules.in_force().sheet.criteria
    ]
    return fill_review(actor=of_user(lead), review_id=review.pk, marks=marks, words="Baik")


def reviews_in_each_state(people: dict[str, User], file_ticket: Any) -> dict[str, int]:
    """Ids by state, of Rizal's work in Teguh's hands."""
    lead, officer = people["teguh"], people["rizal"]
    found = {}
    for state in ("open", "told", "answered"):
        review = pick_ticket(actor=of_user(lead), ticket_id=closed_case(people, file_ticket).pk)
        found[state] = review.pk
        if state != "open":
            filled(review, lead)
    words = "Agen sudah saya tenangkan"
    answer_review(actor=of_user(officer), review_id=found["answered"], words=words)
    write_coaching_note(actor=of_user(lead), officer_id=officer.pk, text="Sapa agen dahulu")
    return found
