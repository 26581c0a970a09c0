"""The one door through which every complaint comes in, whatever the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from helpdesk.common import clock, reads, writes
from helpdesk.common.contact import normalise_email, normalise_phone
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer, ResellerAgent, Shop, Tier, User
from people.roles import REPORTERS
from people.services import NewCustomer, know_customer
from tickets.models import EventKind, Message, Ticket
from tickets.numbers import new_number
from tickets.selectors import open_ticket_about_same_problem
from tickets.services.attachments import CheckedFile, check_files, store_files
from tickets.services.changes import record
from tickets.services.classification import classify_by_rules
from tickets.services.mail import owe_mail, owe_mail_for_stranger
from tickets.services.reports import Report, as_complaint, cleaned, digest_of
from tickets.states import Reporter
from tickets.triage import Decision
from tickets.triage_in_force import triage_in_force


@dataclass(frozen=True)
class Receipt:
    """`created` is False when `ticket` is an open one about the same problem, or a repeat of this
    very submission. `masked` names the kinds of secrets that were hidden."""

    ticket: Ticket
    created: bool
    masked: tuple[str, ...] = ()


def receive_ticket(
    *,
    actor: Actor,
    report: Report,
    files: Sequence[UploadedFile] = (),
    submission_key: str = "",
    even_if_open: bool = False,
    received_at: datetime | None = None,
    proactive: bool = False,
) -> Receipt:
    """Receive, triage and number a complaint in one transaction.

    `proactive`: we noticed it before the customer did, and say so to them.
    The same `submission_key` again answers with the first ticket (another body with it: Conflict).
    Raises InvalidInput with a message for each field; nothing is stored then.
    """
    report, masked = cleaned(report)
    checked = check_files(files)
    # Of the masked words: from a digest of the raw ones a stored PIN could be guessed.
    digest = digest_of(report, checked)
    if submission_key and (earlier := _earlier(submission_key, digest)):
        return earlier
    while True:
        try:
            with transaction.atomic():
                return _receive(
                    actor=actor,
                    report=report,
                    masked=masked,
                    files=checked,
                    submission_key=submission_key,
                    digest=digest,
                    even_if_open=even_if_open,
                    received_at=received_at or clock.now(),
                    proactive=proactive,
                )
        except IntegrityError as error:
            # The same submission at the same instant: the other one won, its answer is ours.
            if submission_key and (earlier := _earlier(submission_key, digest)):
                return earlier
            if not number_taken(error):
                raise


def _receive(
    *,
    actor: Actor,
    report: Report,
    masked: tuple[str, ...],
    files: Sequence[CheckedFile],
    submission_key: str,
    digest: str,
    even_if_open: bool,
    received_at: datetime,
    proactive: bool,
) -> Receipt:
    customer = actor.customer or know_customer(person_of(actor, report))
    decision = triage_in_force(as_complaint(report, tier=customer.tier))
    if not even_if_open:
        # Two reports of one person at once: the second sees the first one's ticket.
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        same = open_ticket_about_same_problem(
            customer=customer,
            order_number=report.order_number,
            category=decision.category,
            since=received_at,
        )
        if same is not None:
            return Receipt(ticket=same, created=False, masked=masked)
    ticket = new_ticket(actor, report, customer, at=received_at)
    if submission_key:
        ticket.submission_key, ticket.submission_digest = submission_key, digest
    with writes.gathered(like="receive_ticket"):
        writes.insert(ticket)
        with reads.shared([ticket]):
            enter(ticket, decision, actor=actor, masked=masked, files=files, proactive=proactive)
    return Receipt(ticket=ticket, created=True, masked=masked)


def new_ticket(actor: Actor, report: Report, customer: Customer, *, at: datetime) -> Ticket:
    """The row of a cleaned report, not written yet."""
    days = report.days_open
    return Ticket(
        number=new_number(),
        customer=customer,
        reporter=report.reporter,
        shop=_own_shop(actor, report),
        agent=_own_agent(actor, report),
        tier=customer.tier,
        channel=report.channel,
        language=report.language,
        subject=report.subject,
        description=report.description,
        order_number=report.order_number,
        wanted_solution=report.wanted_solution,
        amount_idr=report.amount_idr,
        problem_since=None if days is None else at - timedelta(days=days),
        created_by=actor.user,
        received_at=at,
    )


def enter(
    ticket: Ticket,
    decision: Decision,
    *,
    actor: Actor,
    masked: tuple[str, ...],
    files: Sequence[CheckedFile] = (),
    proactive: bool = False,
) -> None:
    """All that a ticket just inserted begins with: its words, its story, its class, its promises."""
    at = ticket.received_at
    message = Message(
        ticket=ticket,
        kind=Message.Kind.CUSTOMER,
        customer=ticket.customer,
        body=ticket.description,
        masked=list(masked),
        sent_at=at,
    )
    writes.insert(message)
    store_files(message, files)
    data = {
        "channel": ticket.channel,
        "message": message.pk,
        "masked": list(masked),
        "files": len(files),
    }
    if proactive:
        data["proactive"] = True
    event = record(ticket, actor=actor, kind=EventKind.RECEIVED, at=at, data=data)
    classify_by_rules(ticket, decision, at=at)
    owe = owe_mail_for_stranger if actor.is_visitor else owe_mail
    template = "proactive" if proactive else "acknowledgement"
    owe(ticket, event, template=template, recipient=ticket.customer.email, at=at)


def person_of(actor: Actor, report: Report) -> NewCustomer:
    """Who complains, by what was typed or by the account. Raises InvalidInput without a contact."""
    own = _reports_for_self(actor)
    email = normalise_email(report.email) if report.email else ""
    phone = normalise_phone(report.phone) if report.phone else ""
    if own is not None:
        # Not what was typed: an address tied to an account opens that person's tickets to it.
        email, phone = own.email, ""
    if not email and not phone:
        message = _("We need an e-mail address or a phone number to answer you.")
        raise InvalidInput(message, code="no_contact", fields={"contact": message})
    # Only those whose word on it can be trusted may say which tier a customer has.
    trusted = actor.is_system or actor.may("receive_for_others") or actor.at_desk
    return NewCustomer(
        name=(report.name or email or phone)[:150],
        email=email,
        phone=phone,
        tier=report.tier if trusted else Tier.REGULAR,
        language=report.language,
        user=own,
    )


def _reports_for_self(actor: Actor) -> User | None:
    """The signed-in customer, seller or agent; the desk and connected systems report for others."""
    user = actor.user
    if user is None or user.works_at_desk or not user.roles.intersection(REPORTERS):
        return None
    return user


def _own_shop(actor: Actor, report: Report) -> Shop | None:
    """The shop of a signed-in seller; what a report claims about a shop is not taken for true."""
    if report.reporter != Reporter.SELLER or actor.user is None:
        return None
    return reads.once(_shop_of, actor.user)


def _shop_of(seller: User) -> Shop | None:
    return Shop.objects.filter(sellers=seller).order_by("pk").first()


def _own_agent(actor: Actor, report: Report) -> ResellerAgent | None:
    if report.reporter != Reporter.AGENT or actor.user is None:
        return None
    return reads.once(_agent_of, actor.user)


def _agent_of(user: User) -> ResellerAgent | None:
    return ResellerAgent.objects.filter(user=user).first()


def number_taken(error: IntegrityError) -> bool:
    """Whether the number drawn was in use already (one draw in billions)."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    return str(constraint).startswith("tickets_ticket_number")


def _earlier(submission_key: str, digest: str) -> Receipt | None:
    ticket = (
        Ticket.objects.filter(submission_key=submission_key)
        .select_related("team", "customer")
        .first()
    )
    if ticket is None:
        return None
    if ticket.submission_digest != digest:
        raise Conflict(
            _("This key was already used for another complaint."), code="submission_key_reused"
        )
    return Receipt(ticket=ticket, created=False)
