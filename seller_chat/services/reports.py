"""Reports of shops about buyers: a ticket with proof, verified or not, with what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import translation

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from seller_chat.evidence import digest_of, fingerprint, is_whole, proofs_of
from seller_chat.models import (
    BuyerReport,
    ChatMessage,
    Conversation,
    EnforcementRules,
    ReportedMessage,
)
from seller_chat.services.letters import tell_shop
from seller_chat.services.parts import Sender, record, sells_in
from seller_chat.services.repairs import take_out
from seller_chat.services.silence import link_ticket
from seller_chat.talks import withheld_from
from tickets.models import EventKind
from tickets.services import Report, notify_team, receive_ticket
from tickets.services import record as record_on_ticket
from tickets.states import Channel, Reporter

State = BuyerReport.State
MOST = 100
MAX_REASON = 500


def report_buyer(
    *, actor: Actor, conversation_id: int, reason: str, message_ids: Sequence[int], note: str = ""
) -> BuyerReport:
    """The shop reports its buyer with these messages as evidence; a ticket of the Seller Center.

    What an officer withheld from the shop for a violation can be picked as well: its words stay with
    the officers. While one report of the conversation is open, it is the answer to another one.
    """
    conversation = (
        Conversation.objects.select_related("buyer", "shop").filter(pk=conversation_id).first()
    )
    if conversation is None or not sells_in(actor, conversation.shop_id) or actor.user is None:
        raise Http404("conversation")
    if reason not in BuyerReport.Reason.values:
        message = _("Choose a reason.")
        raise InvalidInput(message, code="unknown_reason", fields={"reason": message})
    words = clean_text(note, field="note", max_length=1000, multiline=True)
    picked = _picked(conversation, message_ids)
    try:
        with transaction.atomic():
            if open_one := _open_report(conversation):
                return open_one
            return _file(conversation, actor, reason, picked, words)
    except IntegrityError:
        # Reported twice at the same moment: the other one won.
        if open_one := _open_report(conversation):
            return open_one
        raise


def _open_report(conversation: Conversation) -> BuyerReport | None:
    return BuyerReport.objects.filter(conversation=conversation, state=State.OPEN).first()


def _picked(conversation: Conversation, ids: Sequence[int]) -> list[ChatMessage]:
    wanted = set(ids)
    proves = Q(delivered_at__isnull=False) | Q(pk__in=withheld_from(conversation).values("pk"))
    rows = conversation.messages.filter(proves, pk__in=wanted)
    found = list(rows.order_by("pk")) if len(wanted) <= MOST else []
    if len(found) != len(wanted) or not any(each.sender == Sender.BUYER for each in found):
        message = _("Pick at least one message of the buyer from this conversation.")
        raise InvalidInput(message, code="evidence_needed", fields={"messages": message})
    return found


def _file(
    conversation: Conversation, actor: Actor, reason: str, picked: list[ChatMessage], note: str
) -> BuyerReport:
    now, user = clock.now(), actor.user
    if user is None:
        raise NotAllowed(_("Your role does not permit this."))
    prints = [fingerprint(message, conversation.key) for message in picked]
    ticket = receive_ticket(
        actor=actor, report=_complaint(conversation, reason, len(picked), note), even_if_open=True
    ).ticket
    report = BuyerReport.objects.create(
        shop_id=conversation.shop_id,
        conversation=conversation,
        buyer=conversation.buyer,
        ticket=ticket,
        reason=reason,
        digest=digest_of(prints),
        reported_by=user,
        reported_at=now,
    )
    ReportedMessage.objects.bulk_create(
        ReportedMessage(report=report, message=message, sha256=sha256)
        for message, sha256 in zip(picked, prints, strict=True)
    )
    link_ticket(conversation, ticket, actor=actor, now=now)
    record(
        conversation,
        actor=actor,
        kind="buyer_reported",
        at=now,
        report=report.pk,
        reason=reason,
        messages=[message.pk for message in picked],
    )
    _alert_of_pattern(report, actor=actor, now=now)
    return report


def _complaint(conversation: Conversation, reason: str, count: int, note: str) -> Report:
    """In the words of the house; what the buyer said stays in the conversation."""
    with translation.override("id"):
        label = BuyerReport.Reason(reason).label
        subject = str(_("Report about a buyer: %(reason)s") % {"reason": label})
        text = _("The shop reports a buyer: %(reason)s. Messages picked as evidence: %(count)s.")
        description = str(text % {"reason": label, "count": count})
    return Report(
        channel=Channel.SELLER_CENTER,
        reporter=Reporter.SELLER,
        subject=subject,
        description="\n\n".join(filter(None, (description, note))),
        order_number=conversation.order_number,
    )


def others_who_reported(report: BuyerReport) -> int:
    """How many shops reported this buyer within the days of the rules, this one included."""
    pattern = EnforcementRules.in_force().body["buyer_patterns"]
    since = report.reported_at - timedelta(days=pattern["days"])
    rows = BuyerReport.objects.filter(buyer=report.buyer_id, reported_at__gte=since)
    return rows.exclude(state=State.REFUSED).values("shop").distinct().count()


def _alert_of_pattern(report: BuyerReport, *, actor: Actor, now: datetime) -> None:
    """From so many shops on, the fraud team knows."""
    pattern, shops = EnforcementRules.in_force().body["buyer_patterns"], others_who_reported(report)
    if shops < pattern["shops"]:
        return
    ticket, team = report.ticket, Team.objects.get(code=pattern["team"])
    ticket.involved_teams.add(team)
    data = {"team": team.code, "buyer_reports": shops, "report": report.pk}
    event = record_on_ticket(ticket, actor=actor, kind=EventKind.ALERTED, at=now, data=data)
    notify_team(ticket, event, team, mail="notice")


@transaction.atomic
def decide_report(*, actor: Actor, report_id: int, verified: bool, reason: str = "") -> BuyerReport:
    """A reviewer verifies the report, or refuses it with a reason; the shop is told.

    Verified: the buyer's messages of the evidence leave the shop's evaluation. Raises NotAllowed,
    WrongState when it is decided or the evidence is not what it was.
    """
    person = actor.require_person("review_messages")
    words = clean_text(reason, field="reason", max_length=MAX_REASON, multiline=True)
    if not verified and not words:
        message = _("Give the reason; the shop reads it.")
        raise InvalidInput(message, code="reason_needed", fields={"reason": message})
    report = (
        BuyerReport.objects.select_for_update(of=("self",))
        .select_related("conversation", "ticket")
        .get(pk=report_id)
    )
    if report.state != State.OPEN:
        raise WrongState(_("Somebody has decided about this report already."))
    now, proofs = clock.now(), proofs_of(report)
    if verified and not is_whole(report, proofs):
        raise WrongState(_("The evidence is not what was reported."), code="evidence_changed")
    report.state = State.VERIFIED if verified else State.REFUSED
    report.decided_by, report.decided_at, report.decision_reason = person, now, words
    report.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    if verified:
        theirs = [proof.message for proof in proofs if proof.message.sender == Sender.BUYER]
        take_out(theirs, actor=actor, now=now)
    event = record(
        report.conversation,
        actor=actor,
        kind="report_decided",
        at=now,
        report=report.pk,
        verified=verified,
    )
    tell_shop(event)
    return report
