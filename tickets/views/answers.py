"""How every public page answers: headers of private pages, and 'too many'."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from helpdesk.common.errors import TooMany

View = Callable[..., HttpResponseBase]


def private_page(view: View) -> View:
    """Kept by no cache, found by no search engine, and its address told to nobody.

    `strict-origin` sends no path anywhere, so the link's token stays here. `no-referrer` would make
    browsers send `Origin: null` with the page's own forms, which the CSRF check rightly refuses.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    response = render(request, "429.html", {"message": refusal.message}, status=429)
    response["Retry-After"] = str(refusal.retry_after)
    return response
