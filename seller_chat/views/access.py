"""Who may open the Seller Center."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from people.actors import Actor, of_user
from people.models import Shop, User
from seller_chat.selectors import own_shop_or_404


class SellerRequest(HttpRequest):
    """A request of somebody who sells for `shop`."""

    user: User
    actor: Actor
    shop: Shop


def seller_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Signed in and a seller of a shop; to everybody else there is nothing here."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.actor = of_user(request.user)
        request.shop = own_shop_or_404(request.actor)
        return view(request, *args, **kwargs)

    return guarded
