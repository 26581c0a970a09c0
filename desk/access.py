"""Who may open the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from people.actors import Actor, of_user
from people.models import User


class DeskRequest(HttpRequest):
    """A request of somebody who works at the desk."""

    user: User
    actor: Actor


def person_of(actor: Actor) -> User:
    """The signed-in person behind an actor of the desk."""
    if actor.user is None:
        raise PermissionDenied
    return actor.user


DeskView = Callable[..., HttpResponseBase]


def desk_page(view: DeskView) -> DeskView:
    """Signed in and working at the desk (or looking on as administrator); else sign-in or 403."""

    @never_cache
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return _to_sign_in(request)
        if not (user.may("see_all_tickets") or user.works_at_desk):
            raise PermissionDenied
        request.actor = of_user(user)
        return view(request, *args, **kwargs)

    return guarded


def page_of(permission: str) -> Callable[[DeskView], DeskView]:
    """For those who hold it; everybody else is refused as on any page of the desk."""

    def decorated(view: DeskView) -> DeskView:
        @desk_page
        @wraps(view)
        def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorated


rules_page = page_of("edit_rules")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment's request sends the whole page to sign-in, and back to the page it was part of."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    shown = request.headers.get("HX-Current-URL", "/")
    path = "/" + shown.split("://", 1)[-1].partition("/")[2]
    response = HttpResponse(status=204)
    response["HX-Redirect"] = redirect_to_login(path)["Location"]
    return response
