"""The pages that axe looks at: who opens each, and where it is in the world.

A page that is added without a line here fails `test_accessibility`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from escalation.models import Escalation
from tests.browser.axe_agents import AGENT_PAGES
from tests.browser.axe_chat import CHAT, chat_address
from tests.browser.axe_playbooks import PLAYBOOKS, complaint_address, playbook_address
from tests.browser.axe_quality import QUALITY, quality_address
from tests.browser.axe_triage import TRIAGE, address_of
from tests.browser.axe_world import MAYA, SARI, World
from tests.support.shops import Shopful
from tickets.models import Ticket
from tickets.survey_links import survey_token
from tickets.tracking import tracking_token


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
            Look("rizal", lambda w: reverse("desk:ticket", args=[w.agents[2]])),
        ],
        **{
            name: [Look(by, lambda w, at=address: at(w.agents))]
            for name, (by, address) in AGENT_PAGES.items()
        },
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
        "desk:supplier_complaints": [Look("rizal")],
        "desk:supplier_complaint": [Look("rizal", lambda _w: complaint_address())],
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
    "quality": {
        name: [Look(who, lambda _w, n=name, q=query: quality_address(n, q)) for who, query in looks]
        for name, looks in QUALITY.items()
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
