"""axe on every page that has an address: WCAG 2.2 AA, at the desk and on a phone, in both themes.

The routes are walked: a page that is added without a line in `PAGES` fails here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from desk.services.saved_views import save_view
from escalation.models import Escalation
from people.models import User
from sla.models import PolicyApplication, Timer, WhatIf
from sla.services import sweep
from sla.services.policy_work import work_on_policies
from tests.browser.axe import AXE, found_everywhere, look_at
from tests.browser.axe_chat import CHAT, chat_address, talk_in
from tests.browser.axe_playbooks import (
    PLAYBOOKS,
    agent_tickets,
    playbook_address,
    work_on_playbooks,
)
from tests.browser.axe_triage import TRIAGE, address_of, work_on_triage
from tests.browser.conftest import session_of
from tests.browser.no_pages import NO_PAGES
from tests.support.incidents import incident_with_order
from tests.support.public import complaint
from tests.support.receiving import Receiving
from tests.support.shops import Shopful, shop_with_everything
from tests.support.stages import Stage
from tests.support.webhooks import webhook_with_log
from tickets.models import Macro, OutgoingMail, Ticket
from tickets.services import Order, reply_to_customer, start_bulk_job, work_on_bulk_jobs
from tickets.survey_links import survey_token
from tickets.tracking import tracking_token

pytestmark = pytest.mark.django_db(transaction=True)


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


@dataclass(frozen=True)
class Look:
    """Who opens the page, and where it is in the world."""

    by: str
    address: Callable[[World], str] | None = None
    query: str = ""


def _escalation_of(ticket: Ticket) -> int:
    return Escalation.objects.filter(ticket=ticket).latest("pk").pk


def _track(ticket: Ticket) -> str:
    return reverse("public:track", args=[tracking_token(ticket)])


def _rate(world: World) -> str:
    closing = world.closed.closing_forms.get()
    return reverse("public:rate", args=[survey_token(closing), 4])


def _document(world: World) -> str:
    return reverse("desk:escalation", args=[_escalation_of(world.mediated)])


def _of(page: str, part: str, *more: str) -> Callable[[World], str]:
    return lambda world: reverse(f"desk:{page}", args=[getattr(world, part), *more])


def _at(page: str, part: Callable[[Shopful], Any]) -> Callable[[World], str]:
    """A page about a shop."""

    def address(world: World) -> str:
        assert world.shop is not None
        return reverse(page, args=[part(world.shop)])

    return address


SARI, MAYA = "sari", "maya"
# A list holds the states of one page that differ most.
PAGES: dict[str, dict[str, list[Look]]] = {
    "public": {
        "public:home": [Look("")],
        "public:report": [Look("")],
        "public:received": [Look("")],
        "public:find": [Look("")],
        "public:mine": [Look("ratna")],
        "public:rate": [Look("", _rate)],
        "public:track": [Look("", lambda w: _track(w.sent)), Look("", lambda w: _track(w.closed))],
        "people:sign_in": [Look("visitor")],
        "404": [Look("", lambda _w: "/tidak-ada/")],
    },
    "desk": {
        "desk:practice": [Look("dimas")],
        "desk:practice_ticket": [Look("dimas")],
        "desk:practice_escalate": [Look("dimas")],
        "desk:queue": [Look(SARI, query="?view=all"), Look(SARI, query="?view=mine")],
        "desk:ticket": [
            Look("dimas", lambda w: reverse("desk:ticket", args=[w.handled.number])),
            Look(SARI, lambda w: reverse("desk:ticket", args=[w.new.number]), "?do=reclassify"),
            Look(SARI, lambda w: reverse("desk:ticket", args=[w.closed.number])),
            Look("rizal", lambda w: reverse("desk:ticket", args=[w.agents[0]])),
            Look("rizal", lambda w: reverse("desk:ticket", args=[w.agents[1]])),
        ],
        "desk:clocks": [Look(SARI, lambda w: reverse("desk:clocks", args=[w.handled.number]))],
        "desk:escalate": [Look("dimas", lambda w: reverse("desk:escalate", args=[w.new.number]))],
        "desk:bulk": [
            Look(SARI, query="?verb=assign&view=all&numbers="),
            Look("dimas", query="?verb=reply&view=team:cs_account&all=1"),
            Look("dimas", query="?verb=escalate&view=team:cs_account&all=1"),
        ],
        "desk:tags": [Look(SARI)],
        "desk:tokens": [Look("admin")],
        "desk:webhooks": [Look("admin")],
        "desk:webhook": [Look("admin", _of("webhook", "webhook"))],
        "desk:bulk_jobs": [Look(SARI)],
        "desk:bulk_job": [Look(SARI, lambda w: reverse("desk:bulk_job", args=[w.bulk_job]))],
        "desk:escalations": [Look(SARI)],
        "desk:escalation": [
            Look(MAYA, _document, "?do=decide"),
            Look("farah", lambda w: reverse("desk:escalation", args=[_escalation_of(w.sent)])),
        ],
        "desk:case_report": [
            Look(MAYA, lambda w: reverse("desk:case_report", args=[_escalation_of(w.mediated)]))
        ],
        "desk:notices": [Look(SARI)],
        "desk:saved_views": [Look(SARI)],
        "desk:saved_view_new": [Look(SARI, query="?state=handled")],
        "desk:saved_view": [Look(SARI, _of("saved_view", "view"))],
        "desk:incidents": [Look(SARI)],
        "desk:incident_new": [Look(SARI)],
        "desk:incident_choose": [Look(SARI)],
        "desk:incident": [Look(SARI, _of("incident", "incident"))],
        "desk:incident_edit": [Look(SARI, _of("incident_edit", "incident"))],
        "desk:incident_order": [Look(SARI, _of("incident_order", "incident", "close"))],
        "desk:incident_run": [Look(SARI, _of("incident_run", "incident_run"))],
        "desk:keys": [Look(SARI), Look(SARI, query="?change=reply")],
        "desk:macros": [Look(SARI)],
        "desk:macro_new": [Look(SARI)],
        "desk:macro": [Look(SARI, _of("macro", "macro"))],
        "desk:dashboard": [Look(SARI), Look(SARI, query="?layar=1")],
        "desk:engine": [Look(SARI)],
        "desk:dashboard_details": [Look(SARI)],
        "desk:outcomes": [Look(SARI)],
        "desk:ledger": [Look(SARI)],
        "desk:looks": [Look(SARI)],
        "desk:satisfaction": [Look(SARI)],
        "desk:shifts": [Look(SARI)],
        "desk:assignment": [Look(SARI)],
        "desk:assignment_person": [
            Look(SARI, lambda w: reverse("desk:assignment_person", args=[w.people["dimas"].pk]))
        ],
    },
    "shops": {
        "seller:home": [Look("joko")],
        "seller:week": [Look("joko", _at("seller:week", lambda s: s.week.week_start))],
        "seller:violation": [
            Look("joko", _at("seller:violation", lambda s: s.standing.pk)),
            Look("joko", _at("seller:violation", lambda s: s.appeal.violation_id)),
        ],
        "seller:report_buyer": [Look("joko", _at("seller:report_buyer", lambda s: s.conversation))],
        "seller:report": [Look("joko", _at("seller:report", lambda s: s.report.key))],
        "desk:shops": [Look(SARI)],
        "desk:shop": [Look(SARI, _at("desk:shop", lambda s: s.shop.pk))],
        "desk:shop_violation": [
            Look(SARI, _at("desk:shop_violation", lambda s: s.review.pk)),
        ],
        "desk:appeal": [Look(SARI, _at("desk:appeal", lambda s: s.appeal.pk))],
        "desk:buyer_report": [Look(SARI, _at("desk:buyer_report", lambda s: s.report.key))],
    },
    "chat": {
        **{name: [Look(who, lambda _w, n=name: chat_address(n))] for name, who in CHAT.items()},
        "desk:reviews": [Look("dimas")],
        "desk:ticket_conversations": [
            Look("dimas", lambda w: reverse("desk:ticket_conversations", args=[w.handled.number]))
        ],
    },
    "rules": {
        "desk:matrix": [Look(SARI)],
        "desk:matrix_trigger_new": [Look(SARI)],
        "desk:matrix_trigger": [
            Look(SARI, lambda _w: reverse("desk:matrix_trigger", args=["dispute_age"]))
        ],
        "desk:matrix_trigger_drop": [
            Look(SARI, lambda _w: reverse("desk:matrix_trigger_drop", args=["dispute_age"]))
        ],
        "desk:matrix_row": [Look(SARI, lambda _w: reverse("desk:matrix_row", args=["dispute"]))],
        "desk:matrix_form": [Look(SARI, lambda _w: reverse("desk:matrix_form", args=["fraud"]))],
        "desk:matrix_history": [Look(SARI)],
        "desk:policy": [Look(SARI)],
        "desk:policy_target_new": [Look(SARI)],
        "desk:policy_target": [
            Look(SARI, lambda _w: reverse("desk:policy_target", args=["first-urgent"]))
        ],
        "desk:policy_calendar_new": [Look(SARI)],
        "desk:policy_calendar": [
            Look(SARI, lambda _w: reverse("desk:policy_calendar", args=["live_chat"]))
        ],
        "desk:policy_rest": [Look(SARI)],
        "desk:policy_publish": [Look(SARI)],
        "desk:policy_history": [Look(SARI)],
        "desk:policy_version": [Look(SARI, lambda _w: reverse("desk:policy_version", args=[2]))],
        "desk:policy_application": [Look(SARI, _of("policy_application", "application"))],
        "desk:policy_what_if": [Look(SARI, _of("policy_what_if", "what_if"))],
        **{name: [Look(SARI, lambda _w, n=name: address_of(n))] for name in TRIAGE},
        **{name: [Look(SARI, lambda _w, n=name: playbook_address(n))] for name in PLAYBOOKS},
    },
}


def _routes(resolver: URLResolver, space: str = "", below: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        at = below + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _routes(each, inner, at)
        elif isinstance(each, URLPattern) and (
            not at.startswith("api/") or each.name == "api_docs"
        ):
            yield f"{space}{each.name}"


def test_each_address_is_looked_at_or_is_no_page() -> None:
    looked_at = {name for group in PAGES.values() for name in group} - {"404"}
    routes = set(_routes(get_resolver()))
    assert looked_at & NO_PAGES.keys() == set()
    assert routes - looked_at - NO_PAGES.keys() == set(), "give it a line in PAGES"
    assert (looked_at | NO_PAGES.keys()) - routes == set(), "no such address any more"


@pytest.fixture
def world(people: dict[str, User], file_ticket: Any) -> World:
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


@pytest.fixture
def worked_rules(world: World) -> World:
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
    return world


@pytest.fixture
def pages(browser: Browser, live_server: Any, world: World) -> Iterator[Callable[[str], Page]]:
    """A page of each person. axe measures with inline styles, which our policy rightly refuses."""
    contexts: dict[str, BrowserContext] = {}

    def page_of(name: str) -> Page:
        if name not in contexts:
            contexts[name] = browser.new_context(
                base_url=live_server.url, locale="id-ID", bypass_csp=True, reduced_motion="reduce"
            )
            if name != "visitor":
                contexts[name].add_cookies(session_of(world.client(name), live_server.url))
            contexts[name].new_page()
        return contexts[name].pages[0]

    yield page_of
    for context in contexts.values():
        context.close()


def _look_at_all(group: str, world: World, pages: Callable[[str], Page]) -> list[str]:
    problems = []
    for name, looks in PAGES[group].items():
        for look in looks:
            where = look.address(world) if look.address else reverse(name)
            query = look.query
            if query.endswith("numbers="):
                query += f"{world.new.number}&numbers={world.handled.number}"
            problems += look_at(pages(look.by), name, where + query)
    return problems


@pytest.mark.parametrize("group", ["public", "desk", "shops"])
def test_axe_finds_nothing(group: str, world: World, pages: Callable[[str], Page]) -> None:
    problems = _look_at_all(group, world, pages)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_buyer_messages(world: World, pages: Callable[[str], Page]) -> None:
    talk_in(world.people)
    problems = _look_at_all("chat", world, pages)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_an_open_dialog(world: World, pages: Callable[[str], Page]) -> None:
    page = pages("dimas")
    problems = []
    for opened, key in (("palette", "Control+/"), ("key-list", "?"), ("do-close", "c")):
        page.goto(reverse("desk:ticket", args=[world.handled.number]))
        page.evaluate(AXE)
        page.keyboard.press(key)
        page.locator(f"#{opened}[open] :is(.opt, dd, textarea)").first.wait_for()
        problems += [f"{opened} {each}" for each in found_everywhere(page)]
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_where_rules_are_made(
    worked_rules: World, pages: Callable[[str], Page]
) -> None:
    problems = _look_at_all("rules", worked_rules, pages)
    assert not problems, "\n".join(problems)
