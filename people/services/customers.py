from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from people.models import Customer, Tier, User


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


def know_customer(
    *,
    name: str,
    email: str = "",
    phone: str = "",
    tier: str = Tier.REGULAR,
    language: str = "id",
    user: User | None = None,
) -> Customer:
    """The customer with this contact, made if new. What is known is never overwritten by a report.

    Anyone can type anybody's address into a public form: a contact or tier on record must not
    change by that. Two reports at once make one customer.
    """
    if user is not None and (own := Customer.objects.filter(user=user).first()):
        return own
    if found := find_customer(email=email, phone=phone):
        return found
    try:
        with transaction.atomic():
            return Customer.objects.create(
                user=user,
                name=name,
                email=email or None,
                phone=phone or None,
                tier=tier,
                language=language,
            )
    except IntegrityError:
        found = find_customer(email=email, phone=phone)
        if found is None:
            raise
        return found
