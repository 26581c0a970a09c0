"""Putting a draft of the triage rules in force, and the versions before it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, rules_page
from desk.rule_pages import (
    RulePages,
    history_page,
    publish_page,
    restore_page,
    version_page,
)
from desk.triage.words import difference
from desk.triage.workbench import Workbench, sections
from people.models import OrganisationProfile
from tickets.rule_reads import rule_versions
from tickets.services.rulebook import publish_rules_draft, roll_back_rules

PAGES = RulePages(
    overview="desk:triage",
    version="desk:triage_version",
    folder="desk/triage",
    bench=Workbench,
    versions=rule_versions,
    difference=difference,
    publish=publish_rules_draft,
    restore=roll_back_rules,
    sections=lambda _request, shown: sections(shown.body, OrganisationProfile.in_force().body),
)


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The draft judges what comes in from now."""
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
