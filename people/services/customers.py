from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from people.models import Customer, Tier, User

ATTEMPTS = 3


def find_customer(*, email: str = "", phone: str = "") -> Customer | None:
    """The person with this address, else with this number."""
    if not email and not phone:
        return None
    match = Q()
    if email:
        match |= Q(email=email)
    if phone:
        match |= Q(phone=phone)
    found = sorted(Customer.objects.filter(match), key=lambda c: c.email != email)
    return found[0] if found else None


@dataclass(frozen=True)
class NewCustomer:
    """Who is to be known, by contacts in their comparable form or by an account."""

    name: str
    email: str = ""
    phone: str = ""
    tier: str = Tier.REGULAR
    language: str = "id"
    user: User | None = None

    def row(self) -> Customer:
        return Customer(
            user=self.user,
            name=self.name,
            email=self.email or None,
            phone=self.phone or None,
            tier=self.tier,
            language=self.language,
        )


def know_customer(person: NewCustomer) -> Customer:
    """The customer with this contact, made if new. What is known is never overwritten by a report.

    Anyone can type anybody's address into a public form: a contact or tier on record must not
    change by that. Two reports at once make one customer.
    """
    if person.user is not None and (own := Customer.objects.filter(user=person.user).first()):
        return own
    if found := find_customer(email=person.email, phone=person.phone):
        return found
    row = person.row()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = find_customer(email=person.email, phone=person.phone)
        if found is None:
            raise
        return found
    return row


def know_customers(people: Sequence[NewCustomer]) -> list[Customer]:
    """As `know_customer` for one after the other, in a few statements for all of them."""
    for _attempt in range(ATTEMPTS):
        found, new = _match(people)
        try:
            with transaction.atomic():
                # In one order, so that two lists at once wait for each other and not in a circle.
                Customer.objects.bulk_create(sorted(new, key=_contacts))
        except IntegrityError:
            continue  # made by somebody else meanwhile: known by now
        return found
    return [know_customer(person) for person in people]


def _match(people: Sequence[NewCustomer]) -> tuple[list[Customer], list[Customer]]:
    """The customer of each, and those among them that are not written yet."""
    owners = {row.user_id: row for row in _known(user__in=[p.user for p in people if p.user])}
    by_email = {row.email: row for row in _known(email__in=[p.email for p in people if p.email])}
    by_phone = {row.phone: row for row in _known(phone__in=[p.phone for p in people if p.phone])}
    found, new = [], []
    for person in people:
        owner = owners.get(person.user.pk) if person.user else None
        known = owner or by_email.get(person.email) or by_phone.get(person.phone)
        if known is None:
            known = person.row()
            new.append(known)
        if known.email:
            by_email.setdefault(known.email, known)
        if known.phone:
            by_phone.setdefault(known.phone, known)
        if person.user is not None:
            owners.setdefault(person.user.pk, known)
        found.append(known)
    return found, new


def _known(**condition: list[Any]) -> Iterable[Customer]:
    return Customer.objects.filter(**condition) if any(condition.values()) else ()


def _contacts(row: Customer) -> tuple[str, str]:
    return row.email or "", row.phone or ""
