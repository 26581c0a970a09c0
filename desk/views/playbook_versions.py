"""Putting a draft of the playbooks in force, and the versions before it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from agents_ops.selectors import playbook_versions
from agents_ops.services import publish_playbook_draft, restore_playbooks
from desk.access import DeskRequest, rules_page
from desk.playbook.words import difference, grouped
from desk.playbook.workbench import Workbench
from desk.rule_pages import (
    RulePages,
    history_page,
    publish_page,
    restore_page,
    version_page,
)

PAGES = RulePages(
    overview="desk:playbooks",
    version="desk:playbook_version",
    folder="desk/playbook",
    bench=Workbench,
    versions=playbook_versions,
    difference=difference,
    publish=publish_playbook_draft,
    restore=restore_playbooks,
    sections=lambda _request, shown: {"groups": grouped(shown.body)},
)


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The draft guides the cases that begin from now."""
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
