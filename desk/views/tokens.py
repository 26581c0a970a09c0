"""API tokens, for administrators: made, rotated and revoked. A key is shown in one answer alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.token_form import OVERLAPS, ClientForm, RotateForm, TokenForm
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, Refusal
from people.models import ApiClient, ApiToken
from people.selectors import api_clients, api_tokens, token_accounts
from people.services import (
    create_client,
    create_token,
    revoke_client,
    revoke_token,
    rotate_token,
)

CLIENT = "client"


@require_http_methods(["GET", "POST"])
@desk_page
def page(request: DeskRequest) -> HttpResponse:
    accounts = _for_administrators(request)
    if request.method == "GET":
        return _page(request, TokenForm(accounts=accounts))
    form = TokenForm(request.POST, accounts=accounts)
    if form.is_valid():
        try:
            made = create_token(actor=request.actor, **form.wanted())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _page(request, TokenForm(accounts=accounts), made=made)
    return _page(request, form, status=400)


@require_POST
@desk_page
def rotate(request: DeskRequest, pk: int) -> HttpResponse:
    accounts, form = _for_administrators(request), RotateForm(request.POST)
    try:
        hours = form.cleaned_data["overlap_hours"] if form.is_valid() else -1
        made = rotate_token(actor=request.actor, token_id=pk, overlap_hours=hours)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:tokens")
    return _page(request, TokenForm(accounts=accounts), made=made)


@require_POST
@desk_page
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    _for_administrators(request)
    try:
        token = revoke_token(actor=request.actor, token_id=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is revoked.") % {"name": token.name})
    return redirect("desk:tokens")


@require_POST
@desk_page
def new_client(request: DeskRequest) -> HttpResponse:
    accounts = _for_administrators(request)
    form = ClientForm(request.POST, accounts=accounts, prefix=CLIENT)
    if form.is_valid():
        try:
            made = create_client(actor=request.actor, **form.wanted())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _page(request, TokenForm(accounts=accounts), client=made)
    return _page(request, TokenForm(accounts=accounts), client_form=form, status=400)


@require_POST
@desk_page
def end_client(request: DeskRequest, pk: int) -> HttpResponse:
    _for_administrators(request)
    try:
        client = revoke_client(actor=request.actor, client_id=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is revoked.") % {"name": client.name})
    return redirect("desk:tokens")


def _for_administrators(request: DeskRequest) -> list[Any]:
    try:
        return token_accounts(actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal


def _page(
    request: DeskRequest,
    form: TokenForm,
    *,
    made: tuple[ApiToken, str] | None = None,
    client: tuple[ApiClient, str] | None = None,
    client_form: ClientForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    rows = [(token, token.works_at(now)) for token in api_tokens(actor=request.actor)]
    context = {
        "section": "tokens",
        "form": form,
        "rows": rows,
        "overlaps": OVERLAPS,
        "made": made[0] if made else None,
        "key": made[1] if made else "",
        "clients": api_clients(actor=request.actor),
        "client": client[0] if client else None,
        "secret": client[1] if client else "",
        "client_form": client_form
        or ClientForm(accounts=token_accounts(actor=request.actor), prefix=CLIENT),
        "token_address": f"{settings.BASE_URL.rstrip('/')}{reverse('oauth_token')}",
    }
    return render(request, "desk/tokens/page.html", context, status=status)
