"""Signals of other systems: recorded once, matched to the customer's tickets, acted on by triggers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from escalation.matrix import concerned_by, facts_about
from escalation.models import EscalationMatrix, Signal, SignalEffect, TriggerFiring
from escalation.services.firing import Occasion, facts_recorded, fire
from escalation.services.proactive import open_ticket_for
from escalation.triggers import Trigger, reached
from helpdesk.common import clock
from helpdesk.common.contact import normalise_email, normalise_phone
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer, Team, User
from people.services import NewCustomer, know_customer
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import lock_ticket, notify, notify_team, record
from tickets.states import OPEN_STATES

MAX_AGE = timedelta(days=30)
MAX_SKEW = timedelta(minutes=5)
MAX_REFERENCE = 100
# The latest open tickets of one customer that one signal looks at, next to the one it names.
MAX_TICKETS = 20


@dataclass(frozen=True)
class SignalReport:
    """What a system reports about a customer: who is known by a ticket of theirs or by a contact."""

    kind: str
    reference: str
    occurred_at: datetime
    ticket: Ticket | None = None
    email: str = ""
    phone: str = ""
    name: str = ""
    amount_idr: int | None = None


@dataclass(frozen=True)
class SignalReceipt:
    """`created` is False when this very report had come before."""

    signal: Signal
    created: bool


def receive_signal(*, actor: Actor, report: SignalReport) -> SignalReceipt:
    """Record a report and let the triggers of signals act, in one transaction.

    The same reference of the same integrator changes nothing more (other content: Conflict).
    """
    actor.require("receive_for_others")
    integrator = _person(actor)
    report = _checked(report, clock.now())
    digest = _digest_of(report)
    if earlier := _earlier(integrator, report, digest):
        return earlier
    try:
        with transaction.atomic():
            return SignalReceipt(_receive(actor, integrator, report, digest), created=True)
    except IntegrityError:
        # The same report at the same instant: the other one won, its answer is ours.
        if earlier := _earlier(integrator, report, digest):
            return earlier
        raise


def _receive(actor: Actor, integrator: User, report: SignalReport, digest: str) -> Signal:
    customer = report.ticket.customer if report.ticket else _customer_of(report)
    # Two reports about one customer at once: the second counts the first.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    rules = EscalationMatrix.in_force()
    concerned = [row for row in rules.triggers if _is_about(row, report.kind)]
    tickets = _locked_tickets(customer, concerned, report.ticket)
    # Only now: what was done while these locks were waited for came before.
    now = clock.now()
    signal = Signal.objects.create(
        integrator=integrator,
        reference=report.reference,
        digest=digest,
        kind=report.kind,
        customer=customer,
        amount_idr=report.amount_idr,
        occurred_at=report.occurred_at,
        received_at=now,
    )
    occasion = Occasion(at=now, rules=rules, signal=signal, scope=f"signal:{signal.pk}")
    for trigger in concerned:
        count = _count(trigger, signal)
        if not count:
            continue
        found = next((t for t in tickets if _matches(trigger, t, signal)), None)
        if found is not None or _may_open(trigger, signal):
            _act(actor, trigger, signal, count, found, occasion)
            return signal
    for ticket in tickets:
        if report.ticket is None or ticket.pk == report.ticket.pk:
            _note(actor, ticket, signal)
            _weigh_amount(ticket, signal, occasion)
    return signal


def _act(
    actor: Actor,
    trigger: Trigger,
    signal: Signal,
    count: int,
    ticket: Ticket | None,
    occasion: Occasion,
) -> None:
    """The signal is the last straw: on an open ticket, or on one received for it."""
    opened = ticket is None
    if ticket is None:
        ticket = open_ticket_for(actor, trigger, signal, count)
    event = _note(actor, ticket, signal, trigger=trigger, count=count, opened=opened)
    facts = facts_about(ticket, **_amount_of(signal))
    counted = replace(occasion, more={"signal": signal.kind, "count": count})
    moved = fire(ticket, trigger, facts, counted)
    if not moved and trigger.team and not opened:
        # It lies with them already: they hear that there is more.
        notify_team(ticket, event, Team.objects.get(code=trigger.team))
    if "amount_more_than" not in trigger.when:
        _weigh_amount(ticket, signal, occasion)


def _weigh_amount(ticket: Ticket, signal: Signal, occasion: Occasion) -> None:
    """An amount that was reported counts as one on the ticket does: triggers of facts look at it."""
    own = facts_about(ticket)
    if signal.amount_idr is None or signal.amount_idr <= (own.amount_idr or 0):
        return
    facts = replace(own, amount_idr=signal.amount_idr)
    facts_recorded(ticket, occasion, before=own, facts=facts)


def _is_about(trigger: Trigger, kind: str) -> bool:
    return trigger.kind == "signal" and kind in trigger.when["signal"]["kind"]


def _count(trigger: Trigger, signal: Signal) -> int:
    """How many reports make the trigger act now, 0 when they are too few.

    Reports that made it act before are used up: it takes as many new ones again.
    """
    asked = trigger.when["signal"]
    used = TriggerFiring.objects.filter(
        trigger=trigger.code, signal__customer_id=signal.customer_id
    ).order_by("-signal_id")
    last = used.values_list("signal_id", flat=True).first() or 0
    within = timedelta(hours=asked["within_hours"])
    rows = Signal.objects.filter(
        customer_id=signal.customer_id,
        kind__in=asked["kind"],
        occurred_at__range=(signal.occurred_at - within, signal.occurred_at + within),
        pk__gt=last,
    )
    limit = trigger.when.get("amount_more_than")
    if limit is not None:
        rows = rows.filter(Q(amount_idr__isnull=True) | Q(amount_idr__gt=limit))
    instants = list(rows.values_list("occurred_at", flat=True))
    enough = reached(instants, signal.occurred_at, at_least=asked["at_least"], within=within)
    return len(instants) if enough else 0


def _amount_of(signal: Signal) -> dict[str, int]:
    """The amount of the transaction reported is what counts; else the ticket's own."""
    return {} if signal.amount_idr is None else {"amount_idr": signal.amount_idr}


def _matches(trigger: Trigger, ticket: Ticket, signal: Signal) -> bool:
    return trigger.matches(facts_about(ticket, **_amount_of(signal)))


def _may_open(trigger: Trigger, signal: Signal) -> bool:
    limit = trigger.when.get("amount_more_than")
    enough = limit is None or (signal.amount_idr is not None and signal.amount_idr > limit)
    return bool(trigger.opens) and enough


def _locked_tickets(
    customer: Customer, concerned: list[Trigger], named: Ticket | None
) -> list[Ticket]:
    """The one that was named first, then the latest of the kinds that the triggers ask for.

    No other ticket is locked; these in the order of their ids, against deadlock.
    """
    rows = Ticket.objects.filter(customer=customer, state__in=OPEN_STATES)
    kinds = reduce(or_, map(concerned_by, concerned), Q(pk__in=[]))
    found = set(rows.filter(kinds).order_by("-pk").values_list("pk", flat=True)[:MAX_TICKETS])
    if named is not None:
        found.add(named.pk)
    locked = [lock_ticket(pk) for pk in sorted(found)]

    def is_named(ticket: Ticket) -> bool:
        return named is not None and ticket.pk == named.pk

    # Somebody may have changed it until the lock was had.
    still = [
        ticket
        for ticket in reversed(locked)
        if ticket.is_open and (is_named(ticket) or _is_of_a_kind(ticket, concerned))
    ]
    return sorted(still, key=lambda ticket: not is_named(ticket))


def _is_of_a_kind(ticket: Ticket, concerned: list[Trigger]) -> bool:
    facts = facts_about(ticket)
    return any(trigger.concerns(facts) for trigger in concerned)


def _note(
    actor: Actor,
    ticket: Ticket,
    signal: Signal,
    *,
    trigger: Trigger | None = None,
    count: int = 0,
    opened: bool = False,
) -> TicketEvent:
    data = {"signal": signal.pk, "kind": signal.kind}
    if signal.amount_idr is not None:
        data["amount_idr"] = signal.amount_idr
    if count > 1:
        data["count"] = count
    event = record(ticket, actor=actor, kind=EventKind.SIGNALLED, at=signal.received_at, data=data)
    SignalEffect.objects.create(
        signal=signal,
        ticket=ticket,
        event=event,
        trigger=trigger.code if trigger else "",
        opened=opened,
    )
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    return event


def _person(actor: Actor) -> User:
    if actor.user is None:  # the system's own parts have no references
        raise NotAllowed(_("Your role does not permit this."))
    return actor.user


def _checked(report: SignalReport, now: datetime) -> SignalReport:
    problems: dict[str, str] = {}
    reference = clean_text(report.reference, field="reference", max_length=MAX_REFERENCE)
    if not reference:
        problems["reference"] = _("This field may not be empty.")
    if report.kind not in Signal.Kind.values:
        problems["kind"] = _("This value is not known.")
    if not now - MAX_AGE <= report.occurred_at <= now + MAX_SKEW:
        problems["occurred_at"] = _("It happened within the last 30 days, not later than now.")
    amount = report.amount_idr
    if amount is not None and not 0 <= amount <= MAX_AMOUNT:
        problems["amount_idr"] = _("The amount must be a whole number of rupiah, 0 or more.")
    if report.ticket is None and not (report.email or report.phone):
        problems["contact"] = _("Say whom it is about: a ticket, an e-mail address or a number.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    return SignalReport(
        kind=report.kind,
        reference=reference,
        occurred_at=report.occurred_at,
        ticket=report.ticket,
        email=normalise_email(report.email) if report.email else "",
        phone=normalise_phone(report.phone) if report.phone else "",
        name=clean_text(report.name, field="name", max_length=150),
        amount_idr=amount,
    )


def _customer_of(report: SignalReport) -> Customer:
    name = report.name or report.email or report.phone
    return know_customer(NewCustomer(name[:150], email=report.email, phone=report.phone))


def _digest_of(report: SignalReport) -> str:
    names = ("kind", "reference", "email", "phone", "amount_idr")
    words = {name: getattr(report, name) for name in names}
    words["occurred_at"] = report.occurred_at.timestamp()
    words["ticket"] = report.ticket.pk if report.ticket else None
    # Keyed: from a plain digest somebody's address could be guessed.
    words_in_order = json.dumps(words, sort_keys=True)
    return salted_hmac("escalation.signal", words_in_order, algorithm="sha256").hexdigest()


def _earlier(integrator: User, report: SignalReport, digest: str) -> SignalReceipt | None:
    signal = Signal.objects.filter(integrator=integrator, reference=report.reference).first()
    if signal is None:
        return None
    if signal.digest != digest:
        message = _("This reference was already used for another report.")
        raise Conflict(message, code="reference_reused")
    return SignalReceipt(signal, created=False)
