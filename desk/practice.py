"""The tour's practice ticket: made anew for each page and kept nowhere, so that no figure, clock,
mail, search or queue can ever hold it. Kept is only how far its reader came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actions import Action
from desk.keys.own import preferences_of
from desk.offers import Offer
from desk.promises import Promise
from desk.reasons import marked_spans, reasons
from desk.timeline import STAGES, Entry, Stage
from desk.verbs import VERBS
from helpdesk.common import clock
from people.models import Customer, Team, User
from sla.models import Clock, Metric
from tickets.models import Classification, Message, Ticket
from tickets.states import State

NUMBER = "LATIHAN"
TOUR = "tour"
# Each with what is to be done; a key of the registry where one press does it.
STEPS: dict[str, tuple[Any, str]] = {
    "open": (gettext_lazy("Open the practice ticket from the list."), "next"),
    "reasons": (gettext_lazy("Read why it is urgent: the rules and the words that they saw."), ""),
    "reply": (gettext_lazy("Reply to the customer."), "reply"),
    "note": (gettext_lazy("Leave a note that only the desk sees."), "note"),
    "escalate": (gettext_lazy("Ask for an escalation to the fraud team."), "escalate"),
    "close": (gettext_lazy("Close it with cause and solution."), "close"),
}
OFFERED, RUNNING, SKIPPED, FINISHED = "offered", "running", "skipped", "finished"


class Tour:
    """How far somebody came; read with tolerance, as all preferences."""

    def __init__(self, user: Any) -> None:
        kept = preferences_of(user).get(TOUR)
        self.kept: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self.state = self.kept.get("state", OFFERED)
        done = self.kept.get("done")
        self.done = [step for step in STEPS if isinstance(done, list) and step in done]
        self._works = isinstance(user, User) and user.works_at_desk

    @property
    def is_offered(self) -> bool:
        return self._works and self.state == OFFERED

    @property
    def is_finished(self) -> bool:
        return len(self.done) == len(STEPS)

    def said(self, step: str) -> str:
        words = self.kept.get(step, "")
        return words if isinstance(words, str) else ""

    def steps(self, at: str, *, opened: bool) -> list[TourStep]:
        """All of them, where the next one is `at`; on the ticket's page it is open."""
        done = {*self.done, "open"} if opened else set(self.done)
        return [
            TourStep(name, words, command, name in done, name == at)
            for name, (words, command) in STEPS.items()
        ]

    def next_step(self, *, opened: bool) -> str:
        """The first that is left; on the ticket's page it is open."""
        left = [step for step in STEPS if step not in self.done]
        return next((step for step in left if not (opened and step == "open")), "")


@dataclass(frozen=True)
class TourStep:
    name: str
    words: Any
    command: str
    done: bool
    now: bool


def practice_context(tour: Tour, user: User) -> dict[str, Any]:
    """The context of `desk/ticket/pane.html` for the practice ticket; no query."""
    now = clock.for_display()
    ticket = _ticket(tour, user, now)
    told = reasons([_classification(ticket)])
    offers = _offers(tour)
    talk = {offer.name: offer for offer in offers if offer.name in ("reply", "note")}
    return {
        "ticket": ticket,
        "offers": [offer for offer in offers if offer.name not in talk],
        "composer": {
            "reply": talk.get("reply"),
            "note": talk.get("note"),
            "may_reply": "reply" in talk,
            "mode": "reply",
        },
        "entries": _entries(tour, ticket, user, now),
        "stages": _stages(ticket, user),
        "promises": [_promise(tour, ticket)],
        "reasons": told,
        "marks": marked_spans(ticket, told),
        "first_message_id": 1,
    }


def practice_ticket(tour: Tour, user: User) -> Ticket:
    return _ticket(tour, user, clock.for_display())


def _ticket(tour: Tour, user: User, now: datetime) -> Ticket:
    closed = "close" in tour.done
    return Ticket(
        pk=0,
        number=NUMBER,
        subject=_("my account was broken into, my balance is going"),
        description=_(
            "Somebody changed my e-mail and phone number. My balance is being spent on game "
            "vouchers, please help."
        ),
        state=State.CLOSED if closed else State.HANDLED,
        priority="URGENT",
        category="account_takeover",
        channel="web",
        wanted_solution="other",
        tier="platinum",
        customer=Customer(name=_("Ratna Dewi (practice)"), email="ratna@example.com"),
        team=Team(code="cs_account", name_id="Regu Akun & Keamanan", name_en="Account squad"),
        assignee=user,
        received_at=now - timedelta(minutes=20),
        version=1,
    )


def _classification(ticket: Ticket) -> Classification:
    seen = [_("changed my e-mail and phone number"), _("balance is being spent")]
    evidence = [
        {"field": "body", "text": text, "start": start, "end": start + len(text)}
        for text in seen
        if (start := ticket.description.find(text)) >= 0
    ]
    reason = {
        "title_id": "Akun diambil alih, kerugian masih berjalan",
        "title_en": "Account taken over, the loss goes on",
        "evidence": evidence,
        "effect": {"priority": "URGENT"},
        "source": _("A rule decides, never a guess"),
    }
    return Classification(
        pk=0, priority="URGENT", category=ticket.category, rules_version=1, reasons=[reason]
    )


def _offers(tour: Tour) -> list[Offer]:
    if "close" in tour.done:
        return []
    later = _("the other steps first")
    left = {"reply", "note", "escalate"} - set(tour.done)
    escalate = later if left & {"reply", "note"} else ""
    if "escalate" in tour.done:
        escalate = _("waiting for a supervisor")
    return [
        _offer("reply"),
        _offer("note"),
        Offer(
            Action("escalate", escalate),
            None,
            None,
            reverse("desk:practice_escalate"),
            opened=False,
        ),
        _offer("close", later if left else ""),
    ]


def _offer(verb: str, missing: str = "") -> Offer:
    url = reverse("desk:practice_verb", args=[verb])
    return Offer(Action(verb, missing), VERBS[verb], None, url, opened=False)


def _entries(tour: Tour, ticket: Ticket, user: User, now: datetime) -> list[Entry]:
    begun = ticket.received_at
    told = Message(pk=1, kind="customer", body=ticket.description, sent_at=begun)
    rules = _("Classified: %(category)s, %(priority)s")
    found = [
        Entry(at=begun, message=told),
        Entry(
            at=begun,
            text=rules % {"category": _("Account taken over"), "priority": "URGENT"},
            icon="filter",
            who=_("rules"),
        ),
    ]
    for place, kind in enumerate(("reply", "note"), start=2):
        if words := tour.said(kind):
            message = Message(pk=place, kind=kind, body=words, author=user, sent_at=now)
            found.append(Entry(at=now, message=message, first_response=kind == "reply"))
    if "escalate" in tour.done:
        found.append(
            Entry(at=now, text=_("Escalation asked for; a supervisor verifies it"), icon="up")
        )
    if "close" in tour.done:
        found.append(Entry(at=now, text=_("Closed; the customer would get a survey"), icon="done"))
    return found


def _stages(ticket: Ticket, user: User) -> list[Stage]:
    reached = [State.RECEIVED, State.CLASSIFIED, State.HANDLED]
    if ticket.state == State.CLOSED:
        reached.append(State.CLOSED)
    return [
        Stage(
            state,
            reached=state in reached,
            current=state == ticket.state,
            at=ticket.received_at if state in reached else None,
            who=user.get_short_name() if state == State.HANDLED else "",
        )
        for state in STAGES
    ]


def _promise(tour: Tour, ticket: Ticket) -> Promise:
    answered = "reply" in tour.done
    return Promise(
        kind=Metric.FIRST_RESPONSE,
        state=Clock.State.MET if answered else Clock.State.RUNNING,
        started_at=ticket.received_at,
        due_at=ticket.received_at + timedelta(hours=2),
        ended_at=ticket.received_at + timedelta(minutes=20) if answered else None,
        paused=timedelta(0),
        note="",
    )
