"""One house in which each page has something to show to axe."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from desk.services.saved_views import save_view
from people.models import User
from sla.models import PolicyApplication, Timer, WhatIf
from sla.services import sweep
from sla.services.policy_work import work_on_policies
from tests.browser.axe_playbooks import agent_tickets, work_on_playbooks
from tests.browser.axe_triage import work_on_triage
from tests.support.incidents import incident_with_order
from tests.support.public import complaint
from tests.support.receiving import Receiving
from tests.support.shops import Shopful, shop_with_everything
from tests.support.stages import Stage
from tests.support.webhooks import webhook_with_log
from tickets.models import Macro, OutgoingMail, Ticket
from tickets.services import Order, reply_to_customer, start_bulk_job, work_on_bulk_jobs

SARI, MAYA = "sari", "maya"


@dataclass
class World:
    """One house in which each page has something to show."""

    people: dict[str, User]
    new: Ticket
    handled: Ticket
    sent: Ticket
    mediated: Ticket
    closed: Ticket
    what_if: int = 0
    application: int = 0
    macro: int = 0
    view: int = 0
    incident: int = 0
    incident_run: int = 0
    bulk_job: int = 0
    agents: list[str] = field(default_factory=list)
    shop: Shopful | None = None
    webhook: int = 0
    visitors: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """Signed in as this person; the empty name is a stranger."""
        if name not in self.visitors:
            self.visitors[name] = Client()
            if name:
                self.visitors[name].force_login(User.objects.get(pk=self.people[name].pk))
        return self.visitors[name]


def make_world(people: dict[str, User], file_ticket: Any) -> World:
    stage = Stage(people, file_ticket)
    handled = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=handled.pk, body="Kami periksa.")
    Receiving(handled, people).ask_freeze()
    mediated = stage.handled()
    case = Receiving(mediated, people)
    case.accept("mediation", MAYA)
    case.hear("buyer", "seller")
    case.plan(by=MAYA)
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    OutgoingMail.objects.filter(ticket=handled).update(state=OutgoingMail.State.FAILED)
    made = World(people, file_ticket(), handled, stage.escalated(), mediated, stage.closed())
    Timer.objects.filter(kind="sla.resolution", subject_id=handled.pk).update(state="parked")
    made.view = save_view(actor=stage.actor(SARI), name="Mendesak", body={}).pk
    made.incident, made.incident_run = incident_with_order(stage, handled)
    many = start_bulk_job(
        actor=stage.actor(SARI),
        order=Order("assign", assignee=stage.actor(SARI).user),
        numbers=[made.handled.number, made.closed.number],
    )
    work_on_bulk_jobs()
    made.bulk_job = many.pk
    made.agents = agent_tickets(people, file_ticket)
    made.shop = shop_with_everything(people)
    made.webhook = webhook_with_log(people["admin"]).pk
    made.macro = Macro.objects.earliest("pk").pk
    made.client("").post("/lapor/", complaint())
    return made


def work_on_rules(world: World) -> None:
    """A published version, an application seen, a draft tried."""
    lead = world.client(SARI)
    typed = {
        "metric": "first_response",
        "priority": "URGENT",
        "unit": "hours",
        "calendar": "always",
        "warn": "",
    }
    target = "/aturan/sla/target/first-urgent/"
    assert lead.post(target, {**typed, "amount": "1", "revision": "0"}).status_code == 302
    lead.post("/aturan/sla/terbitkan/", {"note": "Cepat", "revision": "1"})
    lead.post("/aturan/sla/versi/2/terapkan/")
    assert lead.post(target, {**typed, "amount": "3", "revision": "0"}).status_code == 302
    lead.post("/aturan/sla/simulasi/")
    while work_on_policies():
        pass
    world.application = PolicyApplication.objects.get().pk
    world.what_if = WhatIf.objects.get().pk
    work_on_triage(lead, world.new.number)
    work_on_playbooks(lead)
