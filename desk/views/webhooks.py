"""Webhooks, for administrators: everybody's, how they do, and what may be done with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.webhook_form import WebhookForm
from helpdesk.common.errors import Refusal
from tickets.models import WebhookEndpoint
from tickets.webhooks import verbs

SHOWN = 50


@require_http_methods(["GET", "POST"])
@desk_page
def page(request: DeskRequest) -> HttpResponse:
    _for_administrators(request)
    if request.method == "GET":
        return _list(request, WebhookForm())
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made, secret = verbs.create_webhook(actor=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _one(request, made, secret)
    return _list(request, form, status=400)


@require_GET
@desk_page
def webhook(request: DeskRequest, pk: int) -> HttpResponse:
    _for_administrators(request)
    return _one(request, verbs.webhook_or_404(request.actor, pk))


@require_POST
@desk_page
def rotate(request: DeskRequest, pk: int) -> HttpResponse:
    _for_administrators(request)
    return _one(request, *verbs.rotate_secret(actor=request.actor, pk=pk))


@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """Pause, put on, test, replay or delete."""
    _for_administrators(request)
    verb, actor = request.POST.get("verb", ""), request.actor
    try:
        if verb == "delete":
            verbs.delete_webhook(actor=actor, pk=pk)
            messages.success(request, _("The webhook is deleted."))
            return redirect("desk:webhooks")
        if verb in ("pause", "on"):
            verbs.change_webhook(actor=actor, pk=pk, active=verb == "on")
        elif verb == "test":
            verbs.try_webhook(actor=actor, pk=pk)
            messages.success(request, _("A test event is on its way."))
        elif verb == "replay":
            verbs.replay_delivery(actor=actor, pk=pk, delivery_id=_number(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:webhook", pk)


def _number(request: DeskRequest) -> int:
    text = request.POST.get("delivery", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _for_administrators(request: DeskRequest) -> None:
    if not (request.actor.may("manage_tokens") and request.actor.may("use_webhooks")):
        raise PermissionDenied


def _list(request: DeskRequest, form: WebhookForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "tokens",
        "form": form,
        "rows": verbs.webhooks_of(request.actor).order_by("-id"),
    }
    return render(request, "desk/webhooks/page.html", context, status=status)


def _one(request: DeskRequest, found: WebhookEndpoint, secret: str = "") -> HttpResponse:
    deliveries = found.deliveries.select_related("event__ticket").order_by("-id")[:SHOWN]
    context = {"section": "tokens", "hook": found, "secret": secret, "deliveries": deliveries}
    return render(request, "desk/webhooks/one.html", context)
