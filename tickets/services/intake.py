"""The one door through which every complaint comes in, whatever the channel."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from bahasa.secrets import mask_secrets
from bahasa.template import read_template
from helpdesk.common import clock
from helpdesk.common.contact import normalise_email, normalise_phone
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer, ResellerAgent, Shop, Tier, User, organisation
from people.roles import REPORTERS
from people.services import know_customer
from tickets.models import EventKind, Message, Ticket
from tickets.numbers import new_number
from tickets.selectors import open_ticket_about_same_problem
from tickets.services.attachments import CheckedFile, check_files, store_files
from tickets.services.changes import record
from tickets.services.classification import classify_by_rules
from tickets.services.mail import owe_mail, owe_mail_for_stranger
from tickets.states import Channel, Reporter, WantedSolution
from tickets.triage import Complaint
from tickets.triage_in_force import triage_in_force

MAX_SUBJECT = 200
MAX_HEADLINE = 90
MAX_TEXT = 20_000


@dataclass(frozen=True)
class Report:
    """A complaint as it came. `contact` fields are as typed; `days_open` counts calendar days."""

    channel: str
    description: str
    subject: str = ""
    reporter: str = Reporter.BUYER
    name: str = ""
    email: str = ""
    phone: str = ""
    tier: str = Tier.REGULAR
    order_number: str = ""
    wanted_solution: str = WantedSolution.OTHER
    amount_idr: int | None = None
    days_open: float | None = None
    language: str = "id"


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
    report, masked = _cleaned(report)
    checked = check_files(files)
    # Of the masked words: from a digest of the raw ones a stored PIN could be guessed.
    digest = _digest_of(report, checked)
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
    customer = _customer_of(actor, report)
    decision = triage_in_force(_as_complaint(report, tier=customer.tier))
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
    ticket = Ticket.objects.create(
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
        problem_since=None
        if report.days_open is None
        else received_at - timedelta(days=report.days_open),
        created_by=actor.user,
        submission_key=submission_key or None,
        submission_digest=digest if submission_key else "",
        received_at=received_at,
    )
    message = Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.CUSTOMER,
        customer=customer,
        body=report.description,
        masked=list(masked),
        sent_at=received_at,
    )
    store_files(message, files)
    data = {
        "channel": report.channel,
        "message": message.pk,
        "masked": list(masked),
        "files": len(files),
    }
    if proactive:
        data["proactive"] = True
    event = record(ticket, actor=actor, kind=EventKind.RECEIVED, at=received_at, data=data)
    classify_by_rules(ticket, decision, at=received_at)
    owe = owe_mail_for_stranger if actor.is_visitor else owe_mail
    template = "proactive" if proactive else "acknowledgement"
    owe(ticket, event, template=template, recipient=customer.email, at=received_at)
    return Receipt(ticket=ticket, created=True, masked=masked)


def _cleaned(report: Report) -> tuple[Report, tuple[str, ...]]:
    """The report with every text cleaned and masked, template parts taken over, words checked."""
    problems: dict[str, str] = {}
    texts: dict[str, str] = {}
    kinds: list[str] = []
    limits = {
        "subject": MAX_SUBJECT,
        "description": MAX_TEXT,
        "name": 150,
        "order_number": 60,
        "email": 254,
        "phone": 30,
    }
    for field, limit in limits.items():
        try:
            text = clean_text(
                getattr(report, field),
                field=field,
                max_length=limit,
                multiline=field == "description",
            )
        except InvalidInput as error:
            problems.update(error.fields)
            continue
        if field in ("subject", "description", "name", "order_number"):
            hidden = mask_secrets(text)
            text, kinds = hidden.text[:limit], [*kinds, *sorted(hidden.kinds)]
        texts[field] = text
    if texts.get("description") == "":
        problems["description"] = _("Tell us what happened.")
    problems.update(_unknown_words(report))
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    cleaned = _with_template(replace(report, **texts))  # type: ignore[arg-type]
    return cleaned, tuple(dict.fromkeys(kinds))


def _unknown_words(report: Report) -> dict[str, str]:
    problems: dict[str, str] = {}
    choices = {
        "channel": (Channel.values, _("Unknown channel.")),
        "reporter": (Reporter.values, _("Unknown kind of reporter.")),
        "tier": (Tier.values, _("Unknown tier.")),
        "wanted_solution": (WantedSolution.values, _("Unknown solution.")),
        "language": (["id", "en"], _("Unknown language.")),
    }
    for field, (values, message) in choices.items():
        if getattr(report, field) not in values:
            problems[field] = message
    amount: object = report.amount_idr
    days: object = report.days_open
    if amount is not None and not is_amount(amount):
        problems["amount_idr"] = _("The amount must be a whole number of rupiah, 0 or more.")
    if days is not None and (
        isinstance(days, bool) or not isinstance(days, int | float) or not 0 <= days <= 3650
    ):
        problems["days_open"] = _("The number of days must lie between 0 and 3650.")
    return problems


def _with_template(report: Report) -> Report:
    """Take over what the pasted message template says where the form says nothing."""
    parts = read_template(report.description)
    subject = report.subject
    if parts is not None:
        subject = subject or (parts.problem or "")
        report = replace(
            report,
            name=report.name or (parts.name or "")[:150],
            order_number=report.order_number or (parts.order_number or "")[:60],
            wanted_solution=_wanted(report.wanted_solution, parts.wanted_solution or ""),
        )
    return replace(report, subject=subject[:MAX_SUBJECT].strip() or headline(report.description))


def headline(text: str) -> str:
    """The first line, short enough for a list, cut between words and never inside a mask."""
    line = text.split("\n", 1)[0].strip()
    if len(line) <= MAX_HEADLINE:
        return line
    cut = line[:MAX_HEADLINE].rsplit(" ", 1)[0]
    if cut.rfind("[") > cut.rfind("]"):
        cut = cut[: cut.rfind("[")]
    return f"{cut.rstrip(' ,;:.')}…"


def _wanted(chosen: str, words: str) -> str:
    if chosen != WantedSolution.OTHER or not words:
        return chosen
    lower = words.lower()
    table: dict[str, str] = organisation()["wanted_solution_words"]
    return next((solution for word, solution in table.items() if word in lower), chosen)


def _customer_of(actor: Actor, report: Report) -> Customer:
    if actor.customer is not None:
        return actor.customer
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
    return know_customer(
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
    return Shop.objects.filter(sellers=actor.user).order_by("pk").first()


def _own_agent(actor: Actor, report: Report) -> ResellerAgent | None:
    if report.reporter != Reporter.AGENT or actor.user is None:
        return None
    return ResellerAgent.objects.filter(user=actor.user).first()


def _as_complaint(report: Report, *, tier: str) -> Complaint:
    return Complaint(
        channel=report.channel,
        reporter=report.reporter,
        tier=tier,
        amount_idr=report.amount_idr,
        days_open=report.days_open,
        subject=report.subject,
        body=report.description,
    )


def number_taken(error: IntegrityError) -> bool:
    """Whether the number drawn was in use already (one draw in billions)."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    return str(constraint).startswith("tickets_ticket_number")


def _digest_of(report: Report, files: Sequence[CheckedFile]) -> str:
    words: dict[str, Any] = asdict(report)
    if files:
        words["files"] = [(file.name, len(file.content)) for file in files]
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()


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
