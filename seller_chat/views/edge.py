"""What the pages of both sides share: who may open them, and how a refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from helpdesk.common.errors import NotAllowed, Refusal, TooMany
from people.actors import Actor, of_user
from people.models import User
from people.roles import REPORTERS, Role
from tickets.views.answers import private_page, too_many

Side = Literal["buyer", "seller"]


class ChatRequest(HttpRequest):
    """A request of a signed-in buyer or seller."""

    user: User
    actor: Actor


View = Callable[..., HttpResponseBase]


def chat_page(view: View) -> View:
    """Signed in, and on the seller's side a seller; kept by no cache."""

    @private_page
    @login_required
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        needed = {Role.SELLER} if kwargs.get("side") == "seller" else set(REPORTERS)
        if not request.user.roles & needed:
            raise PermissionDenied
        request.actor = of_user(request.user)
        try:
            return view(request, *args, **kwargs)
        except TooMany as refusal:
            return too_many(request, refusal)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal

    return guarded


def try_and_return(
    request: HttpRequest, act: Callable[[], object], to: str, done: str
) -> HttpResponse:
    """Do it and go back to the page, which says what happened or why it did not."""
    try:
        act()
    except (NotAllowed, TooMany):
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(to)
