"""Putting a draft of the SLA policy in force, and the versions before it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, rules_page
from desk.policy.difference import difference
from desk.policy.words import Words
from desk.policy.workbench import Workbench, policy_sections
from desk.rule_pages import (
    RulePages,
    history_page,
    publish_page,
    restore_page,
    version_page,
)
from sla.models import SlaPolicy
from sla.policy_reads import applications, versions
from sla.services.publishing import publish_draft, roll_back


def _sections(request: DeskRequest, shown: SlaPolicy) -> dict[str, object]:
    applied = applications(actor=request.actor).filter(policy=shown)[:5]
    return {"applied": applied, **policy_sections(shown.body, Words(shown.body))}


PAGES = RulePages(
    overview="desk:policy",
    version="desk:policy_version",
    folder="desk/policy",
    bench=Workbench,
    versions=versions,
    difference=difference,
    publish=publish_draft,
    restore=roll_back,
    sections=_sections,
    restores_on_version=False,
)


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The draft is in force for clocks that start from now."""
    return publish_page(request, PAGES)


@require_GET
@rules_page
def history(request: DeskRequest) -> HttpResponse:
    return history_page(request, PAGES)


@require_GET
@rules_page
def version(request: DeskRequest, version: int) -> HttpResponse:
    return version_page(request, PAGES, version)


@require_http_methods(["GET", "POST"])
@rules_page
def restore(request: DeskRequest, version: int) -> HttpResponse:
    return restore_page(request, PAGES, version)
